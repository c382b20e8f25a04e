//! Who may ask for certificates and CRLs that exist (GetCert, GetCRL).

use devicecert::pki::{Certificate, Time};
use devicecert::scep::{Decision, FailInfo, IssuerAndSerialNumber, Refusal, Request};

use super::store::hex;
use super::{AnswerError, Ca, Generation, StoreError};

impl Ca {
    /// A certificate is for those who hold a valid one of this CA, and for who has its key. Anybody
    /// else is told the same as of one that does not exist.
    pub(super) fn decide_get_cert(
        &self,
        request: &Request,
        wanted: &IssuerAndSerialNumber,
        now: Time,
    ) -> Result<Decision, AnswerError> {
        let signer = request.transaction().signer();
        let Some(found) = self.store.find(&hex(wanted.serial()))? else {
            return Ok(unknown());
        };
        let may_have = signer.public_key() == found.public_key() || self.is_good(signer, now)?;
        match may_have {
            true => Ok(request.found_certificate(found).unwrap_or_else(|_| unknown())),
            false => Ok(unknown()),
        }
    }

    /// A CRL is for everybody; it is on the same server without asking, too.
    pub(super) fn decide_get_crl(
        &self,
        request: &Request,
        generation: &Generation,
        now: Time,
    ) -> Result<Decision, AnswerError> {
        let crl = generation.crl(&self.store, now)?;
        Ok(request.found_crl(crl).unwrap_or_else(|_| unknown()))
    }

    /// Whether the CA remembers this very certificate, which is valid and not revoked.
    pub(super) fn is_good(&self, certificate: &Certificate, now: Time) -> Result<bool, StoreError> {
        let remembered = self.store.find(&hex(certificate.serial()))?;
        Ok(remembered.as_ref() == Some(certificate)
            && certificate.validity().contains(now)
            && !self.store.is_revoked(certificate)?)
    }
}

fn unknown() -> Decision {
    Decision::Refuse(Refusal::new(FailInfo::BadCertId))
}
