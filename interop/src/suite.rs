//! A list of tests with peers, and the harness that runs it.
//!
//! The standard harness cannot say at run time "this test is ignored, its peer is not installed".

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a test harness talks")]

use std::fs::OpenOptions;
use std::io::Write as _;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use libtest_mimic::{Arguments, Trial};

use crate::peer::CAPTURES;
use crate::table::{Table, Verdict};
use crate::{Lab, Outcome, Peer};

/// One test, one row of the table.
pub struct Case {
    peer: &'static Peer,
    name: String,
    what: String,
    run: Box<dyn FnOnce(&Lab) -> Outcome + Send>,
}

/// Makes a [`Case`]: with whom, what it is called, what it shows.
pub fn case(
    peer: &'static Peer,
    name: impl Into<String>,
    what: impl Into<String>,
    run: impl FnOnce(&Lab) -> Outcome + Send + 'static,
) -> Case {
    Case { peer, name: name.into(), what: what.into(), run: Box::new(run) }
}

impl std::fmt::Debug for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Case").field("peer", &self.peer.name).field("name", &self.name).finish()
    }
}

/// Runs the tests that the command line asks for, four at a time unless it says otherwise, in this
/// order; then prints the table.
pub fn run(cases: impl IntoIterator<Item = Case>) -> ExitCode {
    let mut arguments = Arguments::from_args();
    // Most of these tests wait for somebody: for a key to be made, for a peer to ask again.
    if arguments.test_threads.is_none() && std::env::var_os("RUST_TEST_THREADS").is_none() {
        arguments.test_threads = Some(4);
    }
    let table = Arc::new(Table::new());
    let required = std::env::var_os("DEVICECERT_REQUIRE_PEERS").is_some_and(|value| value == "1");
    let trials = cases
        .into_iter()
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
    let skip = missing.filter(|what| !required || *what == CAPTURES);
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

/// Prints the table, and adds it to the file that `DEVICECERT_INTEROP_TABLE` names.
fn report(table: &Table) {
    println!("{table}");
    let Some(path) = std::env::var_os("DEVICECERT_INTEROP_TABLE") else { return };
    let file = OpenOptions::new().create(true).append(true).open(&path);
    if let Err(error) = file.and_then(|mut file| writeln!(file, "{table}")) {
        eprintln!("the table could not be written to {}: {error}", path.display());
    }
}
