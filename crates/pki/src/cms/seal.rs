//! Making an enveloped message (RFC 5652 §6).

use const_oid::ObjectIdentifier;

use super::padding::pad;
use super::{RecipientIdentifier, write_content_info};
use crate::algorithm::{ContentCipher, KeyTransport};
use crate::asn1::{Writer, tag};
use crate::certificate::Certificate;
use crate::error::Error;
use crate::oid;
use crate::provider::Provider;
use crate::secret::Secret;

/// How content is enveloped to one recipient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Seal {
    /// The cipher of the content. Default AES-128-CBC (RFC 8894 §3.5.2).
    pub cipher: ContentCipher,
    /// How the content key is encrypted. Default PKCS #1 v1.5, which every peer reads.
    pub key_transport: KeyTransport,
    /// The type of the content. Default id-data.
    pub content_type: ObjectIdentifier,
}

impl Default for Seal {
    fn default() -> Self {
        Self::new(ContentCipher::Aes128Cbc, KeyTransport::RsaPkcs1)
    }
}

impl Seal {
    /// With these algorithms.
    #[must_use]
    pub const fn new(cipher: ContentCipher, key_transport: KeyTransport) -> Self {
        Self { cipher, key_transport, content_type: oid::DATA }
    }

    /// Envelopes `content` to the key of `recipient` and writes the ContentInfo.
    ///
    /// # Errors
    /// [`Unsupported`](crate::error::Unsupported) if the recipient's key cannot receive, or the
    /// backend lacks an algorithm; [`KeyError::Random`](crate::error::KeyError::Random).
    pub fn envelope(
        &self,
        content: &[u8],
        recipient: &Certificate,
        provider: &dyn Provider,
    ) -> Result<Vec<u8>, Error> {
        let content_key = self.draw_content_key(provider)?;
        let encrypted_key =
            provider.wrap_key(recipient.public_key(), self.key_transport, &content_key)?;
        let content = self.encrypt(content, &content_key, provider)?;
        Ok(write_content_info(&oid::ENVELOPED_DATA, |w| {
            w.unsigned(0);
            w.nested(tag::SET, |w| {
                w.sequence(|w| {
                    w.unsigned(0);
                    RecipientIdentifier::of(recipient).write(w);
                    self.key_transport.identifier().write(w);
                    w.value(tag::OCTET_STRING, &encrypted_key);
                });
            });
            w.raw(&content);
        }))
    }

    pub(super) fn draw_content_key(&self, provider: &dyn Provider) -> Result<Secret, Error> {
        let mut content_key = vec![0; self.cipher.key_len()];
        provider.random(&mut content_key)?;
        Ok(Secret::new(content_key))
    }

    /// Encrypts and writes the EncryptedContentInfo (RFC 5652 §6.1).
    pub(super) fn encrypt(
        &self,
        content: &[u8],
        content_key: &Secret,
        provider: &dyn Provider,
    ) -> Result<Vec<u8>, Error> {
        let mut iv = vec![0; self.cipher.block_len()];
        provider.random(&mut iv)?;
        // Room for the padding, so that the content is not left behind in a buffer outgrown.
        let room = content.len().saturating_add(self.cipher.block_len());
        let mut blocks = Vec::with_capacity(room);
        blocks.extend_from_slice(content);
        pad(&mut blocks, self.cipher.block_len());
        provider.encrypt_blocks(self.cipher, content_key, &iv, &mut blocks)?;
        Ok(Writer::build(|w| {
            w.sequence(|w| {
                w.oid(&self.content_type);
                self.cipher.identifier(&iv).write(w);
                w.value(tag::primitive(0), &blocks);
            });
        }))
    }
}
