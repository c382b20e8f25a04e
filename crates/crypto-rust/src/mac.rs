//! HMAC (RFC 2104) and what is derived with it from passwords (RFC 8018 §5.2).

use core::num::NonZeroU32;

use devicecert_pki::algorithm::DigestAlgorithm;
use devicecert_pki::error::{KeyError, Unsupported};
use devicecert_pki::{Error, Secret};
use hmac::{Hmac, KeyInit, Mac};

use crate::digest::with_sha;

const NO_SHA: Unsupported = Unsupported::Backend("HMAC with this digest");

pub(crate) fn hmac(
    digest: DigestAlgorithm,
    key: &Secret,
    message: &[u8],
) -> Result<Vec<u8>, Error> {
    with_sha!(digest, Hash => {
        // HMAC takes keys of every length, so this does not fail.
        let mut mac = Hmac::<Hash>::new_from_slice(key.expose()).map_err(|_| KeyError::Failed)?;
        mac.update(message);
        Ok(mac.finalize().into_bytes().to_vec())
    }, _ => Err(NO_SHA.into()))
}

pub(crate) fn pbkdf2(
    digest: DigestAlgorithm,
    password: &Secret,
    salt: &[u8],
    iterations: NonZeroU32,
    length: usize,
) -> Result<Secret, Error> {
    let mut derived = vec![0; length];
    with_sha!(digest, Hash => {
        pbkdf2::pbkdf2_hmac::<Hash>(password.expose(), salt, iterations.get(), &mut derived);
    }, _ => return Err(NO_SHA.into()));
    Ok(Secret::new(derived))
}
