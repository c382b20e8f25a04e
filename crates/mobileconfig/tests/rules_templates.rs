//! Rules that need to know a value say nothing while a placeholder stands for it, and what they say
//! of the same place without one.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

use devicecert_mobileconfig::Limits;
use devicecert_mobileconfig::rule::{Target, check_bytes};

/// How often the rule speaks about a profile with these payloads.
fn count(rule: &str, payloads: &str) -> usize {
    let text = format!(
        "<plist version=\"1.0\"><dict><key>PayloadType</key><string>Configuration</string>
         <key>PayloadContent</key><array>{payloads}</array></dict></plist>"
    );
    let findings = check_bytes(text.as_bytes(), &Limits::default(), &Target::default());
    assert!(findings.iter().all(|found| !matches!(found.rule, "AP001" | "AP023")), "{findings:#?}");
    findings.iter().filter(|finding| finding.rule == rule).count()
}

fn payload(kind: &str, keys: &str) -> String {
    format!(
        "<dict><key>PayloadType</key><string>{kind}</string>
         <key>PayloadUUID</key><string>9DCC35A5-72F9-42B7-9A98-7AD9A9CCA3AC</string>{keys}</dict>"
    )
}

/// A network with EAP-TLS, and these keys in its configuration and around.
fn network(eap: &str, keys: &str) -> String {
    let eap = format!(
        "<key>SSID_STR</key><string>Office</string><key>EAPClientConfiguration</key>
         <dict><key>AcceptEAPTypes</key><array><integer>13</integer></array>
         <key>TLSTrustedServerNames</key><array><string>radius.example</string></array>{eap}</dict>"
    );
    payload("com.apple.wifi.managed", &format!("{eap}{keys}"))
}

#[test]
fn eap_tls_may_do_without_a_certificate_of_the_device() {
    let key = |value: &str| format!("<key>TLSCertificateIsRequired</key>{value}");
    for (eap, keys, expected) in [
        (String::new(), "", 1),
        (key("<true/>"), "", 1),
        (key("<false/>"), "", 0),
        (key("$FLEET_SECRET_FLAG"), "", 0),
        (String::new(), "<key>TLSCertificateRequired</key><true/>", 1),
        (String::new(), "<key>TLSCertificateRequired</key><false/>", 0),
        // One level too deep is a mistake all the same.
        (key("<false/><key>PayloadCertificateUUID</key><string>u</string>"), "", 1),
    ] {
        assert_eq!(count("AP017", &network(&eap, keys)), expected, "{eap}{keys}");
    }
}

#[test]
fn a_greatest_version_that_is_not_known_is_not_compared() {
    let versions = |most: &str| {
        let least = "<key>TLSMinimumVersion</key><string>1.3</string>";
        network(&format!("{least}{most}"), "")
    };
    let most = |version: &str| format!("<key>TLSMaximumVersion</key><string>{version}</string>");
    assert_eq!(count("AP008", &versions("")), 1);
    assert_eq!(count("AP008", &versions(&most("1.2"))), 1);
    assert_eq!(count("AP008", &versions(&most("1.3"))), 0);
    assert_eq!(count("AP008", &versions(&most("$FLEET_SECRET_MAX"))), 0);
    let whole = "<key>TLSMaximumVersion</key>$FLEET_SECRET_MAX";
    assert_eq!(count("AP008", &versions(whole)), 0);
}

#[test]
fn a_payload_that_is_not_known_may_be_the_one_meant() {
    let reference = "<key>PayloadCertificateUUID</key>
        <string>0B2A3B1C-9F62-4A52-8C3B-2A7D1D9C0E01</string>";
    let network = network("", reference);
    assert_eq!(count("AP005", &network), 1);
    assert_eq!(count("AP005", &format!("{{{{ScepPayload}}}}{network}")), 0);
    assert_eq!(count("AP005", &format!("{network}$FLEET_SECRET_SCEP")), 0);
}

#[test]
fn secrets_are_found_in_data_too() {
    let vpn = |dictionary: &str, key: &str, value: &str| {
        let keys = format!("<key>{dictionary}</key><dict><key>{key}</key>{value}</dict>");
        payload("com.apple.vpn.managed", &keys)
    };
    for (dictionary, key) in [("IPSec", "SharedSecret"), ("IKEv2", "PPK")] {
        for (value, expected) in [
            ("<data>aHVudGVyMg==</data>", 1),
            ("<string>hunter2</string>", 1),
            ("<data></data>", 0),
            ("<data>$FLEET_SECRET_VPN</data>", 0),
            ("<string>$FLEET_SECRET_VPN</string>", 0),
            ("$FLEET_SECRET_VPN", 0),
        ] {
            assert_eq!(count("AP019", &vpn(dictionary, key, value)), expected, "{key} {value}");
        }
    }
}
