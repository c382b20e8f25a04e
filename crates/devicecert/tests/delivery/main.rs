//! From template to profile: what Fleet does for each of its CAs, and what it says when it cannot.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "tests"
)]

mod ageing;
mod authorities;
mod custom_scep;
mod digicert;
mod est_ca;
mod many_hosts;
mod missing;
mod ndes;
mod properties;
mod saved;
mod secrets;
mod smallstep;
mod support;
mod turns;
