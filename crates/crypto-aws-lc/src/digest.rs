//! Message digests (FIPS 180-4).

use aws_lc_rs::digest::{self, Digest};
use devicecert_pki::algorithm::DigestAlgorithm;
use devicecert_pki::error::Unsupported;

/// The digest of `message`.
pub(crate) fn digest(algorithm: DigestAlgorithm, message: &[u8]) -> Result<Digest, Unsupported> {
    let algorithm = match algorithm {
        DigestAlgorithm::Sha1 => &digest::SHA1_FOR_LEGACY_USE_ONLY,
        DigestAlgorithm::Sha256 => &digest::SHA256,
        DigestAlgorithm::Sha384 => &digest::SHA384,
        DigestAlgorithm::Sha512 => &digest::SHA512,
        other => return Err(Unsupported::Backend(other.name())),
    };
    Ok(digest::digest(algorithm, message))
}
