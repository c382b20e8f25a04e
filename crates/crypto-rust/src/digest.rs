//! Message digests (RFC 1321, FIPS 180-4).

use devicecert_pki::algorithm::DigestAlgorithm;
use devicecert_pki::error::Unsupported;
use sha2::Digest;

/// Runs an expression with the SHA type that a [`DigestAlgorithm`] names, or another for the rest.
macro_rules! with_sha {
    ($algorithm:expr, $hash:ident => $then:expr, _ => $otherwise:expr) => {
        match $algorithm {
            DigestAlgorithm::Sha1 => {
                type $hash = sha1::Sha1;
                $then
            }
            DigestAlgorithm::Sha256 => {
                type $hash = sha2::Sha256;
                $then
            }
            DigestAlgorithm::Sha384 => {
                type $hash = sha2::Sha384;
                $then
            }
            DigestAlgorithm::Sha512 => {
                type $hash = sha2::Sha512;
                $then
            }
            _ => $otherwise,
        }
    };
}
pub(crate) use with_sha;

/// The digest of `message`.
pub(crate) fn digest(algorithm: DigestAlgorithm, message: &[u8]) -> Result<Vec<u8>, Unsupported> {
    with_sha!(algorithm, Hash => Ok(Hash::digest(message).to_vec()), _ => match algorithm {
        DigestAlgorithm::Md5 => Ok(md5::Md5::digest(message).to_vec()),
        other => Err(Unsupported::Backend(other.name())),
    })
}
