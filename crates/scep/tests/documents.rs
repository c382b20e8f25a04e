//! The documents name tests; every one of them exists.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Every `file::function` between backticks.
fn named(document: &str) -> BTreeSet<(String, String)> {
    let text = fs::read_to_string(root().join(document)).unwrap();
    let quoted = text.split('`').skip(1).step_by(2);
    quoted
        .filter_map(|name| name.split_once(".rs::"))
        .map(|(file, function)| (format!("{file}.rs"), function.to_owned()))
        .collect()
}

fn missing(document: &str) -> Vec<String> {
    named(document)
        .into_iter()
        .filter(|(file, function)| {
            let text = fs::read_to_string(root().join(file)).unwrap_or_default();
            !text.contains(&format!("fn {function}("))
        })
        .map(|(file, function)| format!("{file}::{function}"))
        .collect()
}

#[test]
fn every_threat_names_a_test_that_exists() {
    let document = "docs/threats.md";
    assert_eq!(missing(document), Vec::<String>::new());
    let text = fs::read_to_string(root().join(document)).unwrap();
    let rows = text.lines().filter(|line| line.starts_with("| "));
    let without = rows.filter(|row| !row.contains(".rs::") && !row.starts_with("| attack |"));
    assert_eq!(without.collect::<Vec<_>>(), Vec::<&str>::new());
    assert!(named(document).len() > 50);
}
