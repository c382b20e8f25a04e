//! KeyTransRecipientInfo (RFC 5652 §6.2.1).

use crate::algorithm::{AlgorithmIdentifier, KeyTransport};
use crate::asn1::{Reader, Writer, tag};
use crate::certificate::Certificate;
use crate::cms::RecipientIdentifier;
use crate::error::Error;
use crate::provider::{Provider, ToBeDecrypted};
use crate::secret::Secret;

/// KeyTransRecipientInfo (RFC 5652 §6.2.1).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeyTransportRecipient {
    /// Whose key.
    pub identifier: RecipientIdentifier,
    /// How the content key is encrypted, as sent.
    pub algorithm: AlgorithmIdentifier,
    /// The encrypted content key.
    pub encrypted_key: Vec<u8>,
}

impl KeyTransportRecipient {
    pub(super) fn read(mut fields: Reader<'_>) -> Result<Self, Error> {
        fields.expect(tag::INTEGER, "the version of KeyTransRecipientInfo")?;
        let identifier = RecipientIdentifier::read(&mut fields)?;
        let algorithm = AlgorithmIdentifier::read(&mut fields, "keyEncryptionAlgorithm")?;
        let encrypted_key = fields.expect(tag::OCTET_STRING, "encryptedKey")?.value.to_vec();
        fields.finish("the end of KeyTransRecipientInfo")?;
        Ok(Self { identifier, algorithm, encrypted_key })
    }

    /// Encrypts `content_key` to the RSA key of `recipient`, which is named by issuer and serial
    /// number.
    pub(in crate::cms) fn write(
        w: &mut Writer,
        transport: KeyTransport,
        recipient: &Certificate,
        content_key: &Secret,
        provider: &dyn Provider,
    ) -> Result<(), Error> {
        let encrypted_key = provider.wrap_key(recipient.public_key(), transport, content_key)?;
        w.sequence(|w| {
            w.unsigned(0);
            RecipientIdentifier::of(recipient).write(w);
            transport.identifier().write(w);
            w.value(tag::OCTET_STRING, &encrypted_key);
        });
        Ok(())
    }

    pub(in crate::cms) fn ask(&self) -> Result<ToBeDecrypted, Error> {
        Ok(ToBeDecrypted::key_transport(
            KeyTransport::try_from(&self.algorithm)?,
            self.encrypted_key.clone(),
            self.identifier.clone(),
        ))
    }
}
