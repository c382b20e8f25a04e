//! Every message that somebody else's program once sent and somebody kept: we read it, check it,
//! and open it where the key is there.
//!
//! `DEVICECERT_CAPTURES` names the folder. The messages are test data of other projects and are
//! not part of this one, so without the folder every test reports itself ignored.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::print_stdout,
    clippy::print_stderr
)]

mod apple;
mod captures;
mod cryptlib;
mod est;
mod fleet;
mod fleet_api;
mod go;
mod ndes;
mod peer_replies;
mod peer_requests;
mod peer_servers;
mod peers;
mod rfc;
mod windows;

use std::process::{Command, ExitCode, Stdio};
use std::sync::Arc;

use captures::Captures;
use libtest_mimic::{Arguments, Trial};

/// A test: its name, whether it has to have `openssl`, and what it does.
pub(crate) struct Case {
    name: &'static str,
    needs_openssl: bool,
    run: fn(&Captures),
}

impl Case {
    pub(crate) const fn new(name: &'static str, run: fn(&Captures)) -> Self {
        Self { name, needs_openssl: false, run }
    }

    pub(crate) const fn with_openssl(name: &'static str, run: fn(&Captures)) -> Self {
        Self { name, needs_openssl: true, run }
    }
}

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let captures = Captures::from_env().map(Arc::new);
    if captures.is_none() && !arguments.list {
        println!("captures: DEVICECERT_CAPTURES names no folder, so every test here is ignored");
    }
    let has_openssl = has_openssl();
    let cases = [
        apple::cases(),
        windows::cases(),
        ndes::cases(),
        cryptlib::cases(),
        go::cases(),
        rfc::cases(),
        est::cases(),
        peer_requests::cases(),
        peer_replies::cases(),
        peer_servers::cases(),
        fleet::cases(),
        fleet_api::cases(),
    ];
    let trials = cases
        .into_iter()
        .flatten()
        .map(|Case { name, needs_openssl, run }| {
            let captures = captures.clone();
            let ignored = captures.is_none() || (needs_openssl && !has_openssl);
            Trial::test(name, move || {
                if let Some(captures) = captures {
                    run(&captures);
                }
                Ok(())
            })
            .with_ignored_flag(ignored)
        })
        .collect();
    let conclusion = libtest_mimic::run(&arguments, trials);
    if let Some(captures) = captures.filter(|_| !arguments.list) {
        println!("captures: {}", captures.tally());
    }
    conclusion.exit_code()
}

fn has_openssl() -> bool {
    let version = Command::new("openssl").arg("version").stdout(Stdio::null()).status();
    version.is_ok_and(|status| status.success())
}
