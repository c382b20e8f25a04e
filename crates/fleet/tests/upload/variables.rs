//! Unknown and unsupported variables.

use devicecert_fleet::{Check, Destination, License, Server, Template, Unavailable, Variable};

use crate::support::{
    CURRENT, Certificate, GUIDE, apple, command, errors, find, payload, pkcs12, profile, says,
    scep, windows,
};

fn with(variable: &str) -> String {
    profile(&payload("x", &format!("<key>a</key><string>{variable}</string>")))
}

#[test]
fn apple_upload_unknown_name() {
    for rules in [GUIDE, CURRENT] {
        assert_eq!(
            apple(&with("$FLEET_VAR_BOZO"), rules),
            ["Fleet variable $FLEET_VAR_BOZO is not supported in configuration profiles."]
        );
        assert_eq!(
            apple(&with("a ${FLEET_VAR_HOST_UUIDX}"), rules),
            ["Fleet variable $FLEET_VAR_HOST_UUIDX is not supported in configuration profiles."]
        );
    }
}

#[test]
fn apple_and_windows_upload_known_prefix_and_missing_ca() {
    says(
        &apple(&pkcs12("$FLEET_VAR_DIGICERT_DATA_digi", "x"), GUIDE),
        "Fleet variable $FLEET_VAR_DIGICERT_DATA_digi does not exist.",
    );
    says(
        &apple(&scep("$FLEET_VAR_SMALLSTEP_SCEP_CHALLENGE_WIFI", "x", "IT"), CURRENT),
        "Fleet variable $FLEET_VAR_SMALLSTEP_SCEP_CHALLENGE_WIFI does not exist.",
    );
    let challenge = "$FLEET_VAR_CUSTOM_SCEP_CHALLENGE_NONE";
    for rules in [GUIDE, CURRENT] {
        says(
            &windows(
                &Certificate::of_wifi().with("/Install/Challenge", Some(challenge)).to_xml(),
                rules,
            ),
            "Fleet variable $FLEET_VAR_CUSTOM_SCEP_CHALLENGE_NONE does not exist.",
        );
    }
}

#[test]
fn windows_upload_unknown() {
    for name in
        ["BOZO", "DIGICERT_DATA_DIGI", "SMALLSTEP_SCEP_CHALLENGE_STEP", "HOST_END_USER_EMAIL_IDP"]
    {
        let text =
            format!("Fleet variable $FLEET_VAR_{name} is not supported in Windows profiles.");
        let profile = command("Replace", "./Device/A", Some(&format!("$FLEET_VAR_{name}")));
        assert!(windows(&profile, GUIDE).contains(&text), "{name}");
        assert!(windows(&profile, CURRENT).contains(&text), "{name}");
    }
}

/// What Fleet of 2026 takes on Windows, and Fleet of 2025 did not.
#[test]
fn windows_upload_takes_more_today() {
    for name in [
        "HOST_HARDWARE_SERIAL",
        "HOST_PLATFORM",
        "SCEP_RENEWAL_ID",
        "CERTIFICATE_RENEWAL_ID",
        "NDES_SCEP_CHALLENGE",
        "NDES_SCEP_PROXY_URL",
    ] {
        let text =
            format!("Fleet variable $FLEET_VAR_{name} is not supported in Windows profiles.");
        let profile = command("Replace", "./Device/A", Some(&format!("$FLEET_VAR_{name}")));
        assert_eq!(windows(&profile, GUIDE), [text.as_str()], "{name}");
        assert!(!windows(&profile, CURRENT).contains(&text), "{name}");
    }
}

#[test]
fn no_premium_licence() {
    let free = Server::default().license(License::Free).ndes();
    let said = |profile: &str, destination| {
        errors(Check::new(&free, CURRENT).run(profile.as_bytes(), destination))
    };
    let text = "Requires Fleet Premium license";
    let windows = command("Replace", "./Device/A", Some("$FLEET_VAR_HOST_UUID"));
    assert_eq!(said(&windows, Destination::WindowsProfile), [text]);
    let ndes = scep(
        "$FLEET_VAR_NDES_SCEP_CHALLENGE",
        "$FLEET_VAR_NDES_SCEP_PROXY_URL",
        "$FLEET_VAR_SCEP_RENEWAL_ID",
    );
    assert_eq!(said(&ndes, Destination::AppleProfile), [text]);
    let host = with("$FLEET_VAR_HOST_UUID");
    assert_eq!(said(&host, Destination::AppleProfile), [""; 0]);
}

