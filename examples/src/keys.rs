//! Which cryptographic backend, and private keys in files.

use std::io::Write;
use std::path::Path;

use devicecert::pki::algorithm::DigestAlgorithm;
use devicecert::pki::error::KeyError;
use devicecert::pki::{Decryptor, KeyKind, Provider, Secret, Signer};
use devicecert::{crypto_aws_lc, crypto_rust};

use crate::files;
use crate::token::{TokenError, TokenKey};

/// The backend that does the cryptography.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Backend {
    /// RustCrypto: pure Rust
    #[default]
    Rust,
    /// aws-lc-rs: several times faster
    AwsLc,
}

/// A private key in memory, of whichever backend.
pub trait Key: Signer + Decryptor {
    /// What a key file holds: PKCS #8 in PEM armour, or, of a key in a token, where it is.
    ///
    /// # Errors
    /// [`KeyError`] if it cannot be written.
    fn to_file(&self) -> Result<Secret, KeyError>;
}

impl Key for crypto_rust::PrivateKey {
    fn to_file(&self) -> Result<Secret, KeyError> {
        self.to_pkcs8_pem()
    }
}

impl Key for crypto_aws_lc::PrivateKey {
    fn to_file(&self) -> Result<Secret, KeyError> {
        self.to_pkcs8_pem()
    }
}

impl Backend {
    /// Everything that needs no private key.
    #[must_use]
    pub fn provider(self) -> &'static dyn Provider {
        match self {
            Self::Rust => &crypto_rust::RustCrypto,
            Self::AwsLc => &crypto_aws_lc::AwsLc,
        }
    }

    /// The weakest digest that its keys sign with.
    #[must_use]
    pub const fn weakest_digest(self) -> DigestAlgorithm {
        match self {
            Self::Rust => DigestAlgorithm::Sha1,
            Self::AwsLc => DigestAlgorithm::Sha256,
        }
    }

    /// Makes a key.
    ///
    /// # Errors
    /// [`KeyError`] for a size that the backend refuses.
    pub fn generate(self, kind: KeyKind) -> Result<Box<dyn Key>, KeyError> {
        Ok(match self {
            Self::Rust => Box::new(crypto_rust::PrivateKey::generate(kind)?),
            Self::AwsLc => Box::new(crypto_aws_lc::PrivateKey::generate(kind)?),
        })
    }

    /// Reads a key from PEM: PKCS #8, PKCS #1 or SEC 1.
    ///
    /// # Errors
    /// [`KeyError::Encoding`] if it is none of them.
    pub fn load(self, pem: &str) -> Result<Box<dyn Key>, KeyError> {
        Ok(match self {
            Self::Rust => Box::new(crypto_rust::PrivateKey::from_pem(pem)?),
            Self::AwsLc => Box::new(crypto_aws_lc::PrivateKey::from_pem(pem)?),
        })
    }

    /// Reads a key from a file: PEM, or the URI of a key in a token (RFC 7512).
    ///
    /// # Errors
    /// Names the file.
    pub fn load_file(self, path: &Path) -> Result<Box<dyn Key>, files::FileError> {
        let text = files::read_text(path)?;
        if text.starts_with("pkcs11:") {
            let opened = text.trim_end().parse().map_err(TokenError::from);
            let opened = opened.and_then(|uri| TokenKey::open(&uri, self.provider()));
            return match opened {
                Ok(key) => Ok(Box::new(key)),
                Err(source) => {
                    Err(files::FileError::Token { path: path.into(), source: Box::new(source) })
                }
            };
        }
        self.load(&text).map_err(|source| files::FileError::Key { path: path.into(), source })
    }
}

/// Reads `rsa:2048`, `rsa:3072`, `rsa:4096`, `p256` or `p384`, for the command line.
///
/// # Errors
/// Says what could stand there.
pub fn parse_key_kind(text: &str) -> Result<KeyKind, String> {
    match text {
        "rsa:2048" => Ok(KeyKind::Rsa { bits: 2048 }),
        "rsa:3072" => Ok(KeyKind::Rsa { bits: 3072 }),
        "rsa:4096" => Ok(KeyKind::Rsa { bits: 4096 }),
        "p256" => Ok(KeyKind::P256),
        "p384" => Ok(KeyKind::P384),
        _ => Err("expected rsa:2048, rsa:3072, rsa:4096, p256 or p384".to_owned()),
    }
}

/// Writes a key to a file that only its owner can read, in place of one that may be there.
///
/// # Errors
/// Names the file.
pub fn write_key(path: &Path, key: &dyn Key) -> Result<(), files::FileError> {
    let text = text(path, key)?;
    files::replace(path, files::Readers::Owner, |file| file.write_all(text.expose()))
}

/// Writes a key to a file that only its owner can read, and that must not be there yet.
///
/// # Errors
/// Names the file.
pub fn create_key(path: &Path, key: &dyn Key) -> Result<(), files::FileError> {
    let text = text(path, key)?;
    files::create(path, files::Readers::Owner, |file| file.write_all(text.expose()))
}

fn text(path: &Path, key: &dyn Key) -> Result<Secret, files::FileError> {
    key.to_file().map_err(|source| files::FileError::Key { path: path.into(), source })
}
