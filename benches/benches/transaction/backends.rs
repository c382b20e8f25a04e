//! The two backends, and a provider whose enrolments repeat.

use core::num::NonZeroU32;

use devicecert::pki::algorithm::{
    ContentCipher, DigestAlgorithm, KeyTransport, SignatureAlgorithm,
};
use devicecert::pki::error::KeyError;
use devicecert::pki::{Decryptor, Error, KeyKind, Provider, PublicKey, Secret, Signer};
use devicecert::{crypto_aws_lc, crypto_rust};

/// A private key of either backend.
pub(crate) trait Key: Signer + Decryptor {}

impl<K: Signer + Decryptor> Key for K {}

pub(crate) struct Backend {
    pub(crate) name: &'static str,
    pub(crate) provider: &'static dyn Provider,
    /// The same, with a predictable generator.
    pub(crate) repeating: &'static dyn Provider,
    pub(crate) generate: fn() -> Box<dyn Key>,
    /// What a whole transaction may cost, in sums of its primitives.
    pub(crate) target: f64,
}

const RSA: KeyKind = KeyKind::Rsa { bits: 2048 };

pub(crate) static RUST: Backend = Backend {
    name: "crypto-rust",
    provider: &crypto_rust::RustCrypto,
    repeating: &Repeating(&crypto_rust::RustCrypto),
    generate: || Box::new(crypto_rust::PrivateKey::generate(RSA).unwrap()),
    target: 1.03,
};

pub(crate) static AWS_LC: Backend = Backend {
    name: "aws-lc",
    provider: &crypto_aws_lc::AwsLc,
    repeating: &Repeating(&crypto_aws_lc::AwsLc),
    generate: || Box::new(crypto_aws_lc::PrivateKey::generate(RSA).unwrap()),
    target: 1.10,
};

/// Every enrolment with this provider has the same transactionID and nonce, so that one prepared
/// reply fits all of them.
#[derive(Debug)]
struct Repeating(&'static dyn Provider);

impl Provider for Repeating {
    fn random(&self, out: &mut [u8]) -> Result<(), KeyError> {
        out.fill(0x42);
        Ok(())
    }

    fn digest(&self, algorithm: DigestAlgorithm, message: &[u8]) -> Result<Vec<u8>, Error> {
        self.0.digest(algorithm, message)
    }

    fn hmac(
        &self,
        digest: DigestAlgorithm,
        key: &Secret,
        message: &[u8],
    ) -> Result<Vec<u8>, Error> {
        self.0.hmac(digest, key, message)
    }

    fn pbkdf2(
        &self,
        digest: DigestAlgorithm,
        password: &Secret,
        salt: &[u8],
        iterations: NonZeroU32,
        length: usize,
    ) -> Result<Secret, Error> {
        self.0.pbkdf2(digest, password, salt, iterations, length)
    }

    fn verify(
        &self,
        key: &PublicKey,
        algorithm: SignatureAlgorithm,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), Error> {
        self.0.verify(key, algorithm, message, signature)
    }

    fn wrap_key(
        &self,
        recipient: &PublicKey,
        transport: KeyTransport,
        content_key: &Secret,
    ) -> Result<Vec<u8>, Error> {
        self.0.wrap_key(recipient, transport, content_key)
    }

    fn encrypt_blocks(
        &self,
        cipher: ContentCipher,
        key: &Secret,
        iv: &[u8],
        blocks: &mut [u8],
    ) -> Result<(), Error> {
        self.0.encrypt_blocks(cipher, key, iv, blocks)
    }

    fn decrypt_blocks(
        &self,
        cipher: ContentCipher,
        key: &Secret,
        iv: &[u8],
        blocks: &mut [u8],
    ) -> Result<(), Error> {
        self.0.decrypt_blocks(cipher, key, iv, blocks)
    }
}
