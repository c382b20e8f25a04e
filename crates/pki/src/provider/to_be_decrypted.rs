//! What has to be done before an enveloped message opens.

use crate::algorithm::KeyTransport;
use crate::cms::{PasswordRecipient, RecipientIdentifier};
use crate::public_key::PublicKey;

/// One content key that is wanted, by the way in which it is encrypted.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ToBeDecrypted {
    /// An RSA private key decrypts it: the answer is the content key.
    KeyTransport(TransportedKey),
    /// An EC private key agrees on a secret with the sender's public key, which was checked to be a
    /// point of the curve: the answer is the x-coordinate of the shared point, 32 octets on P-256
    /// and 48 on P-384. An HSM or TPM calls that ECDH without key derivation.
    KeyAgreement(AgreedKey),
    /// A password decrypts it, for instance with [`WithPasswords`](super::WithPasswords): the answer
    /// is that of [`PasswordRecipient::open`].
    Password(PasswordRecipient),
}

/// A content key that was encrypted to an RSA key (RFC 5652 §6.2.1).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TransportedKey {
    /// How it was encrypted.
    pub transport: KeyTransport,
    /// The encrypted content key.
    pub encrypted_key: Vec<u8>,
    /// Whom the sender encrypted it to.
    pub recipient: RecipientIdentifier,
}

/// The other half of a key agreement (RFC 5652 §6.2.2).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AgreedKey {
    /// The key that the sender made for this message.
    pub public_key: PublicKey,
    /// Whom the sender agreed with.
    pub recipient: RecipientIdentifier,
}

impl ToBeDecrypted {
    /// Asks an RSA key for a decryption.
    #[must_use]
    pub const fn key_transport(
        transport: KeyTransport,
        encrypted_key: Vec<u8>,
        recipient: RecipientIdentifier,
    ) -> Self {
        Self::KeyTransport(TransportedKey { transport, encrypted_key, recipient })
    }

    /// Asks an EC key for an agreement.
    #[must_use]
    pub const fn key_agreement(public_key: PublicKey, recipient: RecipientIdentifier) -> Self {
        Self::KeyAgreement(AgreedKey { public_key, recipient })
    }
}
