//! What is written: Apple's layout, and the same again when it is read.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

mod common;

use devicecert_mobileconfig::error::Reason;
use devicecert_mobileconfig::plist::{Array, Dictionary, Document, Kind, Scalar, Text, Value};
use devicecert_mobileconfig::{Error, Limits};
use devicecert_pki::Time;
use proptest::prelude::*;

const LAYOUT: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>
<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">
<plist version=\"1.0\">
<dict>
\t<key>b</key>
\t<string>&lt;a&gt; &amp; \"b\" 'c'&#13;
</string>
\t<key>a &amp; b</key>
\t<array>
\t\t<integer>-1</integer>
\t\t<real>0.5</real>
\t\t<true/>
\t\t<false/>
\t\t<date>2027-01-31T12:00:00Z</date>
\t\t<data>
\t\tAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
\t\tAA==
\t\t</data>
\t\t<data>
\t\t</data>
\t\t<data>$FLEET_VAR_X</data>
\t\t<integer>{{bits}}</integer>
\t\t$FLEET_SECRET_FLAG
\t\t<dict/>
\t\t<array/>
\t</array>
</dict>
</plist>
";

fn sample() -> Document {
    let items = [
        Value::from(-1),
        Value::from(0.5),
        Value::from(true),
        Value::from(false),
        Value::from(Time::from_unix(1_801_396_800)),
        Value::from(vec![0; 52]),
        Value::from(vec![]),
        Value::Data(Scalar::Template(Text::from("$FLEET_VAR_X"))),
        Value::Integer(Scalar::Template(Text::from("{{bits}}"))),
        Value::Placeholder(Text::from("$FLEET_SECRET_FLAG")),
        Value::from(Dictionary::new()),
        Value::from(Array::new()),
    ];
    let mut root = Dictionary::new();
    root.insert("b", "<a> & \"b\" 'c'\r\n");
    root.insert("a & b", items.into_iter().collect::<Array>());
    Document::new(root)
}

fn read(text: &str) -> Document {
    Document::read(text.as_bytes(), &Limits::default())
        .unwrap_or_else(|error| panic!("{error}\n{text}"))
}

#[test]
fn the_layout_is_apples() {
    assert_eq!(sample().to_xml().expect("written"), LAYOUT);
    assert_eq!(read(LAYOUT), sample());
}

#[test]
fn a_uid_is_written_as_apples_tools_do() {
    let text = Document::new(Value::Uid(7)).to_xml().expect("written");
    assert!(
        text.contains("<dict>\n\t<key>CF$UID</key>\n\t<integer>7</integer>\n</dict>\n"),
        "{text}"
    );
}

#[test]
fn what_xml_cannot_hold_is_named() {
    let refused = |value: Value| {
        let mut array = Array::new();
        array.push(true);
        array.push(value);
        let mut root = Dictionary::new();
        root.insert("a", array);
        match Document::new(root).to_xml() {
            Err(Error::Unwritable(unwritable)) => {
                assert_eq!(unwritable.key_path.to_string(), "a[1]");
                unwritable.reason
            }
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(refused("a\0".into()), Reason::Character('\0'));
    assert_eq!(refused("\u{FFFE}".into()), Reason::Character('\u{FFFE}'));
    assert_eq!(refused(Time::from_unix(i64::MAX).into()), Reason::Date);
    assert_eq!(refused(Time::from_unix(-62_135_596_801).into()), Reason::Date);
    for text in ["16", "", " $UDID", "$UDID\n"] {
        let text = Text::from(text);
        assert_eq!(
            refused(Value::Integer(Scalar::Template(text.clone()))),
            Reason::Template(Kind::Integer)
        );
        assert_eq!(
            refused(Value::Data(Scalar::Template(text.clone()))),
            Reason::Template(Kind::Data)
        );
        assert_eq!(refused(Value::Placeholder(text)), Reason::Template(Kind::Placeholder));
    }
    assert_eq!(
        refused(Value::Placeholder(Text::from("$UDID%Xy%"))),
        Reason::Template(Kind::Placeholder)
    );
    let key: Dictionary = [("\u{1}", true)].into_iter().collect();
    let error = Document::new(key).to_xml().expect_err("a bad key").to_string();
    assert_eq!(error, "[\"\\u{1}\"] cannot be written: XML does not have the character U+0001");
}

proptest! {
    #[test]
    fn reading_what_was_written_gives_the_same(value in common::template()) {
        let document = Document::new(value);
        let written = document.to_xml().expect("written");
        let again = read(&written);
        prop_assert_eq!(&again, &document);
        prop_assert_eq!(again.to_xml().expect("written again"), written);
    }

    #[test]
    fn every_span_is_the_text_of_its_value(value in common::template()) {
        let text = Document::new(value).to_xml().expect("written");
        let document = read(&text);
        for node in document.node().walk() {
            let piece = text.get(node.span().range()).expect("a span");
            match node.value() {
                Value::Placeholder(text) => prop_assert_eq!(piece, text.as_str()),
                value => prop_assert_eq!(&read(piece).into_root(), value),
            }
        }
    }
}
