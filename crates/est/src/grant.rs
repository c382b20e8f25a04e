//! Decisions, and what they need.

use core::time::Duration;

use devicecert_pki as pki;
use devicecert_pki::algorithm::KeyTransport;
use devicecert_pki::cms::Seal;
use devicecert_pki::{Certificate, Csr, Provider, Secret, Time, Unsigned, oid as pki_oid};

use crate::change_subject_name::ChangeSubjectName;
use crate::error::{Error, Misuse};
use crate::key_generation::{self, WantedProtection};
use crate::refusal::Refusal;
use crate::renewal::{self, SameNames};
use crate::request::{Client, Enrol, GenerateKey};

/// What becomes of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It is granted: see [`Enrol::grant`] and [`GenerateKey::grant`].
    Grant(Grant),
    /// The client is to send it again after a while (202).
    Wait {
        /// The while.
        after: Duration,
        /// Words for people.
        text: Option<String>,
    },
    /// It is refused.
    Refuse(Refusal),
}

/// Something that was granted. Only a request makes one, and only for a reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant(pub(crate) Box<Content>);

impl From<Content> for Decision {
    fn from(content: Content) -> Self {
        Self::Grant(Grant(Box::new(content)))
    }
}

/// What is handed out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    Certificate(Certificate),
    Key { certificate: Certificate, pkcs8: Secret },
    EnvelopedKey { certificate: Certificate, envelope: Vec<u8> },
}

/// A reason to grant a request.
///
/// It can be had in three ways: a user whose password was right ([`Client::user`]), a certificate
/// of this CA ([`RenewalEvidence::accept`]), or somebody's word ([`Authorisation::by_policy`]).
/// There is no fourth, and none by default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct Authorisation(Reason);

/// Kept for `Debug`, so that a log of decisions says why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reason {
    User,
    Renewal,
    Policy,
}

impl Authorisation {
    /// Somebody, or something outside this crate, has decided: a person who approved a request, a
    /// registration authority, a manufacturer's certificate that a list has.
    pub const fn by_policy() -> Self {
        Self(Reason::Policy)
    }
}

impl Client {
    /// A reason to grant what a known user asks for, for itself.
    #[must_use]
    pub fn authorised_user(&self) -> Option<Authorisation> {
        self.user.as_ref().map(|_| Authorisation(Reason::User))
    }
}

/// Proof that a request comes from the holder of a certificate of this CA, and has its names.
#[derive(Clone, Debug)]
pub struct RenewalEvidence {
    serial: Vec<u8>,
    changes: bool,
}

/// Why a request is no renewal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NoRenewal {
    /// The client did not authenticate with a certificate.
    #[error("the client has no certificate")]
    NoCertificate,
    /// The certificate was issued by somebody else.
    #[error("the client's certificate was not issued by this CA")]
    OtherIssuer,
    /// The certificate is not valid now.
    #[error("the client's certificate is expired or not yet valid")]
    NotValid,
    /// The certificate is a CA's, or a registration authority's.
    #[error("the client's certificate is not a device's")]
    NotADevice,
    /// The request has another subject.
    #[error("the request has another subject than the client's certificate")]
    OtherSubject,
    /// The request has other alternative names.
    #[error("the request has other alternative names than the client's certificate")]
    OtherNames,
}

impl RenewalEvidence {
    pub(crate) fn find(
        (csr, changes): (&Csr, Option<&ChangeSubjectName>),
        client: &Client,
        cas: &[Certificate],
        now: Time,
        provider: &dyn Provider,
        tolerance: &pki::Tolerance,
    ) -> Result<Self, NoRenewal> {
        let old = client.certificate.as_ref().ok_or(NoRenewal::NoCertificate)?;
        if old.is_ca() || client.is_registration_authority() {
            return Err(NoRenewal::NotADevice);
        }
        let issued_by = |ca: &Certificate| {
            ca.subject() == old.issuer()
                && old.is_signed_by(ca.public_key(), provider, tolerance).is_ok()
        };
        if !cas.iter().any(issued_by) {
            return Err(NoRenewal::OtherIssuer);
        }
        if !old.validity().contains(now) {
            return Err(NoRenewal::NotValid);
        }
        match renewal::compare(csr.subject(), csr.extensions(), old) {
            SameNames::Same => {}
            SameNames::OtherSubject => return Err(NoRenewal::OtherSubject),
            SameNames::OtherAltNames => return Err(NoRenewal::OtherNames),
        }
        Ok(Self { serial: old.serial().to_vec(), changes: changes.is_some() })
    }

