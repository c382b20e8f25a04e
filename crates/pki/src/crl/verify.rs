//! Believing a CRL (RFC 5280 §6.3.3), as far as it takes a complete list of the CA itself.

use super::{Crl, RevokedCertificate};
use crate::algorithm::SignatureAlgorithm;
use crate::certificate::Certificate;
use crate::cms::without_padding;
use crate::error::{Error, Rejected};
use crate::extension::KeyUsage;
use crate::provider::Provider;
use crate::time::Time;
use crate::tolerance::Tolerance;

/// A CRL that its CA signed, that is current and that is understood as a whole.
#[derive(Clone, Copy, Debug)]
pub struct VerifiedCrl<'a> {
    crl: &'a Crl,
    issuer: &'a Certificate,
}

impl Crl {
    /// Checks that `issuer` made this CRL and that it counts now.
    ///
    /// The name, keyUsage and signature must be the issuer's, `now` within thisUpdate and
    /// nextUpdate where there is one, and no critical extension unknown: delta CRLs, indirect CRLs
    /// and CRLs for a part of the certificates all have one, and are refused so.
    ///
    /// # Errors
    /// [`Rejected`], or [`Unsupported`](crate::error::Unsupported) for a signature that cannot be
    /// checked. Whatever it is, nothing is known about any certificate.
    pub fn verify<'a>(
        &'a self,
        issuer: &'a Certificate,
        now: Time,
        provider: &dyn Provider,
        tolerance: &Tolerance,
    ) -> Result<VerifiedCrl<'a>, Error> {
        const WHAT: &str = "the CRL";
        let same_name = self.issuer == *issuer.subject()
            || (tolerance.respelt_issuer && self.issuer.matches(issuer.subject()));
        if !same_name || !issuer.permits(KeyUsage::CRL_SIGN) {
            return Err(Rejected::OtherIssuer(WHAT).into());
        }
        if self.signed_algorithm != self.signature_algorithm {
            return Err(Rejected::Signature(WHAT).into());
        }
        let algorithm = SignatureAlgorithm::try_from(&self.signature_algorithm)?;
        tolerance.check_digest(algorithm.digest())?;
        let tbs = self.der.get(self.tbs.clone()).ok_or(Rejected::Signature(WHAT))?;
        let signature = self.der.get(self.signature.clone()).ok_or(Rejected::Signature(WHAT))?;
        provider.verify(issuer.public_key(), algorithm, tbs, signature).map_err(
            |error| match error {
                Error::Rejected(Rejected::Signature(_)) => Rejected::Signature(WHAT).into(),
                other => other,
            },
        )?;
        if let Some(oid) = self.not_understood {
            return Err(Rejected::CriticalExtension(oid).into());
        }
        if now < self.this_update || self.next_update.is_some_and(|next| next < now) {
            return Err(Rejected::NotCurrent(WHAT).into());
        }
        Ok(VerifiedCrl { crl: self, issuer })
    }
}

impl<'a> VerifiedCrl<'a> {
    /// The CRL.
    #[must_use]
    pub const fn crl(&self) -> &'a Crl {
        self.crl
    }

    /// Everything that it lists.
    #[must_use]
    pub fn entries(&self) -> &'a [RevokedCertificate] {
        &self.crl.revoked
    }

    /// Since when and why `certificate` is revoked; `None` if it is not.
    ///
    /// # Errors
    /// [`Rejected::OtherIssuer`] if the certificate is of another CA, or of another key of a CA of
    /// the same name: a list that does not cover a certificate says nothing about it.
    pub fn revocation(
        &self,
        certificate: &Certificate,
    ) -> Result<Option<&'a RevokedCertificate>, Rejected> {
        let issuers_key = self.issuer.extensions().subject_key_identifier();
        let named_key = certificate.extensions().authority_key_identifier();
        let other_key = named_key.is_some() && issuers_key.is_some() && named_key != issuers_key;
        if other_key || certificate.issuer() != self.issuer.subject() {
            return Err(Rejected::OtherIssuer("the certificate"));
        }
        let serial = without_padding(certificate.serial());
        Ok(self.crl.revoked.iter().find(|entry| without_padding(&entry.serial) == serial))
    }
}
