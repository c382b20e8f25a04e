//! HMAC (RFC 2104) and what is derived with it from passwords (RFC 8018 §5.2).

use core::num::NonZeroU32;

use aws_lc_rs::{hmac, pbkdf2};
use devicecert_pki::algorithm::DigestAlgorithm;
use devicecert_pki::error::Unsupported;
use devicecert_pki::{Error, Secret};

const NO_SHA: Unsupported = Unsupported::Backend("HMAC with this digest");

pub(crate) fn hmac(
    digest: DigestAlgorithm,
    key: &Secret,
    message: &[u8],
) -> Result<Vec<u8>, Error> {
    let algorithm = match digest {
        DigestAlgorithm::Sha1 => hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
        DigestAlgorithm::Sha256 => hmac::HMAC_SHA256,
        DigestAlgorithm::Sha384 => hmac::HMAC_SHA384,
        DigestAlgorithm::Sha512 => hmac::HMAC_SHA512,
        _ => return Err(NO_SHA.into()),
    };
    Ok(hmac::sign(&hmac::Key::new(algorithm, key.expose()), message).as_ref().to_vec())
}

pub(crate) fn pbkdf2(
    digest: DigestAlgorithm,
    password: &Secret,
    salt: &[u8],
    iterations: NonZeroU32,
    length: usize,
) -> Result<Secret, Error> {
    let algorithm = match digest {
        DigestAlgorithm::Sha1 => pbkdf2::PBKDF2_HMAC_SHA1,
        DigestAlgorithm::Sha256 => pbkdf2::PBKDF2_HMAC_SHA256,
        DigestAlgorithm::Sha384 => pbkdf2::PBKDF2_HMAC_SHA384,
        DigestAlgorithm::Sha512 => pbkdf2::PBKDF2_HMAC_SHA512,
        _ => return Err(NO_SHA.into()),
    };
    let mut derived = vec![0; length];
    pbkdf2::derive(algorithm, iterations, salt, password.expose(), &mut derived);
    Ok(Secret::new(derived))
}
