//! Requests that a device signs with the key of its host identity certificate (RFC 9421), in the
//! profile that Fleet's agent and server have.
//!
//! | | |
//! |---|---|
//! | label | `sig1`; other members of the fields are somebody else's |
//! | covered | `"@method" "@authority" "@path" "@query" "content-digest"`; further fields may be, whole |
//! | parameters | `keyid`, `created`, `nonce`; `alg` must not be there |
//! | `keyid` | the serial number of the certificate in hexadecimal, at most 64 bits |
//! | algorithm | what the stored key is: ecdsa-p256-sha256 or ecdsa-p384-sha384 |
//! | `created` | at most 5 minutes ago and at most 1 minute ahead ([`Window`]) |
//! | `Content-Digest` | RFC 9530, SHA-256; SHA-512 is read, too |
//!
//! In three places the profile is not the RFC, because Fleet's is not: `@authority` is the Host
//! header as it was sent, with its letters and port; `@path` is the path *decoded*; `@query` of a
//! request without query is `?`. For plain lower-case names on the default port and plain paths both
//! are the same octets.
//!
//! The device makes an [`Unsigned`](devicecert_pki::Unsigned) request, whose signature any
//! [`Signer`](devicecert_pki::Signer) makes, in a TPM for example; the server reads a
//! [`SignedRequest`], looks up whose key it names, and only the check of the signature makes a
//! [`SignedDevice`] of it:
//!
//! ```
//! use devicecert_crypto_rust::RustCrypto;
//! use devicecert_fleet::Limits;
//! use devicecert_fleet::message_signature::{HostIdentity, KeyId, SignedRequest, Window};
//! use devicecert_pki::{Signer, Time};
//! # use core::time::Duration;
//! # use devicecert_pki::Validity;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let key = devicecert_crypto_rust::PrivateKey::generate(devicecert_pki::KeyKind::P256)?;
//! # let (key, now): (&dyn Signer, _) = (&key, Time::from_unix(1_800_000_000));
//! # let validity = Validity::lasting(now, Duration::from_secs(86_400));
//! let identity = HostIdentity::new(KeyId::from(0x5eed), key.public_key().clone(), validity)?;
//!
//! // The device:
//! let request = http::Request::post("https://fleet.example/api/fleet/orbit/config")
//!     .body(b"{}".to_vec())?;
//! let nonce = [7; 32]; // random octets, new for each request
//! let request = identity.unsigned(request, now, &nonce, &RustCrypto)?.sign(key)?;
//! assert!(request.headers().contains_key("signature"));
//!
//! // The server:
//! let signed = SignedRequest::read(&request, &Limits::default())?.ok_or("not signed")?;
//! assert_eq!(signed.key_id().to_string(), "5EED"); // claimed, not proved: to look up `identity`
//! let hosts = ["fleet.example"]; // what this server is called, and not what the request says
//! let device = signed.verify(&identity, &hosts, now, Window::default(), &RustCrypto)?;
//! assert_eq!(device.key_id(), identity.key_id());
//! assert_eq!(device.path(), b"/api/fleet/orbit/config"); // what it proves, and nothing else
//! # Ok(())
//! # }
//! ```
//!
//! Nothing here remembers nonces, as Fleet's server does not: within the [`Window`] whoever sees a
//! request can send it again. [`SignedDevice::nonce`] is for servers that do better.
//!
//! Not covered: signatures of responses, parameters of components (`;sf`, `;key`, `;bs`, `;req`,
//! `;tr`), `Accept-Signature`, and every other algorithm.

mod accepts;
mod base;
mod digest;
mod ecdsa;
mod error;
mod fields;
mod identity;
mod key_id;
mod sign;
mod verify;

pub use accepts::accepts;
pub use error::{Error, Rejected};
pub use identity::HostIdentity;
pub use key_id::KeyId;
pub use verify::{SignedDevice, SignedRequest, Window};

/// The label of the one signature that counts.
const LABEL: &str = "sig1";

/// What a signature has to cover (RFC 9421 §2), in the order of Fleet's agent.
const COVERED: [&str; 5] = ["@method", "@authority", "@path", "@query", "content-digest"];
