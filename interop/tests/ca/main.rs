//! What the CAs' interfaces are built on, against programs that this project did not write.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

mod connection;
mod ntlm;

use std::process::ExitCode;

use devicecert_interop::suite;

fn main() -> ExitCode {
    suite::run(ntlm::cases())
}
