//! EST, our server and client with programs that this project did not write.
//!
//! `cargo test --workspace` builds the programs under test (the examples `est-client` and
//! `est-server`) and runs this. The one EST server of others that is here is `est-ca`; what those
//! answer that cannot be had from a package index is in the test `captures`.

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
mod est_ca;
mod ours;
mod strongswan;

use std::process::ExitCode;

use devicecert_interop::suite;

fn main() -> ExitCode {
    let cases = [
        bouncycastle::cases(),
        strongswan::cases(),
        curl::cases(),
        est_ca::cases(),
        alone::cases(),
    ];
    suite::run(cases.into_iter().flatten())
}
