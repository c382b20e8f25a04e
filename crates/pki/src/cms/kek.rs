//! Recipients that share a symmetric key with the sender (RFC 5652 §6.2.3).

use super::{EnvelopedData, RecipientInfo, Seal, decrypt, key_wrap, write_content_info};
use crate::algorithm::{AlgorithmIdentifier, ContentCipher};
use crate::asn1::{Tlv, tag};
use crate::error::{Error, Misuse, Rejected, Unsupported};
use crate::oid;
use crate::provider::Provider;
use crate::secret::Secret;
use crate::tolerance::Tolerance;

/// KEKRecipientInfo (RFC 5652 §6.2.3).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KekRecipient {
    /// What both sides call the key-encryption key.
    pub key_identifier: Vec<u8>,
    /// How the content key is wrapped, as sent.
    pub algorithm: AlgorithmIdentifier,
    /// The wrapped content key.
    pub encrypted_key: Vec<u8>,
}

impl KekRecipient {
    pub(super) const TAG: u8 = tag::constructed(2);

    pub(super) fn read(info: &Tlv<'_>) -> Result<Self, Error> {
        let mut fields = info.reader();
        fields.expect(tag::INTEGER, "the version of KEKRecipientInfo")?;
        let mut kekid = fields.sequence("kekid")?;
        let key_identifier = kekid.expect(tag::OCTET_STRING, "keyIdentifier")?.value.to_vec();
        let algorithm = AlgorithmIdentifier::read(&mut fields, "keyEncryptionAlgorithm")?;
        let encrypted_key = fields.expect(tag::OCTET_STRING, "encryptedKey")?.value.to_vec();
        fields.finish("the end of KEKRecipientInfo")?;
        Ok(Self { key_identifier, algorithm, encrypted_key })
    }
}

impl Seal {
    /// Envelopes `content` to whoever has the AES key `kek`, called `key_identifier` on both
    /// sides, and writes the ContentInfo. The content key is wrapped as RFC 3565 §2.3.2 says.
    ///
    /// # Errors
    /// [`Misuse`] if `kek` is no AES key or the cipher is DES, whose keys cannot be wrapped so;
    /// [`KeyError::Random`](crate::error::KeyError::Random).
    pub fn envelope_with_kek(
        &self,
        content: &[u8],
        key_identifier: &[u8],
        kek: &Secret,
        provider: &dyn Provider,
    ) -> Result<Vec<u8>, Error> {
        let wrapping = wrapping(kek)?;
        let content_key = self.draw_content_key(provider)?;
        let encrypted_key = key_wrap::wrap(kek, &content_key, provider)?;
        let content = self.encrypt(content, &content_key, provider)?;
        Ok(write_content_info(&oid::ENVELOPED_DATA, |w| {
            // RFC 5652 §6.1: a recipient of this kind makes it version 2.
            w.unsigned(2);
            w.nested(tag::SET, |w| {
                w.nested(KekRecipient::TAG, |w| {
                    w.unsigned(4);
                    w.sequence(|w| w.value(tag::OCTET_STRING, key_identifier));
                    wrapping.write(w);
                    w.value(tag::OCTET_STRING, &encrypted_key);
                });
            });
            w.raw(&content);
        }))
    }
}

impl EnvelopedData {
    /// Opens the content with the AES key `kek`, which the message calls `key_identifier`.
    ///
    /// # Errors
    /// [`Rejected::NoRecipient`] if no recipient has that identifier,
    /// [`Rejected::Undecryptable`] if it does not open, [`Unsupported`] for other algorithms,
    /// [`Misuse`] if `kek` is no AES key.
    pub fn open_with_kek(
        &self,
        key_identifier: &[u8],
        kek: &Secret,
        provider: &dyn Provider,
        tolerance: &Tolerance,
    ) -> Result<Secret, Error> {
        let (cipher, iv) = ContentCipher::from_identifier(&self.cipher)?;
        tolerance.check_cipher(cipher)?;
        let recipient = self
            .recipients
            .iter()
            .find_map(|recipient| match recipient {
                RecipientInfo::KeyEncryptionKey(kek) if kek.key_identifier == key_identifier => {
                    Some(kek)
                }
                _ => None,
            })
            .ok_or(Rejected::NoRecipient)?;
        if recipient.algorithm.oid != wrapping(kek)?.oid {
            let (what, oid) = ("the key wrap algorithm", recipient.algorithm.oid);
            return Err(Unsupported::Algorithm { what, oid }.into());
        }
        let content_key = key_wrap::unwrap(kek, &recipient.encrypted_key, provider)?;
        if content_key.len() != cipher.key_len() {
            return Err(Rejected::Undecryptable.into());
        }
        decrypt(provider, cipher, &content_key, &iv, self.ciphertext.clone())
    }
}

/// The algorithm that wraps with a key of this length (RFC 3565 §2.3.2): without parameters.
fn wrapping(kek: &Secret) -> Result<AlgorithmIdentifier, Misuse> {
    let oid = match kek.len() {
        16 => oid::AES_128_WRAP,
        24 => oid::AES_192_WRAP,
        32 => oid::AES_256_WRAP,
        _ => return Err(Misuse::Value("a key-encryption key has 16, 24 or 32 octets")),
    };
    Ok(AlgorithmIdentifier::without_parameters(oid))
}
