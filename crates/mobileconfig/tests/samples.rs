//! The mistakes of published samples, made again here, and what is found in each.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

use devicecert_mobileconfig::payload::Platform;
use devicecert_mobileconfig::rule::{Target, check_bytes};
use devicecert_mobileconfig::{Finding, Limits, Severity};

const COMMON: &str = "<key>PayloadIdentifier</key><string>com.example.profile.one</string>
    <key>PayloadUUID</key><string>9DCC35A5-72F9-42B7-9A98-7AD9A9CCA3AC</string>";
const OUTER: &str = "<key>PayloadUUID</key><string>4CD1BD65-1D2C-4E9E-9E18-9BCD400CDEDC</string>
    <key>PayloadVersion</key><integer>1</integer>";
const IDENTIFIER: &str = "<key>PayloadIdentifier</key><string>com.example.profile</string>";
const TYPE: &str = "<key>PayloadType</key><string>Configuration</string>";
const VERSION: &str = "<key>PayloadVersion</key><integer>1</integer>";

fn plist(keys: &str) -> String {
    format!("<?xml version=\"1.0\"?>\n<plist version=\"1.0\"><dict>{keys}</dict></plist>")
}

fn profile(payloads: &str) -> String {
    plist(&format!("<key>PayloadContent</key><array>{payloads}</array>{IDENTIFIER}{TYPE}{OUTER}"))
}

fn one(kind: &str, keys: &str) -> String {
    profile(&format!(
        "<dict><key>PayloadType</key><string>{kind}</string>{keys}{COMMON}{VERSION}</dict>"
    ))
}

fn scep(keys: &str) -> String {
    let content = format!(
        "<key>PayloadContent</key><dict><key>URL</key><string>https://ca.example/</string>{keys}
         </dict>"
    );
    one("com.apple.security.scep", &content)
}

fn check(text: &str) -> Vec<Finding> {
    let mut findings = check_bytes(text.as_bytes(), &Limits::default(), &Target::default());
    // What is only a matter of taste and safety, and in every sample.
    findings.retain(|finding| !matches!(finding.rule, "AP013" | "AP019"));
    findings
}

/// What is found: rule, last key of the place, suggestion.
fn found(text: &str) -> Vec<(&'static str, String, Option<String>)> {
    let findings = check(text).into_iter().filter(|finding| finding.rule != "AP012");
    let row = |finding: Finding| {
        let key = finding.place.key_path.last_key().unwrap_or_default().to_owned();
        (finding.rule, key, finding.instead)
    };
    let mut rows: Vec<_> = findings.map(row).collect();
    rows.sort();
    rows
}