#[test]
fn apple_delivery_unknown() {
    let error = Template::compile(&with("$FLEET_VAR_BOZO"), Destination::AppleProfile).unwrap_err();
    assert_eq!(
        error.to_string(),
        "Unknown Fleet variable $FLEET_VAR_BOZO found in profile. Please update or remove."
    );
}

fn unavailable(why: &Unavailable, name: &str, destination: Destination) -> String {
    why.message(&Variable::from_name(name), destination)
}

#[test]
fn delivery_ca_gone() {
    let message = |name| unavailable(&Unavailable::NoSuchCa, name, Destination::AppleProfile);
    assert_eq!(
        message("CUSTOM_SCEP_PROXY_URL_WIFI"),
        "Fleet couldn't populate $CUSTOM_SCEP_PROXY_URL_WIFI because WIFI certificate authority \
         doesn't exist."
    );
    assert_eq!(
        message("DIGICERT_DATA_DIGI"),
        "Fleet couldn't populate $DIGICERT_DATA_DIGI because DIGI certificate authority doesn't exist."
    );
}

#[test]
fn delivery_licence() {
    let message = |name| unavailable(&Unavailable::NoLicense, name, Destination::AppleProfile);
    for (name, text) in [
        ("DIGICERT_DATA_A", "DigiCert integration requires a Fleet Premium license."),
        ("CUSTOM_SCEP_CHALLENGE_A", "Custom SCEP integration requires a Fleet Premium license."),
        (
            "SMALLSTEP_SCEP_PROXY_URL_A",
            "Smallstep SCEP integration requires a Fleet Premium license.",
        ),
        ("NDES_SCEP_CHALLENGE", "NDES SCEP Proxy requires a Fleet Premium license."),
    ] {
        assert_eq!(message(name), text);
    }
}

#[test]
fn delivery_ndes_not_set_apple() {
    assert_eq!(
        unavailable(&Unavailable::NoNdes, "NDES_SCEP_PROXY_URL", Destination::AppleProfile),
        "NDES SCEP Proxy is not configured. Please configure in Settings > Integrations > Certificates."
    );
}

#[test]
fn delivery_ndes_not_set_windows() {
    assert_eq!(
        unavailable(&Unavailable::NoNdes, "NDES_SCEP_CHALLENGE", Destination::WindowsProfile),
        "NDES is not configured. Fleet couldn't populate $FLEET_VAR_NDES_SCEP_CHALLENGE."
    );
}

#[test]
fn a_signed_profile() {
    let mut signed = b"\x30\x82\x10\x00\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02".to_vec();
    signed.extend_from_slice(with("$FLEET_VAR_HOST_UUID").as_bytes());
    let findings = Check::new(&Server::default(), CURRENT).run(&signed, Destination::AppleProfile);
    assert_eq!(
        errors(findings),
        ["a signed profile cannot contain Fleet variables ($FLEET_VAR_*)"]
    );
}

#[test]
fn a_declaration() {
    let declaration = r#"{"Type": "x", "Payload": {"a": "${FLEET_VAR_HOST_UUID}"}}"#;
    assert_eq!(
        errors(find(declaration, Destination::AppleDeclaration, GUIDE)),
        ["Fleet variables ($FLEET_VAR_*) are not currently supported in DDM profiles"]
    );
    let secret = r#"{"a": "$FLEET_SECRET_PSK"}"#;
    assert_eq!(errors(find(secret, Destination::AppleDeclaration, GUIDE)), [""; 0]);
}

#[test]
fn secrets_that_are_not_on_the_server() {
    let server = Server::default().secret("PSK");
    let said = |text: &str| {
        errors(Check::new(&server, CURRENT).run(with(text).as_bytes(), Destination::AppleProfile))
    };
    assert_eq!(said("$FLEET_SECRET_PSK"), [""; 0]);
    assert_eq!(
        said("$FLEET_SECRET_X"),
        ["Couldn't add. Secret variable \"$FLEET_SECRET_X\" missing from database"]
    );
    assert_eq!(
        said("$FLEET_SECRET_X ${FLEET_SECRET_Y} $FLEET_SECRET_X"),
        [
            "Couldn't add. Secret variables \"$FLEET_SECRET_X\", \"$FLEET_SECRET_Y\" missing from database"
        ]
    );
}
