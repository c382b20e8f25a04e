//! PKCS #12 files, one module for each section of RFC 7292 and for what it rests on.
//!
//! `testdata/rfc7292/make.sh` made the files that other programs wrote.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

mod rfc7292 {
    mod appendix_b;
    mod hostile;
    mod rfc9579;
    mod section_4_1_encodings;
    mod section_4_2_bags;
    mod section_4_other_programs;
    mod section_4_refusals;
    mod section_5_1_writing;
    mod section_5_2_passwords;
    mod support;
}
