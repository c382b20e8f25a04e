//! What Fleet does not say, and had better.

use devicecert_fleet::{Destination, Finding, Severity, Template};

use crate::support::{CURRENT, Certificate, GUIDE, command, find, payload, profile, scep};

#[track_caller]
fn of_rule(text: &str, destination: Destination, id: &str) -> Vec<Finding> {
    let found = find(text, destination, CURRENT);
    found.into_iter().filter(|finding| finding.rule == id).collect()
}

fn subject(name: &str) -> String {
    Certificate::of_wifi().with("/Install/SubjectName", Some(name)).to_xml()
}

/// The guide's own names that do not exist.
#[test]
fn did_you_mean() {
    for (wrong, right) in [
        ("CUSTOM_SCEP_PASSWORD_WIFI", "$FLEET_VAR_CUSTOM_SCEP_CHALLENGE_WIFI"),
        ("CUSTOM_SCEP_DIGICERT_DATA_WIFI", "$FLEET_VAR_CUSTOM_SCEP_PROXY_URL_WIFI"),
        ("HOST_SERIAL", "$FLEET_VAR_HOST_HARDWARE_SERIAL"),
        ("HOST_UID", "$FLEET_VAR_HOST_UUID"),
        ("NDES_CHALLENGE", "$FLEET_VAR_NDES_SCEP_CHALLENGE"),
        ("CUSTOM_SCEP_CHALENGE_WIFI", "$FLEET_VAR_CUSTOM_SCEP_CHALLENGE_WIFI"),
        ("host_uuid", ""),
        ("BOZO", ""),
    ] {
        let text = command("Replace", "./Device/A", Some(&format!("$FLEET_VAR_{wrong}")));
        let found = of_rule(&text, Destination::WindowsProfile, "FL001");
        let instead = found.first().expect(wrong).instead.clone();
        assert_eq!(instead.unwrap_or_default(), right, "{wrong}");
    }
}

/// The mark takes 43 characters, so 21 are left, and not 28 as the guide says.
#[test]
fn an_ou_has_room_for_21_more_characters() {
    for (more, fits) in [(21, true), (22, false)] {
        let ou = format!("{}$FLEET_VAR_SCEP_RENEWAL_ID", "é".repeat(more));
        let text = scep("$FLEET_VAR_NDES_SCEP_CHALLENGE", "$FLEET_VAR_NDES_SCEP_PROXY_URL", &ou);
        assert_eq!(of_rule(&text, Destination::AppleProfile, "FL066").is_empty(), fits, "{more}");
        let text = subject(&format!("CN=a,OU=$FLEET_VAR_SCEP_RENEWAL_ID{}", "é".repeat(more)));
        assert_eq!(of_rule(&text, Destination::WindowsProfile, "FL066").is_empty(), fits, "{more}");
    }
}

/// Characters count, and not the ways to write them.
#[test]
fn a_common_name_is_measured_as_windows_reads_it() {
    for (common_name, fits) in [
        (format!("{}&amp;", "a".repeat(63)), true),
        (format!("{}&amp;", "a".repeat(64)), false),
        (format!("\"{}\"\"\"", "a".repeat(63)), true),
        (format!("\"{}\"\"\"", "a".repeat(64)), false),
    ] {
        let text = subject(&format!("CN={common_name},OU=$FLEET_VAR_SCEP_RENEWAL_ID"));
        let found = of_rule(&text, Destination::WindowsProfile, "FL066");
        assert_eq!(found.is_empty(), fits, "{common_name}: {found:?}");
    }
}

#[test]
fn what_macos_fills_in_counts_as_one_character() {
    let ou = format!("%ComputerName%{}$FLEET_VAR_SCEP_RENEWAL_ID", "a".repeat(20));
    let text = scep("$FLEET_VAR_NDES_SCEP_CHALLENGE", "$FLEET_VAR_NDES_SCEP_PROXY_URL", &ou);
    assert_eq!(of_rule(&text, Destination::AppleProfile, "FL066"), []);
}

#[test]
fn a_plus_without_quotation_marks() {
    let text = subject("CN=user+laptop@example.com,OU=$FLEET_VAR_SCEP_RENEWAL_ID");
    let found = of_rule(&text, Destination::WindowsProfile, "FL068");
    let [finding] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(finding.instead.as_deref(), Some("CN=\"user+laptop@example.com\""));
    assert_eq!(finding.severity, Severity::Error);
    assert_eq!(text.get(finding.place.span.clone()), Some("+"));
    for fine in [
        "CN=\"user+laptop@example.com\",OU=$FLEET_VAR_SCEP_RENEWAL_ID",
        "CN=a+SERIALNUMBER=7,OU=$FLEET_VAR_SCEP_RENEWAL_ID",
        "CN=a,OU=$FLEET_VAR_SCEP_RENEWAL_ID",
    ] {
        assert_eq!(of_rule(&subject(fine), Destination::WindowsProfile, "FL068"), [], "{fine}");
    }
}

