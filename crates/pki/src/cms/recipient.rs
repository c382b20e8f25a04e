//! RecipientInfo (RFC 5652 §6.2): who can open an enveloped message, and with what.

mod kek;
mod key_agreement;
mod key_transport;
mod password;

pub use kek::KekRecipient;
pub use key_agreement::{KeyAgreementRecipient, RecipientEncryptedKey};
pub use key_transport::KeyTransportRecipient;
pub use password::PasswordRecipient;

pub(super) use password::PasswordKey;

use super::RecipientIdentifier;
use crate::asn1::{Reader, tag};
use crate::certificate::Certificate;
use crate::error::Error;
use crate::limits::Limits;
use crate::tolerance::Tolerance;

/// RecipientInfo (RFC 5652 §6.2).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RecipientInfo {
    /// ktri: the content key encrypted to a public key.
    KeyTransport(KeyTransportRecipient),
    /// kari: the content key encrypted with a secret that sender and recipient agree on.
    KeyAgreement(KeyAgreementRecipient),
    /// pwri: the content key encrypted with a password.
    Password(PasswordRecipient),
    /// kekri: the content key wrapped with a symmetric key that both sides have.
    KeyEncryptionKey(KekRecipient),
    /// ori, or a kekri that cannot be read: its tag and encoding.
    Other {
        /// The identifier octet that tells which.
        tag: u8,
        /// The encoding, as it came.
        encoding: Vec<u8>,
    },
}

impl RecipientInfo {
    const KARI: u8 = tag::constructed(1);
    const KEKRI: u8 = tag::constructed(2);
    const PWRI: u8 = tag::constructed(3);

    pub(super) fn read(infos: &mut Reader<'_>, limits: &Limits) -> Result<Self, Error> {
        let info = infos.any("RecipientInfo")?;
        match info.tag {
            tag::SEQUENCE => Ok(Self::KeyTransport(KeyTransportRecipient::read(info.reader())?)),
            Self::KARI => {
                Ok(Self::KeyAgreement(KeyAgreementRecipient::read(info.reader(), limits)?))
            }
            Self::PWRI => Ok(Self::Password(PasswordRecipient::read(info.reader(), limits)?)),
            // One that is for others must not spoil the message.
            Self::KEKRI => Ok(KekRecipient::read(info.reader()).map_or_else(
                |_| Self::Other { tag: info.tag, encoding: info.raw.to_vec() },
                Self::KeyEncryptionKey,
            )),
            tag => Ok(Self::Other { tag, encoding: info.raw.to_vec() }),
        }
    }

    /// Whether this means `certificate` by its name or key identifier. A recipient who shares a key
    /// or a password means nobody by name.
    pub(super) fn names(&self, certificate: &Certificate, tolerance: &Tolerance) -> bool {
        let is_named = |identifier: &RecipientIdentifier| identifier.names(certificate, tolerance);
        match self {
            Self::KeyTransport(recipient) => is_named(&recipient.identifier),
            Self::KeyAgreement(recipient) => {
                recipient.encrypted_keys.iter().any(|key| is_named(&key.identifier))
            }
            Self::KeyEncryptionKey(_) | Self::Password(_) | Self::Other { .. } => false,
        }
    }
}
