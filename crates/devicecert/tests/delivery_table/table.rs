//! The table: a row for each CA and platform, a cell for each thing that can happen.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a test harness talks")]

use std::collections::BTreeMap;
use std::fmt;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

use libtest_mimic::{Arguments, Trial};

use crate::watch;

/// What happens, in the order of the columns.
const COLUMNS: [&str; 6] =
    ["deliver", "enrol", "renew", "wrong_credentials", "expired_challenge", "ca_down"];

/// One CA on one platform.
pub(crate) struct Row {
    /// What the table calls it.
    pub(crate) title: &'static str,
    /// What the names of its tests start with.
    pub(crate) module: &'static str,
    /// One for each of [`COLUMNS`].
    pub(crate) cells: [Cell; 6],
}

/// One thing that happens with one CA on one platform.
#[derive(Clone, Copy)]
pub(crate) enum Cell {
    /// This shows what then happens; it panics if that is wrong.
    Test(fn()),
    /// It cannot happen, and this is why.
    Impossible(&'static str),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Passed,
    Failed,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Passed => "ok",
            Self::Failed => "FAILED",
        })
    }
}

type Outcomes = Arc<Mutex<BTreeMap<String, Outcome>>>;

/// Runs the tests that the command line asks for, then prints the table.
pub(crate) fn run(rows: &[Row]) -> ExitCode {
    let arguments = Arguments::from_args();
    let outcomes = Outcomes::default();
    let trials = rows.iter().flat_map(|row| {
        COLUMNS.iter().zip(&row.cells).filter_map(|(column, cell)| match *cell {
            Cell::Test(test) => Some(trial(name(row, column), test, &outcomes)),
            Cell::Impossible(_) => None,
        })
    });
    let conclusion = libtest_mimic::run(&arguments, trials.collect());
    if arguments.list {
        return conclusion.exit_code();
    }
    let heard = watch::heard();
    let told = watch::told();
    report(&format!(
        "{}\n{}",
        table(rows, &outcomes.lock().unwrap_or_else(PoisonError::into_inner)),
        secrecy(&heard, &told)
    ));
    match told.is_empty() {
        true => conclusion.exit_code(),
        false => ExitCode::FAILURE,
    }
}

fn name(row: &Row, column: &str) -> String {
    format!("{}::{column}", row.module)
}

fn trial(name: String, test: fn(), outcomes: &Outcomes) -> Trial {
    let outcomes = Arc::clone(outcomes);
    Trial::test(name.clone(), move || {
        let set = |outcome| {
            let mut outcomes = outcomes.lock().unwrap_or_else(PoisonError::into_inner);
            outcomes.insert(name.clone(), outcome);
        };
        // Written before the test: one that panics never comes back here.
        set(Outcome::Failed);
        test();
        set(Outcome::Passed);
        Ok(())
    })
}

/// Every row on a line: the beginning of its tests' names, and in each cell the end and what came
/// of it.
fn table(rows: &[Row], outcomes: &BTreeMap<String, Outcome>) -> String {
    let mut reasons: Vec<&str> = Vec::new();
    let mut lines = vec![["CA × platform", "tests"].map(str::to_owned).to_vec()];
    lines[0].extend(COLUMNS.map(|column| column.replace('_', " ")));
    for row in rows {
        let mut line = vec![row.title.to_owned(), format!("{}::", row.module)];
        for (column, cell) in COLUMNS.iter().zip(&row.cells) {
            line.push(match cell {
                Cell::Test(_) => match outcomes.get(&name(row, column)) {
                    Some(outcome) => format!("{column} {outcome}"),
                    None => format!("{column} not run"),
                },
                Cell::Impossible(why) => {
                    let known = reasons.iter().position(|known| known == why);
                    let at = known.unwrap_or_else(|| {
                        reasons.push(why);
                        reasons.len() - 1
                    });
                    format!("none, see {}", at + 1)
                }
            });
        }
        lines.push(line);
    }
    let widths: Vec<usize> = (0..lines[0].len())
        .map(|at| lines.iter().map(|line| line[at].chars().count()).max().unwrap_or(0))
        .collect();
    let mut text = String::new();
    for (at, line) in lines.iter().enumerate() {
        let cells = line.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
        text.push_str(&format!("| {} |\n", cells.collect::<Vec<_>>().join(" | ")));
        if at == 0 {
            let rules = widths.iter().map(|width| "-".repeat(*width));
            text.push_str(&format!("|-{}-|\n", rules.collect::<Vec<_>>().join("-|-")));
        }
    }
    for (at, reason) in reasons.iter().enumerate() {
        text.push_str(&format!("{}: {reason}\n", at + 1));
    }
    text
}

fn secrecy(heard: &watch::Heard, told: &[String]) -> String {
    let watch::Heard { secrets, texts } = heard;
    let mut text = format!(
        "{secrets} challenges, passcodes, passwords, tokens and keys; {texts} Debug and Display \
         texts of what went around; secrets in them: {}\n",
        told.len()
    );
    told.iter().for_each(|line| text.push_str(&format!("{line}\n")));
    text
}

/// Prints it, and adds it to the file that `DEVICECERT_INTEROP_TABLE` names.
fn report(text: &str) {
    println!("{text}");
    let Some(path) = std::env::var_os("DEVICECERT_INTEROP_TABLE") else { return };
    let file = OpenOptions::new().create(true).append(true).open(&path);
    if let Err(error) = file.and_then(|mut file| writeln!(file, "{text}")) {
        eprintln!("the table could not be written to {}: {error}", path.display());
    }
}
