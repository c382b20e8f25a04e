//! What is to be issued, and what came of it.

use core::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use devicecert_pki::cms::Bundle;
use devicecert_pki::error::LimitExceeded;
use devicecert_pki::{Certificate, Csr, Error as PkiError, PeerText, Secret, to_pem};
use http::{Response, StatusCode};
use serde::Serialize;

use super::ask::Output;
use super::authority::Issuer;
use super::json;
use super::refusal::Refusal;
use crate::limits::Limits;
use crate::rules::Rules;

/// A certificate that somebody may have, to be had from a CA.
#[derive(Clone, Debug)]
pub struct Issue {
    pub(super) issuer: Issuer,
    pub(super) csr: Csr,
    pub(super) est_body: Secret,
}

impl Issue {
    /// The CA, and Fleet's credentials there.
    #[must_use]
    pub const fn issuer(&self) -> &Issuer {
        &self.issuer
    }

    /// The request as it came.
    #[must_use]
    pub const fn csr(&self) -> &Csr {
        &self.csr
    }

    /// The request as Fleet sends it to `/simpleenroll`: base64, in 2026 in lines of 64 characters,
    /// in 2025 with the line breaks that the caller wrote. It may hold a challengePassword.
    #[must_use]
    pub fn est_body(&self) -> &str {
        // It was a text.
        core::str::from_utf8(self.est_body.expose()).unwrap_or_default()
    }
}

/// What came of an [`Issue`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Issued {
    /// The EST server answered with 200, and this body: base64 of PKCS #7.
    Est(Vec<u8>),
    /// The EST server answered otherwise, 202 included, or not at all. Fleet gives it 20 seconds.
    EstFailed(PeerText),
    /// The SCEP server issued.
    Scep(Box<Certificate>),
    /// The SCEP server is not to be reached.
    ScepUnreachable(PeerText),
    /// The SCEP server said no, or later.
    ScepRejected(PkiStatus),
    /// Anything else that went wrong with the SCEP server.
    ScepFailed(PeerText),
}

/// A pkiStatus that is not SUCCESS (RFC 8894 §3.2.1.3).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PkiStatus {
    /// FAILURE.
    #[error(
        "status FAILURE with fail info {0}; if this certificate authority requires a challenge, include it as the CSR's challengePassword attribute"
    )]
    Failure(FailInfo),
    /// PENDING: nobody waits here.
    #[error("status PENDING; requests that need manual approval are not supported")]
    Pending,
    /// Any other.
    #[error("unknown status {:?}", .0.as_str())]
    Other(PeerText),
}

/// Why a SCEP server said no (RFC 8894 §3.2.1.4.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FailInfo {
    /// 0
    BadAlg,
    /// 1
    BadMessageCheck,
    /// 2
    BadRequest,
    /// 3
    BadTime,
    /// 4
    BadCertId,
    /// Any other, as it was sent.
    Other(PeerText),
}

impl FailInfo {
    /// From the text of the attribute.
    #[must_use]
    pub fn new(text: &str, limits: &Limits) -> Self {
        match text {
            "0" => Self::BadAlg,
            "1" => Self::BadMessageCheck,
            "2" => Self::BadRequest,
            "3" => Self::BadTime,
            "4" => Self::BadCertId,
            other => Self::Other(limits.shown(other)),
        }
    }
}

impl fmt::Display for FailInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BadAlg => f.write_str("badAlg (0)"),
            Self::BadMessageCheck => f.write_str("badMessageCheck (1)"),
            Self::BadRequest => f.write_str("badRequest (2)"),
            Self::BadTime => f.write_str("badTime (3)"),
            Self::BadCertId => f.write_str("badCertID (4)"),
            Self::Other(text) => write!(f, "{:?}", text.as_str()),
        }
    }
}

