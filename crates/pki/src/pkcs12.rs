//! PKCS #12 files (RFC 7292): a private key and its certificates under one password.
//!
//! ```
//! use devicecert_pki::pkcs12::{Pkcs12, Pkcs12Params};
//! use devicecert_pki::{Limits, Secret};
//! # use core::time::Duration;
//! # use devicecert_pki::{CertificateParams, KeyKind, Signer, Time, Validity};
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use devicecert_crypto_rust::{PrivateKey, RustCrypto};
//!
//! # let key = PrivateKey::generate(KeyKind::P256)?;
//! # let validity = Validity::lasting(Time::from_unix(1_800_000_000), Duration::from_secs(60));
//! # let public = key.public_key().clone();
//! # let leaf = CertificateParams::self_signed("CN=a".parse()?, public, validity, &RustCrypto)?
//! #     .unsigned(key.public_key())?
//! #     .sign(&key)?;
//! let password = Secret::from("correct horse");
//! let file = Pkcs12Params::new(key.to_pkcs8_der()?, [leaf.clone()])
//!     .friendly_name("laptop-7")
//!     .to_der(&password, &RustCrypto)?;
//!
//! let read = Pkcs12::open(&file, &password, &RustCrypto, &Limits::default())?;
//! assert_eq!(read.leaf(), Some(&leaf));
//! assert_eq!(PrivateKey::from_pkcs8_der(read.key().ok_or("no key")?.expose())?.public_key(),
//!     leaf.public_key());
//! # Ok(())
//! # }
//! ```
//!
//! Written are two [profiles](Profile). Read is password integrity with an HMAC (§5.1, and PBMAC1
//! of RFC 9579) or none, and password privacy with Triple DES (Appendix C) and PBES2 (RFC 8018
//! §6.2) over AES or Triple DES in CBC mode; in DER or BER; files of one identity or of
//! certificates alone.
//!
//! Not covered: public-key integrity and privacy (§3.1), RC2 and RC4, several private keys in one
//! file, CRLs and secrets, which are passed over.

mod bag;
mod kdf;
mod key;
mod mac;
mod params;
mod password;
mod pbe;
mod read;
mod write;

pub use kdf::{Purpose, derive};
pub use params::{Pkcs12Params, Profile};
pub use read::Pkcs12;
