//! What Fleet says when a profile is uploaded, or cannot be filled: every text, byte for byte.
//!
//! The texts are Fleet's, as its server of late 2025 and of 2026 has them. One module for each
//! group of them, one test for each text.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod apple_scep;
mod authorities;
mod beyond;
mod digicert;
mod host_data;
mod large;
mod loc_uri;
mod structure;
mod support;
mod variables;
mod windows;
