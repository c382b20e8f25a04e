//! `est-client` and `est-server` against each other, over TLS on 127.0.0.1: every operation, TLS
//! 1.2 and 1.3, with and without client certificates, linked and not.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

mod operations;
mod program;
mod refusals;
mod world;
