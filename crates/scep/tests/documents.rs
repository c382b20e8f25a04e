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

/// The rows of every table, without their heads.
fn rows(document: &str) -> Vec<String> {
    let text = fs::read_to_string(root().join(document)).unwrap();
    let following = text.lines().skip(1).chain([""]);
    let rows = text
        .lines()
        .zip(following)
        .filter(|(line, next)| line.starts_with("| ") && !next.starts_with("|---"));
    rows.map(|(line, _)| line.to_owned()).collect()
}

fn every_row_names_a_test_that_exists(document: &str, at_least: usize) {
    assert_eq!(missing(document), Vec::<String>::new());
    let rows = rows(document);
    let without: Vec<_> = rows.iter().filter(|row| !row.contains(".rs::")).collect();
    assert_eq!(without, Vec::<&String>::new());
    assert!(rows.len() >= at_least && named(document).len() >= at_least, "{}", rows.len());
}

#[test]
fn every_threat_names_a_test_that_exists() {
    every_row_names_a_test_that_exists("docs/threats.md", 50);
}

#[test]
fn every_deviation_names_a_test_that_exists() {
    every_row_names_a_test_that_exists("docs/tolerance.md", 80);
}

/// The switches of a crate: the public fields of its `Tolerance`, but for that of another crate.
fn switches(krate: &str) -> BTreeSet<String> {
    let path = root().join(format!("crates/{krate}/src/tolerance.rs"));
    let text = fs::read_to_string(path).unwrap();
    let (_, body) = text.split_once("pub struct Tolerance {").unwrap();
    let (body, _) = body.split_once("\n}").unwrap();
    let fields = body.lines().filter_map(|line| line.trim().strip_prefix("pub ")?.split_once(':'));
    let own = fields.filter(|(_, kind)| kind.trim() != "pki::Tolerance,");
    own.map(|(name, _)| name.to_owned()).collect()
}

#[test]
fn every_switch_has_a_row_and_every_row_a_switch() {
    let text = fs::read_to_string(root().join("docs/tolerance.md")).unwrap();
    for krate in ["pki", "scep", "est"] {
        let (_, section) = text.split_once(&format!("## `{krate}::Tolerance`")).unwrap();
        let section = section.split("\n## ").next().unwrap();
        let (_, table) = section.split_once("| field |").unwrap();
        let table = table.split("\n\n").next().unwrap();
        let rows = table.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
        let rows: BTreeSet<String> = rows.map(|(name, _)| name.to_owned()).collect();
        assert!(rows.len() > 3, "{krate}: {rows:?}");
        assert_eq!(rows, switches(krate), "{krate}");
    }
    // Nobody else has one.
    let crates = fs::read_dir(root().join("crates")).unwrap();
    let with: BTreeSet<String> = crates
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().join("src/tolerance.rs").exists())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    assert_eq!(with, ["est", "pki", "scep"].map(str::to_owned).into());
}
