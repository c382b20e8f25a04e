//! PKCS #10, one module for each section of RFC 2986, with the attributes of RFC 2985 §5.4.
//!
//! What we write is read by OpenSSL and by the `x509-cert` crate; what we read was written by
//! OpenSSL or is put together here. `testdata/README.md` has the commands.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

mod support;

mod rfc2986 {
    mod odd_requests;
    mod reading;
    mod rfc2985_section_5_4_1;
    mod rfc2985_section_5_4_2;
    mod section_4_2;
    mod writing;
}
