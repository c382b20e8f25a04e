//! Hostile sizes: every one is answered, without a panic, and with work linear in the input.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

use devicecert_mobileconfig::ddm::{Declaration, DeclarationError};
use devicecert_mobileconfig::payload::{Payload, WifiPayload};
use devicecert_mobileconfig::plist::{Array, Dictionary, Document, Value};
use devicecert_mobileconfig::rule::{Target, check_bytes};
use devicecert_mobileconfig::{Error, Finding, Limits};

fn read(text: &str) -> Result<Document, Error> {
    Document::read(text.as_bytes(), &Limits::default())
}

fn exceeds(text: &str, limits: &Limits) -> &'static str {
    match Document::read(text.as_bytes(), limits) {
        Err(Error::LimitExceeded(exceeded)) => exceeded.what,
        other => panic!("{other:?}"),
    }
}

fn nested(depth: usize) -> String {
    format!("<plist>{}{}</plist>", "<array>".repeat(depth), "</array>".repeat(depth))
}

#[test]
fn depth_is_bounded() {
    assert!(read(&nested(64)).is_ok());
    assert_eq!(exceeds(&nested(65), &Limits::default()), "nesting");
    assert_eq!(exceeds(&nested(200_000), &Limits::default()), "nesting");
    assert_eq!(exceeds(&"<array>".repeat(200_000), &Limits::default()), "nesting");
    // Whatever the caller allows, no stack overflows.
    let mut limits = Limits::default();
    limits.depth = usize::MAX;
    let deep = Document::read(nested(512).as_bytes(), &limits).expect("512");
    let written = deep.to_xml().expect("written");
    assert_eq!(Document::read(written.as_bytes(), &limits).expect("read"), deep);
    assert_eq!(exceeds(&nested(513), &limits), "nesting");
}

#[test]
fn what_is_built_deeper_than_can_be_read_is_not_written() {
    let mut value = Value::from(true);
    for _ in 0..600 {
        let mut array = Array::new();
        array.push(value);
        value = array.into();
    }
    let error = Document::new(value).to_xml().expect_err("too deep").to_string();
    assert!(error.contains("nested more than 512 deep"), "{error}");
}

#[test]
fn bytes_and_values_are_bounded() {
    let mut limits = Limits::default();
    limits.bytes = 20;
    assert_eq!(exceeds(&nested(2), &limits), "the property list (bytes)");
    let mut limits = Limits::default();
    limits.values = 10;
    assert!(Document::read(b"<dict><key>a</key><true/></dict>", &limits).is_ok());
    assert_eq!(
        exceeds(&format!("<array>{}</array>", "<true/>".repeat(10)), &limits),
        "values and keys"
    );
    assert_eq!(
        exceeds(&format!("<array>{}</array>", "<true/>%Xy%".repeat(5)), &limits),
        "values and keys"
    );
}

/// So many that whatever takes the square of them would not be waited for: 10¹⁰ comparisons and more.
const MANY: usize = 200_000;

fn round_trip(text: &str) -> Document {
    let document = read(text).expect("large");
    let written = document.to_xml().expect("written");
    assert_eq!(read(&written).expect("read"), document);
    document
}

fn findings(text: &str) -> Vec<Finding> {
    check_bytes(text.as_bytes(), &Limits::default(), &Target::default())
}

#[test]
fn ten_mebibytes_of_one_value_are_read_and_written() {
    round_trip(&format!("<string>{}</string>", "&amp;\r\n".repeat(10 << 17)));
    let data = format!("<data>{}</data>", "QUJD\n".repeat(2 << 20));
    assert_eq!(read(&data).expect("10 MiB").root().as_data().map(<[u8]>::len), Some(3 * (2 << 20)));
    round_trip(&format!("<array>{}</array>", "<!-- -->".repeat(10 << 17)));
    round_trip(&format!("<string>{}</string>", "${FLEET_VAR_{{%A".repeat(10 << 16)));
}

#[test]
fn many_keys_are_read_and_checked() {
    let keys: String =
        (0..MANY).map(|n| format!("<key>k{n}</key><integer>{n}</integer>")).collect();
    round_trip(&format!("<plist version=\"1.0\"><dict>{keys}</dict></plist>"));
    // Each is unknown, and everything is in one line.
    let profile = format!(
        "<plist version=\"1.0\"><dict><key>PayloadType</key><string>Configuration</string>\
         <key>PayloadContent</key><array/>{keys}</dict></plist>"
    );
    let findings = findings(&profile);
    assert_eq!(findings.iter().filter(|finding| finding.rule == "AP007").count(), MANY);
    assert_eq!(findings.last().and_then(|last| last.place.position).map(|last| last.line), Some(1));
}

