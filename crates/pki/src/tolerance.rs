//! What is accepted although a standard says otherwise.

use crate::algorithm::{ContentCipher, DigestAlgorithm};
use crate::error::Unsupported;

/// Deviations from RFC 5652 and RFC 2986 that exist in the field, each a switch of its own.
///
/// `docs/tolerance.md` says for every field who sends that and why taking it is safe.
/// [`Tolerance::default`] takes what cannot hurt; [`Tolerance::STRICT`] takes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Tolerance {
    /// Single DES and MD5 may be read. They are never written. Default `false`.
    pub legacy_algorithms: bool,
    /// A signature over the attributes sorted as DER asks counts, though they were sent unsorted.
    /// The bytes as sent are always tried first. Default `true`.
    pub resorted_attributes: bool,
    /// The only RSA recipient is tried although it names another certificate. Default `true`.
    pub only_recipient: bool,
    /// A recipient or signer is found although its issuer name is spelt with other string types,
    /// case or spaces. Default `true`.
    pub respelt_issuer: bool,
}

impl Tolerance {
    /// Nothing but what the standards say.
    pub const STRICT: Self = Self {
        legacy_algorithms: false,
        resorted_attributes: false,
        only_recipient: false,
        respelt_issuer: false,
    };
}

impl Default for Tolerance {
    fn default() -> Self {
        Self {
            legacy_algorithms: false,
            resorted_attributes: true,
            only_recipient: true,
            respelt_issuer: true,
        }
    }
}

impl Tolerance {
    /// Refuses MD5 unless legacy algorithms are allowed.
    pub(crate) fn check_digest(&self, digest: DigestAlgorithm) -> Result<(), Unsupported> {
        match digest {
            DigestAlgorithm::Md5 if !self.legacy_algorithms => Err(Unsupported::Legacy("MD5")),
            DigestAlgorithm::Md5
            | DigestAlgorithm::Sha1
            | DigestAlgorithm::Sha256
            | DigestAlgorithm::Sha384
            | DigestAlgorithm::Sha512 => Ok(()),
        }
    }

    /// Refuses single DES unless legacy algorithms are allowed.
    pub(crate) fn check_cipher(&self, cipher: ContentCipher) -> Result<(), Unsupported> {
        match cipher {
            ContentCipher::DesCbc if !self.legacy_algorithms => {
                Err(Unsupported::Legacy("single DES"))
            }
            ContentCipher::DesCbc
            | ContentCipher::DesEde3Cbc
            | ContentCipher::Aes128Cbc
            | ContentCipher::Aes192Cbc
            | ContentCipher::Aes256Cbc => Ok(()),
        }
    }
}
