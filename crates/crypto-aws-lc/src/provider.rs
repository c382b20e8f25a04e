//! What needs no private key.

use core::num::NonZeroU32;

use devicecert_pki::algorithm::{
    ContentCipher, DigestAlgorithm, KeyTransport, KeyWrap, SignatureAlgorithm,
};
use devicecert_pki::error::{KeyError, Unsupported};
use devicecert_pki::{Error, KeyKind, Provider, PublicKey, Secret};

use crate::cipher::Direction;
use crate::{agreement, cipher, digest, ec, mac, rsa};

/// Digests, verification, key transport, ciphers and random bytes on AWS-LC.
///
/// RSA keys may have 2048 to 8192 bits, and from 1024 bits on where PKCS #1 v1.5 signatures with
/// SHA-1, SHA-256 or SHA-512 are verified.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AwsLc;

impl Provider for AwsLc {
    fn random(&self, out: &mut [u8]) -> Result<(), KeyError> {
        aws_lc_rs::rand::fill(out).map_err(|_| KeyError::Random)
    }

    fn digest(&self, algorithm: DigestAlgorithm, message: &[u8]) -> Result<Vec<u8>, Error> {
        Ok(digest::digest(algorithm, message)?.as_ref().to_vec())
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
        match (algorithm, key.kind()) {
            (SignatureAlgorithm::RsaPkcs1(digest), KeyKind::Rsa { bits }) => {
                rsa::verify_pkcs1(key, bits, digest, message, signature)
            }
            (SignatureAlgorithm::RsaPss { digest, mgf1, salt_len }, KeyKind::Rsa { bits }) => {
                if digest != mgf1 {
                    return Err(Unsupported::Backend("RSASSA-PSS with two digests").into());
                }
                rsa::verify_pss(key, bits, digest, salt_len, message, signature)
            }
            (SignatureAlgorithm::Ecdsa(digest), KeyKind::P256 | KeyKind::P384) => {
                let hashed = digest::digest(digest, message)?;
                ec::verify(key, hashed.as_ref(), signature)
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
        agreement::check(key)
    }

    fn agree_once(&self, recipient: &PublicKey) -> Result<(Vec<u8>, Secret), Error> {
        agreement::agree_once(recipient)
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
