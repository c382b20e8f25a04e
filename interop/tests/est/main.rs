//! EST, our server and client with programs that this project did not write.
//!
//! `cargo test --workspace` builds the programs under test (the examples `est-client` and
//! `est-server`) and runs this. No EST server can be had from Debian or the Python index: what
//! those that exist answer is in the test `captures`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

mod alone;
mod bouncycastle;
mod curl;
mod ours;
mod strongswan;

use std::process::ExitCode;

use devicecert_interop::suite;

fn main() -> ExitCode {
    let cases = [bouncycastle::cases(), strongswan::cases(), curl::cases(), alone::cases()];
    suite::run(cases.into_iter().flatten())
}
