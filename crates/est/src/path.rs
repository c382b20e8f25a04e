//! From a certificate to a trust anchor (RFC 5280 §6.1, as far as EST needs it).

use devicecert_pki as pki;
use devicecert_pki::{Certificate, Extension, KeyUsage, Provider, Time, oid};

/// Why a certificate leads to no trust anchor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PathError {
    /// No certificate at hand has the issuer's name and made the signature.
    #[error("no certificate at hand signed it")]
    NoIssuer,
    /// A CA certificate on the way is not valid now.
    #[error("a CA certificate on the way is expired or not yet valid")]
    NotValid,
    /// A certificate on the way is no CA's, or must not sign certificates.
    #[error("a certificate on the way is not that of a CA that may sign certificates")]
    NotACa,
    /// There are more certificates on the way than a CA allows, or than anybody needs.
    #[error("there are too many certificates on the way")]
    TooLong,
    /// A CA certificate on the way has a critical extension that is not understood here.
    #[error("a CA certificate on the way has a critical extension that is not understood")]
    CriticalExtension,
}

/// CA certificates between a certificate and its trust anchor.
const MAX_INTERMEDIATES: usize = 8;
/// Signatures that are checked for one path, so that nobody can make a maze of certificates.
const MAX_SIGNATURES: usize = 64;

/// What a path is looked for with.
pub(crate) struct PathFinder<'a> {
    pub(crate) anchors: &'a [Certificate],
    /// Certificates that may stand on the way; none of them is believed for being here.
    pub(crate) pool: &'a [Certificate],
    pub(crate) now: Time,
    pub(crate) provider: &'a dyn Provider,
    pub(crate) tolerance: &'a pki::Tolerance,
}

impl PathFinder<'_> {
    /// The CA certificates above `certificate`, the trust anchor last.
    ///
    /// Every signature is checked, and of every CA certificate the validity, basicConstraints,
    /// keyUsage and that no critical extension is unknown. Name constraints and policies are not
    /// implemented: a CA certificate that has them as critical is refused. The validity of
    /// `certificate` itself is its owner's business.
    pub(crate) fn find(&self, certificate: &Certificate) -> Result<Vec<Certificate>, PathError> {
        let mut signatures = 0;
        self.climb(certificate, &mut Vec::new(), &mut signatures)
    }

    fn climb<'a>(
        &'a self,
        certificate: &Certificate,
        below: &mut Vec<&'a Certificate>,
        signatures: &mut usize,
    ) -> Result<Vec<Certificate>, PathError> {
        if below.len() > MAX_INTERMEDIATES {
            return Err(PathError::TooLong);
        }
        let mut reason = PathError::NoIssuer;
        let mut is_issuer = |issuer: &Certificate| {
            let named = issuer.subject().matches(certificate.issuer());
            *signatures = signatures.saturating_add(usize::from(named));
            named
                && *signatures <= MAX_SIGNATURES
                && certificate
                    .is_signed_by(issuer.public_key(), self.provider, self.tolerance)
                    .is_ok()
        };
        // RFC 5280 §6.1.1 (d): of a trust anchor, name and key count; but one that says until when
        // it is valid means it. A root that was renewed with its key is there twice.
        let anchors: Vec<_> = self.anchors.iter().filter(|anchor| is_issuer(anchor)).collect();
        if !anchors.is_empty() {
            let valid = anchors.into_iter().find(|anchor| anchor.validity().contains(self.now));
            return valid.map(|anchor| vec![anchor.clone()]).ok_or(PathError::NotValid);
        }
        let issuers: Vec<_> = self.pool.iter().filter(|issuer| is_issuer(issuer)).collect();
        for issuer in issuers {
            let outcome = match below.contains(&issuer) {
                true => Err(PathError::NoIssuer),
                false => self.check_ca(issuer, below.len()),
            };
            let outcome = outcome.and_then(|()| {
                below.push(issuer);
                let above = self.climb(issuer, below, signatures);
                below.pop();
                above
            });
            match outcome {
                Ok(mut path) => {
                    path.insert(0, issuer.clone());
                    return Ok(path);
                }
                Err(error) => reason = error,
            }
        }
        Err(reason)
    }

    /// RFC 5280 §6.1.4 for one CA certificate with `below` others under it.
    fn check_ca(&self, ca: &Certificate, below: usize) -> Result<(), PathError> {
        let constraints = ca.extensions().basic_constraints();
        let is_ca = constraints.is_some_and(|constraints| constraints.ca);
        if !is_ca || !ca.permits(KeyUsage::KEY_CERT_SIGN) {
            return Err(PathError::NotACa);
        }
        let path_len = constraints.and_then(|constraints| constraints.path_len);
        if path_len.is_some_and(|most| below as u64 > most) {
            return Err(PathError::TooLong);
        }
        if !ca.validity().contains(self.now) {
            return Err(PathError::NotValid);
        }
        match ca.extensions().iter().any(is_critical_and_unknown) {
            true => Err(PathError::CriticalExtension),
            false => Ok(()),
        }
    }
}

fn is_critical_and_unknown(extension: &Extension) -> bool {
    let known = [
        oid::BASIC_CONSTRAINTS,
        oid::KEY_USAGE,
        oid::SUBJECT_KEY_IDENTIFIER,
        oid::AUTHORITY_KEY_IDENTIFIER,
        oid::SUBJECT_ALT_NAME,
        oid::EXTENDED_KEY_USAGE,
    ];
    extension.critical && !known.contains(&extension.oid)
}

/// Whether the key of a certificate made its own signature.
pub(crate) fn is_self_signed(
    certificate: &Certificate,
    provider: &dyn Provider,
    tolerance: &pki::Tolerance,
) -> bool {
    certificate.is_signed_by(certificate.public_key(), provider, tolerance).is_ok()
}
