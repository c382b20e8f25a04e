//! The same property lists through the `plist` crate: on what both can read they agree, and where
//! it loses something we do not.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

mod common;

use devicecert_mobileconfig::Limits;
use devicecert_mobileconfig::plist::{Document, Value};
use proptest::prelude::*;

fn read(bytes: &[u8]) -> Document {
    Document::read(bytes, &Limits::default()).unwrap_or_else(|error| panic!("{error}"))
}

fn theirs(value: &Value) -> plist::Value {
    plist::Value::try_from(value).expect("no template")
}

fn ours(value: &plist::Value) -> Value {
    Value::try_from(value).expect("a known kind")
}

/// `plist` has one kind of number for 0 and above, and writes no NaN.
fn is_common(value: &Value) -> bool {
    let document = Document::new(value.clone());
    document.node().walk().all(|node| node.value().as_real().is_none_or(f64::is_finite))
}

proptest! {
    #[test]
    fn they_read_what_we_write(value in common::value().prop_filter("common", is_common)) {
        let text = Document::new(value.clone()).to_xml().expect("written");
        let read = plist::Value::from_reader_xml(text.as_bytes()).expect("read by plist");
        prop_assert_eq!(ours(&read), value);
    }

    #[test]
    fn we_read_what_they_write(value in common::value().prop_filter("common", is_common)) {
        let mut text = Vec::new();
        theirs(&value).to_writer_xml(&mut text).expect("written by plist");
        let document = read(&text);
        prop_assert_eq!(document.root(), &value);
    }

    #[test]
    fn we_read_what_they_write_in_binary(value in common::value()) {
        let mut bytes = Vec::new();
        theirs(&value).to_writer_binary(&mut bytes).expect("written by plist");
        let document = read(&bytes);
        prop_assert_eq!(document.root(), &value);
    }
}

#[test]
fn conversions_keep_everything_but_templates() {
    let text = b"<dict><key>b</key><uid/></dict>";
    assert!(Document::read(text, &Limits::default()).is_err());
    let value = Value::Uid(9);
    assert_eq!(ours(&theirs(&value)), value);
    let template = read(b"<array><data>$FLEET_VAR_X</data></array>");
    let error = plist::Value::try_from(template.root()).expect_err("a template").to_string();
    assert!(error.contains("no data with a placeholder"), "{error}");
}

/// Where `plist` 1.10 gives another answer than Apple's reader. If one of these changes, its row
/// can be dropped from the documentation.
#[test]
fn what_they_lose_we_keep_or_refuse() {
    let cases = [
        ("<string><![CDATA[a&b]]></string>", Ok(Value::from("a&b"))),
        ("<dict><key>a</key><string>1</string><key>a</key><string>2</string></dict>", Err(())),
        ("<!DOCTYPE plist [<!ENTITY x \"y\">]><plist><string>&x;</string></plist>", Err(())),
    ];
    for (text, expected) in cases {
        let theirs = plist::Value::from_reader_xml(text.as_bytes()).expect("read by plist");
        let found = Document::read(text.as_bytes(), &Limits::default());
        assert_eq!(found.map(Document::into_root).map_err(|_| ()), expected, "{text}");
        assert_ne!(expected, Ok(ours(&theirs)), "{text}");
    }
}
