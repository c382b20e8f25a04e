//! Variables of CAs, whatever the platform.

use crate::support::{
    CURRENT, Certificate, GUIDE, OU_MARK, apple, pkcs12, pkcs12_payload, profile, says, scep,
    scep_payload, windows,
};

const CHALLENGE: &str = "$FLEET_VAR_CUSTOM_SCEP_CHALLENGE_WIFI";
const URL: &str = "$FLEET_VAR_CUSTOM_SCEP_PROXY_URL_WIFI";
const STEP_CHALLENGE: &str = "$FLEET_VAR_SMALLSTEP_SCEP_CHALLENGE_STEP";
const STEP_URL: &str = "$FLEET_VAR_SMALLSTEP_SCEP_PROXY_URL_STEP";
const NDES_CHALLENGE: &str = "$FLEET_VAR_NDES_SCEP_CHALLENGE";
const NDES_URL: &str = "$FLEET_VAR_NDES_SCEP_PROXY_URL";

#[test]
fn nothing_is_wrong_with_what_is_complete() {
    for (challenge, url) in
        [(CHALLENGE, URL), (STEP_CHALLENGE, STEP_URL), (NDES_CHALLENGE, NDES_URL)]
    {
        for rules in [GUIDE, CURRENT] {
            assert_eq!(apple(&scep(challenge, url, OU_MARK), rules), [""; 0]);
        }
    }
    let digicert = pkcs12("$FLEET_VAR_DIGICERT_DATA_DIGI", "$FLEET_VAR_DIGICERT_PASSWORD_DIGI");
    assert_eq!(apple(&digicert, GUIDE), [""; 0]);
    assert_eq!(windows(&Certificate::of_wifi().to_xml(), CURRENT), [""; 0]);
    assert_eq!(windows(&Certificate::of_ndes().to_xml(), CURRENT), [""; 0]);
}

#[test]
fn the_name_of_a_ca_is_exact_and_of_its_kind() {
    let said = apple(&scep("$FLEET_VAR_CUSTOM_SCEP_CHALLENGE_STEP", URL, OU_MARK), GUIDE);
    says(&said, "Fleet variable $FLEET_VAR_CUSTOM_SCEP_CHALLENGE_STEP does not exist.");
}

#[test]
fn each_variable_and_ca_once() {
    let subject = [("CN", "${FLEET_VAR_CUSTOM_SCEP_CHALLENGE_WIFI}"), ("OU", OU_MARK)];
    let twice = profile(&scep_payload(CHALLENGE, URL, &subject));
    says(
        &apple(&twice, GUIDE),
        "Fleet variable $FLEET_VAR_CUSTOM_SCEP_CHALLENGE_WIFI is already present in configuration \
         profile.",
    );
}

#[test]
fn ndes_variables_once() {
    let twice =
        profile(&scep_payload(NDES_CHALLENGE, NDES_URL, &[("CN", NDES_URL), ("OU", OU_MARK)]));
    says(
        &apple(&twice, CURRENT),
        "Fleet variable $FLEET_VAR_NDES_SCEP_PROXY_URL is already present in configuration profile.",
    );
}

#[test]
fn renewal_id_twice() {
    let twice = profile(&scep_payload(CHALLENGE, URL, &[("CN", OU_MARK), ("OU", OU_MARK)]));
    assert_eq!(
        apple(&twice, GUIDE),
        [
            "Variable $FLEET_VAR_SCEP_RENEWAL_ID must be in the SCEP certificate's organizational unit \
          (OU)."
        ]
    );
    assert_eq!(
        apple(&twice, CURRENT),
        ["Variable $FLEET_VAR_CERTIFICATE_RENEWAL_ID must be in the SCEP certificate's \
          organizational unit (OU)."]
    );
}

#[test]
fn renewal_id_alone() {
    let alone = scep("secret", "https://ca.example", OU_MARK);
    assert_eq!(
        apple(&alone, GUIDE),
        ["Variable \"$FLEET_VAR_SCEP_RENEWAL_ID\" can't be used if variables for SCEP URL and \
          Challenge are not specified."]
    );
    assert_eq!(apple(&alone, CURRENT), [""; 0]);
}

#[test]
fn digicert_data_missing() {
    says(
        &apple(&pkcs12("QUJD", "$FLEET_VAR_DIGICERT_PASSWORD_DIGI"), GUIDE),
        "Missing $FLEET_VAR_DIGICERT_DATA_DIGI in the profile",
    );
}

#[test]
fn digicert_password_missing() {
    says(
        &apple(&pkcs12("$FLEET_VAR_DIGICERT_DATA_DIGI", "secret"), GUIDE),
        "Missing $FLEET_VAR_DIGICERT_PASSWORD_DIGI in the profile",
    );
}

#[test]
fn digicert_other() {
    let said =
        apple(&pkcs12("$FLEET_VAR_DIGICERT_DATA_DIGI", "$FLEET_VAR_DIGICERT_PASSWORD_B"), GUIDE);
    says(&said, "Missing $FLEET_VAR_DIGICERT_PASSWORD_DIGI in the profile");
    says(&said, "Missing $FLEET_VAR_DIGICERT_DATA_B in the profile");
    says(
        &said,
        "CA name mismatch between $FLEET_VAR_DIGICERT_DATA_<ca_name> and \
         $FLEET_VAR_DIGICERT_PASSWORD_<ca_name> in the profile.",
    );
}