#[test]
fn the_alphabet_of_challenges_on_windows() {
    let with = |challenge: &str| {
        Certificate::of_wifi().with("/Install/Challenge", Some(challenge)).to_xml()
    };
    for bad in ["pass_word", "a@b", "a*", "a#", "!", "~", "a$b", "5%", "^", "&amp;", "é"] {
        let found = of_rule(&with(bad), Destination::WindowsProfile, "FL069");
        assert_eq!(found.len(), 1, "{bad}");
        // The challenge itself is not told.
        assert!(found.iter().all(|finding| !finding.to_string().contains("pass_word")));
    }
    let fine = "azAZ09 '()+,-./:=?";
    assert_eq!(of_rule(&with(fine), Destination::WindowsProfile, "FL069"), []);
}

#[test]
fn a_challenge_in_base64() {
    let with = |challenge: &str| {
        Certificate::of_wifi().with("/Install/Challenge", Some(challenge)).to_xml()
    };
    let found = of_rule(&with("cGFzc3dvcmQ="), Destination::WindowsProfile, "FL070");
    assert_eq!(found.len(), 1);
    assert_eq!(of_rule(&with("8CE317021F690069"), Destination::WindowsProfile, "FL070"), []);
}

/// Fleet would send the name of the variable.
#[test]
fn a_variable_of_a_ca_among_other_text() {
    let text = profile(&payload(
        "x",
        "<key>a</key><string>id: $FLEET_VAR_DIGICERT_PASSWORD_DIGI</string>",
    ));
    let found = of_rule(&text, Destination::AppleProfile, "FL060");
    let [finding] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(text.get(finding.place.span.clone()), Some("$FLEET_VAR_DIGICERT_PASSWORD_DIGI"));
    assert!(Template::compile(&text, Destination::AppleProfile).is_err());
}

/// What a check finds no error in can be made a template of, and the other way round.
#[test]
fn places_are_judged_as_the_template_judges_them() {
    for (text, id) in [
        ("<Replace a='$FLEET_VAR_HOST_UUID'/>", "FL063"),
        ("<Replace>$FLEET_VAR_HOST_UUID</Replace>", "FL063"),
        ("<Replace><Meta><Type>$FLEET_VAR_HOST_UUID</Type></Meta></Replace>", "FL063"),
        ("<Replace><CmdID>$FLEET_SECRET_X</CmdID></Replace>", "FL063"),
    ] {
        assert_eq!(of_rule(text, Destination::WindowsProfile, id).len(), 1, "{text}");
        assert!(Template::compile(text, Destination::WindowsProfile).is_err(), "{text}");
    }
    for subject_name in
        ["$FLEET_SECRET_A", "$FLEET_SECRET_A=x", "CN=a\"b$FLEET_SECRET_A", "CN=\"a$FLEET_SECRET_A"]
    {
        let text = subject(subject_name);
        assert_eq!(of_rule(&text, Destination::WindowsProfile, "FL072").len(), 1, "{subject_name}");
        assert!(Template::compile(&text, Destination::WindowsProfile).is_err(), "{subject_name}");
    }
}

/// Documents that are neither profile.
#[test]
fn other_documents() {
    for (text, destination, id) in [
        ("<dict>", Destination::AppleApp, "FL018"),
        (
            "<dict><key>a</key><string>$FLEET_VAR_BOZO</string></dict>",
            Destination::AppleApp,
            "FL001",
        ),
        ("$FLEET_SECRET_A", Destination::CaField, "FL063"),
        ("{\"a\": $FLEET_VAR_HOST_UUID}", Destination::AndroidApp, "FL063"),
        ("/CN=$FLEET_VAR_HOST_PLATFORM", Destination::AndroidSubject, "FL001"),
        ("#!/bin/sh\n$FLEET_VAR_HOST_UUID", Destination::Script, "FL001"),
        ("echo $FLEET_SECRET_A", Destination::Script, "FL063"),
    ] {
        assert_eq!(of_rule(text, destination, id).len(), 1, "{text}");
        assert!(Template::compile(text, destination).is_err(), "{text}");
    }
    for (text, destination) in [
        ("<dict><key>a</key><string>$FLEET_VAR_HOST_UUID</string></dict>", Destination::AppleApp),
        ("$FLEET_VAR_HOST_HARDWARE_SERIAL", Destination::CaField),
        ("/CN=$FLEET_VAR_HOST_UUID", Destination::AndroidSubject),
        ("#!/bin/sh\necho $FLEET_SECRET_A", Destination::Script),
    ] {
        assert_eq!(find(text, destination, CURRENT), [], "{text}");
    }
}

#[test]
fn everything_at_once() {
    let text = profile(&payload(
        "x",
        "<key>a</key><string>$FLEET_VAR_A $FLEET_VAR_B $FLEET_VAR_CUSTOM_SCEP_CHALLENGE_NONE</string>",
    ));
    let found = find(&text, Destination::AppleProfile, GUIDE);
    let ids: Vec<_> = found.iter().map(|finding| finding.rule).collect();
    assert_eq!(ids, ["FL001", "FL001", "FL002", "FL011", "FL026", "FL060"]);
    assert!(found.is_sorted_by_key(|finding| finding.place.span.start));
}