/// Why the message of a CA cannot be turned into a certificate.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EnvelopeFault {
    /// It is not base64.
    #[error("decoding base64 PKCS7 envelope")]
    Base64,
    /// It is no PKCS #7 message, or a certificate in it is damaged.
    #[error("parsing PKCS7 envelope: {0}")]
    Malformed(PkiError),
    /// There is none, or a chain, and nobody is to guess which one is the device's.
    #[error("expected exactly 1 certificate in EST PKCS7 envelope, got {0}")]
    Count(usize),
}

/// A certificate in the form that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateText(String);

#[derive(Serialize)]
struct Body<'a> {
    certificate: &'a str,
}

impl CertificateText {
    /// The text, in PEM armour.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The response.
    #[must_use]
    pub fn to_http(&self) -> Response<Vec<u8>> {
        json::response(StatusCode::OK, &Body { certificate: &self.0 })
    }

    pub(super) fn new(
        issued: Issued,
        output: Output,
        rules: Rules,
        limits: &Limits,
    ) -> Result<Self, Refusal> {
        let envelope = match issued {
            Issued::Est(body) => est(body, limits)?,
            Issued::EstFailed(why) => return Err(Refusal::Est(why)),
            Issued::Scep(certificate) => lines_of_64(&Bundle::new([&*certificate]).to_der()),
            Issued::ScepUnreachable(why) => return Err(Refusal::ScepUnreachable(why)),
            Issued::ScepRejected(status) => return Err(Refusal::ScepRejected(status)),
            Issued::ScepFailed(why) => return Err(Refusal::Scep(why)),
        };
        let label = match (rules, output) {
            // Wrong, and what Fleet did.
            (Rules::Guide, _) => "CERTIFICATE",
            (Rules::Current, Output::Pkcs7) => "PKCS7",
            (Rules::Current, Output::Certificate) => {
                let certificate = only_certificate(&envelope, limits).map_err(Refusal::Envelope)?;
                return Ok(Self(to_pem("CERTIFICATE", certificate.as_der())));
            }
        };
        Ok(Self(format!("-----BEGIN {label}-----\n{envelope}\n-----END {label}-----\n")))
    }
}

/// The body of an EST server, which goes on as it is; so it must be base64, and no armour that ends
/// and another that begins.
fn est(body: Vec<u8>, limits: &Limits) -> Result<String, Refusal> {
    let because = |why: &str| Refusal::Est(limits.shown(why));
    if LimitExceeded::check("the body (bytes)", limits.body_bytes, body.len()).is_err() {
        return Err(because("the response is too long"));
    }
    let is_base64 = |octet: &u8| octet.is_ascii_alphanumeric() || b"+/= \t\r\n".contains(octet);
    let text = String::from_utf8(body).ok().filter(|text| text.as_bytes().iter().all(is_base64));
    match text {
        Some(text) if !text.trim_ascii().is_empty() => Ok(text),
        _ => Err(because("the response is not base64")),
    }
}

fn only_certificate(envelope: &str, limits: &Limits) -> Result<Certificate, EnvelopeFault> {
    let stripped: String = envelope.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    let der = STANDARD.decode(stripped).map_err(|_| EnvelopeFault::Base64)?;
    let bundle = Bundle::parse(&der, &limits.pki).map_err(EnvelopeFault::Malformed)?;
    let mut certificates = bundle.certificates();
    match (certificates.next(), certificates.count()) {
        (Some(only), 0) => Certificate::parse(only, &limits.pki).map_err(EnvelopeFault::Malformed),
        (None, _) => Err(EnvelopeFault::Count(0)),
        (Some(_), more) => Err(EnvelopeFault::Count(more.saturating_add(1))),
    }
}

/// Base64 in lines of 64 characters, without a line break at the end.
pub(super) fn lines_of_64(der: &[u8]) -> String {
    let mut lines = String::new();
    for (index, character) in STANDARD.encode(der).chars().enumerate() {
        if index > 0 && index.is_multiple_of(64) {
            lines.push('\n');
        }
        lines.push(character);
    }
    lines
}
