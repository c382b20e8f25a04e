//! Cryptography for fuzzing: predictable, or let through altogether.

use core::num::NonZeroU32;

use devicecert_crypto_rust::RustCrypto;
use devicecert_pki::algorithm::{ContentCipher, DigestAlgorithm, KeyTransport, SignatureAlgorithm};
use devicecert_pki::error::KeyError;
use devicecert_pki::{
    Decryptor, Error, Provider, PublicKey, Secret, Signer, ToBeDecrypted, ToBeSigned, WithRandom,
};

/// What every random octet is.
pub const RANDOM: u8 = 0x42;

/// The RustCrypto backend with random octets that are all the same.
pub static REPEATING: WithRandom = WithRandom::new(&RustCrypto, |out| {
    out.fill(RANDOM);
    Ok(())
});

/// Every signature is right, every digest is the same, nothing is encrypted.
#[derive(Debug)]
pub struct Transparent;

/// The private key that goes with [`Transparent`].
#[derive(Debug)]
pub struct Glass(pub PublicKey);

impl Provider for Transparent {
    fn random(&self, out: &mut [u8]) -> Result<(), KeyError> {
        REPEATING.random(out)
    }

    fn digest(&self, algorithm: DigestAlgorithm, _: &[u8]) -> Result<Vec<u8>, Error> {
        Ok(vec![RANDOM; algorithm.output_len()])
    }

    fn hmac(&self, digest: DigestAlgorithm, _: &Secret, _: &[u8]) -> Result<Vec<u8>, Error> {
        Ok(vec![RANDOM; digest.output_len()])
    }

    fn pbkdf2(
        &self,
        _: DigestAlgorithm,
        _: &Secret,
        _: &[u8],
        _: NonZeroU32,
        length: usize,
    ) -> Result<Secret, Error> {
        Ok(Secret::new(vec![RANDOM; length]))
    }

    fn verify(
        &self,
        _: &PublicKey,
        _: SignatureAlgorithm,
        _: &[u8],
        _: &[u8],
    ) -> Result<(), Error> {
        Ok(())
    }

    fn wrap_key(&self, _: &PublicKey, _: KeyTransport, key: &Secret) -> Result<Vec<u8>, Error> {
        Ok(key.expose().to_vec())
    }

    fn encrypt_blocks(
        &self,
        _: ContentCipher,
        _: &Secret,
        _: &[u8],
        _: &mut [u8],
    ) -> Result<(), Error> {
        Ok(())
    }

    fn decrypt_blocks(
        &self,
        _: ContentCipher,
        _: &Secret,
        _: &[u8],
        _: &mut [u8],
    ) -> Result<(), Error> {
        Ok(())
    }
}

impl Signer for Glass {
    fn public_key(&self) -> &PublicKey {
        &self.0
    }

    fn sign(&self, _: &ToBeSigned) -> Result<Vec<u8>, KeyError> {
        Ok(vec![1; 256])
    }
}

impl Decryptor for Glass {
    fn decrypt(&self, ask: &ToBeDecrypted) -> Result<Secret, KeyError> {
        Ok(Secret::new(ask.encrypted_key.clone()))
    }
}
