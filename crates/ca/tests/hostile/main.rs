//! Answers of CAs that mean harm, and of things that are no CA: each is an error, in bounded time and
//! space.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

#[path = "../common/mod.rs"]
mod common;

mod header;
mod json;
mod page;
mod text;
