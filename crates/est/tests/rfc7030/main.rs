//! RFC 7030, section by section.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

#[path = "../common/mod.rs"]
mod common;

mod section_3_2_1;
mod section_3_2_2;
mod section_3_2_3;
mod section_3_3;
mod section_3_5;
mod section_3_6;
mod section_4_1;
mod section_4_2_1;
mod section_4_2_2;
mod section_4_2_3;
mod section_4_3;
mod section_4_4_1;
mod section_4_4_2;
mod section_4_5;
