//! BER to DER (X.690 §8, §10): every spelling of a value becomes the one of DER.
//!
//! The DER messages are OpenSSL's; the tests spell them anew with code of their own.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

mod support;

mod x690 {
    mod damage;
    mod properties;
    mod section_10;
    mod section_8_1;
    mod section_8_7;
    mod spelling;
    mod streams;
}
