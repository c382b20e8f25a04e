//! From a template to a certificate on a device: every CA of Fleet's guide, on every platform that it
//! has, and what can come in between.
//!
//! Everything happens in one process: the MDM server with its proxy ([`mdm`]), the servers of the
//! CAs ([`server`]), and the devices ([`device`]) are values that hand each other HTTP requests,
//! and the clock is the test's. What is ours is asked as any other program would ask it; what a CA
//! is sent is compared with what it must be sent, octet for octet.
//!
//! The columns of the table:
//!
//! * `deliver`: the profile is filled in, and the CA was asked for what it takes, once.
//! * `enrol`: the device gets a certificate with what it was sent, and nothing else.
//! * `renew`: when the certificate is due the profile comes again, and brings another.
//! * `wrong_credentials`: what the administrator reads when the CA does not let the server in.
//! * `expired_challenge`: the device comes too late.
//! * `ca_down`: the CA does not answer, and then it does.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

mod device;
mod keys;
mod mdm;
mod profiles;
mod row;
mod scene;
mod server;
mod table;
mod watch;
mod wire;
mod world;

fn main() -> std::process::ExitCode {
    for secret in [server::RIGHT, server::WRONG, mdm::api::TOKEN] {
        watch::secret(secret);
    }
    table::run(&row::all())
}
