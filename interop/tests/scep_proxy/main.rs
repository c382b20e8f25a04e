//! Fleet's SCEP proxy as a program: with its store in memory and in PostgreSQL, before CAs and
//! behind devices that this project did not write.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

mod answers;
mod enrolment;
mod http;
mod load;
mod ours;
mod postgresql;
mod together;
mod upstream;

use std::process::ExitCode;

use devicecert_interop::suite;

fn main() -> ExitCode {
    load::be_a_relay_if_asked().unwrap();
    let cases = [
        load::cases(),
        enrolment::cases(),
        together::cases(),
        postgresql::cases(),
        answers::cases(),
    ];
    suite::run(cases.into_iter().flatten())
}
