//! RFC 8951: transfer encoding, CSR attributes as ASN.1, errors as text.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

#[path = "common/mod.rs"]
mod common;
#[path = "rfc8951/section_3.rs"]
mod section_3;
#[path = "rfc8951/section_3_1.rs"]
mod section_3_1;
#[path = "rfc8951/section_4.rs"]
mod section_4;
#[path = "rfc8951/section_5.rs"]
mod section_5;
