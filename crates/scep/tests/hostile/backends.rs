//! Both backends, and the keys that the tests use.

use std::sync::LazyLock;

use devicecert_crypto_aws_lc as lc;
use devicecert_crypto_rust as rust;
use devicecert_pki::error::KeyError;
use devicecert_pki::{Decryptor, KeyKind, Provider, Signer, WithRandom};

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
pub(crate) const fn repeating(provider: &'static dyn Provider) -> WithRandom {
    WithRandom::new(provider, |out| {
        out.fill(0x42);
        Ok(())
    })
}
