//! The tables against Microsoft's device description files, where those are at hand.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::print_stdout
)]

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use devicecert_syncml::csp::{Allowed, DELIBERATELY_ABSENT, Occurrence, PROVIDERS, Scopes};
use devicecert_syncml::xml::Element;
use devicecert_syncml::{Document, Limits};
use libtest_mimic::{Arguments, Trial};

/// What a description says of a node.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Described {
    access: Vec<String>,
    format: String,
    occurrence: String,
    default: Option<String>,
    allowed: String,
}

/// Without description files what needs them is ignored, by name.
fn main() -> ExitCode {
    let trial = |name: &str, test: fn()| {
        Trial::test(name, move || {
            test();
            Ok(())
        })
    };
    let trials = vec![
        trial("every_node_is_as_described_or_deliberately_absent", described_or_absent)
            .with_ignored_flag(folder().is_none()),
        trial("what_is_absent_is_in_the_tables_if_it_is_checked", absent_and_checked),
    ];
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

fn folder() -> Option<PathBuf> {
    let folder = PathBuf::from(std::env::var_os("DEVICECERT_SCHEMAS")?);
    ["windows/2025-02", "2025-02", "."]
        .iter()
        .map(|below| folder.join(below))
        .find(|folder| folder.join("ClientCertificateInstall.xml").is_file())
}

/// A description starts with a document type declaration, which no other reader here takes.
fn read(text: &str) -> Document {
    let start = text.find("<!DOCTYPE").unwrap();
    let end = start + text[start..].find("]>").unwrap() + 2;
    let text = format!("{}{}", &text[..start], &text[end..]);
    Document::read(&text, &Limits::default()).unwrap()
}

fn names(parent: &Element) -> Vec<String> {
    parent.elements().map(|child| child.local_name().to_owned()).collect()
}

fn walk(node: &Element, path: &str, out: &mut BTreeMap<String, Described>) {
    let properties = node.first("DFProperties").unwrap();
    let text = |name: &str| properties.first(name).map(|child| child.content().trim().to_owned());
    let name = node.first("NodeName").map(Element::content).unwrap_or_default();
    let title = text("DFTitle").unwrap_or_default();
    let segment = if name.is_empty() { format!("{{{title}}}") } else { name };
    let path = format!("{path}/{segment}");

    // Patterns and schemas of values are not in the tables.
    let is_listed = |allowed: &&Element| {
        let kind = allowed.attribute_value("ValueType").map(|kind| kind.value.as_str());
        matches!(kind, Some("ENUM" | "Range" | "Flag"))
    };
    let allowed = properties.first("AllowedValues").filter(is_listed);
    let values = allowed.into_iter().flat_map(|allowed| {
        let direct = allowed.elements().filter(|child| child.local_name() == "Value");
        let listed = allowed.elements().filter_map(|child| child.first("Value"));
        direct.chain(listed).map(Element::content).collect::<Vec<_>>()
    });
    let mut access = names(properties.first("AccessType").unwrap());
    access.sort();
    let described = Described {
        access,
        format: names(properties.first("DFFormat").unwrap()).concat(),
        occurrence: names(properties.first("Occurrence").unwrap()).concat(),
        default: text("DefaultValue"),
        allowed: values.collect::<Vec<_>>().join(","),
    };
    for child in node.elements().filter(|child| child.local_name() == "Node") {
        walk(child, &path, out);
    }
    assert!(out.insert(path.clone(), described).is_none(), "{path} twice");
}

fn described(text: &str) -> BTreeMap<String, Described> {
    let document = read(text);
    let root = document.roots().next().unwrap();
    let mut out = BTreeMap::new();
    for node in root.elements().filter(|child| child.local_name() == "Node") {
        let path = node.first("Path").unwrap().content();
        walk(node, path.trim(), &mut out);
    }
    out
}

fn modelled(name: &str) -> BTreeMap<String, Described> {
    let csp = PROVIDERS.iter().find(|csp| csp.name == name).unwrap();
    let mut out = BTreeMap::new();
    for (path, scopes, node) in csp.nodes() {
        let mut access: Vec<String> = node.access.verbs().map(|verb| verb.to_string()).collect();
        access.sort();
        let allowed = match node.allowed {
            Allowed::Any => String::new(),
            Allowed::OneOf(values) => values.join(","),
            Allowed::Range(from, to) => format!("[{from}-{to}]"),
        };
        let occurrence = match node.occurrence {
            Occurrence::One => "One",
            Occurrence::ZeroOrOne => "ZeroOrOne",
            Occurrence::ZeroOrMore => "ZeroOrMore",
        };
        for scope in ["Device", "User"] {
            match (scope, scopes) {
                ("User", Scopes::DeviceOnly) | ("Device", Scopes::UserOnly) => continue,
                _ => {}
            }
            let slash = if path.is_empty() { "" } else { "/" };
            let full = format!("./{scope}/Vendor/MSFT/{name}{slash}{path}");
            let described = Described {
                access: access.clone(),
                format: node.format.to_string(),
                occurrence: occurrence.to_owned(),
                default: node.default.map(str::to_owned),
                allowed: allowed.clone(),
            };
            assert!(out.insert(full.clone(), described).is_none(), "{full} twice");
        }
    }
    out
}

fn described_or_absent() {
    let folder = folder().expect("DEVICECERT_SCHEMAS names no folder with windows/2025-02/*.xml");
    let mut total = 0;
    let mut files: Vec<_> =
        std::fs::read_dir(&folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    for file in files.iter().filter(|file| file.extension().is_some_and(|end| end == "xml")) {
        let name = file.file_stem().unwrap().to_str().unwrap();
        let text = std::fs::read_to_string(file).unwrap();
        if !PROVIDERS.iter().any(|csp| csp.name == name) {
            let absent = DELIBERATELY_ABSENT.iter().find(|absent| absent.csp == name);
            let absent = absent.unwrap_or_else(|| panic!("{name} is neither modelled nor absent"));
            assert!(absent.path.is_empty() && !absent.checked, "{name}");
            println!("{name}: absent as a whole: {}", absent.why);
            continue;
        }
        let (described, modelled) = (described(&text), modelled(name));
        for (path, theirs) in &described {
            let mut theirs_allowed = theirs.allowed.clone();
            // Declared for the user's tree only, and the same in both.
            if path.ends_with("AttestPrivateKey") && theirs_allowed.is_empty() {
                theirs_allowed = "0,1,2".to_owned();
            }
            let ours = modelled.get(path).unwrap_or_else(|| panic!("{path} is not modelled"));
            assert_eq!(ours.allowed, theirs_allowed, "{path}");
            assert_eq!(ours.access, theirs.access, "{path}");
            assert_eq!(ours.format, theirs.format, "{path}");
            assert_eq!(ours.occurrence, theirs.occurrence, "{path}");
            assert_eq!(ours.default, theirs.default, "{path}");
        }
        for path in modelled.keys() {
            assert!(described.contains_key(path), "{path} is not described");
        }
        println!("{name}: {} nodes, all as described", described.len());
        total += described.len();
    }
    println!("{total} nodes compared");
    assert!(total > 200);
}

fn absent_and_checked() {
    for absent in DELIBERATELY_ABSENT {
        let nodes = PROVIDERS.iter().find(|csp| csp.name == absent.csp).map(|csp| csp.nodes());
        let below =
            |path: &str| path == absent.path || path.starts_with(&format!("{}/", absent.path));
        let known = nodes.is_some_and(|mut nodes| nodes.any(|(path, ..)| below(&path)));
        assert_eq!(known, absent.checked, "{} {}", absent.csp, absent.path);
        assert!(!absent.why.is_empty());
    }
}
