//! The two backends side by side, and where the test data come from.

use devicecert_crypto_aws_lc as lc;
use devicecert_crypto_rust as rust;
use devicecert_pki::error::KeyError;
use devicecert_pki::{Decryptor, KeyKind, Limits, Provider, PublicKey, Secret, Signer};

/// What a private key of either backend can do.
pub(crate) trait Key: Signer + Decryptor {
    fn public(&self) -> &PublicKey;
    fn der(&self) -> Secret;
    fn pem(&self) -> Secret;
}

macro_rules! key {
    ($type:ty) => {
        impl Key for $type {
            fn public(&self) -> &PublicKey {
                Signer::public_key(self)
            }

            fn der(&self) -> Secret {
                self.to_pkcs8_der().unwrap()
            }

            fn pem(&self) -> Secret {
                self.to_pkcs8_pem().unwrap()
            }
        }
    };
}
key!(rust::PrivateKey);
key!(lc::PrivateKey);

type Made = Result<Box<dyn Key>, KeyError>;

/// A provider and how to get at its keys.
pub(crate) struct Backend {
    pub(crate) name: &'static str,
    pub(crate) provider: &'static dyn Provider,
    pub(crate) generate: fn(KeyKind) -> Made,
    pub(crate) from_pem: fn(&str) -> Made,
    pub(crate) from_pkcs8_der: fn(&[u8]) -> Made,
}

pub(crate) static RUST: Backend = Backend {
    name: "crypto-rust",
    provider: &rust::RustCrypto,
    generate: |kind| Ok(Box::new(rust::PrivateKey::generate(kind)?)),
    from_pem: |text| Ok(Box::new(rust::PrivateKey::from_pem(text)?)),
    from_pkcs8_der: |der| Ok(Box::new(rust::PrivateKey::from_pkcs8_der(der)?)),
};

pub(crate) static AWS_LC: Backend = Backend {
    name: "crypto-aws-lc",
    provider: &lc::AwsLc,
    generate: |kind| Ok(Box::new(lc::PrivateKey::generate(kind)?)),
    from_pem: |text| Ok(Box::new(lc::PrivateKey::from_pem(text)?)),
    from_pkcs8_der: |der| Ok(Box::new(lc::PrivateKey::from_pkcs8_der(der)?)),
};

pub(crate) static BOTH: [&Backend; 2] = [&RUST, &AWS_LC];

/// Who makes and who takes: each backend for itself and for the other.
pub(crate) static PAIRS: [(&Backend, &Backend); 4] =
    [(&RUST, &RUST), (&RUST, &AWS_LC), (&AWS_LC, &RUST), (&AWS_LC, &AWS_LC)];

impl Backend {
    /// A key that OpenSSL made.
    pub(crate) fn key(&self, name: &str) -> Box<dyn Key> {
        (self.from_pem)(&text(&format!("{name}.pkcs8.pem"))).unwrap()
    }
}

/// A file that OpenSSL made.
pub(crate) fn file(name: &str) -> Vec<u8> {
    let path = format!("{}/../../testdata/openssl/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

pub(crate) fn text(name: &str) -> String {
    String::from_utf8(file(name)).unwrap()
}

/// A public key that OpenSSL wrote.
pub(crate) fn public_key(name: &str) -> PublicKey {
    PublicKey::parse(&file(&format!("{name}.spki.der")), &Limits::default()).unwrap()
}

/// Octets from hexadecimal digits; spaces are passed over.
pub(crate) fn hex(digits: &str) -> Vec<u8> {
    let digits: Vec<u8> = digits
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| u8::try_from(c.to_digit(16).unwrap()).unwrap())
        .collect();
    digits.chunks(2).map(|pair| pair[0] * 16 + pair[1]).collect()
}
