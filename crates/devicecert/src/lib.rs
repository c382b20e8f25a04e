//! Get an X.509 certificate onto a managed device, whatever the platform and whatever the CA.
//!
//! This crate re-exports the libraries of its workspace under one name. Each can be used alone.
//!
//! * [`scep`]: enrolment by RFC 8894, as client and as server.
//! * [`est`]: enrolment by RFC 7030, RFC 8951 and RFC 9908, as client and as server.
//! * [`mobileconfig`]: Apple configuration profiles: build, read, check, sign, encrypt.
//! * [`syncml`]: certificates in Windows MDM: build, read, check.
//! * [`pki`]: keys as traits, requests, certificates, CMS messages and PKCS #12 files.
//! * `crypto_rust` and `crypto_aws_lc`: the cryptography behind [`pki`]'s traits, each behind the
//!   feature of its name (`rust-crypto`, on by default, and `aws-lc`).

#[cfg(feature = "aws-lc")]
pub use devicecert_crypto_aws_lc as crypto_aws_lc;
#[cfg(feature = "rust-crypto")]
pub use devicecert_crypto_rust as crypto_rust;
pub use devicecert_est as est;
pub use devicecert_mobileconfig as mobileconfig;
pub use devicecert_pki as pki;
pub use devicecert_scep as scep;
pub use devicecert_syncml as syncml;
