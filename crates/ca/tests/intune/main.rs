//! Intune's validation of SCEP requests by other people's CAs.
//!
//! The interface is that of Microsoft's own client library (Intune-Resource-Access, CsrValidation).

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

#[path = "../common/mod.rs"]
mod common;

mod answer;
mod discovery;
mod requests;
mod token;
