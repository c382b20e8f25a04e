//! GetCACert, read by a client (RFC 8894 §4.2): which certificate is which.

use devicecert_pki::cms::Bundle;
use devicecert_pki::{Certificate, KeyUsage, Limits, Provider, ber, oid};

use crate::error::{Error, UnacceptableReply};
use crate::fingerprint::Fingerprint;
use crate::text;
use crate::tolerance::Tolerance;

/// Why a CA certificate is believed (RFC 8894 §2.2). There is no default: whoever enrols says it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Trust {
    /// Its fingerprint came on another way.
    Fingerprint(Fingerprint),
    /// It came itself on another way; one of these.
    Certificates(Vec<Certificate>),
    /// Whatever the server sends is believed. Anybody on the way can pose as the CA and learn the
    /// challenge. For tests, and for who compares the fingerprint afterwards.
    OnFirstUse,
}

/// The certificates of a CA and its RAs, the trusted ones among what the server sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaCertificates {
    ca: Certificate,
    encryption: Certificate,
    all: Vec<Certificate>,
}

impl CaCertificates {
    /// Reads the body of a GetCACert reply and finds out which certificate has which role.
    ///
    /// The body's content decides, not its Content-Type: one DER certificate, or a certs-only
    /// message in any order, DER or BER, also as base64 or PEM. The CA is the certificate that
    /// `trust` names; others count only if their signatures lead to it. Requests are enveloped to
    /// the RA with keyEncipherment, or else to whoever comes closest to it; a lone CA takes them
    /// whatever its keyUsage says.
    ///
    /// # Errors
    /// [`UnacceptableReply`] if the trusted CA is not there or nobody can receive;
    /// [`Malformed`](devicecert_pki::error::Malformed) if it is neither form.
    pub fn parse(
        body: &[u8],
        trust: &Trust,
        provider: &dyn Provider,
        tolerance: &Tolerance,
        limits: &Limits,
    ) -> Result<Self, Error> {
        let body = text::octets_of_body(body, tolerance)?;
        if body.is_empty() {
            return Err(UnacceptableReply::Empty.into());
        }
        let sent = read(&body, limits)?;
        let ca = find_ca(&sent, trust, provider, tolerance)?;
        let all = trusted(&sent, &ca, provider, tolerance);
        Self::from_trusted(ca, all)
    }

    /// `all` are certificates that were found to lead to `ca`.
    pub(crate) fn from_trusted(ca: Certificate, all: Vec<Certificate>) -> Result<Self, Error> {
        let encryption = all
            .iter()
            .filter(|certificate| certificate.public_key().can_receive())
            .min_by_key(|certificate| encryption_rank(certificate, &ca))
            .ok_or(UnacceptableReply::NoEncryptionCertificate)?
            .clone();
        Ok(Self { ca, encryption, all })
    }

    /// The trusted CA.
    #[must_use]
    pub const fn ca(&self) -> &Certificate {
        &self.ca
    }

    /// Whom requests are enveloped to.
    #[must_use]
    pub const fn encryption(&self) -> &Certificate {
        &self.encryption
    }

    /// Every certificate that leads to the trusted CA, the CA among them, in the order sent. Any
    /// of them may sign replies.
    #[must_use]
    pub fn all(&self) -> &[Certificate] {
        &self.all
    }

    /// The certificates from the issuer of `leaf` up, as far as they are known.
    ///
    /// # Errors
    /// [`UnacceptableReply::NotSignedByCa`] if not even the issuer is.
    pub(crate) fn chain_above(
        &self,
        leaf: &Certificate,
        provider: &dyn Provider,
        tolerance: &Tolerance,
    ) -> Result<Vec<Certificate>, Error> {
        let mut chain: Vec<Certificate> = Vec::new();
        let mut lowest = leaf;
        while let Some(issuer) = self.all.iter().find(|candidate| {
            lowest.issuer() == candidate.subject()
                && !chain.contains(candidate)
                && *candidate != lowest
                && lowest.is_signed_by(candidate.public_key(), provider, &tolerance.cms).is_ok()
        }) {
            chain.push(issuer.clone());
            lowest = issuer;
        }
        match chain.is_empty() {
            true => Err(UnacceptableReply::NotSignedByCa.into()),
            false => Ok(chain),
        }
    }
}

/// One certificate, or a certs-only message. Unreadable certificates of a message are left out.
fn read(body: &[u8], limits: &Limits) -> Result<Vec<Certificate>, Error> {
    match Bundle::parse(body, limits) {
        Ok(bundle) => Ok(bundle.decoded(limits).filter_map(Result::ok).collect()),
        Err(_) => {
            let der = ber::normalise(body, limits)?;
            Ok(vec![Certificate::parse(&der, limits)?])
        }
    }
}

