//! RFC 8894, section by section, and what became of it in the field.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

#[path = "../common/mod.rs"]
mod common;

mod cert_vu_971035;
mod field;
mod keys_elsewhere;
mod section_2_2;
mod section_2_3;
mod section_2_4;
mod section_2_5;
mod section_3_1;
mod section_3_2;
mod section_3_2_1_1;
mod section_3_2_1_2;
mod section_3_2_1_3;
mod section_3_2_1_4;
mod section_3_2_1_5;
mod section_3_3_2;
mod section_3_3_3;
mod section_3_4;
mod section_3_5;
mod section_4_1;
mod section_4_2;
mod section_4_3;
mod section_4_4;
