//! KEKRecipientInfo (RFC 5652 §6.2.3): recipients that share an AES key with the sender.

use super::RecipientInfo;
use crate::algorithm::{AlgorithmIdentifier, ContentCipher, KeyWrap};
use crate::asn1::{Reader, Writer, tag};
use crate::cms::EnvelopedData;
use crate::cms::enveloped_data::decrypt;
use crate::error::{Error, Misuse, Rejected, Unsupported};
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
    pub(super) fn read(mut fields: Reader<'_>) -> Result<Self, Error> {
        fields.expect(tag::INTEGER, "the version of KEKRecipientInfo")?;
        let mut kekid = fields.sequence("kekid")?;
        let key_identifier = kekid.expect(tag::OCTET_STRING, "keyIdentifier")?.value.to_vec();
        let algorithm = AlgorithmIdentifier::read(&mut fields, "keyEncryptionAlgorithm")?;
        let encrypted_key = fields.expect(tag::OCTET_STRING, "encryptedKey")?.value.to_vec();
        fields.finish("the end of KEKRecipientInfo")?;
        Ok(Self { key_identifier, algorithm, encrypted_key })
    }

    pub(in crate::cms) fn write(
        w: &mut Writer,
        key_identifier: &[u8],
        kek: &Secret,
        content_key: &Secret,
        provider: &dyn Provider,
    ) -> Result<(), Error> {
        let wrap = wrap_of(kek)?;
        let encrypted_key = provider.wrap_with_key(wrap, kek, content_key)?;
        w.nested(RecipientInfo::KEKRI, |w| {
            w.unsigned(4);
            w.sequence(|w| w.value(tag::OCTET_STRING, key_identifier));
            wrap.identifier().write(w);
            w.value(tag::OCTET_STRING, &encrypted_key);
        });
        Ok(())
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
        let (cipher, iv) = ContentCipher::from_identifier(self.content_encryption_algorithm())?;
        tolerance.check_cipher(cipher)?;
        let mut recipients = self.recipients().iter();
        let recipient = recipients.find_map(|recipient| match recipient {
            RecipientInfo::KeyEncryptionKey(one) if one.key_identifier == key_identifier => {
                Some(one)
            }
            _ => None,
        });
        let recipient = recipient.ok_or(Rejected::NoRecipient)?;
        let wrap = wrap_of(kek)?;
        if KeyWrap::try_from(&recipient.algorithm)? != wrap {
            let (what, oid) = ("the key wrap algorithm", recipient.algorithm.oid);
            return Err(Unsupported::Algorithm { what, oid }.into());
        }
        // Whatever is wrong with it, it is the same failure.
        let content_key = match provider.unwrap_with_key(wrap, kek, &recipient.encrypted_key) {
            Err(unsupported @ Error::Unsupported(_)) => return Err(unsupported),
            Err(_) => return Err(Rejected::Undecryptable.into()),
            Ok(key) if key.len() != cipher.key_len() => return Err(Rejected::Undecryptable.into()),
            Ok(key) => key,
        };
        decrypt(provider, cipher, &content_key, &iv, self.encrypted_content().to_vec())
    }
}

/// The algorithm that wraps with a key of this length.
fn wrap_of(kek: &Secret) -> Result<KeyWrap, Misuse> {
    let fits = |wrap: &KeyWrap| wrap.key_len() == kek.len();
    let wrap = KeyWrap::ALL.into_iter().find(fits);
    wrap.ok_or(Misuse::Value("a key-encryption key has 16, 24 or 32 octets"))
}
