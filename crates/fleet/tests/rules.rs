//! Every rule against its own examples, and the documentation made of rules and variables.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fmt::Write as _;
use std::path::Path;

use devicecert_fleet::{Destination, Example, Finding, Row, Rule, Rules, rows, rules};

#[test]
fn every_example_breaks_its_rule() {
    for rule in rules() {
        assert!(!rule.examples.is_empty(), "{}", rule.id);
        for example in rule.examples {
            let found = example.findings();
            assert!(
                found.iter().any(|finding| finding.rule == rule.id),
                "{} is not found in:\n{}\nbut: {found:#?}",
                rule.id,
                example.profile,
            );
        }
    }
}

#[test]
fn rules_are_in_order_and_only_named_ones_are_found() {
    let ids: Vec<_> = rules().iter().map(|rule| rule.id).collect();
    assert!(ids.is_sorted(), "{ids:?}");
    for example in rules().iter().flat_map(|rule| rule.examples) {
        for finding in example.findings() {
            let rule = rules().iter().find(|rule| rule.id == finding.rule).unwrap();
            assert_eq!(finding.severity, rule.severity, "{finding}");
            assert!(rule.is_in(example.rules), "{finding}");
            assert!(finding.place.span.end <= example.profile.len(), "{finding}");
        }
    }
}

/// What stands in `docs/` is what the code says; `DEVICECERT_BLESS=1` writes it.
#[test]
fn documentation_is_up_to_date() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs");
    for (name, expected) in [("rules-fleet.md", rule_table()), ("fleet-variables.md", variables())]
    {
        let path = folder.join(name);
        if std::env::var_os("DEVICECERT_BLESS").is_some() {
            std::fs::write(&path, &expected).unwrap();
        }
        let found = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(found == expected, "run the tests once with DEVICECERT_BLESS=1 to write {path:?}");
    }
}

fn editions(rule: &Rule) -> &'static str {
    match (rule.is_in(Rules::Guide), rule.is_in(Rules::Current)) {
        (true, true) => "both",
        (true, false) => "Guide",
        (false, true) => "Current",
        (false, false) => "none",
    }
}

fn rule_table() -> String {
    let mut text = String::from(
        "# What is checked in profiles for Fleet\n\n\
         Made from the rules in `crates/fleet/src/rules/catalogue`; do not edit. `Guide` is Fleet \
         4.76 to 4.78 of late\n2025, as its guide to certificates describes it; `Current` is Fleet \
         since 4.86 of 2026. Where a rule is\nFleet's, a finding has Fleet's own text.\n\n\
         | rule | whose | editions | severity | asks for |\n|---|---|---|---|---|\n",
    );
    for rule in rules() {
        let Rule { id, severity, title, is_of_fleet, .. } = rule;
        let whose = if *is_of_fleet { "Fleet" } else { "ours" };
        let link = id.to_lowercase();
        writeln!(text, "| [{id}](#{link}) | {whose} | {} | {severity} | {title} |", editions(rule))
            .unwrap();
    }
    for Rule { id, title, why, examples, .. } in rules() {
        let (first, rest) = why.split_at(1);
        write!(text, "\n## {id}\n\n{title}.\n\n{}{rest}.\n", first.to_uppercase()).unwrap();
        for example in *examples {
            document(&mut text, example);
        }
    }
    text
}

fn document(text: &mut String, example: &Example) {
    let circumstances = example.circumstances().map(|more| format!(", {more}")).unwrap_or_default();
    let edition = match example.rules {
        Rules::Guide => " by the guide",
        Rules::Current => "",
    };
    let title = example.destination.title();
    let language = match example.destination {
        Destination::AppleDeclaration => "json",
        _ => "xml",
    };
    let profile = example.profile.trim_end();
    write!(text, "\n{title}{edition}{circumstances}:\n\n```{language}\n{profile}\n```\n\n")
        .unwrap();
    for Finding { rule, severity, message, place, instead, .. } in example.findings() {
        let instead = instead.filter(|instead| !instead.contains('`'));
        let instead = instead.map(|instead| format!("; write `{instead}`")).unwrap_or_default();
        writeln!(text, "- {}:{} {severity} {rule}: `{message}`{instead}", place.line, place.column)
            .unwrap();
    }
}

fn variables() -> String {
    let mut text = String::from(
        "# Where each variable of Fleet may stand\n\n\
         Made from the table in `crates/fleet/src/variable/table.rs`; do not edit. `yes`: in Fleet \
         4.76 to 4.78 of late\n2025 and since; `2026`: only since; `2025`: not any more.\n\n\
         | variable |",
    );
    for destination in Destination::ALL {
        write!(text, " {} |", destination.title()).unwrap();
    }
    text.push_str(" resolves to |\n|---|");
    text.push_str(&"---|".repeat(Destination::ALL.len()));
    text.push_str("---|\n");
    for row in rows() {
        write!(text, "| `{}` |", row.name()).unwrap();
        for destination in Destination::ALL {
            let cell = cell(row, destination);
            write!(text, " {cell} |").unwrap();
        }
        writeln!(text, " {} |", row.resolves_to).unwrap();
    }
    text
}

fn cell(row: &Row, destination: Destination) -> &'static str {
    let taken = |rules| row.destinations(rules).contains(&destination);
    match (taken(Rules::Guide), taken(Rules::Current)) {
        (true, true) => "yes",
        (false, true) => "2026",
        (true, false) => "2025",
        (false, false) => "–",
    }
}
