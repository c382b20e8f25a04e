//! `request-certificate` against a played Fleet: the library's server half, with our EST server, our
//! SCEP server, and an identity provider behind it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

mod device;
mod failures;
mod fleet;
mod folder;
mod http_server;
mod idp;
mod ndes;
mod program;
mod renewal;
mod user;
mod world;
