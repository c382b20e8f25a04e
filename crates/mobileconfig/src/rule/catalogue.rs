//! The rules, as data: the documentation is made of it, and a test runs the examples.

mod envelope;
mod identity;
mod network;
mod schema;

use super::{Example, Rule};
use crate::finding::Severity;

/// In the order of their names.
pub(super) const RULES: &[Rule] = &[
    envelope::AP001,
    envelope::AP002,
    schema::AP003,
    envelope::AP004,
    network::AP005,
    network::AP006,
    schema::AP007,
    schema::AP008,
    identity::AP009,
    identity::AP010,
    identity::AP011,
    identity::AP012,
    identity::AP013,
    identity::AP014,
    schema::AP015,
    network::AP016,
    network::AP017,
    network::AP018,
    envelope::AP019,
    envelope::AP020,
    envelope::AP021,
    envelope::AP022,
    envelope::AP023,
];

const fn rule(
    id: &'static str,
    severity: Severity,
    title: &'static str,
    why: &'static str,
    examples: &'static [Example],
) -> Rule {
    Rule { id, severity, title, why, examples }
}
