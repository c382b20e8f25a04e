//! Get an X.509 certificate onto a managed device, whatever the platform and whatever the CA.
//!
//! This crate puts the libraries of its workspace together, and re-exports them under one name;
//! each can be used alone.
//!
//! An [`IdentityRequest`] says once what certificate a device is to have and what for, and writes
//! it for Apple's devices, for Windows, and for whoever has the key himself. What a platform cannot
//! express comes with what was written, as a list of losses:
//!
//! ```
//! use devicecert::IdentityRequest;
//! use devicecert::crypto_rust::RustCrypto;
//! use devicecert::identity::{Lost, Scep};
//! use devicecert::scep::Fingerprint;
//! use devicecert::syncml::Write;
//!
//! let ca: Fingerprint = "sha1 Fingerprint=2F:8E:61:50:1E:21:7C:7C:D5:61:AB:3E:13:61:36:9A:6F:15:C3:E9"
//!     .parse()?;
//! let server = Scep::new("https://ca.example/scep").challenge("one time").ca(ca);
//! let mut identity = IdentityRequest::new("com.example.wifi", server)
//!     .subject("CN=laptop-7,O=Example".parse()?);
//! identity.purposes = vec![devicecert::pki::oid::CLIENT_AUTH];
//!
//! let profile = identity.to_mobileconfig(&RustCrypto)?; // a Profile: write, sign, encrypt it
//! let syncml = identity.to_syncml(Write::Add, &RustCrypto)?; // a Document: upload or send it
//! let csr = identity.to_csr_params()?; // CsrParams: sign them with the key
//!
//! assert!(profile.output.to_xml()?.contains("com.apple.security.scep"));
//! assert!(syncml.output.to_xml().contains("CN=laptop-7,O=Example"));
//! assert_eq!(csr.output.subject.to_string(), "CN=laptop-7,O=Example");
//! assert!(profile.lacks(&Lost::Purposes)); // a SCEP payload has no key for extKeyUsage
//! # Ok::<(), devicecert::Error>(())
//! ```
//!
//! What is written can be read and checked before a device sees it, with
//! [`mobileconfig::rule::check`] and [`syncml::check`]:
//!
//! ```
//! # use devicecert::IdentityRequest;
//! # use devicecert::crypto_rust::RustCrypto;
//! # use devicecert::identity::Scep;
//! use devicecert::mobileconfig::rule::{self, Target};
//!
//! # let identity = IdentityRequest::new("com.example.wifi", Scep::new("http://ca.example/scep"))
//! #     .subject("CN=laptop-7".parse()?);
//! let profile = identity.to_mobileconfig(&RustCrypto)?.output;
//! for finding in rule::check(&profile, &Target::default()) {
//!     println!("{finding}"); // warning AP011 at …: found an http URL without "CAFingerprint": …
//! }
//! # Ok::<(), devicecert::Error>(())
//! ```
//!
//! A [`Delivery`] takes a profile with Fleet's variables to one host: it asks the CAs for what the
//! variables stand for, one step at a time, and ends with the filled profile, or with what Fleet would
//! show beside it. [`delivery`] shows the loop.
//!
//! * [`identity`]: the request, and what becomes of it.
//! * [`delivery`]: from template to profile, and the EST CAs that Linux hosts are certified by.
//! * [`product`]: the forms of device management products, each making such a request: Addigy,
//!   Fleet, Intune, Jamf Pro, JumpCloud, Kandji, Meraki, Mosyle, Workspace ONE.
//! * [`scep`]: enrolment by RFC 8894, as client and as server.
//! * [`est`]: enrolment by RFC 7030, RFC 8951 and RFC 9908, as client and as server.
//! * [`mobileconfig`]: Apple configuration profiles: build, read, check, sign, encrypt.
//! * [`syncml`]: certificates in Windows MDM: build, read, check.
//! * [`fleet`]: what Fleet's server does with certificates: variables, templates, upload rules, renewal, the
//!   SCEP proxy, `request_certificate`.
//! * [`ca`]: certificates from DigiCert ONE and EJBCA, challenges from NDES, Okta and Smallstep, and
//!   Intune's leave to issue.
//! * [`pki`]: keys as traits, requests, certificates, CMS messages and PKCS #12 files.
//! * `crypto_rust` and `crypto_aws_lc`: the cryptography behind [`pki`]'s traits, each behind the
//!   feature of its name (`rust-crypto`, on by default, and `aws-lc`).

mod certificate_file;
pub mod delivery;
pub mod error;
pub mod identity;
pub mod product;

pub use certificate_file::certificates;
pub use delivery::Delivery;
pub use error::Error;
pub use identity::IdentityRequest;

pub use devicecert_ca as ca;
#[cfg(feature = "aws-lc")]
pub use devicecert_crypto_aws_lc as crypto_aws_lc;
#[cfg(feature = "rust-crypto")]
pub use devicecert_crypto_rust as crypto_rust;
pub use devicecert_est as est;
pub use devicecert_fleet as fleet;
pub use devicecert_mobileconfig as mobileconfig;
pub use devicecert_pki as pki;
pub use devicecert_scep as scep;
pub use devicecert_syncml as syncml;
pub use devicecert_xml as xml;
