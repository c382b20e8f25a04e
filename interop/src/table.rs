//! The table at the end: who, what, how it went.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How a test went.
#[derive(Clone, Debug)]
pub enum Verdict {
    /// It passed, in this time.
    Passed(Duration),
    /// It failed.
    Failed,
    /// It could not run: this peer is missing.
    Skipped(&'static str),
}

/// Collects rows from tests that run at the same time.
#[derive(Debug, Default)]
pub struct Table {
    // By the place of the test in the list: tests end in any order.
    rows: Mutex<BTreeMap<usize, Row>>,
}

#[derive(Debug)]
struct Row {
    peer: &'static str,
    what: String,
    verdict: Verdict,
}

impl Table {
    /// An empty table.
    #[must_use]
    pub const fn new() -> Self {
        Self { rows: Mutex::new(BTreeMap::new()) }
    }

    /// Writes row number `order`, over what it said before.
    pub fn set(&self, order: usize, peer: &'static str, what: &str, verdict: Verdict) {
        self.rows().insert(order, Row { peer, what: what.to_owned(), verdict });
    }

    fn rows(&self) -> MutexGuard<'_, BTreeMap<usize, Row>> {
        // A test that panicked while it held the lock has not half-written a row.
        self.rows.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = self.rows();
        let peers = rows.values().map(|row| row.peer.len()).max().unwrap_or(0).max(4);
        let whats = rows.values().map(|row| row.what.len()).max().unwrap_or(0).max(4);
        writeln!(f, "| {:peers$} | {:whats$} | result", "peer", "what")?;
        writeln!(f, "|-{:-<peers$}-|-{:-<whats$}-|-------", "", "")?;
        for Row { peer, what, verdict } in rows.values() {
            writeln!(f, "| {peer:peers$} | {what:whats$} | {verdict}")?;
        }
        let count =
            |wanted: fn(&Verdict) -> bool| rows.values().filter(|row| wanted(&row.verdict)).count();
        writeln!(
            f,
            "{} passed, {} failed, {} skipped",
            count(|verdict| matches!(verdict, Verdict::Passed(_))),
            count(|verdict| matches!(verdict, Verdict::Failed)),
            count(|verdict| matches!(verdict, Verdict::Skipped(_))),
        )
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Passed(time) => write!(f, "ok ({:.1} s)", time.as_secs_f64()),
            Self::Failed => f.write_str("FAILED"),
            Self::Skipped(program) => write!(f, "skipped, {program} is not installed"),
        }
    }
}
