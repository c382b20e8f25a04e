//! Both backends, and the keys that the tests use.

use std::num::NonZeroU32;
use std::sync::LazyLock;

use devicecert_crypto_aws_lc as lc;
use devicecert_crypto_rust as rust;
use devicecert_pki::algorithm::{ContentCipher, DigestAlgorithm, KeyTransport, SignatureAlgorithm};
use devicecert_pki::error::KeyError;
use devicecert_pki::{Decryptor, Error, KeyKind, Provider, PublicKey, Secret, Signer};

/// What a private key of either backend can do.
pub(crate) trait Key: Signer + Decryptor {}

impl<K: Signer + Decryptor> Key for K {}

pub(crate) struct Backend {
    pub(crate) name: &'static str,
    pub(crate) provider: &'static dyn Provider,
    from_pem: fn(&str) -> Result<Box<dyn Key>, KeyError>,
}

pub(crate) static RUST: Backend = Backend {
    name: "crypto-rust",
    provider: &rust::RustCrypto,
    from_pem: |text| Ok(Box::new(rust::PrivateKey::from_pem(text)?)),
};

pub(crate) static AWS_LC: Backend = Backend {
    name: "crypto-aws-lc",
    provider: &lc::AwsLc,
    from_pem: |text| Ok(Box::new(lc::PrivateKey::from_pem(text)?)),
};

impl Backend {
    /// The CA's key, for which OpenSSL made the blocks with bad padding.
    pub(crate) fn ca_key(&self) -> Box<dyn Key> {
        (self.from_pem)(&String::from_utf8(file("rsa2048.pkcs8.pem")).unwrap()).unwrap()
    }
}

/// The device's key. What it does is not under test, so it is always of the faster backend.
pub(crate) static DEVICE: LazyLock<lc::PrivateKey> =
    LazyLock::new(|| lc::PrivateKey::generate(KeyKind::Rsa { bits: 2048 }).unwrap());

/// A file that OpenSSL made.
pub(crate) fn file(name: &str) -> Vec<u8> {
    let path = format!("{}/../../testdata/openssl/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// A provider whose random octets are all the same, so that an enrolment can be repeated.
#[derive(Debug)]
pub(crate) struct Repeating(pub(crate) &'static dyn Provider);

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
