//! What needs no private key.

use core::num::NonZeroU32;

use devicecert_pki::algorithm::{
    ContentCipher, DigestAlgorithm, KeyTransport, KeyWrap, SignatureAlgorithm,
};
use devicecert_pki::error::{KeyError, Unsupported};
use devicecert_pki::{Error, KeyKind, Provider, PublicKey, Secret};

use crate::agreement::Point;
use crate::cipher::Direction;
use crate::{agreement, cipher, digest, ec, mac, rsa};

/// Digests, verification, key transport and ciphers on RustCrypto, random bytes from the
/// operating system.
///
/// RSA keys may have 1024 to 8192 bits: old devices have the smallest, and more would let a
/// stranger make the verifier work for seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RustCrypto;

impl Provider for RustCrypto {
    fn random(&self, out: &mut [u8]) -> Result<(), KeyError> {
        getrandom::fill(out).map_err(|_| KeyError::Random)
    }

    fn digest(&self, algorithm: DigestAlgorithm, message: &[u8]) -> Result<Vec<u8>, Error> {
        Ok(digest::digest(algorithm, message)?)
    }

    fn hmac(
        &self,
        digest: DigestAlgorithm,
        key: &Secret,
        message: &[u8],
    ) -> Result<Vec<u8>, Error> {
        mac::hmac(digest, key, message)
    }

    fn pbkdf2(
        &self,
        digest: DigestAlgorithm,
        password: &Secret,
        salt: &[u8],
        iterations: NonZeroU32,
        length: usize,
    ) -> Result<Secret, Error> {
        mac::pbkdf2(digest, password, salt, iterations, length)
    }

    fn verify(
        &self,
        key: &PublicKey,
        algorithm: SignatureAlgorithm,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), Error> {
        let hashed = digest::digest(algorithm.digest(), message)?;
        match (algorithm, key.kind()) {
            (SignatureAlgorithm::RsaPkcs1(digest), KeyKind::Rsa { .. }) => {
                rsa::verify_pkcs1(key, digest, &hashed, signature)
            }
            (SignatureAlgorithm::RsaPss { digest, mgf1, salt_len }, KeyKind::Rsa { .. }) => {
                if digest != mgf1 {
                    return Err(Unsupported::Backend("RSASSA-PSS with two digests").into());
                }
                rsa::verify_pss(key, digest, salt_len, &hashed, signature)
            }
            (SignatureAlgorithm::Ecdsa(_), KeyKind::P256) => {
                ec::verify_p256(key, &hashed, signature)
            }
            (SignatureAlgorithm::Ecdsa(_), KeyKind::P384) => {
                ec::verify_p384(key, &hashed, signature)
            }
            _ => Err(Unsupported::PublicKey("the key does not fit the signature algorithm").into()),
        }
    }

    fn wrap_key(
        &self,
        recipient: &PublicKey,
        transport: KeyTransport,
        content_key: &Secret,
    ) -> Result<Vec<u8>, Error> {
        rsa::wrap(recipient, transport, content_key)
    }

    fn check_recipient(&self, recipient: &PublicKey, transport: KeyTransport) -> Result<(), Error> {
        rsa::check_recipient(recipient, transport)
    }

    fn check_agreement(&self, key: &PublicKey) -> Result<(), Error> {
        Ok(Point::parse(key).map(drop)?)
    }

    fn agree_once(&self, recipient: &PublicKey) -> Result<(Vec<u8>, Secret), Error> {
        Ok(Point::parse(recipient)?.agree_once()?)
    }

    fn wrap_with_key(
        &self,
        wrap: KeyWrap,
        wrapping_key: &Secret,
        key: &Secret,
    ) -> Result<Vec<u8>, Error> {
        agreement::wrap(wrap, wrapping_key, key)
    }

    fn unwrap_with_key(
        &self,
        wrap: KeyWrap,
        wrapping_key: &Secret,
        wrapped: &[u8],
    ) -> Result<Secret, Error> {
        agreement::unwrap(wrap, wrapping_key, wrapped)
    }

    fn encrypt_blocks(
        &self,
        cipher: ContentCipher,
        key: &Secret,
        iv: &[u8],
        blocks: &mut [u8],
    ) -> Result<(), Error> {
        cipher::cbc(cipher, Direction::Encrypt, key, iv, blocks)
    }

    fn decrypt_blocks(
        &self,
        cipher: ContentCipher,
        key: &Secret,
        iv: &[u8],
        blocks: &mut [u8],
    ) -> Result<(), Error> {
        cipher::cbc(cipher, Direction::Decrypt, key, iv, blocks)
    }
}
