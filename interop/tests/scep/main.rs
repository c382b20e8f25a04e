//! SCEP, our programs against programs that this project did not write.
//!
//! `cargo test --workspace` builds the programs under test (the examples `scep-client` and
//! `scep-server`) and runs this. What a peer taught us is written where its test is.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::print_stdout,
    clippy::print_stderr
)]

mod alone;
mod cases;
mod certmonger;
mod check;
mod crash;
mod micromdm_client;
mod micromdm_server;
mod openssl;
mod ours;
mod pyscep;
mod scep_submit;
mod strongswan;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use devicecert_interop::Lab;
use devicecert_interop::table::{Table, Verdict};
use libtest_mimic::{Arguments, Trial};

use crate::cases::Case;

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    // Most of these tests wait for somebody: for a key to be made, for a peer to ask again.
    if arguments.test_threads.is_none() && std::env::var_os("RUST_TEST_THREADS").is_none() {
        arguments.test_threads = Some(4);
    }
    let table = Arc::new(Table::new());
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
    let required = std::env::var_os("DEVICECERT_REQUIRE_PEERS").is_some_and(|value| value == "1");
    let trials = cases
        .into_iter()
        .flatten()
        .enumerate()
        .map(|(order, case)| trial(order, case, required, &arguments, &table))
        .collect();
    let conclusion = libtest_mimic::run(&arguments, trials);
    if !arguments.list {
        report(&table);
    }
    conclusion.exit_code()
}

fn trial(
    order: usize,
    case: Case,
    required: bool,
    arguments: &Arguments,
    table: &Arc<Table>,
) -> Trial {
    let Case { peer, name, what, run } = case;
    let name = format!("{}::{name}", peer.name);
    let missing = peer.missing();
    let skip = missing.filter(|_| !required);
    let chosen = arguments.filter.as_ref().is_none_or(|filter| name.contains(filter))
        && !arguments.skip.iter().any(|skip| name.contains(skip));
    if let Some(program) = skip.filter(|_| chosen && !arguments.list) {
        println!("skipped: {name}: peer {program} is not installed");
        table.set(order, peer.name, &what, Verdict::Skipped(program));
    }
    let table = Arc::clone(table);
    let test = name.clone();
    Trial::test(name, move || {
        if let Some(program) = missing {
            table.set(order, peer.name, &what, Verdict::Failed);
            return Err(format!("peer {program} is not installed").into());
        }
        let start = Instant::now();
        let lab = Lab::new(&test)?;
        if lab.is_kept() {
            println!("{test}: {}", lab.root().display());
        }
        // Written before the test, so that a test that panics has its row too.
        table.set(order, peer.name, &what, Verdict::Failed);
        run(&lab)?;
        table.set(order, peer.name, &what, Verdict::Passed(start.elapsed()));
        Ok(())
    })
    .with_ignored_flag(skip.is_some())
}

/// Prints the table, and leaves it where `DEVICECERT_INTEROP_TABLE` says.
fn report(table: &Table) {
    println!("{table}");
    let Some(path) = std::env::var_os("DEVICECERT_INTEROP_TABLE") else { return };
    if let Err(error) = std::fs::write(&path, table.to_string()) {
        eprintln!("the table could not be written to {}: {error}", path.display());
    }
}
