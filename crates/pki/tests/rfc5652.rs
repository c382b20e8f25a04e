//! Cryptographic Message Syntax, one module for each section of RFC 5652.
//!
//! What we write is read by OpenSSL and by the `cms` crate; what we read was written by OpenSSL or
//! is put together here, octet by octet. `testdata/README.md` has the commands.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

mod support;

mod rfc5652 {
    mod keys_elsewhere;
    mod section_3;
    mod section_5_1;
    mod section_5_2;
    mod section_5_3;
    mod section_5_4;
    mod section_5_6;
    mod section_6_1;
    mod section_6_2;
    mod section_6_2_2;
    mod section_6_2_3;
    mod section_6_2_4;
    mod section_6_3;
}
