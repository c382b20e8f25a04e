//! One identity for three platforms, and the forms of products that it is made from.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::print_stdout
)]

mod apple;
mod arbitrary;
mod certificate_file;
mod csr;
mod losses;
mod product;
mod properties;
mod support;
mod windows;
