//! RFC 9908: what CSR attributes say, and the template.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

#[path = "common/mod.rs"]
mod common;
#[path = "rfc9908/section_3_2.rs"]
mod section_3_2;
#[path = "rfc9908/section_3_4.rs"]
mod section_3_4;
#[path = "rfc9908/section_4.rs"]
mod section_4;
