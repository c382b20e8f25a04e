//! Making an enveloped message (RFC 5652 §6).

use super::padding::pad;
use super::{RecipientIdentifier, write_content_info};
use crate::algorithm::{ContentCipher, KeyTransport};
use crate::asn1::tag;
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
}

impl Default for Seal {
    fn default() -> Self {
        Self { cipher: ContentCipher::Aes128Cbc, key_transport: KeyTransport::RsaPkcs1 }
    }
}

impl Seal {
    /// With these algorithms.
    #[must_use]
    pub const fn new(cipher: ContentCipher, key_transport: KeyTransport) -> Self {
        Self { cipher, key_transport }
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
        let mut content_key = vec![0; self.cipher.key_len()];
        provider.random(&mut content_key)?;
        let content_key = Secret::new(content_key);
        let mut iv = vec![0; self.cipher.block_len()];
        provider.random(&mut iv)?;
        let encrypted_key =
            provider.wrap_key(recipient.public_key(), self.key_transport, &content_key)?;
        // Room for the padding, so that the content is not left behind in a buffer outgrown.
        let room = content.len().saturating_add(self.cipher.block_len());
        let mut blocks = Vec::with_capacity(room);
        blocks.extend_from_slice(content);
        pad(&mut blocks, self.cipher.block_len());
        provider.encrypt_blocks(self.cipher, &content_key, &iv, &mut blocks)?;

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
            w.sequence(|w| {
                w.oid(&oid::DATA);
                self.cipher.identifier(&iv).write(w);
                w.value(tag::primitive(0), &blocks);
            });
        }))
    }
}
