//! Every rule's examples, and the documentation made of them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::print_stdout
)]

use std::fmt::Write as _;

use devicecert_crypto_rust::RustCrypto;
use devicecert_syncml::{Checks, Finding, Severity, Target, rules};

fn run(target: Target, text: &str) -> Vec<Finding> {
    Checks::new().target(target).provider(&RustCrypto).run_text(text)
}

#[test]
fn ids_count_from_1_without_a_gap() {
    for (at, rule) in rules().iter().enumerate() {
        assert_eq!(rule.id, format!("WS{:03}", at + 1));
    }
}

#[test]
fn every_failing_example_breaks_its_rule() {
    for rule in rules() {
        let findings = run(rule.target, rule.failing);
        let worst =
            findings.iter().filter(|finding| finding.rule == rule.id).max_by_key(|f| f.severity);
        let worst = worst.unwrap_or_else(|| panic!("{}: {findings:#?}", rule.id));
        assert!(worst.severity <= rule.severity, "{}: {worst:?}", rule.id);
        assert!(rule.failing.get(worst.place.span.clone()).is_some(), "{}: {worst:?}", rule.id);
    }
}

#[test]
fn no_mended_example_breaks_its_rule() {
    for rule in rules() {
        let findings = run(rule.target, rule.mended);
        let left: Vec<_> = findings.iter().filter(|finding| finding.rule == rule.id).collect();
        assert!(left.is_empty(), "{}: {left:#?}", rule.id);
    }
}

#[test]
fn no_finding_is_of_an_unknown_rule() {
    for rule in rules() {
        for text in [rule.failing, rule.mended] {
            for finding in run(rule.target, text) {
                assert!(rules().iter().any(|rule| rule.id == finding.rule), "{finding}");
            }
        }
    }
}

#[test]
fn the_documentation_is_up_to_date() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/rules-windows.md");
    let generated = document();
    if std::env::var_os("DEVICECERT_BLESS").is_some() {
        std::fs::write(path, &generated).unwrap();
    }
    let stored = std::fs::read_to_string(path).unwrap_or_default();
    assert!(stored == generated, "run this test with DEVICECERT_BLESS=1 to write {path}");
}

fn document() -> String {
    let mut out = String::from(
        "# Rules for Windows SyncML\n\n\
         Made from the rules in `crates/syncml`; to write it anew, run the tests of that crate with\n\
         `DEVICECERT_BLESS=1`. A rule is named with its worst case: single findings may be milder.\n",
    );
    for rule in rules() {
        let severity = match rule.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Advice => "advice",
        };
        let target = match rule.target {
            Target::Fleet => " Only for profiles that go to Fleet.",
            _ => "",
        };
        write!(
            out,
            "\n## {}\n\n*{severity}*: {}.\n\n{}{target}\n\nBreaks it:\n\n```xml\n{}```\n\nDoes not:\n\n```xml\n{}```\n",
            rule.id, rule.title, rule.why, rule.failing, rule.mended,
        )
        .unwrap();
    }
    out
}
