//! What is a secret, or may be one, is in no error, finding or `Debug`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

use devicecert_mobileconfig::payload::{Payload, Pkcs12Payload, WifiPayload};
use devicecert_mobileconfig::plist::{Array, Dictionary, Document, Text, Value};
use devicecert_mobileconfig::rule::{Target, check_bytes};
use devicecert_mobileconfig::{Limits, Profile};

/// A profile with this behind the key of a secret.
fn profile(value: &str) -> String {
    format!(
        "<plist version=\"1.0\"><dict><key>PayloadType</key><string>Configuration</string>
         <key>PayloadContent</key><array><dict><key>Challenge</key>{value}</dict></array>
         </dict></plist>"
    )
}

#[test]
fn errors_and_findings_show_nothing_of_a_value_that_cannot_be_read() {
    for value in [
        "hunter2",
        "<!-- --> hunter2",
        "hunter2<string>a</string>",
        "$UDID hunter2",
        "<string>a</string>hunter2",
        "<array>hunter2</array>",
        "<array><string>a</string>hunter2</array>",
        "<integer>hunter2</integer>",
        "<real>hunter2</real>",
        "<date>hunter2</date>",
        "<data>hunter2*</data>",
        "<true>hunter2</true>",
        "<string>ab<hunter2</string>",
        "<string>ab<hunter2></string>",
        "<string>ab<hunter2/></string>",
        "<string>ab<a hunter2</string>",
        "<string>ab<a hunter2='' hunter2=''></string>",
        "<string>ab<1hunter2></string>",
        "<string>ab</hunter2</string>",
        "<string>ab</hunter2></string>",
        "<string>ab&hunter2</string>",
        "<string>ab&hunter2;</string>",
        "<string>ab&a hunter2;</string>",
        "<string>ab]]>hunter2</string>",
        "<string>ab<!hunter2</string>",
        "<string>ab<!DOCTYPE hunter2></string>",
        "<string>hunter2",
        "ab<hunter2</array>",
        "ab</hunter2>",
        "&hunter2;",
        "<![CDATA[hunter2]]>",
    ] {
        let text = profile(value);
        let error = Profile::read(text.as_bytes(), &Limits::default()).expect_err(value);
        let findings = check_bytes(text.as_bytes(), &Limits::default(), &Target::default());
        assert!(!findings.is_empty(), "{value}");
        for told in [error.to_string(), format!("{error:?}"), format!("{findings:?}")] {
            assert!(!told.contains("hunter"), "{value}: {told}");
        }
    }
}

#[test]
fn what_is_no_value_is_still_told() {
    let found = |text: &str| {
        let error = Document::read(text.as_bytes(), &Limits::default()).expect_err(text);
        error.to_string().split_once(", found ").expect("what was found").1.to_owned()
    };
    assert_eq!(found("not a plist"), "the text \"not a plist\"");
    assert_eq!(found(&profile("<string>a</key>")), "</key>");
    assert_eq!(found(&profile("<bool/>")), "<bool>");
    assert_eq!(found(&profile("<true/>$UDID")), "the text \"$UDID\"");
}

#[test]
fn debug_shows_keys_and_placeholders_only() {
    let mut keys = Dictionary::new();
    keys.insert("PayloadType", "com.apple.wifi.managed");
    keys.insert("SSID_STR", "Office");
    keys.insert("ProxyPassword", "hunter2");
    keys.insert("PIN", 4711);
    keys.insert("Key", b"hunter2".to_vec());
    keys.insert("List", ["hunter2", "$FLEET_SECRET_B"].into_iter().collect::<Array>());
    let mut inner = Dictionary::new();
    inner.insert("Token", "hunter2-$FLEET_SECRET_A");
    keys.insert("Inner", inner);
    let wifi = WifiPayload::read(&keys).expect("a Wi-Fi payload");
    let pkcs12 = Pkcs12Payload::new(b"hunter2".to_vec(), "hunter2");
    let bytes = format!("{:?}", b"hunter2");
    for told in [
        format!("{wifi:?}"),
        format!("{keys:#?}"),
        format!("{:?}", keys.entries()),
        format!("{:?}", Value::from(keys)),
        format!("{pkcs12:?}"),
        format!("{:?}", pkcs12.to_dictionary()),
    ] {
        assert!(!told.contains("hunter2"), "{told}");
        assert!(!told.contains("4711"), "{told}");
        assert!(!told.contains(&bytes), "{told}");
    }
    let told = format!("{wifi:?}");
    for shown in ["ProxyPassword", "Inner", "Token", "$FLEET_SECRET_A", "$FLEET_SECRET_B"] {
        assert!(told.contains(shown), "{shown} in {told}");
    }
    assert_eq!(format!("{:?}", Text::from("a $UDID")), "Text(\"…$UDID\")");
}
