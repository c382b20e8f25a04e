//! PKCS #12 files, ours in other programs and theirs in ours.
//!
//! What a peer taught us is written where its test is. Files of theirs that are worth keeping are in
//! `testdata/rfc7292/`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

mod gnutls;
mod identity;
mod keytool;
mod nss;
mod openssl;

use std::process::ExitCode;

use devicecert_interop::suite;

fn main() -> ExitCode {
    let cases = [openssl::cases(), keytool::cases(), nss::cases(), gnutls::cases()];
    suite::run(cases.into_iter().flatten())
}
