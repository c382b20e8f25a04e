//! Why a certificate may be handed out.

use devicecert_pki::{Csr, Time};

use crate::authority::Authority;
use crate::bounds::{Excess, asks_within};
use crate::transaction::{Origin, Transaction};

/// A reason to grant a request.
///
/// It can be had in four ways: the right challengePassword
/// ([`Enrol::challenge_matches`](crate::Enrol::challenge_matches)), one that was made for this very
/// request ([`Permit::authorise`](crate::Permit::authorise)), a certificate of this CA
/// ([`RenewalEvidence::accept`]), or somebody's word ([`Authorisation::by_administrator`]). There is
/// no fifth, and none by default.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Authorisation(Reason);

/// Kept for `Debug`, so that a log of decisions says why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reason {
    Challenge,
    Renewal,
    Administrator,
}

impl Authorisation {
    pub(crate) const fn by_challenge() -> Self {
        Self(Reason::Challenge)
    }

    /// Somebody, or something outside this crate, has decided: a person who approved a pending
    /// request, a validation service, or a decision remembered under the same
    /// [`TransactionKey`](crate::TransactionKey).
    pub const fn by_administrator() -> Self {
        Self(Reason::Administrator)
    }
}

/// Proof that a request comes from the holder of a certificate of this CA, for the same subject.
///
/// The signature of the message was made with that certificate's key; the CA signed the
/// certificate; it is valid; the request's subject is the certificate's, and its alternative names
/// are among the certificate's.
#[derive(Clone, Debug)]
pub struct RenewalEvidence {
    serial: Vec<u8>,
}

/// Why a request is no renewal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NoRenewal {
    /// The message is no request for a certificate.
    #[error("the message is no request for a certificate")]
    NoRequest,
    /// The signer's certificate is self-signed: a first enrolment.
    #[error("the message is signed with a self-signed certificate")]
    SelfSigned,
    /// The CA did not sign the signer's certificate.
    #[error("the signer's certificate was not issued by this CA")]
    OtherIssuer,
    /// The signer's certificate is not valid now.
    #[error("the signer's certificate is expired or not yet valid")]
    NotValid,
    /// The signer's certificate is a CA's or the RA's.
    #[error("the signer's certificate is not a device's")]
    NotADevice,
    /// The request has another subject than the signer's certificate.
    #[error("the request has another subject than the signer's certificate")]
    OtherSubject,
    /// The request has an alternative name that the signer's certificate does not have, or one
    /// that cannot be read.
    #[error("the request has alternative names that the signer's certificate does not have")]
    OtherNames,
}

impl RenewalEvidence {
    pub(crate) fn find(
        csr: &Csr,
        transaction: &Transaction,
        authority: &Authority,
        now: Time,
    ) -> Result<Self, NoRenewal> {
        let signer = transaction.signer();
        if signer == authority.ca() || signer == authority.recipient() || signer.is_ca() {
            return Err(NoRenewal::NotADevice);
        }
        match transaction.origin() {
            Origin::Ca => {}
            Origin::SelfSigned => return Err(NoRenewal::SelfSigned),
            Origin::OtherIssuer => return Err(NoRenewal::OtherIssuer),
        }
        if !signer.validity().contains(now) {
            return Err(NoRenewal::NotValid);
        }
        let had = signer.extensions().subject_alt_name().map_err(|_| NoRenewal::OtherNames)?;
        asks_within(csr, signer.subject(), &had).map_err(|excess| match excess {
            Excess::Subject => NoRenewal::OtherSubject,
            Excess::Names => NoRenewal::OtherNames,
        })?;
        Ok(Self { serial: signer.serial().to_vec() })
    }

    /// The serial number of the certificate that signed, to look up whether it was revoked.
    #[must_use]
    pub fn serial(&self) -> &[u8] {
        &self.serial
    }

    /// The renewal may be granted. Call it when the CA remembers the certificate and did not
    /// revoke it.
    pub fn accept(self) -> Authorisation {
        Authorisation(Reason::Renewal)
    }
}