    /// The serial number of the old certificate, to look up whether it was revoked.
    #[must_use]
    pub fn serial(&self) -> &[u8] {
        &self.serial
    }

    /// The renewal may be granted with the names that it had. Call it when the CA remembers the
    /// certificate and did not revoke it.
    ///
    /// `None` if other names are wanted ([`ChangeSubjectName`]): that a certificate does not vouch
    /// for, and needs [`Authorisation::by_policy`].
    #[must_use]
    pub fn accept(self) -> Option<Authorisation> {
        (!self.changes).then_some(Authorisation(Reason::Renewal))
    }
}

impl Enrol {
    /// Grants the request.
    ///
    /// # Errors
    /// [`Misuse::WrongCertificate`] if the certificate has another key than the request.
    pub fn grant(&self, why: Authorisation, certificate: Certificate) -> Result<Decision, Error> {
        let Authorisation(_) = why;
        match certificate.public_key() == self.csr().public_key() {
            true => Ok(Content::Certificate(certificate).into()),
            false => Err(Misuse::WrongCertificate.into()),
        }
    }
}

/// The key that a generated key is encrypted with.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum EnvelopeKey<'a> {
    /// The AES key that the request names.
    Symmetric(&'a Secret),
    /// The certificate, with an RSA key, that the request names.
    Certificate(&'a Certificate),
}

impl GenerateKey {
    /// Grants the request, the key protected by nothing but TLS.
    ///
    /// # Errors
    /// [`Misuse::KeyProtection`] if the client asked for more.
    pub fn grant(
        &self,
        why: Authorisation,
        certificate: Certificate,
        pkcs8: Secret,
    ) -> Result<Decision, Error> {
        let Authorisation(_) = why;
        match self.wanted {
            WantedProtection::Tls => Ok(Content::Key { certificate, pkcs8 }.into()),
            WantedProtection::SymmetricKey(_) | WantedProtection::AsymmetricKey(_) => {
                Err(Misuse::KeyProtection.into())
            }
        }
    }

    /// Grants the request, the key encrypted as the client asked: signed by `generator`, whose
    /// signature is what is missing, and enveloped to `recipient` (§4.4.2).
    ///
    /// # Errors
    /// [`Misuse::KeyProtection`] if the client asked for another protection;
    /// [`Unsupported`](devicecert_pki::error::Unsupported) if the recipient's key cannot receive.
    pub fn grant_enveloped(
        &self,
        why: Authorisation,
        certificate: Certificate,
        pkcs8: &Secret,
        recipient: EnvelopeKey<'_>,
        generator: &Certificate,
        provider: &'static dyn Provider,
    ) -> Result<Unsigned<Decision>, Error> {
        let Authorisation(_) = why;
        let mut seal = Seal::new(self.cipher, KeyTransport::RsaPkcs1);
        seal.content_type = pki_oid::SIGNED_DATA;
        let recipient = match (&self.wanted, recipient) {
            (WantedProtection::SymmetricKey(identifier), EnvelopeKey::Symmetric(key)) => {
                Recipient::Symmetric(identifier.clone(), key.clone())
            }
            (WantedProtection::AsymmetricKey(_), EnvelopeKey::Certificate(certificate)) => {
                seal.check_recipient(certificate.public_key(), provider)?;
                Recipient::Certificate(Box::new(certificate.clone()))
            }
            _ => return Err(Misuse::KeyProtection.into()),
        };
        Ok(key_generation::wrap(pkcs8, generator, provider)?.map(move |signed| {
            let signed = Secret::new(signed);
            let content = signed.expose();
            let envelope = match &recipient {
                Recipient::Symmetric(identifier, key) => {
                    seal.envelope_with_kek(content, identifier, key, provider)?
                }
                Recipient::Certificate(certificate) => {
                    seal.envelope(content, certificate, provider)?
                }
            };
            Ok(Content::EnvelopedKey { certificate, envelope }.into())
        }))
    }
}

enum Recipient {
    Symmetric(Vec<u8>, Secret),
    Certificate(Box<Certificate>),
}
