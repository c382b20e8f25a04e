//! Which text is a placeholder, which is not, and where exactly.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

use devicecert_mobileconfig::Limits;
use devicecert_mobileconfig::plist::{Dialect, Document, Part, Text, parts};
use devicecert_mobileconfig::rule::{Target, check_bytes};
use proptest::prelude::*;

/// The only placeholder of a text: dialect, name, all of it.
fn only(text: &str) -> Option<(Dialect, &str, &str)> {
    let mut found = parts(text).filter_map(|part| match part {
        Part::Placeholder(placeholder) => Some(placeholder),
        Part::Literal(_) => None,
    });
    let first = found.next()?;
    assert!(found.next().is_none(), "{text} has more than one");
    assert_eq!(text.get(first.offset..).map(|rest| rest.starts_with(first.text)), Some(true));
    Some((first.dialect, first.name, first.text))
}

#[test]
fn every_dialect_is_recognised() {
    let cases = [
        ("$FLEET_VAR_HOST_UUID", Dialect::FleetVariable, "HOST_UUID"),
        ("${FLEET_VAR_HOST_UUID}", Dialect::FleetVariableBraced, "HOST_UUID"),
        (
            "$FLEET_VAR_CUSTOM_SCEP_CHALLENGE_My_ca1",
            Dialect::FleetVariable,
            "CUSTOM_SCEP_CHALLENGE_My_ca1",
        ),
        ("$FLEET_SECRET_PIN", Dialect::FleetSecret, "PIN"),
        ("${FLEET_SECRET_PIN}", Dialect::FleetSecretBraced, "PIN"),
        ("$FLEET_HOST_VITAL_7", Dialect::FleetHostVital, "7"),
        ("${FLEET_HOST_VITAL_12}", Dialect::FleetHostVitalBraced, "12"),
        ("%SerialNumber%", Dialect::Percent, "SerialNumber"),
        ("%AD_DomainGuid%", Dialect::Percent, "AD_DomainGuid"),
        ("%DeviceName%", Dialect::Percent, "DeviceName"),
        ("%email%", Dialect::Percent, "email"),
        ("%_DEVPROP(serial_number)_%", Dialect::Percent, "_DEVPROP(serial_number)_"),
        ("{{AAD_Device_ID}}", Dialect::DoubleBrace, "AAD_Device_ID"),
        ("{{ UserName }}", Dialect::DoubleBrace, "UserName"),
        ("{{.User \"user_name\"}}", Dialect::DoubleBrace, ".User \"user_name\""),
        ("$UDID", Dialect::Dollar, "UDID"),
        ("$EXTENSIONATTRIBUTE_12", Dialect::Dollar, "EXTENSIONATTRIBUTE_12"),
        ("$PROFILE_UUID", Dialect::Dollar, "PROFILE_UUID"),
        ("{DeviceUuid}", Dialect::Brace, "DeviceUuid"),
    ];
    for (text, dialect, name) in cases {
        assert_eq!(only(text), Some((dialect, name, text)));
        assert!(Text::from(text).is_placeholder(), "{text}");
        let among = format!("CN={text}, é");
        assert_eq!(only(&among), Some((dialect, name, text)), "{among}");
        assert!(!Text::from(among.as_str()).is_placeholder());
        assert_eq!(Text::from(among).as_literal(), None);
    }
}

#[test]
fn what_only_looks_like_one_is_text() {
    let texts = [
        "",
        "100%",
        "50%-60%",
        "%",
        "%%",
        "% %",
        "%a",
        "%a%",
        "100%a%",
        "%1st%",
        "%a b%",
        "$",
        "$$",
        "$5",
        "$A",
        "cost$",
        "HOST$",
        "$home",
        "$Home",
        "$HOMEdir",
        "${HOME}",
        "$FLEET_VAR_",
        "${FLEET_VAR_}",
        "${FLEET_VAR_A",
        "${FLEET_VAR_A-B}",
        "$FLEET_HOST_VITAL_",
        "${FLEET_HOST_VITAL_}",
        "$FLEET_HOST_VITAL_0",
        "$FLEET_HOST_VITAL_ABC",
        "$FLEET_HOST_VITAL_12X",
        "${FLEET_HOST_VITAL_12X}",
        "$FLEET_HOST_VITAL_99999999999999999999",
        "$FLEET_SECRET_",
        "{{",
        "{{}}",
        "{{ }}",
        "{{NAME}",
        "{{a<b}}",
        "{{a\nb}}",
        "{",
        "{}",
        "{a}",
        "{\"a\":1}",
        "${Name}",
        "{Name}}",
        "{F3A1B2C4-0000-0000-0000-000000000000}",
        "https://x.example/%2Fname%2F",
        "caf%C3%A9%20x",
        "%C3x%",
        "%C2%ABquoted%C2%BB",
        "100% of 50%",
    ];
    for text in texts {
        assert_eq!(only(text), None, "{text:?}");
        assert_eq!(Text::from(text).as_literal(), Some(text));
    }
}

