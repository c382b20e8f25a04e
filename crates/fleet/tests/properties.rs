//! A value with any character stays in its element, and the rest of the profile is not changed.
//!
//! What was filled is read by `quick-xml` alone, without anything of ours.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use devicecert_fleet::{Destination, Template, Unavailable, Value, WhyUnfilled};
use proptest::prelude::*;
use quick_xml::Reader;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::Event;

const APPLE: &str = "<plist version=\"1.0\"><dict><key>a $FLEET_VAR_HOST_UUID</key>\
    <string>${FLEET_VAR_HOST_UUID}b&amp;</string><!-- c --><key>d</key>\
    <string><![CDATA[]]$FLEET_VAR_HOST_UUID>]]></string></dict></plist>";

const WINDOWS: &str = "<Atomic><Add><Item><Target><LocURI>./Vendor/MSFT/ClientCertificateInstall/SCEP/\
    x/Install/SubjectName</LocURI></Target><Data>CN=$FLEET_SECRET_A,OU=b</Data></Item></Add>\
    <Add><Item><Target><LocURI>./A</LocURI></Target><Data><![CDATA[]$FLEET_SECRET_A$FLEET_SECRET_A>]]>\
    </Data></Item></Add></Atomic>";

/// Tags and texts of a document.
fn read(text: &str) -> Vec<String> {
    let mut reader = Reader::from_str(text);
    let mut read = vec![String::new()];
    loop {
        let more = match reader.read_event().expect("well-formed XML") {
            Event::Eof => return read,
            Event::Text(text) => text.into_inner().into_owned(),
            Event::CData(text) => text.into_inner().into_owned(),
            Event::GeneralRef(reference) => match reference.resolve_char_ref().unwrap() {
                Some(character) => character.to_string(),
                None => resolve_xml_entity(&reference.into_inner()).unwrap().to_owned(),
            },
            Event::Comment(_) => continue,
            tag => {
                read.push(format!("{tag:?}"));
                read.push(String::new());
                continue;
            }
        };
        read.last_mut().unwrap().push_str(&more);
    }
}

fn check(text: &str, destination: Destination, value: &str) -> Result<(), TestCaseError> {
    let template = Template::compile(text, destination).unwrap();
    let fill = |value: &str| {
        let filled = template.fill(|_| Ok::<_, Unavailable>(Value::from(value)));
        filled.map(|filled| read(filled.as_str()))
    };
    let found = match fill(value) {
        Ok(found) => found,
        // Refused for what XML, or a subject, cannot carry, and for nothing else.
        Err(error) => {
            let WhyUnfilled::Unfit { at, .. } = error.why else {
                prop_assert_eq!(value, "");
                return Ok(());
            };
            let character = value.get(at..).and_then(|rest| rest.chars().next()).unwrap();
            let refused = character.is_control() || matches!(character, '\u{fffe}' | '\u{ffff}');
            prop_assert!(refused, "{:?}", character);
            return Ok(());
        }
    };
    let wanted = fill("Q7token7Q").unwrap();
    prop_assert_eq!(found.len(), wanted.len());
    for (found, wanted) in found.iter().zip(&wanted) {
        let plain = wanted.replace("Q7token7Q", value);
        // In the subject quotation marks are doubled.
        let doubled = wanted.replace("Q7token7Q", &value.replace('"', "\"\""));
        prop_assert!(*found == plain || *found == doubled, "{:?}: {:?}", found, wanted);
    }
    Ok(())
}

/// Texts that are mostly made of what means something.
fn values() -> impl Strategy<Value = String> {
    let pieces = prop_oneof![
        "\\PC{0,4}",
        prop::sample::select(vec![
            "]",
            "]]",
            "]]>",
            ">",
            "<![CDATA[",
            "<",
            "&",
            "&amp;",
            "\"",
            "'",
            "<!--",
            "-->",
            "\t",
            "\r\n",
            "$FLEET_VAR_HOST_UUID",
            "\u{fffe}",
            "\0",
            "é",
            "😀",
            ",",
            "+",
            "\\",
        ])
        .prop_map(str::to_owned),
    ];
    prop::collection::vec(pieces, 0..8).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn in_a_property_list(value in values()) {
        check(APPLE, Destination::AppleProfile, &value)?;
    }

    #[test]
    fn in_a_windows_profile(value in values()) {
        check(WINDOWS, Destination::WindowsProfile, &value)?;
    }

    /// Whatever the text, it is a template or an error.
    #[test]
    fn compiling_any_text(text in "(<[/!?]?[a-zA-Z\\[\\]]{0,5}[ />]|\\$\\{?FLEET_(VAR|SECRET)_[A-Z_]{0,20}\\}?|[\"'#\\\\]|\\PC){0,20}") {
        for destination in Destination::ALL {
            if let Ok(template) = Template::compile(&text, destination) {
                let _ = template.fill(|_| Ok::<_, Unavailable>(Value::from(text.as_str())));
            }
            let server = devicecert_fleet::Server::default();
            let _ = devicecert_fleet::check(text.as_bytes(), destination, &server, devicecert_fleet::Rules::Current);
        }
    }
}
