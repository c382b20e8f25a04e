//! Property lists, profiles and SyncML, ours in other programs and theirs in ours.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

mod openssl;
mod readers;
mod sample;
mod syncml;

use std::process::ExitCode;

use devicecert_interop::suite;

fn main() -> ExitCode {
    let cases = [readers::cases(), openssl::cases(), syncml::cases()];
    suite::run(cases.into_iter().flatten())
}
