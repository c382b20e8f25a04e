//! Property lists that chance makes, through Python's `plistlib`, as XML and as binary.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

mod common;

use std::process::{Command, ExitCode, Stdio};

use devicecert_mobileconfig::Limits;
use devicecert_mobileconfig::plist::{Document, Value};
use libtest_mimic::{Arguments, Trial};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

/// Documents that one run of Python reads and writes.
const DOCUMENTS: usize = 200;

/// Reads `N.ours` and writes `N.xml` and `N.binary`, for all of them.
const CONVERT: &str = "import plistlib, sys
for n in range(int(sys.argv[2])):
    name = f'{sys.argv[1]}/{n}.'
    read = plistlib.load(open(name + 'ours', 'rb'))
    for form, kind in (('xml', plistlib.FMT_XML), ('binary', plistlib.FMT_BINARY)):
        plistlib.dump(read, open(name + form, 'wb'), fmt=kind, sort_keys=False)";

/// Without Python the test is ignored, by name.
fn main() -> ExitCode {
    let mut python = Command::new("python3");
    python.arg("--version").stdout(Stdio::null()).stderr(Stdio::null());
    let is_absent = python.status().is_err();
    let run = || {
        they_read_what_we_write_and_we_read_what_they_write();
        Ok(())
    };
    let name = "they_read_what_we_write_and_we_read_what_they_write";
    let trials = vec![Trial::test(name, run).with_ignored_flag(is_absent)];
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

/// What `plistlib` can hold, and writes so that it can be read: years from 1 on, and no carriage
/// return, which it does not write as a reference.
fn is_common(value: &Value) -> bool {
    let document = Document::new(value.clone());
    document.node().walk().all(|node| {
        let keys = node.key().map(|key| key.value.as_str());
        let texts = [keys, node.value().as_str()];
        let year_1 = -62_135_596_800;
        texts.into_iter().flatten().all(|text| !text.contains('\r'))
            && node.value().as_date().is_none_or(|date| date.unix() >= year_1)
            && node.value().as_real().is_none_or(f64::is_finite)
    })
}

fn they_read_what_we_write_and_we_read_what_they_write() {
    let folder = tempfile::tempdir().unwrap();
    let mut runner = TestRunner::deterministic();
    let strategy = common::value().prop_filter("common", is_common);
    let path = |n: usize, form: &str| folder.path().join(format!("{n}.{form}"));
    let documents: Vec<Document> = (0..DOCUMENTS)
        .map(|n| {
            let document = Document::new(strategy.new_tree(&mut runner).unwrap().current());
            std::fs::write(path(n, "ours"), document.to_xml().unwrap()).unwrap();
            document
        })
        .collect();
    let python = Command::new("python3")
        .args(["-c", CONVERT])
        .arg(folder.path())
        .arg(DOCUMENTS.to_string())
        .output()
        .unwrap();
    assert!(python.status.success(), "{}", String::from_utf8_lossy(&python.stderr));
    for (n, document) in documents.iter().enumerate() {
        for form in ["xml", "binary"] {
            let theirs = std::fs::read(path(n, form)).unwrap();
            let read = Document::read(&theirs, &Limits::default()).unwrap();
            assert_eq!(&read, document, "{n}, {form}: {}", document.to_xml().unwrap());
        }
    }
}
