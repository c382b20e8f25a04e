//! The cryptography that `devicecert-pki` asks for, on the crates of RustCrypto: no C compiler,
//! no system library, the same on every platform.
//!
//! ```
//! use devicecert_crypto_rust::{PrivateKey, RustCrypto};
//! use devicecert_pki::algorithm::DigestAlgorithm;
//! use devicecert_pki::{KeyKind, Provider, Signer, ToBeSigned};
//!
//! # fn main() -> Result<(), devicecert_pki::Error> {
//! let key = PrivateKey::generate(KeyKind::P256)?;
//! let algorithm = key.public_key().signature_algorithm(DigestAlgorithm::Sha256)?;
//! let ask = ToBeSigned::new(key.public_key().clone(), algorithm, b"hello".to_vec());
//! let signature = key.sign(&ask)?;
//! RustCrypto.verify(key.public_key(), algorithm, b"hello", &signature)?;
//! # Ok(())
//! # }
//! ```
//!
//! [`RustCrypto`] is the [`Provider`](devicecert_pki::Provider): digests (RFC 1321, FIPS 180-4),
//! HMAC (RFC 2104), PBKDF2 (RFC 8018), RSA and ECDSA verification, RSA key transport (RFC 8017),
//! ECDH on P-256 and P-384, AES key wrap (RFC 3394), AES, Triple DES and DES in CBC mode.
//! [`PrivateKey`] is a [`Signer`](devicecert_pki::Signer) and a
//! [`Decryptor`](devicecert_pki::Decryptor) in memory, RSA or EC on P-256 and P-384.
//!
//! It can do everything that the traits name, broken algorithms included; whether it is asked to
//! is the caller's policy. The exceptions: it makes no MD5 signatures and no RSASSA-PSS signatures,
//! and verifies RSASSA-PSS only where MGF1 uses the digest of the message.
//!
//! RSA private-key operations are blinded, and a bad PKCS #1 v1.5 padding is answered with a
//! made-up content key instead of an error. The arithmetic aims at constant time but has not been
//! proven to be; a server that many can reach is better off with `devicecert-crypto-aws-lc`.

mod agreement;
mod cipher;
mod digest;
mod ec;
mod mac;
mod private_key;
mod provider;
mod rsa;

pub use private_key::PrivateKey;
pub use provider::RustCrypto;
