//! One set of rules for both backends: known answers of the standards, what OpenSSL made, and what
//! one backend makes for the other.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

mod backends;
mod ciphers;
mod digests;
mod ecdsa;
mod encodings;
mod implicit_rejection;
mod key_agreement;
mod key_transport;
mod key_wrap;
mod macs;
mod pkcs12;
mod signatures;
