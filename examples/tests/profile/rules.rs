//! `docs/rules.md`, which the help of the program points to.

use std::fmt::Write as _;
use std::path::Path;

use devicecert::{mobileconfig, syncml};
use libtest_mimic::Trial;

use crate::trial;

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("rules::the_index_has_every_rule", index),
        trial("rules::every_link_of_the_index_leads_to_a_heading", links),
    ]
}

fn docs(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs").join(name)
}

/// Every rule: file, id, severity, title.
fn rules() -> Vec<(&'static str, &'static str, String, &'static str)> {
    let apple = mobileconfig::rule::rules()
        .iter()
        .map(|rule| ("rules-apple.md", rule.id, rule.severity.to_string(), rule.title));
    let windows = syncml::rules()
        .iter()
        .map(|rule| ("rules-windows.md", rule.id, rule.severity.to_string(), rule.title));
    apple.chain(windows).collect()
}

/// `DEVICECERT_BLESS=1` writes it.
fn index() {
    let mut expected = String::from(
        "# Rules\n\n\
         What `profile check` and the libraries behind it look for: in [Apple profiles](rules-apple.md) and \
         in\n[Windows SyncML](rules-windows.md), each rule with its reason, a file that breaks it, and the \
         same file mended.\n\n\
         Made from the rules themselves; `DEVICECERT_BLESS=1 cargo test -p devicecert-examples` writes it \
         anew.\n\n\
         | rule | at worst | about |\n|---|---|---|\n",
    );
    for (file, id, severity, title) in rules() {
        let anchor = id.to_lowercase();
        writeln!(expected, "| [{id}]({file}#{anchor}) | {severity} | {title} |").unwrap();
    }
    let path = docs("rules.md");
    if std::env::var_os("DEVICECERT_BLESS").is_some() {
        std::fs::write(&path, &expected).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == expected, "run the tests once with DEVICECERT_BLESS=1 to write {path:?}");
}

fn links() {
    for (file, id, ..) in rules() {
        let text = std::fs::read_to_string(docs(file)).unwrap();
        assert!(text.lines().any(|line| line == format!("## {id}")), "{file} lacks {id}");
    }
}