#[test]
fn neighbours_do_not_hide_each_other() {
    let cases: [(&str, &[&str]); 8] = [
        ("$FLEET_VAR_A$FLEET_VAR_B", &["$FLEET_VAR_A", "$FLEET_VAR_B"]),
        ("$$FLEET_VAR_A", &["$FLEET_VAR_A"]),
        ("\\$FLEET_VAR_A", &["$FLEET_VAR_A"]),
        ("$FLEET_VAR_A-B", &["$FLEET_VAR_A"]),
        ("100%%SerialNumber%", &["%SerialNumber%"]),
        ("%HostName%.%AD_Domain%", &["%HostName%", "%AD_Domain%"]),
        ("{{UserName}}@{{Domain}}", &["{{UserName}}", "{{Domain}}"]),
        ("{{{UserName}}", &["{{UserName}}"]),
    ];
    for (text, expected) in cases {
        let found: Vec<&str> = parts(text)
            .filter_map(|part| match part {
                Part::Placeholder(placeholder) => Some(placeholder.text),
                Part::Literal(_) => None,
            })
            .collect();
        assert_eq!(found, expected, "{text}");
    }
}

#[test]
fn placeholders_between_elements_are_found_however_they_are_written() {
    for (inside, wanted) in [
        ("$UDID $UDID", vec!["$UDID", "$UDID"]),
        ("\r\n \r\n$UDID\r\n%Name%\r\n", vec!["$UDID", "%Name%"]),
        // A reference is part of it, at either end and inside.
        ("$&#85;DID $UDID", vec!["$&#85;DID", "$UDID"]),
        ("&#36;UDID \r&#x25;Name&#37;", vec!["&#36;UDID", "&#x25;Name&#37;"]),
        // A comment is no part of what is said, but stands in the middle of it.
        ("$UD<!-- $UDID -->ID", vec!["$UD<!-- $UDID -->ID"]),
        ("{{é}} <!-- --> {{é}}", vec!["{{é}}", "{{é}}"]),
        // All of them together are looked for once.
        (&"$A1 ".repeat(200_000), vec!["$A1"; 200_000]),
    ] {
        let text = format!("<array>{inside}</array>");
        let document = Document::read(text.as_bytes(), &Limits::default()).unwrap();
        let found: Vec<_> =
            document.node().walk().skip(1).map(|node| &text[node.span().range()]).collect();
        assert_eq!(found, wanted, "{text:?}");
    }
}

/// Facts of a host may stand wherever a value may, also for a secret.
#[test]
fn a_host_vital_in_place_of_a_number_and_of_data_is_no_mistake() {
    for vital in ["$FLEET_HOST_VITAL_7", "${FLEET_HOST_VITAL_7}"] {
        let text = format!(
            "<plist version=\"1.0\"><dict><key>PayloadType</key><string>Configuration</string>
             <key>PayloadVersion</key><integer>1</integer><key>PayloadContent</key><array><dict>
             <key>PayloadType</key><string>com.apple.security.scep</string>
             <key>PayloadContent</key><dict><key>Retries</key><integer>{vital}</integer>
             <key>CAFingerprint</key><data>{vital}</data>
             <key>Challenge</key><string>{vital}</string></dict></dict>
             <dict><key>PayloadType</key><string>com.apple.vpn.managed</string>
             <key>IPSec</key><dict><key>SharedSecret</key><data>{vital}</data></dict></dict>
             </array></dict></plist>"
        );
        let findings = check_bytes(text.as_bytes(), &Limits::default(), &Target::default());
        let rules: Vec<_> = findings.iter().map(|finding| finding.rule).collect();
        for rule in ["AP001", "AP019", "AP023"] {
            assert!(!rules.contains(&rule), "{vital}: {findings:#?}");
        }
    }
}

#[test]
fn a_long_text_of_nothing_but_sigils_takes_linear_time() {
    for sigil in ["$", "%", "{", "{{", "%a", "$A", "${FLEET_VAR_", "$FLEET_HOST_VITAL_1"] {
        let text = sigil.repeat(1_000_000);
        assert!(parts(&text).count() > 0);
    }
}

proptest! {
    #[test]
    fn the_parts_are_the_text(text in "[$%{}A-Za-z_é0-9 ()-]{0,40}|(\\$FLEET_VAR_|%Ab|\\{\\{|\\}\\}|%|é){0,12}") {
        let mut at = 0;
        for part in parts(&text) {
            let piece = match part {
                Part::Literal(literal) => literal,
                Part::Placeholder(placeholder) => {
                    prop_assert_eq!(placeholder.offset, at);
                    prop_assert!(placeholder.text.contains(placeholder.name));
                    placeholder.text
                }
            };
            prop_assert!(!piece.is_empty());
            prop_assert_eq!(text.get(at..at + piece.len()), Some(piece));
            at += piece.len();
        }
        prop_assert_eq!(at, text.len());
    }
}
