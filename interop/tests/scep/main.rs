//! SCEP, our programs against programs that this project did not write.
//!
//! `cargo test --workspace` builds the programs under test (the examples `scep-client` and
//! `scep-server`) and runs this. What a peer taught us is written where its test is.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

mod alone;
mod certmonger;
mod check;
mod crash;
mod hook;
mod micromdm_client;
mod micromdm_server;
mod openssl;
mod ours;
mod pyscep;
mod scep_submit;
mod strongswan;

use std::process::ExitCode;

use devicecert_interop::suite;

fn main() -> ExitCode {
    // Tests start in this order: the long ones first.
    let cases = [
        micromdm_client::cases(),
        crash::cases(),
        micromdm_server::cases(),
        certmonger::cases(),
        scep_submit::cases(),
        strongswan::cases(),
        pyscep::cases(),
        openssl::cases(),
        alone::cases(),
    ];
    suite::run(cases.into_iter().flatten())
}
