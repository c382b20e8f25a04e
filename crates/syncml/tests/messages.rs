//! The message that a fragment becomes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use devicecert_crypto_rust::RustCrypto;
use devicecert_syncml::{
    Command, Document, Error, Header, Limits, Misuse, ScepInstall, Scope, SubjectName, Thumbprint,
    Verb, Write, check,
};

const ADD: &str = "<Add><Item><Target><LocURI>./Vendor/A</LocURI></Target></Item></Add>";
const REPLACE: &str =
    "<Replace><Item><Target><LocURI>./Vendor/B</LocURI></Target></Item></Replace>";
const GET: &str = "<Get><Item><Target><LocURI>./DevInfo/DevId</LocURI></Target></Item></Get>";

fn header() -> Header {
    Header {
        session_id: "3".into(),
        msg_id: 1,
        target: "urn:uuid:1".into(),
        source: "https://mdm.example/".into(),
    }
}

fn message(fragment: &str) -> Result<Document, Error> {
    Document::read(fragment, &Limits::default()).unwrap().into_message(&header())
}

/// The commands, those of groups in brackets; nothing that Windows refuses is among them.
fn outline(message: &Document) -> String {
    let refused: Vec<String> = check(message)
        .into_iter()
        .filter(|finding| matches!(finding.rule, "WS002" | "WS003" | "WS010"))
        .map(|finding| finding.to_string())
        .collect();
    assert_eq!(refused, [""; 0], "{}", message.to_xml());
    names(message.commands())
}

fn names<'a>(commands: impl Iterator<Item = Command<'a>>) -> String {
    let name = |command: Command<'a>| match command.verb().is_group() {
        true => format!("{}[{}]", command.verb(), names(command.commands())),
        false => command.verb().to_string(),
    };
    commands.map(name).collect::<Vec<_>>().join(" ")
}

#[test]
fn only_what_changes_nodes_is_put_into_the_atomic() {
    let atomic = format!("<Atomic>{ADD}</Atomic>");
    for (fragment, expected) in [
        (format!("{ADD}{REPLACE}"), "Atomic[Add Replace]"),
        (atomic.clone(), "Atomic[Add]"),
        (GET.to_owned(), "Get"),
        (format!("{GET}{ADD}"), "Get Atomic[Add]"),
        (format!("{GET}{ADD}{REPLACE}{GET}"), "Get Atomic[Add Replace] Get"),
        (format!("{atomic}{REPLACE}"), "Atomic[Add] Atomic[Replace]"),
        (format!("{REPLACE}{atomic}"), "Atomic[Replace] Atomic[Add]"),
        (format!("{ADD}<Sequence>{GET}</Sequence>"), "Atomic[Add] Sequence[Get]"),
    ] {
        assert_eq!(outline(&message(&fragment).unwrap()), expected, "{fragment}");
    }
}

#[test]
fn a_body_is_taken_off_with_its_final() {
    for fragment in [
        format!("<SyncBody>{ADD}<Final/></SyncBody>"),
        format!("<SyncBody xmlns='SYNCML:SYNCML1.2'><!-- c -->{ADD}<Final></Final></SyncBody>"),
        format!("{ADD}<Final/>"),
    ] {
        assert_eq!(outline(&message(&fragment).unwrap()), "Atomic[Add]", "{fragment}");
    }
    let prefixed = "<s:SyncBody xmlns:s='SYNCML:SYNCML1.2'><s:Add/><s:Final/></s:SyncBody>";
    let message = message(prefixed).unwrap();
    let atomic = message.commands().next().unwrap();
    let add = atomic.commands().find(|command| command.verb() == Verb::Add).unwrap();
    let declared = add.element().attribute_value("xmlns:s").unwrap();
    assert_eq!(declared.value, "SYNCML:SYNCML1.2");
}

#[test]
fn changes_with_something_between_them_are_no_one_atomic() {
    for fragment in [
        format!("{ADD}{GET}{REPLACE}"),
        format!("{ADD}<Atomic>{ADD}</Atomic>{REPLACE}"),
        format!("<SyncBody>{ADD}<Alert/>{REPLACE}</SyncBody>"),
        format!("{ADD}<Foo/>"),
        format!("<SyncBody><SyncBody>{ADD}</SyncBody></SyncBody>"),
        "<Final/>".to_owned(),
        "<SyncBody/>".to_owned(),
    ] {
        let refused = message(&fragment).unwrap_err();
        assert!(matches!(refused, Error::Misuse(Misuse::Form { .. })), "{fragment}: {refused}");
    }
}

#[test]
fn the_query_of_an_enrolment_is_outside_of_its_atomic() {
    let subject: SubjectName = "CN=laptop-7".parse().unwrap();
    let ca = Thumbprint::of(b"certificate", &RustCrypto).unwrap();
    let scep = ScepInstall::new(Scope::Device, "c1", "https://ca.example/scep", subject, ca);
    let query = Document::fragment(&scep.query().unwrap()).unwrap().into_message(&header());
    assert!(!outline(&query.unwrap()).contains("Atomic"));
    let mut both = scep.operations(Write::Add).unwrap();
    both.extend(scep.query().unwrap());
    let message = Document::fragment(&both).unwrap().into_message(&header()).unwrap();
    let outline = outline(&message);
    assert!(outline.starts_with("Atomic[Add ") && outline.contains(" Exec] Get"), "{outline}");
}
