//! The certificate that says which host a key belongs to.

use devicecert_pki::{Certificate, PublicKey, Time, Validity};

use super::ecdsa::Ecdsa;
use super::error::{Error, Rejected};
use super::key_id::KeyId;

/// A host identity certificate, as far as signatures go: serial number, public key, validity.
///
/// The agent gets it from Fleet by SCEP; the server has it in its database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostIdentity {
    key_id: KeyId,
    key: PublicKey,
    pub(super) ecdsa: Ecdsa,
    validity: Option<Validity>,
}

impl HostIdentity {
    /// What a server has stored of a certificate. Nothing is signed or verified with it outside the
    /// validity.
    ///
    /// # Errors
    /// [`Rejected::Key`] for a key that is neither on P-256 nor on P-384.
    pub fn new(key_id: KeyId, key: PublicKey, validity: Validity) -> Result<Self, Error> {
        let identity = Self::dangerous_without_validity(key_id, key)?;
        Ok(Self { validity: Some(validity), ..identity })
    }

    /// An identity that never ends: the device signs, and is believed, for as long as somebody has
    /// its key. Only for servers that have looked at the validity, each time, before they come here.
    ///
    /// # Errors
    /// [`Rejected::Key`] for a key that is neither on P-256 nor on P-384.
    pub fn dangerous_without_validity(key_id: KeyId, key: PublicKey) -> Result<Self, Error> {
        let ecdsa = Ecdsa::of(&key).ok_or_else(|| Rejected::Key(key.kind()))?;
        Ok(Self { key_id, key, ecdsa, validity: None })
    }

    /// The identity that a certificate tells.
    ///
    /// # Errors
    /// [`Rejected::KeyId`] and [`Rejected::Key`] for a certificate that Fleet cannot use.
    pub fn of(certificate: &Certificate) -> Result<Self, Error> {
        let key = certificate.public_key().clone();
        Self::new(KeyId::of(certificate)?, key, certificate.validity())
    }

    /// The serial number.
    #[must_use]
    pub const fn key_id(&self) -> KeyId {
        self.key_id
    }

    /// The key that signs.
    #[must_use]
    pub const fn public_key(&self) -> &PublicKey {
        &self.key
    }

    pub(super) fn check_validity(&self, now: Time) -> Result<(), Rejected> {
        match self.validity.is_none_or(|validity| validity.contains(now)) {
            true => Ok(()),
            false => Err(Rejected::NotValid),
        }
    }
}
