//! The program `profile`, run as people run it.
//!
//! A test that needs a program which is not installed says so by being ignored.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

mod build;
mod check;
mod drawing;
mod fingerprint;
mod program;
mod rules;
mod show;
mod sign;

use std::process::{Command, ExitCode, Stdio};

use libtest_mimic::{Arguments, Trial};

fn main() -> ExitCode {
    let trials = [
        check::trials(),
        drawing::trials(),
        show::trials(),
        sign::trials(),
        fingerprint::trials(),
        build::trials(),
        rules::trials(),
    ];
    libtest_mimic::run(&Arguments::from_args(), trials.into_iter().flatten().collect()).exit_code()
}

fn trial(name: &str, test: fn()) -> Trial {
    Trial::test(name, move || {
        test();
        Ok(())
    })
}

/// A test that is ignored, by name, where `tool` is not installed.
fn trial_with(tool: &str, name: &str, test: fn()) -> Trial {
    let mut version = Command::new(tool);
    version.arg("version").stdout(Stdio::null()).stderr(Stdio::null()).stdin(Stdio::null());
    let is_there = version.status().is_ok();
    trial(&format!("{name} (needs {tool})"), test).with_ignored_flag(!is_there)
}
