//! GetCACert, read by a client (RFC 8894 §4.2): which certificate is which.

use devicecert_pki::cms::Bundle;
use devicecert_pki::error::LimitExceeded;
use devicecert_pki::{Certificate, KeyKind, KeyUsage, Limits, Name, Provider, ber, from_pem, oid};

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
    /// whatever its keyUsage says. Keys on P-256 and P-384 count where nobody has an RSA key.
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
        let sent = match read_pem(body, tolerance, limits)? {
            Some(sent) => sent,
            None => {
                let body = text::octets_of_body(body, tolerance)?;
                if body.is_empty() {
                    return Err(UnacceptableReply::Empty.into());
                }
                read(&body, limits)?
            }
        };
        let ca = find_ca(&sent, trust, provider, tolerance)?;
        let all = trusted(&sent, &ca, provider, tolerance);
        Self::from_trusted(ca, all)
    }

    /// `all` are certificates that were found to lead to `ca`.
    pub(crate) fn from_trusted(ca: Certificate, all: Vec<Certificate>) -> Result<Self, Error> {
        let encryption = all
            .iter()
            .filter(|certificate| certificate.public_key().can_receive())
            .min_by_key(|certificate| {
                // Every server opens what is enveloped to an RSA key, and few what is to another.
                let is_rsa = matches!(certificate.public_key().kind(), KeyKind::Rsa { .. });
                (!is_rsa, encryption_rank(certificate, &ca, &all))
            })
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

    /// The name of the CA that issues: the one that requests are enveloped to, or the one that the
    /// RA which they are enveloped to belongs to. The trusted CA may stand above it.
    #[must_use]
    pub fn issuer(&self) -> &Name {
        match self.encryption == self.ca || may_issue(&self.encryption) {
            true => self.encryption.subject(),
            false => self.encryption.issuer(),
        }
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
                && (**candidate == self.ca || may_issue(candidate))
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

/// Certificates in PEM armour, with whatever text stands around them; `None` if there are none.
fn read_pem(
    body: &[u8],
    tolerance: &Tolerance,
    limits: &Limits,
) -> Result<Option<Vec<Certificate>>, Error> {
    let may_be_text = tolerance.text_body && body.len() <= limits.message_bytes;
    let text = core::str::from_utf8(body).ok().filter(|_| may_be_text);
    let Some(blocks) = text.and_then(|text| from_pem("CERTIFICATE", text).ok()) else {
        return Ok(None);
    };
    if blocks.len() > limits.certificates {
        let (limit, found) = (limits.certificates as u64, blocks.len() as u64);
        let exceeded = LimitExceeded { what: "certificates", limit, found };
        return Err(devicecert_pki::Error::from(exceeded).into());
    }
    Ok(Some(blocks.iter().filter_map(|der| Certificate::parse(der, limits).ok()).collect()))
}

/// One certificate, or a certs-only message. Unreadable certificates of a message are left out.
fn read(body: &[u8], limits: &Limits) -> Result<Vec<Certificate>, Error> {
    match Bundle::parse(body, limits) {
        Ok(bundle) => Ok(bundle.decoded(limits).filter_map(Result::ok).collect()),
        // Fingerprint and signature are over the octets that were sent, and not always in DER.
        Err(_) => Ok(vec![Certificate::parse(body, limits).or_else(|_| {
            let der = ber::normalise(body, limits)?;
            Certificate::parse(&der, limits)
        })?]),
    }
}

pub(crate) fn find_ca(
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
            let is_lowest = |candidate: &&Certificate| {
                may_issue(candidate)
                    && !sent.iter().any(|other| {
                        other != *candidate
                            && may_issue(other)
                            && is_issued_by(other, candidate, provider, tolerance)
                    })
            };
            sent.iter()
                .filter(is_lowest)
                .find(issues_others)
                .or_else(|| sent.iter().find(is_lowest))
                .or_else(|| sent.iter().find(issues_others))
                .or_else(|| sent.iter().find(|certificate| certificate.is_self_issued()))
                .or_else(|| sent.first())
                .cloned()
                .ok_or_else(|| UnacceptableReply::Empty.into())
        }
    }
}

/// `ca`, and everything that it issued, directly or through CAs among `sent`. What is above `ca` is
/// left out: whom a pinned certificate was issued by says nothing about who else may be believed,
/// and any key can be dressed up in a certificate that seems to stand above another.
pub(crate) fn trusted(
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
                && below.iter().any(|issuer| {
                    (issuer == ca || may_issue(issuer))
                        && is_issued_by(candidate, issuer, provider, tolerance)
                })
        });
        match next {
            Some(next) => below.push(next.clone()),
            None => break,
        }
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

pub(crate) fn is_issued_by(
    certificate: &Certificate,
    issuer: &Certificate,
    provider: &dyn Provider,
    tolerance: &Tolerance,
) -> bool {
    certificate.issuer() == issuer.subject()
        && certificate.is_signed_by(issuer.public_key(), provider, &tolerance.cms).is_ok()
}

/// Whether a certificate is a CA's. Some RAs are marked as one, and lack the right to sign.
pub(crate) fn may_issue(certificate: &Certificate) -> bool {
    certificate.is_ca() && certificate.permits(KeyUsage::KEY_CERT_SIGN)
}

/// Smaller is better. A certificate with keyEncipherment, or keyAgreement where the key is EC, that
/// issues nothing is an RA made for this. Without one it is the CA that answers, the lowest if there are several; its keyUsage is
/// ignored, since most of them lack the bit.
fn encryption_rank(certificate: &Certificate, ca: &Certificate, all: &[Certificate]) -> u8 {
    let usage = certificate.extensions().key_usage();
    let wanted = match certificate.public_key().kind() {
        KeyKind::Rsa { .. } => KeyUsage::KEY_ENCIPHERMENT,
        _ => KeyUsage::KEY_AGREEMENT,
    };
    let enciphers = usage.map(|usage| usage.contains(wanted));
    let issues = |one: &Certificate| one == ca || may_issue(one);
    if !issues(certificate) {
        return match enciphers {
            Some(true) => 0,
            None => 1,
            Some(false) => 6,
        };
    }
    let has_a_ca_below = all.iter().any(|other| {
        other != certificate && issues(other) && other.issuer() == certificate.subject()
    });
    match (has_a_ca_below, enciphers) {
        (false, Some(true)) => 2,
        (false, Some(false) | None) => 3,
        (true, Some(true) | None) => 4,
        (true, Some(false)) => 5,
    }
}
