//! HTTP message signatures (RFC 9421) in Fleet's profile, by section.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

mod paths;
mod section_2;
mod section_3_1;
mod section_3_2;
mod support;
