//! Keys as traits, and the values that certificates ride on: names, requests, certificates and
//! CMS messages that keep the bytes they came in.
//!
//! Nothing here does I/O, reads a clock or draws a random number by itself; private keys are
//! never seen, only asked. A request is made like this, wherever the key lives:
//!
//! ```
//! use devicecert_pki::{CsrParams, Secret, Signer};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let key = devicecert_crypto_rust::PrivateKey::generate(devicecert_pki::KeyKind::P256)?;
//! # let key: &dyn Signer = &key;
//! let csr = CsrParams::new("CN=laptop-7,O=Example".parse()?)
//!     .challenge(Secret::from("one-time password"))
//!     .unsigned(key.public_key())?
//!     .sign(key)?;
//! assert_eq!(csr.subject().to_string(), "CN=laptop-7,O=Example");
//! # Ok(())
//! # }
//! ```
//!
//! Covered: PKCS #10 (RFC 2986) with the attributes of RFC 2985 §5.4; reading and issuing
//! certificates and CRLs (RFC 5280 §4, §5); names (RFC 4514); CMS SignedData with one signer,
//! EnvelopedData with key transport, with an AES key that both sides have (RFC 3394), with a
//! password (RFC 3211), and with key agreement on P-256 and P-384 (RFC 5753), certs-only messages
//! (RFC 5652 §5, §6); PKCS #12 files (RFC 7292); BER to DER.
//!
//! Not covered: certification path validation beyond one signature; delta, indirect and partial
//! CRLs, which are refused; key agreement with the key of a sender's certificate or with a Triple
//! DES key wrap; authenticated encryption.

pub mod algorithm;
pub mod asn1;
pub mod ber;
pub mod cms;
pub mod error;
pub mod oid;
pub mod pkcs12;

mod attribute;
mod certificate;
mod crl;
mod csr;
mod extension;
mod general_name;
mod issue;
mod limits;
mod name;
mod peer_text;
mod pem;
mod pending;
mod provider;
mod public_key;
mod secret;
mod time;
mod tolerance;

pub use attribute::Attribute;
pub use certificate::Certificate;
pub use crl::{Crl, CrlParams, CrlReason, RevokedCertificate, VerifiedCrl};
pub use csr::{Csr, CsrParams};
pub use error::Error;
pub use extension::{BasicConstraints, Extension, Extensions, KeyUsage};
pub use general_name::GeneralName;
pub use issue::CertificateParams;
pub use limits::Limits;
pub use name::{Name, NameAttribute};
pub use peer_text::PeerText;
pub use pem::{PemError, from_pem, to_pem};
pub use pending::{Locked, Unsigned};
pub use provider::{
    AgreedKey, Decryptor, Provider, Signer, ToBeDecrypted, ToBeSigned, TransportedKey,
    WithPasswords, WithRandom,
};
pub use public_key::{KeyKind, PublicKey};
pub use secret::Secret;
pub use time::{Time, Validity};
pub use tolerance::Tolerance;
