//! Key wrap: the content key encrypted with another symmetric key (RFC 3394).

use const_oid::ObjectIdentifier;

use super::AlgorithmIdentifier;
use super::ContentCipher;
use crate::error::Error;
use crate::oid;

/// AES key wrap (RFC 3394), which key agreement recipients use (RFC 5753 §7.1.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyWrap {
    /// With AES-128.
    Aes128,
    /// With AES-192, which `devicecert-crypto-aws-lc` does not have.
    Aes192,
    /// With AES-256.
    Aes256,
}

impl KeyWrap {
    /// Every one, weakest first.
    pub const ALL: [Self; 3] = [Self::Aes128, Self::Aes192, Self::Aes256];

    /// What a wrapped key is longer than the key.
    pub const OVERHEAD: usize = 8;

    /// Its object identifier.
    #[must_use]
    pub const fn oid(self) -> ObjectIdentifier {
        match self {
            Self::Aes128 => oid::AES_128_WRAP,
            Self::Aes192 => oid::AES_192_WRAP,
            Self::Aes256 => oid::AES_256_WRAP,
        }
    }

    /// Its name as people write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Aes128 => "AES-128 key wrap",
            Self::Aes192 => "AES-192 key wrap",
            Self::Aes256 => "AES-256 key wrap",
        }
    }

    /// Octets of the key that wraps.
    #[must_use]
    pub const fn key_len(self) -> usize {
        match self {
            Self::Aes128 => 16,
            Self::Aes192 => 24,
            Self::Aes256 => 32,
        }
    }

    /// One that is no weaker than the cipher whose key it wraps (RFC 5753 §8), and that both
    /// backends have.
    #[must_use]
    pub const fn for_cipher(cipher: ContentCipher) -> Self {
        match cipher {
            ContentCipher::Aes128Cbc | ContentCipher::DesEde3Cbc | ContentCipher::DesCbc => {
                Self::Aes128
            }
            ContentCipher::Aes192Cbc | ContentCipher::Aes256Cbc => Self::Aes256,
        }
    }

    /// The AlgorithmIdentifier; its parameters are absent (RFC 3565 §2.3.2).
    #[must_use]
    pub const fn identifier(self) -> AlgorithmIdentifier {
        AlgorithmIdentifier::without_parameters(self.oid())
    }
}

impl TryFrom<&AlgorithmIdentifier> for KeyWrap {
    type Error = Error;

    fn try_from(identifier: &AlgorithmIdentifier) -> Result<Self, Error> {
        const WHAT: &str = "the key wrap algorithm";
        let wrap = Self::ALL
            .into_iter()
            .find(|wrap| wrap.oid() == identifier.oid)
            .ok_or_else(|| identifier.unsupported(WHAT))?;
        match identifier.has_no_parameters() {
            true => Ok(wrap),
            false => Err(identifier.unsupported_parameters(WHAT)),
        }
    }
}
