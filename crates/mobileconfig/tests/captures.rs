//! Profiles as Fleet delivers them, where recordings are at hand.
//!
//! `DEVICECERT_CAPTURES` names the folder with `fleet/*.mobileconfig`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::print_stdout
)]

use std::path::Path;
use std::process::ExitCode;

use devicecert_mobileconfig::payload::Platform;
use devicecert_mobileconfig::rule::{Target, check_bytes};
use devicecert_mobileconfig::{Limits, Severity};
use libtest_mimic::{Arguments, Trial};

/// Without recordings the test is ignored, by name.
fn main() -> ExitCode {
    let is_absent = std::env::var_os("DEVICECERT_CAPTURES").is_none();
    let run = || {
        templates();
        Ok(())
    };
    let trial = Trial::test("a_checked_template_of_fleet_has_no_structural_error", run);
    let trials = vec![trial.with_ignored_flag(is_absent)];
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

fn templates() {
    let folder = std::env::var_os("DEVICECERT_CAPTURES").expect("DEVICECERT_CAPTURES is not set");
    let target = Target::default().platform(Platform::MacOs);
    let mut seen = 0;
    for entry in std::fs::read_dir(Path::new(&folder).join("fleet")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "mobileconfig") {
            continue;
        }
        let findings = check_bytes(&std::fs::read(&path).unwrap(), &Limits::default(), &target);
        let errors: Vec<_> =
            findings.iter().filter(|finding| finding.severity == Severity::Error).collect();
        assert!(errors.is_empty(), "{path:?}: {errors:#?}");
        seen += 1;
    }
    println!("{seen} profiles");
    assert!(seen > 0);
}
