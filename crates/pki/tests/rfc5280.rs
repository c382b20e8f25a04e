//! Certificates, one module for each section of RFC 5280: read whatever they are like, and issued.
//!
//! Certificates that are odd are put together here, octet by octet, and signed; `x509-cert` is the
//! witness that they are odd, and that what we issue is not. `testdata/README.md` has the commands
//! by which OpenSSL judged.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

mod support;

mod rfc5280 {
    mod issuing;
    mod odd_certificates;
    mod section_4_1;
    mod section_4_1_2_1;
    mod section_4_1_2_2;
    mod section_4_1_2_4;
    mod section_4_1_2_5;
    mod section_4_1_2_7;
    mod section_4_2;
    mod section_4_2_1_3;
    mod section_5;
    mod section_6_1_3;
}