fn find_ca(
    sent: &[Certificate],
    trust: &Trust,
    provider: &dyn Provider,
    tolerance: &Tolerance,
) -> Result<Certificate, Error> {
    let untrusted =
        |expected: String| UnacceptableReply::UntrustedCa { found: sent.len(), expected };
    match trust {
        Trust::Fingerprint(fingerprint) => {
            for certificate in sent {
                if fingerprint.matches(certificate, provider)? {
                    return Ok(certificate.clone());
                }
            }
            Err(untrusted(format!("the one with fingerprint {fingerprint}")).into())
        }
        Trust::Certificates(pinned) => {
            let is_or_leads_to = |pinned: &&Certificate| {
                sent.iter().any(|certificate| {
                    certificate == *pinned || is_issued_by(certificate, pinned, provider, tolerance)
                })
            };
            pinned.iter().find(is_or_leads_to).cloned().ok_or_else(|| {
                let subjects: Vec<String> =
                    pinned.iter().map(|certificate| certificate.subject().to_string()).collect();
                untrusted(subjects.join(" or ")).into()
            })
        }
        Trust::OnFirstUse => {
            let issues_others = |candidate: &&Certificate| {
                sent.iter().any(|other| {
                    other != *candidate && is_issued_by(other, candidate, provider, tolerance)
                })
            };
            // An issuing CA below a root is the CA; the root above it issues no device certificate.
            let leads_to_another = |candidate: &&Certificate| {
                sent.iter().any(|other| {
                    other != *candidate && is_issued_by(candidate, other, provider, tolerance)
                })
            };
            sent.iter()
                .filter(|certificate| certificate.is_ca())
                .find(|ca| issues_others(ca) && leads_to_another(ca))
                .or_else(|| sent.iter().find(|ca| ca.is_ca() && leads_to_another(ca)))
                .or_else(|| sent.iter().find(issues_others))
                .or_else(|| sent.iter().find(|certificate| certificate.is_self_issued()))
                .or_else(|| sent.first())
                .cloned()
                .ok_or_else(|| UnacceptableReply::Empty.into())
        }
    }
}

/// `ca`, everything that it issued directly or through others of `sent`, and the issuers above it
/// that complete its chain.
fn trusted(
    sent: &[Certificate],
    ca: &Certificate,
    provider: &dyn Provider,
    tolerance: &Tolerance,
) -> Vec<Certificate> {
    let mut below = vec![ca.clone()];
    loop {
        let next = sent.iter().find(|candidate| {
            !below.contains(candidate)
                && (candidate.is_ca() || tolerance.any_ra_purpose || may_be_ra(candidate))
                && below.iter().any(|issuer| is_issued_by(candidate, issuer, provider, tolerance))
        });
        match next {
            Some(next) => below.push(next.clone()),
            None => break,
        }
    }
    // What an issuing CA is signed by may be shown and installed, and is checked by signature.
    let mut lowest = ca;
    while let Some(above) = sent.iter().find(|candidate| {
        !below.contains(candidate) && is_issued_by(lowest, candidate, provider, tolerance)
    }) {
        below.push(above.clone());
        lowest = above;
    }
    let is_sent_first = |certificate: &Certificate| {
        sent.iter().position(|sent| sent == certificate).unwrap_or(usize::MAX)
    };
    below.sort_by_key(is_sent_first);
    below
}

/// Whether nothing says that a certificate is for something else than being an RA. The CA issues
/// certificates to devices too, and one of those must not open requests or sign replies.
fn may_be_ra(certificate: &Certificate) -> bool {
    let ra = [oid::MS_CERTIFICATE_REQUEST_AGENT, oid::CMC_RA, oid::ANY_EXTENDED_KEY_USAGE];
    match certificate.extensions().get(oid::EXTENDED_KEY_USAGE) {
        None => true,
        Some(_) => certificate
            .extensions()
            .extended_key_usage()
            .is_some_and(|purposes| purposes.iter().any(|purpose| ra.contains(purpose))),
    }
}

fn is_issued_by(
    certificate: &Certificate,
    issuer: &Certificate,
    provider: &dyn Provider,
    tolerance: &Tolerance,
) -> bool {
    certificate.issuer() == issuer.subject()
        && certificate.is_signed_by(issuer.public_key(), provider, &tolerance.cms).is_ok()
}

/// Smaller is better. A certificate with keyEncipherment that issues nothing is an RA made for
/// this; keyUsage of a lone CA is ignored, since most of them lack the bit.
fn encryption_rank(certificate: &Certificate, ca: &Certificate) -> u8 {
    let usage = certificate.extensions().key_usage();
    let enciphers = usage.map(|usage| usage.contains(KeyUsage::KEY_ENCIPHERMENT));
    let issues = certificate == ca || certificate.is_ca();
    match (issues, enciphers) {
        (false, Some(true)) => 0,
        (false, None) => 1,
        _ if certificate == ca && enciphers == Some(true) => 2,
        (true, Some(true)) => 3,
        _ if certificate == ca => 4,
        (true, None) => 5,
        (true | false, Some(false)) => 6,
    }
}
