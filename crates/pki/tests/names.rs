//! Names as text and as bytes, one module for each section of a standard.
//!
//! Bytes that OpenSSL made have the command beside them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

mod names {
    mod properties;
    mod rfc1779_section_2_3;
    mod rfc2253_section_4;
    mod rfc4514_section_2;
    mod rfc4514_section_3;
    mod rfc4514_section_4;
    mod rfc5280_section_4_1_2_4;
    mod rfc5280_section_4_2_1_6;
    mod rfc5280_section_7_1;
    mod slash_form;
    mod support;
}
