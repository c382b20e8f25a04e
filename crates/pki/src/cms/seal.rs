//! Making an enveloped message (RFC 5652 §6).

use core::num::NonZeroU32;

use const_oid::ObjectIdentifier;

use super::padding::pad;
use super::recipient::{KekRecipient, KeyAgreementRecipient, KeyTransportRecipient, PasswordKey};
use super::write_content_info;
use crate::algorithm::{ContentCipher, KeyAgreement, KeyTransport};
use crate::asn1::{Writer, tag};
use crate::certificate::Certificate;
use crate::error::{Error, Unsupported};
use crate::oid;
use crate::provider::Provider;
use crate::public_key::{KeyKind, PublicKey};
use crate::secret::Secret;

/// How content is enveloped to one recipient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Seal {
    /// The cipher of the content. Default AES-128-CBC (RFC 8894 §3.5.2).
    ///
    /// Single DES is written, too, for who plays an old peer; who makes messages for others keeps
    /// away from it, as the client and the server of SCEP here do.
    pub cipher: ContentCipher,
    /// How the content key is encrypted to an RSA key. Default PKCS #1 v1.5, which every peer reads.
    pub key_transport: KeyTransport,
    /// How the content key is encrypted to an EC key. Default
    /// [`KeyAgreement::for_cipher`].
    pub key_agreement: KeyAgreement,
    /// How often a password is hashed before it encrypts the content key. Default 100 000, some
    /// hundredths of a second: a challengePassword has to be one that cannot be guessed anyway.
    pub iterations: NonZeroU32,
    /// The type of the content. Default id-data.
    pub content_type: ObjectIdentifier,
}

const ITERATIONS: NonZeroU32 = NonZeroU32::new(100_000).unwrap();

impl Default for Seal {
    fn default() -> Self {
        Self::new(ContentCipher::Aes128Cbc, KeyTransport::RsaPkcs1)
    }
}

impl Seal {
    /// With these algorithms, and the rest to match.
    #[must_use]
    pub const fn new(cipher: ContentCipher, key_transport: KeyTransport) -> Self {
        let key_agreement = KeyAgreement::for_cipher(cipher);
        Self {
            cipher,
            key_transport,
            key_agreement,
            iterations: ITERATIONS,
            content_type: oid::DATA,
        }
    }

    /// Whether [`envelope`](Self::envelope) takes this recipient, to be asked before something is
    /// done that a reply has to tell of.
    ///
    /// # Errors
    /// As [`envelope`](Self::envelope).
    pub fn check_recipient(
        &self,
        recipient: &PublicKey,
        provider: &dyn Provider,
    ) -> Result<(), Error> {
        match recipient.kind() {
            KeyKind::Rsa { .. } => provider.check_recipient(recipient, self.key_transport),
            KeyKind::P256 | KeyKind::P384 => provider.check_agreement(recipient),
            KeyKind::Other(_) => Err(CANNOT_RECEIVE.into()),
        }
    }

    /// Envelopes `content` to the key of `recipient` and writes the ContentInfo: by key transport
    /// to an RSA key, by key agreement to one on P-256 or P-384.
    ///
    /// # Errors
    /// [`Unsupported`] if the recipient's key cannot receive, or the backend lacks an algorithm;
    /// [`KeyError::Random`](crate::error::KeyError::Random).
    pub fn envelope(
        &self,
        content: &[u8],
        recipient: &Certificate,
        provider: &dyn Provider,
    ) -> Result<Vec<u8>, Error> {
        match recipient.public_key().kind() {
            KeyKind::Rsa { .. } => self.write(content, 0, provider, |w, key| {
                KeyTransportRecipient::write(w, self.key_transport, recipient, key, provider)
            }),
            KeyKind::P256 | KeyKind::P384 => self.write(content, 2, provider, |w, key| {
                KeyAgreementRecipient::write(w, self.key_agreement, recipient, key, provider)
            }),
            KeyKind::Other(_) => Err(CANNOT_RECEIVE.into()),
        }
    }

    /// Envelopes `content` to whoever knows `password` and writes the ContentInfo (RFC 8894 §3.1).
    ///
    /// # Errors
    /// [`Unsupported`] if the backend lacks an algorithm;
    /// [`KeyError::Random`](crate::error::KeyError::Random).
    pub fn envelope_to_password(
        &self,
        content: &[u8],
        password: &Secret,
        provider: &dyn Provider,
    ) -> Result<Vec<u8>, Error> {
        let key = PasswordKey::new(self.cipher, self.iterations, provider)?;
        self.write(content, 3, provider, |w, content_key| {
            key.write(w, password, content_key, provider)
        })
    }

    /// Envelopes `content` to whoever has the AES key `kek`, called `key_identifier` on both
    /// sides, and writes the ContentInfo.
    ///
    /// # Errors
    /// [`Misuse`](crate::error::Misuse) if `kek` is no AES key, or the cipher is single DES, whose
    /// keys are too short to be wrapped so; [`Unsupported`] if the backend lacks an algorithm;
    /// [`KeyError::Random`](crate::error::KeyError::Random).
    pub fn envelope_with_kek(
        &self,
        content: &[u8],
        key_identifier: &[u8],
        kek: &Secret,
        provider: &dyn Provider,
    ) -> Result<Vec<u8>, Error> {
        self.write(content, 2, provider, |w, content_key| {
            KekRecipient::write(w, key_identifier, kek, content_key, provider)
        })
    }

    /// `version` is what RFC 5652 §6.1 says for the kind of recipient that `recipient` writes.
    fn write(
        &self,
        content: &[u8],
        version: u64,
        provider: &dyn Provider,
        recipient: impl FnOnce(&mut Writer, &Secret) -> Result<(), Error>,
    ) -> Result<Vec<u8>, Error> {
        let mut content_key = vec![0; self.cipher.key_len()];
        provider.random(&mut content_key)?;
        let content_key = Secret::new(content_key);
        let mut iv = vec![0; self.cipher.block_len()];
        provider.random(&mut iv)?;
        let mut infos = Ok(());
        let info = Writer::build(|w| infos = recipient(w, &content_key));
        infos?;
        // Room for the padding, so that the content is not left behind in a buffer outgrown.
        let room = content.len().saturating_add(self.cipher.block_len());
        let mut blocks = Vec::with_capacity(room);
        blocks.extend_from_slice(content);
        pad(&mut blocks, self.cipher.block_len());
        provider.encrypt_blocks(self.cipher, &content_key, &iv, &mut blocks)?;

        Ok(write_content_info(&oid::ENVELOPED_DATA, |w| {
            w.unsigned(version);
            w.value(tag::SET, &info);
            w.sequence(|w| {
                w.oid(&self.content_type);
                self.cipher.identifier(&iv).write(w);
                w.value(tag::primitive(0), &blocks);
            });
        }))
    }
}

const CANNOT_RECEIVE: Unsupported =
    Unsupported::PublicKey("content can only be enveloped to RSA, P-256 and P-384 keys");