fn rows(
    expected: &[(&'static str, &str, Option<&str>)],
) -> Vec<(&'static str, String, Option<String>)> {
    let row = |(rule, key, instead): &(&'static str, &str, Option<&str>)| {
        (*rule, (*key).to_owned(), instead.map(str::to_owned))
    };
    expected.iter().map(row).collect()
}

const SUBJECT: &str = "<key>Subject</key>
    <array><array><array><string>CN</string><string>laptop-7</string></array></array></array>";
const KEYS: &str =
    "<key>Keysize</key><integer>2048</integer><key>Key Type</key><string>RSA</string>
    <key>Key Usage</key><integer>5</integer>";

#[test]
fn an_ethernet_payload_may_name_another_interface_and_have_keys_of_wifi() {
    let text = one(
        "com.apple.firstactiveethernet.managed",
        "<key>Interface</key><string>FirstEthernet</string><key>AutoJoin</key><true/>
         <key>EncryptionType</key><string>Any</string><key>EAPClientConfiguration</key><dict>
         <key>AcceptEAPTypes</key><array><integer>25</integer></array>
         <key>TLSTrustedServerNames</key><array><string>radius.example</string></array></dict>",
    );
    assert_eq!(found(&text), []);
}

#[test]
fn a_key_size_of_nothing_and_a_part_with_four_pairs() {
    let pair = |kind: &str| format!("<array><string>{kind}</string><string>xx</string></array>");
    let pairs: String = ["C", "O", "CN", "1.2.5.3"].map(pair).concat();
    let text = scep(&format!(
        "<key>Keysize</key><integer>0</integer><key>Key Usage</key><integer>5</integer>
         <key>Subject</key><array><array>{pairs}</array></array>"
    ));
    let expected = rows(&[
        ("AP008", "Keysize", Some("<integer>2048</integer>")),
        ("AP009", "Subject", Some("an array of its own for each pair")),
    ]);
    assert_eq!(found(&text), expected);
    assert_eq!(check(&text).iter().map(|one| one.severity).max(), Some(Severity::Error));
}

#[test]
fn a_preference_with_the_keys_of_pkcs12() {
    let text = one(
        "com.apple.security.certificatepreference",
        "<key>Password</key><string>$PASSWORD</string><key>PayloadContent</key><data>AAAA</data>
         <key>updated_at_xid</key><integer>7</integer>",
    );
    let expected = rows(&[
        ("AP003", "PayloadContent", None),
        ("AP003", "PayloadContent", None),
        ("AP007", "Password", None),
        ("AP007", "PayloadContent", None),
        ("AP007", "updated_at_xid", None),
    ]);
    assert_eq!(found(&text), expected);
}

#[test]
fn a_preference_that_points_nowhere_in_a_profile_without_identifier() {
    let text = plist(&format!(
        "<key>PayloadContent</key><array><dict>
         <key>PayloadType</key><string>com.apple.security.identitypreference</string>
         <key>Name</key><string>ada@example.com</string>
         <key>PayloadCertificateUUID</key><string>ebf87a6f-4461-4b13-9a14-4d5a0f4b5cd0</string>
         <key>updated_at_xid</key><integer>7</integer>{COMMON}{VERSION}
         </dict></array>{TYPE}{OUTER}"
    ));
    let expected = rows(&[
        ("AP003", "", None),
        ("AP005", "PayloadCertificateUUID", None),
        ("AP007", "updated_at_xid", None),
    ]);
    assert_eq!(found(&text), expected);
}

#[test]
fn a_payload_instead_of_a_profile() {
    let text = plist(&format!(
        "<key>PayloadContent</key><array/>{IDENTIFIER}{OUTER}
         <key>PayloadType</key><string>com.apple.security.pkcs12</string>"
    ));
    assert_eq!(found(&text), rows(&[("AP002", "PayloadType", Some("Configuration"))]));
}

#[test]
fn a_profile_one_level_too_deep() {
    let text = plist(&format!(
        "<key>New item</key><dict><key>PayloadContent</key><array/>{IDENTIFIER}{TYPE}{OUTER}</dict>"
    ));
    let findings = check(&text);
    assert_eq!(findings.len(), 1, "{findings:#?}");
    assert_eq!((findings[0].rule, findings[0].severity), ("AP002", Severity::Error));
}

#[test]
fn keys_of_scep_without_their_blank() {
    let keys = "<key>KeyType</key><string>RSA</string><key>KeyUsage</key><integer>0</integer>
                <key>Keysize</key><integer>1024</integer>";
    let text = scep(&format!("{keys}{SUBJECT}"));
    let expected =
        rows(&[("AP007", "KeyType", Some("Key Type")), ("AP007", "KeyUsage", Some("Key Usage"))]);
    assert_eq!(found(&text), expected);
    let weak = check(&text).into_iter().filter(|finding| finding.rule == "AP012").count();
    assert_eq!(weak, 2); // 1024 bits, and no usage
}

#[test]
fn the_usage_of_scep_in_acme() {
    let text = one(
        "com.apple.security.acme",
        &format!(
            "<key>DirectoryURL</key><string>https://ca.example/directory</string>
             <key>ClientIdentifier</key><string>7</string><key>KeySize</key><integer>384</integer>
             <key>KeyType</key><string>ECSECPrimeRandom</string><key>HardwareBound</key><true/>
             <key>Attest</key><true/><key>KeyUsage</key><integer>5</integer>{SUBJECT}"
        ),
    );
    assert_eq!(found(&text), rows(&[("AP007", "KeyUsage", Some("UsageFlags"))]));
}

#[test]
fn a_key_without_value_and_a_list_of_principal_names() {
    let text = scep("<key>Subject</key>");
    assert_eq!(check(&text)[0].rule, "AP023");
    let names = "<key>SubjectAltName</key><dict><key>ntPrincipalName</key>
                 <array><string>a@b</string><string>c@d</string></array></dict>";
    let text = scep(&format!("{KEYS}{SUBJECT}{names}"));
    assert_eq!(found(&text), rows(&[("AP010", "ntPrincipalName", None)]));
}

#[test]
fn numbers_that_are_none() {
    let version = |number: &str| format!("<key>PayloadVersion</key>{number}");
    let payload = |number: &str| {
        profile(&format!(
            "<dict><key>PayloadType</key><string>com.example.app</string>{COMMON}{}</dict>",
            version(number)
        ))
    };
    let expected = rows(&[("AP003", "PayloadVersion", Some("<integer>1</integer>"))]);
    for number in ["<real>1</real>", "<string>1</string>"] {
        assert_eq!(found(&payload(number)), expected);
    }
    // Before it is known what the placeholder stands for, nothing can be said.
    assert_eq!(found(&payload("<integer>$VERSION_NUMBER</integer>")), []);
}

#[test]
fn certificates_in_strings() {
    for kind in ["com.apple.security.pem", "com.apple.security.pkcs1", "com.apple.security.root"] {
        let text = one(
            kind,
            "<key>PayloadContent</key><string>AAAA</string>
             <key>Password</key><string>$PASSWORD</string>",
        );
        let expected = rows(&[("AP003", "PayloadContent", None), ("AP007", "Password", None)]);
        assert_eq!(found(&text), expected, "{kind}");
    }
}

#[test]
fn every_mistake_of_scep_at_once() {
    let text = scep(
        "<key>CAFingerprint</key><string>11:22</string><key>GetCACaps</key><array/>
         <key>KeyType</key><string>RSA</string><key>KeyUsage</key><integer>5</integer>
         <key>Subject</key><array><array><array><string>CN</string></array></array></array>",
    );
    let expected = rows(&[
        ("AP003", "CAFingerprint", None),
        ("AP007", "GetCACaps", None),
        ("AP007", "KeyType", Some("Key Type")),
        ("AP007", "KeyUsage", Some("Key Usage")),
        ("AP009", "Subject", None),
    ]);
    assert_eq!(found(&text), expected);
}

#[test]
fn networks_with_keys_of_the_wrong_type_or_none() {
    let network = |keys: &str| {
        one("com.apple.wifi.managed", &format!("<key>SSID_STR</key><string>Example</string>{keys}"))
    };
    let modes = network("<key>SetupModes</key><string>System</string>");
    assert_eq!(found(&modes), rows(&[("AP003", "SetupModes", None)]));
    let enabled = network("<key>PayloadEnabled</key><true/>");
    assert_eq!(found(&enabled), rows(&[("AP007", "PayloadEnabled", None)]));
}

#[test]
fn text_of_a_manual_and_comments_in_data() {
    let text = scep("<key>Name</key><string><team-slug></string>");
    let findings = check(&text);
    assert_eq!((findings.len(), findings[0].rule), (1, "AP023"), "{findings:#?}");
    let nested = profile(&format!("<dict>{TYPE}<key>PayloadContent</key><array/></dict>"));
    assert!(check(&nested).iter().any(|finding| finding.rule == "AP002"));
    let comment = one(
        "com.apple.security.pkcs12",
        "<key>PayloadContent</key><data>MAMCAQM=<!-- here --></data>",
    );
    assert!(check(&comment).iter().any(|finding| finding.rule == "AP023"));
}

#[test]
fn a_template_of_digicert_is_fine() {
    let text = one(
        "com.apple.security.pkcs12",
        "<key>Password</key><string>$FLEET_VAR_DIGICERT_PASSWORD_CA</string>
         <key>PayloadContent</key><data>$FLEET_VAR_DIGICERT_DATA_CA</data>",
    );
    assert_eq!(found(&text), []);
}

#[test]
fn fingerprints() {
    // Eight bytes of 11:22:33:44:aa:bb:cc:dd: a digest of no kind.
    let short = scep(&format!("{KEYS}{SUBJECT}<key>CAFingerprint</key><data>ESIzRKq7zN0=</data>"));
    assert_eq!(found(&short), rows(&[("AP011", "CAFingerprint", None)]));
    // The hexadecimal text of twenty bytes.
    let text = "MTE6MjI6MzM6NDQ6NTU6NjY6Nzc6ODg6OTk6QUE6QkI6Q0M6REQ6RUU6RkY6MDA6MTE6MjI6MzM6NDQ=";
    let text = scep(&format!("{KEYS}{SUBJECT}<key>CAFingerprint</key><data>{text}</data>"));
    let expected = rows(&[("AP011", "CAFingerprint", Some("ESIzRFVmd4iZqrvM3e7/ABEiM0Q="))]);
    assert_eq!(found(&text), expected);
}

#[test]
fn cdata_is_text_and_a_warning() {
    let text = scep(&format!("{KEYS}{SUBJECT}<key>Name</key><string><![CDATA[a&b]]></string>"));
    let findings = check(&text);
    assert_eq!(findings.len(), 1, "{findings:#?}");
    assert_eq!((findings[0].rule, findings[0].severity), ("AP023", Severity::Warning));
}

#[test]
fn references_compare_without_case() {
    let identity = format!(
        "<dict><key>PayloadType</key><string>com.apple.security.pkcs12</string>
         <key>PayloadContent</key><data>$FLEET_SECRET_P12</data>{COMMON}{VERSION}</dict>"
    );
    let preference = "<dict>
         <key>PayloadType</key><string>com.apple.security.identitypreference</string>
         <key>PayloadIdentifier</key><string>com.example.profile.two</string>
         <key>PayloadUUID</key><string>0B2A3B1C-9F62-4A52-8C3B-2A7D1D9C0E01</string>
         <key>PayloadVersion</key><integer>1</integer><key>Name</key><string>a@b</string>
         <key>PayloadCertificateUUID</key><string>9dcc35a5-72f9-42b7-9a98-7ad9a9cca3ac</string>
         </dict>";
    let findings = check(&profile(&format!("{identity}{preference}")));
    assert_eq!(findings.len(), 1, "{findings:#?}");
    assert_eq!((findings[0].rule, findings[0].severity), ("AP005", Severity::Warning));
}

#[test]
fn one_global_ethernet_is_enough() {
    let payload = |number: u8| {
        format!(
            "<dict><key>PayloadType</key><string>com.apple.globalethernet.managed</string>
             <key>PayloadIdentifier</key><string>com.example.profile.{number}</string>
             <key>PayloadUUID</key><string>0B2A3B1C-9F62-4A52-8C3B-2A7D1D9C0E0{number}</string>
             <key>EAPClientConfiguration</key><dict><key>AcceptEAPTypes</key><array>
             <integer>18</integer></array></dict>{VERSION}</dict>"
        )
    };
    let text = profile(&[payload(1), payload(2)].concat());
    assert_eq!(found(&text), rows(&[("AP016", "PayloadType", None)]));
}

#[test]
fn checking_never_panics_on_fragments() {
    let whole = scep(&format!("{KEYS}{SUBJECT}<key>CAFingerprint</key><data>AAAA</data>"));
    for cut in 0..whole.len() {
        let target = Target::default().platform(Platform::Ios);
        let findings = check_bytes(&whole.as_bytes()[..cut], &Limits::default(), &target);
        assert!(!findings.is_empty(), "{cut}");
    }
}