#[test]
fn many_ways_to_write_one_key_wrong_are_told() {
    // Punctuation does not count, so each is meant to be the last key.
    let way = |n: usize| -> String {
        (0..18).map(|bit| if n >> bit & 1 == 1 { '.' } else { '-' }).collect()
    };
    let keys: String =
        (0..MANY).map(|n| format!("<key>PayloadUUID{}</key><true/>", way(n))).collect();
    for (last, instead) in
        [("", Some("PayloadUUID")), ("<key>PayloadUUID</key><string>u</string>", None)]
    {
        let findings = findings(&format!(
            "<dict><key>PayloadType</key><string>Configuration</string>\
             <key>PayloadContent</key><array/>{keys}{last}</dict>"
        ));
        let told = findings
            .iter()
            .filter(|finding| finding.rule == "AP007" && finding.instead.as_deref() == instead);
        assert_eq!(told.count(), MANY);
    }
}

#[test]
fn many_keys_that_no_field_takes_are_kept() {
    let keys: Dictionary = (0..MANY).map(|n| (format!("k{n}"), n as u64)).collect();
    let mut payload = keys.clone();
    payload.insert("PayloadType", "com.apple.wifi.managed");
    let wifi = WifiPayload::read(&payload).expect("a Wi-Fi payload");
    assert_eq!(wifi.other.len(), MANY);
    let written = wifi.to_dictionary();
    assert_eq!(WifiPayload::read(&written), Ok(wifi));

    let mut doubled: Vec<_> = (0..MANY).map(|n| (n.to_string(), "first")).collect();
    doubled.extend((0..MANY).map(|n| (n.to_string(), "last")));
    let doubled: Dictionary = doubled.into_iter().collect();
    assert_eq!(doubled.len(), MANY);
    assert!(
        doubled
            .iter()
            .enumerate()
            .all(|(n, (key, value))| { key == n.to_string() && value.as_str() == Some("last") })
    );
}

#[test]
fn declarations_are_bounded_and_may_have_many_keys() {
    let text = |count: usize| {
        let keys: Vec<String> = (0..count).map(|n| format!("\"k{n}\":{n}")).collect();
        let keys = keys.join(",");
        format!(
            "{{\"Type\":\"t\",\"Identifier\":\"i\",\"ServerToken\":\"1\",\"Payload\":{{{keys}}}}}"
        )
    };
    let declaration = Declaration::read(&text(MANY)).expect("a declaration");
    assert_eq!(Declaration::read(&declaration.to_json()), Ok(declaration));
    let exceeds = |text: &str| match Declaration::read(text) {
        Err(DeclarationError::LimitExceeded(exceeded)) => exceeded.what,
        other => panic!("{:?}", other.is_ok()),
    };
    assert_eq!(exceeds(&text(500_000)), "values");
    assert_eq!(exceeds(&" ".repeat(16_777_217)), "the declaration (bytes)");
}

#[test]
fn many_payloads_that_point_at_each_other_are_checked() {
    const PAYLOADS: usize = 40_000;
    let uuid = |n: usize| format!("00000000-0000-4000-8000-{n:012}");
    let payloads: String = (0..PAYLOADS)
        .map(|n| {
            let (own, other) = (uuid(n), uuid(PAYLOADS - n));
            format!(
                "<dict><key>PayloadType</key><string>com.apple.wifi.managed</string>\
                 <key>PayloadUUID</key><string>{own}</string>\
                 <key>PayloadCertificateUUID</key><string>{other}</string></dict>"
            )
        })
        .collect();
    let findings = findings(&format!(
        "<plist version=\"1.0\"><dict><key>PayloadType</key><string>Configuration</string>\
         <key>PayloadContent</key><array>{payloads}</array></dict></plist>"
    ));
    let count = |rule: &str| findings.iter().filter(|finding| finding.rule == rule).count();
    assert_eq!((count("AP005"), count("AP006")), (1, PAYLOADS - 1));
}

const SAMPLE: &str = "\u{FEFF}<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \
    \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n<?pi x?><plist version=\"1.0\"><!-- c --><dict><key>é&amp;</key>\
    <array><string a='b'>x<![CDATA[<y>]]>&#x41;</string><integer>0x1F</integer><real>1.5</real><date>2026-01-01T00:00:00Z</date>\
    <data>QUJD<!-- c -->REU=</data><data>$FLEET_VAR_X</data> {{Flag}} <true/></array><key>b</key><dict/></dict></plist>\n";

#[test]
fn a_sample_cut_at_every_byte_is_answered() {
    assert!(read(SAMPLE).is_ok());
    let end = SAMPLE.trim_end().len();
    for length in 0..end {
        let cut = &SAMPLE.as_bytes()[..length];
        assert!(Document::read(cut, &Limits::default()).is_err(), "{length}");
    }
}

#[test]
fn a_sample_with_any_bit_flipped_is_answered() {
    for index in 0..SAMPLE.len() {
        for bit in 0..8 {
            let mut bytes = SAMPLE.as_bytes().to_vec();
            bytes[index] ^= 1 << bit;
            if let Ok(document) = Document::read(&bytes, &Limits::default()) {
                let written = document.to_xml().expect("what is read can be written");
                let again =
                    Document::read(written.as_bytes(), &Limits::default()).expect("read again");
                assert_eq!(again, document, "byte {index}, bit {bit}");
            }
        }
    }
}
