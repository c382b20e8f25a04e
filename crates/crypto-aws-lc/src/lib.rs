//! The cryptography that `devicecert-pki` asks for, on AWS-LC: RSA in constant time and about four
//! times as fast as in `devicecert-crypto-rust`, for servers that strangers can reach.
//!
//! ```
//! use devicecert_crypto_aws_lc::{AwsLc, PrivateKey};
//! use devicecert_pki::algorithm::DigestAlgorithm;
//! use devicecert_pki::{KeyKind, Provider, Signer, ToBeSigned};
//!
//! # fn main() -> Result<(), devicecert_pki::Error> {
//! let key = PrivateKey::generate(KeyKind::P256)?;
//! let algorithm = key.public_key().signature_algorithm(DigestAlgorithm::Sha256)?;
//! let ask = ToBeSigned::new(key.public_key().clone(), algorithm, b"hello".to_vec());
//! let signature = key.sign(&ask)?;
//! AwsLc.verify(key.public_key(), algorithm, b"hello", &signature)?;
//! # Ok(())
//! # }
//! ```
//!
//! [`AwsLc`] is the [`Provider`](devicecert_pki::Provider): digests (FIPS 180-4), HMAC
//! (RFC 2104), PBKDF2 (RFC 8018), RSA and ECDSA verification, RSA key transport (RFC 8017), ECDH on
//! P-256 and P-384, AES key wrap (RFC 3394), AES, Triple DES and DES in CBC mode.
//! [`PrivateKey`] is a [`Signer`](devicecert_pki::Signer) and a
//! [`Decryptor`](devicecert_pki::Decryptor) in memory, RSA or EC on P-256 and P-384.
//!
//! Building it takes a C compiler, but neither CMake nor bindgen.
//!
//! What AWS-LC does not offer and `devicecert-crypto-rust` does:
//!
//! * MD5 in any role;
//! * RSA signatures *made* with SHA-1 (they are verified);
//! * RSA keys below 2048 bits, except to verify PKCS #1 v1.5 signatures with SHA-1, SHA-256 or
//!   SHA-512;
//! * RSASSA-PSS with SHA-1;
//! * RSAES-OAEP whose MGF1 uses another digest than the label;
//! * AES key wrap with 192 bits;
//! * DES keys that are weak, and Triple DES keys that amount to single DES.
//!
//! RSASSA-PSS signatures are verified, never made, like everywhere in this workspace.

mod agreement;
mod cipher;
mod digest;
mod ec;
mod mac;
mod private_key;
mod provider;
mod rsa;

pub use private_key::PrivateKey;
pub use provider::AwsLc;
