//! Profiles for Fleet that were filled for a host, in programs that read what a device reads.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

mod guide;
mod osquery;
mod readers;
mod requests;
mod sample;
mod signatures;
mod softhsm;

use std::process::ExitCode;

use devicecert_interop::suite;

fn main() -> ExitCode {
    let cases = [
        readers::cases(),
        guide::cases(),
        osquery::cases(),
        signatures::cases(),
        softhsm::cases(),
        requests::cases(),
    ];
    suite::run(cases.into_iter().flatten())
}