const CUSTOM_INCOMPLETE: &str = "SCEP profile for custom SCEP certificate authority requires: \
    $FLEET_VAR_CUSTOM_SCEP_CHALLENGE_<CA_NAME>, $FLEET_VAR_CUSTOM_SCEP_PROXY_URL_<CA_NAME>, and \
    $FLEET_VAR_SCEP_RENEWAL_ID variables.";

/// Fleet of 2026 names the mark by its newer name.
fn newer(text: &str) -> String {
    text.replace("SCEP_RENEWAL_ID", "CERTIFICATE_RENEWAL_ID")
}

#[test]
fn custom_scep_incomplete_apple() {
    for (challenge, url, ou) in [
        ("secret", URL, OU_MARK),
        (CHALLENGE, "https://ca.example", OU_MARK),
        (CHALLENGE, URL, "IT"),
    ] {
        let profile = scep(challenge, url, ou);
        assert_eq!(apple(&profile, GUIDE), [CUSTOM_INCOMPLETE]);
        assert_eq!(apple(&profile, CURRENT), [newer(CUSTOM_INCOMPLETE)]);
    }
}

#[test]
fn custom_scep_incomplete_windows() {
    let certificate = Certificate::of_wifi().with("/Install/SubjectName", Some("CN=laptop"));
    assert_eq!(windows(&certificate.to_xml(), GUIDE), [""; 0]);
    says(&windows(&certificate.to_xml(), CURRENT), &newer(CUSTOM_INCOMPLETE));
    let certificate = certificate.with("/Install/Challenge", Some("secret"));
    assert_eq!(
        windows(&certificate.to_xml(), GUIDE),
        ["SCEP profile for custom SCEP certificate authority requires: \
          $FLEET_VAR_CUSTOM_SCEP_CHALLENGE_<CA_NAME> and $FLEET_VAR_CUSTOM_SCEP_PROXY_URL_<CA_NAME> \
          variables."]
    );
}

#[test]
fn custom_scep_ca_differs() {
    let said = apple(&scep("$FLEET_VAR_CUSTOM_SCEP_CHALLENGE_VPN", URL, OU_MARK), GUIDE);
    assert_eq!(
        said,
        [
            "Missing $FLEET_VAR_CUSTOM_SCEP_PROXY_URL_VPN in the profile",
            "CA name mismatch between $FLEET_VAR_CUSTOM_SCEP_PROXY_URL_<ca_name> and \
             $FLEET_VAR_CUSTOM_SCEP_CHALLENGE_<ca_name> in the profile.",
            "Missing $FLEET_VAR_CUSTOM_SCEP_CHALLENGE_WIFI in the profile",
        ]
    );
}

#[test]
fn ndes_incomplete() {
    let text = "SCEP profile for NDES certificate authority requires: $FLEET_VAR_NDES_SCEP_CHALLENGE, \
         $FLEET_VAR_NDES_SCEP_PROXY_URL, and $FLEET_VAR_SCEP_RENEWAL_ID variables.";
    for (challenge, url, ou) in [
        ("secret", NDES_URL, OU_MARK),
        (NDES_CHALLENGE, "https://ca.example", OU_MARK),
        (NDES_CHALLENGE, NDES_URL, "IT"),
    ] {
        assert_eq!(apple(&scep(challenge, url, ou), GUIDE), [text]);
        assert_eq!(apple(&scep(challenge, url, ou), CURRENT), [newer(text)]);
    }
    let certificate = Certificate::of_ndes().with("/Install/SubjectName", Some("CN=laptop"));
    says(&windows(&certificate.to_xml(), CURRENT), &newer(text));
}

#[test]
fn smallstep_incomplete() {
    let text = "SCEP profile for Smallstep certificate authority requires: \
         $FLEET_VAR_SMALLSTEP_SCEP_CHALLENGE_<CA_NAME>, $FLEET_VAR_SMALLSTEP_SCEP_PROXY_URL_<CA_NAME>, \
         and $FLEET_VAR_SCEP_RENEWAL_ID variables.";
    for (challenge, url, ou) in [
        ("secret", STEP_URL, OU_MARK),
        (STEP_CHALLENGE, "https://ca.example", OU_MARK),
        (STEP_CHALLENGE, STEP_URL, "IT"),
    ] {
        assert_eq!(apple(&scep(challenge, url, ou), GUIDE), [text]);
        assert_eq!(apple(&scep(challenge, url, ou), CURRENT), [newer(text)]);
    }
}

#[test]
fn smallstep_ca_differs() {
    let said = apple(&scep("$FLEET_VAR_SMALLSTEP_SCEP_CHALLENGE_OTHER", STEP_URL, OU_MARK), GUIDE);
    assert_eq!(
        said,
        [
            "Missing $FLEET_VAR_SMALLSTEP_SCEP_PROXY_URL_OTHER in the profile",
            "CA name mismatch between $FLEET_VAR_SMALLSTEP_SCEP_PROXY_URL_<ca_name> and \
             $FLEET_VAR_SMALLSTEP_SCEP_CHALLENGE_<ca_name> in the profile.",
            "Missing $FLEET_VAR_SMALLSTEP_SCEP_CHALLENGE_STEP in the profile",
        ]
    );
}

/// Kinds of CAs are checked each for itself.
#[test]
fn several_kinds_in_one_profile() {
    let digicert = pkcs12_payload(
        "<data>${FLEET_VAR_DIGICERT_DATA_DIGI}</data>",
        "${FLEET_VAR_DIGICERT_PASSWORD_DIGI}",
    );
    let ndes = scep_payload(NDES_CHALLENGE, NDES_URL, &[("OU", OU_MARK)]);
    assert_eq!(apple(&profile(&format!("{digicert}{ndes}")), GUIDE), [""; 0]);
}
