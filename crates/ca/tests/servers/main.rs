//! Whole conversations over TCP, with servers that know every octet they are to receive.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

#[path = "../common/mod.rs"]
mod common;

mod digicert;
mod ejbca;
mod intune;
mod ndes;
mod smallstep;
mod wire;
