//! Message digests.

use const_oid::ObjectIdentifier;

use super::AlgorithmIdentifier;
use crate::error::Error;
use crate::oid;

/// A message digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DigestAlgorithm {
    /// MD5 (RFC 1321): broken, read only where [`Tolerance::legacy_algorithms`] says so.
    ///
    /// [`Tolerance::legacy_algorithms`]: crate::Tolerance::legacy_algorithms
    Md5,
    /// SHA-1 (FIPS 180-4): what SCEP clients sign with that know nothing of the server.
    Sha1,
    /// SHA-256 (FIPS 180-4): mandatory in RFC 8894 §2.9.
    Sha256,
    /// SHA-384 (FIPS 180-4).
    Sha384,
    /// SHA-512 (FIPS 180-4).
    Sha512,
}

impl DigestAlgorithm {
    /// Every digest, weakest first.
    pub const ALL: [Self; 5] = [Self::Md5, Self::Sha1, Self::Sha256, Self::Sha384, Self::Sha512];

    /// Its object identifier.
    #[must_use]
    pub const fn oid(self) -> ObjectIdentifier {
        match self {
            Self::Md5 => oid::MD5,
            Self::Sha1 => oid::SHA1,
            Self::Sha256 => oid::SHA256,
            Self::Sha384 => oid::SHA384,
            Self::Sha512 => oid::SHA512,
        }
    }

    /// Its name as people write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Md5 => "MD5",
            Self::Sha1 => "SHA-1",
            Self::Sha256 => "SHA-256",
            Self::Sha384 => "SHA-384",
            Self::Sha512 => "SHA-512",
        }
    }

    /// Octets of its output.
    #[must_use]
    pub const fn output_len(self) -> usize {
        match self {
            Self::Md5 => 16,
            Self::Sha1 => 20,
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }

    /// Octets of the blocks that it works on.
    #[must_use]
    pub const fn block_len(self) -> usize {
        match self {
            Self::Md5 | Self::Sha1 | Self::Sha256 => 64,
            Self::Sha384 | Self::Sha512 => 128,
        }
    }

    /// The AlgorithmIdentifier with NULL parameters, the form that every known peer reads.
    #[must_use]
    pub fn identifier(self) -> AlgorithmIdentifier {
        AlgorithmIdentifier::with_null(self.oid())
    }

    /// The digest with this object identifier.
    #[must_use]
    pub fn from_oid(oid: &ObjectIdentifier) -> Option<Self> {
        Self::ALL.into_iter().find(|digest| digest.oid() == *oid)
    }
}

impl TryFrom<&AlgorithmIdentifier> for DigestAlgorithm {
    type Error = Error;

    fn try_from(identifier: &AlgorithmIdentifier) -> Result<Self, Error> {
        let digest = Self::from_oid(&identifier.oid)
            .ok_or_else(|| identifier.unsupported("the digest algorithm"))?;
        if !identifier.has_no_parameters() {
            return Err(identifier.unsupported_parameters("the digest algorithm"));
        }
        Ok(digest)
    }
}
