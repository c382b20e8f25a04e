//! HTTP authentication (RFC 7030 §3.2.3): Basic (RFC 7617) and Digest (RFC 7616), both roles.
//!
//! A client answers only after TLS has told it whom it talks to (RFC 7030 §3.6).

mod challenge;
mod credentials;
mod digest;

pub use challenge::{Challenge, DigestHash};
pub use credentials::{Authorization, Credentials};
pub use digest::DigestAuthorization;
