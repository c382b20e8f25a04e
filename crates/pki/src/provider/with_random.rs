//! A backend with another source of chance.

use core::fmt;
use core::num::NonZeroU32;

use super::Provider;
use crate::algorithm::{ContentCipher, DigestAlgorithm, KeyTransport, SignatureAlgorithm};
use crate::error::{Error, KeyError};
use crate::public_key::PublicKey;
use crate::secret::Secret;

/// A [`Provider`] that asks somebody else for random octets: a hardware generator that a policy
/// demands, or, in tests and fuzzing, one that repeats itself.
///
/// ```
/// use devicecert_pki::{Provider, WithRandom};
/// # use devicecert_crypto_rust::RustCrypto;
///
/// static REPEATING: WithRandom = WithRandom::new(&RustCrypto, |out| Ok(out.fill(0x42)));
///
/// let mut nonce = [0; 16];
/// REPEATING.random(&mut nonce)?;
/// assert_eq!(nonce, [0x42; 16]);
/// # Ok::<(), devicecert_pki::error::KeyError>(())
/// ```
#[derive(Clone, Copy)]
pub struct WithRandom<R = fn(&mut [u8]) -> Result<(), KeyError>> {
    provider: &'static dyn Provider,
    random: R,
}

impl<R> WithRandom<R> {
    /// Everything from `provider`, but [`Provider::random`] from `random`, which fills what it is
    /// handed.
    pub const fn new(provider: &'static dyn Provider, random: R) -> Self {
        Self { provider, random }
    }
}

impl<R> fmt::Debug for WithRandom<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WithRandom").field("provider", &self.provider).finish_non_exhaustive()
    }
}

impl<R: Fn(&mut [u8]) -> Result<(), KeyError> + Send + Sync> Provider for WithRandom<R> {
    fn random(&self, out: &mut [u8]) -> Result<(), KeyError> {
        (self.random)(out)
    }

    fn digest(&self, algorithm: DigestAlgorithm, message: &[u8]) -> Result<Vec<u8>, Error> {
        self.provider.digest(algorithm, message)
    }

    fn hmac(
        &self,
        digest: DigestAlgorithm,
        key: &Secret,
        message: &[u8],
    ) -> Result<Vec<u8>, Error> {
        self.provider.hmac(digest, key, message)
    }

    fn pbkdf2(
        &self,
        digest: DigestAlgorithm,
        password: &Secret,
        salt: &[u8],
        iterations: NonZeroU32,
        length: usize,
    ) -> Result<Secret, Error> {
        self.provider.pbkdf2(digest, password, salt, iterations, length)
    }

    fn verify(
        &self,
        key: &PublicKey,
        algorithm: SignatureAlgorithm,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), Error> {
        self.provider.verify(key, algorithm, message, signature)
    }

    fn wrap_key(
        &self,
        recipient: &PublicKey,
        transport: KeyTransport,
        content_key: &Secret,
    ) -> Result<Vec<u8>, Error> {
        self.provider.wrap_key(recipient, transport, content_key)
    }

    fn check_recipient(&self, recipient: &PublicKey, transport: KeyTransport) -> Result<(), Error> {
        self.provider.check_recipient(recipient, transport)
    }

    fn encrypt_blocks(
        &self,
        cipher: ContentCipher,
        key: &Secret,
        iv: &[u8],
        blocks: &mut [u8],
    ) -> Result<(), Error> {
        self.provider.encrypt_blocks(cipher, key, iv, blocks)
    }

    fn decrypt_blocks(
        &self,
        cipher: ContentCipher,
        key: &Secret,
        iv: &[u8],
        blocks: &mut [u8],
    ) -> Result<(), Error> {
        self.provider.decrypt_blocks(cipher, key, iv, blocks)
    }
}
