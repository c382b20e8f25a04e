//! The SCEP payload of Apple devices.

use devicecert_fleet::{Destination, Severity};

use crate::support::{
    CURRENT, GUIDE, OU_MARK, apple, find, payload, profile, says, scep, scep_payload,
};

const NDES_CHALLENGE: &str = "$FLEET_VAR_NDES_SCEP_CHALLENGE";
const NDES_URL: &str = "$FLEET_VAR_NDES_SCEP_PROXY_URL";

#[test]
fn parse_failure() {
    let broken = scep(NDES_CHALLENGE, NDES_URL, OU_MARK).replace("</plist>", "");
    assert_eq!(
        apple(&broken, GUIDE),
        [
            "Failed to parse SCEP payload with Fleet variables: XML syntax error on line 1: expected an \
          end tag for every element, found no end of \"plist\""
        ]
    );
}

#[test]
fn more_than_one_payload() {
    let one = scep_payload(NDES_CHALLENGE, NDES_URL, &[("OU", OU_MARK)]);
    let other = scep_payload("secret", "https://ca.example", &[]);
    assert_eq!(apple(&profile(&(one + &other)), CURRENT), ["Add only one SCEP payload."]);
}

#[test]
fn no_payload() {
    let wifi = payload(
        "com.apple.wifi.managed",
        &format!(
            "<key>a</key><string>{NDES_CHALLENGE}</string><key>b</key><string>{NDES_URL}</string>\
             <key>c</key><string>{OU_MARK}</string>"
        ),
    );
    assert_eq!(
        apple(&profile(&wifi), GUIDE),
        ["Variables prefixed with \"$FLEET_VAR_SCEP_\", \"$FLEET_VAR_CUSTOM_SCEP_\", \
          \"$FLEET_VAR_NDES_SCEP\" and \"$FLEET_VAR_SMALLSTEP_\" must only be in the SCEP payload."]
    );
}

#[test]
fn the_challenge_is_the_variable() {
    for (variable, url) in [
        ("NDES_SCEP_CHALLENGE", NDES_URL),
        ("CUSTOM_SCEP_CHALLENGE_WIFI", "$FLEET_VAR_CUSTOM_SCEP_PROXY_URL_WIFI"),
        ("SMALLSTEP_SCEP_CHALLENGE_STEP", "$FLEET_VAR_SMALLSTEP_SCEP_PROXY_URL_STEP"),
    ] {
        let text = format!(
            "Variable \"$FLEET_VAR_{variable}\" must be in the SCEP certificate's \"Challenge\" field."
        );
        for challenge in [format!("x$FLEET_VAR_{variable}"), format!("$FLEET_VAR_{variable} ")] {
            says(&apple(&scep(&challenge, url, OU_MARK), GUIDE), &text);
        }
        let braced = scep(&format!("${{FLEET_VAR_{variable}}}"), url, OU_MARK);
        assert_eq!(apple(&braced, GUIDE), [""; 0]);
    }
}

#[test]
fn the_url_is_the_variable() {
    says(
        &apple(&scep(NDES_CHALLENGE, &format!("{NDES_URL}/x"), OU_MARK), GUIDE),
        "Variable \"$FLEET_VAR_NDES_SCEP_PROXY_URL\" must be in the SCEP certificate's \"URL\" field.",
    );
    // In each other's place both are wrong.
    let swapped = apple(&scep(NDES_URL, NDES_CHALLENGE, OU_MARK), GUIDE);
    assert_eq!(
        swapped,
        [
            "Variable \"$FLEET_VAR_NDES_SCEP_PROXY_URL\" must be in the SCEP certificate's \"URL\" \
             field.",
            "Variable \"$FLEET_VAR_NDES_SCEP_CHALLENGE\" must be in the SCEP certificate's \
             \"Challenge\" field.",
        ]
    );
}

#[test]
fn the_renewal_id_is_in_neither_cn_nor_ou() {
    let subject = [("O", OU_MARK)];
    let elsewhere = profile(&scep_payload(NDES_CHALLENGE, NDES_URL, &subject));
    assert_eq!(
        apple(&elsewhere, GUIDE),
        [
            "Variable $FLEET_VAR_SCEP_RENEWAL_ID must be in the SCEP certificate's organizational unit \
          (OU)."
        ]
    );
    assert_eq!(
        apple(&elsewhere, CURRENT),
        ["Variable $FLEET_VAR_CERTIFICATE_RENEWAL_ID must be in the SCEP certificate's \
          organizational unit (OU)."]
    );
}

#[test]
fn the_renewal_id_may_be_anywhere_inside_of_cn_or_ou() {
    for (key, value) in
        [("OU", "a ${FLEET_VAR_SCEP_RENEWAL_ID} b"), ("CN", "a $FLEET_VAR_SCEP_RENEWAL_ID")]
    {
        let text = profile(&scep_payload(NDES_CHALLENGE, NDES_URL, &[(key, value)]));
        assert_eq!(apple(&text, GUIDE), [""; 0]);
        assert_eq!(apple(&text, CURRENT), [""; 0]);
    }
}

#[test]
fn the_newer_name_of_the_renewal_id() {
    let text = scep(NDES_CHALLENGE, NDES_URL, "$FLEET_VAR_CERTIFICATE_RENEWAL_ID");
    assert_eq!(apple(&text, CURRENT), [""; 0]);
    says(
        &apple(&text, GUIDE),
        "Fleet variable $FLEET_VAR_CERTIFICATE_RENEWAL_ID is not supported in configuration profiles.",
    );
}

/// For ACME, and SCEP past the proxy, the mark may stand where it likes.
#[test]
fn without_a_proxy_nothing_is_asked_of_the_renewal_id() {
    let acme = payload(
        "com.apple.security.acme",
        "<key>Subject</key><array><array><array><string>O</string>\
         <string>$FLEET_VAR_CERTIFICATE_RENEWAL_ID</string></array></array></array>",
    );
    assert_eq!(find(&profile(&acme), Destination::AppleProfile, CURRENT), []);
}

#[test]
fn a_mark_in_the_cn_is_warned_of_today() {
    let text = profile(&scep_payload(NDES_CHALLENGE, NDES_URL, &[("CN", OU_MARK)]));
    assert_eq!(find(&text, Destination::AppleProfile, GUIDE), []);
    let found = find(&text, Destination::AppleProfile, CURRENT);
    let [finding] = found.as_slice() else { panic!("{found:#?}") };
    assert_eq!((finding.rule, finding.severity), ("FL067", Severity::Warning));
}
