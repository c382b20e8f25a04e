//! Content encryption.

use const_oid::ObjectIdentifier;

use super::AlgorithmIdentifier;
use crate::asn1::{Writer, tag};
use crate::error::Error;
use crate::oid;

/// A block cipher in CBC mode with PKCS #7 padding (RFC 5652 §6.3), the only kind SCEP uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ContentCipher {
    /// AES-128 (RFC 3565): mandatory in RFC 8894 §2.9.
    Aes128Cbc,
    /// AES-192 (RFC 3565).
    Aes192Cbc,
    /// AES-256 (RFC 3565).
    Aes256Cbc,
    /// Triple DES with three keys (RFC 3370 §5.1).
    DesEde3Cbc,
    /// Single DES: broken, used only where [`Tolerance::legacy_algorithms`] says so.
    ///
    /// [`Tolerance::legacy_algorithms`]: crate::Tolerance::legacy_algorithms
    DesCbc,
}

impl ContentCipher {
    /// Every cipher.
    pub const ALL: [Self; 5] =
        [Self::Aes128Cbc, Self::Aes192Cbc, Self::Aes256Cbc, Self::DesEde3Cbc, Self::DesCbc];

    /// Its object identifier.
    #[must_use]
    pub const fn oid(self) -> ObjectIdentifier {
        match self {
            Self::Aes128Cbc => oid::AES_128_CBC,
            Self::Aes192Cbc => oid::AES_192_CBC,
            Self::Aes256Cbc => oid::AES_256_CBC,
            Self::DesEde3Cbc => oid::DES_EDE3_CBC,
            Self::DesCbc => oid::DES_CBC,
        }
    }

    /// Its name as people write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Aes128Cbc => "AES-128-CBC",
            Self::Aes192Cbc => "AES-192-CBC",
            Self::Aes256Cbc => "AES-256-CBC",
            Self::DesEde3Cbc => "3DES-CBC",
            Self::DesCbc => "DES-CBC",
        }
    }

    /// Octets of its key.
    #[must_use]
    pub const fn key_len(self) -> usize {
        match self {
            Self::Aes128Cbc => 16,
            Self::Aes192Cbc | Self::DesEde3Cbc => 24,
            Self::Aes256Cbc => 32,
            Self::DesCbc => 8,
        }
    }

    /// Octets of its block, and so of the initialisation vector.
    #[must_use]
    pub const fn block_len(self) -> usize {
        match self {
            Self::Aes128Cbc | Self::Aes192Cbc | Self::Aes256Cbc => 16,
            Self::DesEde3Cbc | Self::DesCbc => 8,
        }
    }

    /// The AlgorithmIdentifier with the initialisation vector as parameters.
    #[must_use]
    pub fn identifier(self, iv: &[u8]) -> AlgorithmIdentifier {
        let parameters = Writer::build(|w| w.value(tag::OCTET_STRING, iv));
        AlgorithmIdentifier { oid: self.oid(), parameters: Some(parameters) }
    }

    /// The cipher and the initialisation vector that an AlgorithmIdentifier names.
    ///
    /// # Errors
    /// [`Unsupported`](crate::error::Unsupported) for another cipher or an initialisation vector
    /// of the wrong length.
    pub fn from_identifier(identifier: &AlgorithmIdentifier) -> Result<(Self, Vec<u8>), Error> {
        const WHAT: &str = "the content encryption algorithm";
        let cipher = Self::ALL
            .into_iter()
            .find(|cipher| cipher.oid() == identifier.oid)
            .ok_or_else(|| identifier.unsupported(WHAT))?;
        let iv = identifier
            .parameters_tlv("an initialisation vector")?
            .filter(|iv| iv.tag == tag::OCTET_STRING && iv.value.len() == cipher.block_len())
            .ok_or_else(|| identifier.unsupported_parameters(WHAT))?;
        Ok((cipher, iv.value.to_vec()))
    }
}
