//! Every rule against its own examples, and the documentation made of them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

use std::fmt::Write as _;
use std::path::Path;

use devicecert_mobileconfig::payload::Platform;
use devicecert_mobileconfig::rule::{Example, Frame, Rule, Target, check_bytes, rules};
use devicecert_mobileconfig::{Finding, Limits};

fn check(text: &str, platform: Option<Platform>) -> Vec<Finding> {
    check_bytes(text.as_bytes(), &Limits::default(), &Target::from(platform))
}

fn ids(findings: &[Finding]) -> Vec<&'static str> {
    let mut ids: Vec<_> = findings.iter().map(|finding| finding.rule).collect();
    ids.dedup();
    ids
}

#[test]
fn every_example_breaks_its_rule_until_it_is_mended() {
    for rule in rules() {
        for example in rule.examples {
            let broken = check(&example.broken_profile(), example.platform);
            assert!(
                broken.iter().any(|finding| finding.rule == rule.id),
                "{} is not found in:\n{}\nbut: {broken:#?}",
                rule.id,
                example.broken,
            );
            let mended = check(&example.mended_profile(), example.platform);
            let left: Vec<_> = mended.iter().filter(|finding| finding.rule == rule.id).collect();
            assert!(left.is_empty(), "still in:\n{}\n{left:#?}", example.mended);
        }
    }
}

#[test]
fn rules_are_in_order_and_only_named_ones_are_found() {
    let names: Vec<_> = rules().iter().map(|rule| rule.id).collect();
    assert!(names.is_sorted(), "{names:?}");
    assert!(rules().iter().all(|rule| !rule.examples.is_empty()));
    let expected: Vec<_> = (1..=23).map(|number| format!("AP{number:03}")).collect();
    assert_eq!(names, expected);
    for rule in rules() {
        for example in rule.examples {
            for finding in check(&example.broken_profile(), example.platform) {
                let named = rules().iter().find(|rule| rule.id == finding.rule).unwrap();
                assert!(finding.severity <= named.severity, "{finding}");
                assert!(!finding.why.is_empty() && !finding.found.is_empty());
            }
        }
    }
}

#[test]
fn findings_know_their_line_and_key_path() {
    let example = rules().iter().find(|rule| rule.id == "AP007").unwrap().examples[0];
    let findings = check(&example.broken_profile(), None);
    let finding = findings.iter().find(|finding| finding.instead.as_deref() == Some("Key Type"));
    let finding = finding.expect("a suggestion");
    assert_eq!(finding.place.key_path.to_string(), "PayloadContent[0].PayloadContent.KeyType");
    let text = example.broken_profile();
    let position = finding.place.position.expect("a position");
    let line = text.lines().nth(position.line - 1).unwrap();
    assert!(line.contains("<key>KeyType</key>"), "{line}");
    assert!(text[finding.place.span.range()].contains("KeyType"));
}

/// The documentation in `docs/rules-apple.md` is what the rules say; `DEVICECERT_BLESS=1` writes it.
#[test]
fn documentation_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/rules-apple.md");
    let expected = documentation();
    if std::env::var_os("DEVICECERT_BLESS").is_some() {
        std::fs::write(&path, &expected).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == expected, "run the tests once with DEVICECERT_BLESS=1 to write {path:?}");
}

fn documentation() -> String {
    let mut text = String::from(
        "# What is checked in Apple profiles\n\n\
         Made from the rules in `crates/mobileconfig/src/rule/catalogue`; do not edit. A rule that \
         needs to know a\nvalue says nothing while a placeholder stands for it.\n\n\
         | rule | at worst | asks for |\n|---|---|---|\n",
    );
    for Rule { id, severity, title, .. } in rules() {
        writeln!(text, "| [{id}](#{}) | {severity} | {title} |", id.to_lowercase()).unwrap();
    }
    for Rule { id, title, why, examples, .. } in rules() {
        write!(text, "\n## {id}\n\n{title}.\n\n{why}\n").unwrap();
        for example in *examples {
            document(&mut text, example);
        }
    }
    text
}

fn document(text: &mut String, example: &Example) {
    let part = match example.frame {
        Frame::Payload => "In a payload",
        Frame::Payloads => "In the array of payloads",
        Frame::Profile => "In the profile",
        Frame::File => "The file",
    };
    let target = example.platform.map(|platform| format!(" for {platform}")).unwrap_or_default();
    let Example { broken, mended, .. } = example;
    write!(text, "\n{part}{target}:\n\n```xml\n{broken}\n```\n\n").unwrap();
    for finding in check(&example.broken_profile(), example.platform) {
        let Finding { rule, severity, found, instead, .. } = &finding;
        let instead = instead.as_deref().filter(|instead| !instead.contains('`'));
        let instead = instead.map(|instead| format!("; write `{instead}`")).unwrap_or_default();
        writeln!(text, "- {severity} {rule}: found {found}{instead}").unwrap();
    }
    write!(text, "\nMended:\n\n```xml\n{mended}\n```\n").unwrap();
}

#[test]
fn an_empty_dictionary_lacks_everything() {
    let text = rules()[0].examples[0].mended_profile();
    assert_eq!(ids(&check(&text, None)), ["AP002", "AP003"]);
}
