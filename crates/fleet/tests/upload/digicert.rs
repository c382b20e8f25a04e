//! Certificates of DigiCert on Apple devices.

use crate::support::{CURRENT, GUIDE, apple, payload, pkcs12, pkcs12_payload, profile, says};

const DATA: &str = "$FLEET_VAR_DIGICERT_DATA_DIGI";
const PASSWORD: &str = "$FLEET_VAR_DIGICERT_PASSWORD_DIGI";

const OUTSIDE: &str = "Variables $FLEET_VAR_DIGICERT_PASSWORD_DIGI and $FLEET_VAR_DIGICERT_DATA_DIGI \
    can only be included in the 'com.apple.security.pkcs12' payload under Password and \
    PayloadContent, respectively.";

#[test]
fn parse_failure() {
    let broken = pkcs12(DATA, PASSWORD).replace("</data>", "</datum>");
    assert_eq!(
        apple(&broken, GUIDE),
        [
            "Failed to parse PKCS12 payload with Fleet variables: XML syntax error on line 1: expected \
          the end of the element that was opened last, found </datum>"
        ]
    );
}

#[test]
fn the_content_is_not_the_data_of_the_same_ca() {
    says(
        &apple(&pkcs12("QUJD", PASSWORD), CURRENT),
        "CA name mismatch between $FLEET_VAR_DIGICERT_PASSWORD_DIGI and ABC in PKCS12 payload.",
    );
    says(
        &apple(&pkcs12("$FLEET_VAR_DIGICERT_DATA_OTHER", PASSWORD), CURRENT),
        "CA name mismatch between $FLEET_VAR_DIGICERT_PASSWORD_DIGI and \
         $FLEET_VAR_DIGICERT_DATA_OTHER in PKCS12 payload.",
    );
}

#[test]
fn the_content_is_shown_up_to_100_characters() {
    // 120 times "0".
    let long = "MDAw".repeat(40);
    let shown = "0".repeat(100);
    says(
        &apple(&pkcs12(&long, PASSWORD), CURRENT),
        &format!(
            "CA name mismatch between $FLEET_VAR_DIGICERT_PASSWORD_DIGI and {shown}... in PKCS12 \
             payload."
        ),
    );
}

#[test]
fn outside_of_the_payload() {
    let wifi = payload(
        "com.apple.wifi.managed",
        &format!("<key>a</key><data>{DATA}</data><key>b</key><string>{PASSWORD}</string>"),
    );
    assert_eq!(apple(&profile(&wifi), GUIDE), [OUTSIDE]);
    // The type of the payload is exact.
    let upper = pkcs12(DATA, PASSWORD).replace("pkcs12", "PKCS12");
    assert_eq!(apple(&upper, GUIDE), [OUTSIDE]);
    // The password is the variable and nothing else.
    says(&apple(&pkcs12(DATA, &format!("{PASSWORD} ")), GUIDE), OUTSIDE);
}

#[test]
fn several_payloads_one_pair_for_each_ca() {
    let server = devicecert_fleet::Server::default().digicert("A").digicert("B");
    let pair = |ca: &str| {
        let data = format!("<data>$FLEET_VAR_DIGICERT_DATA_{ca}</data>");
        pkcs12_payload(&data, &format!("$FLEET_VAR_DIGICERT_PASSWORD_{ca}"))
    };
    let text = profile(&(pair("A") + &pair("B")));
    let found = devicecert_fleet::check(
        text.as_bytes(),
        devicecert_fleet::Destination::AppleProfile,
        &server,
        CURRENT,
    );
    assert_eq!(found, []);
}

#[test]
fn content_that_is_no_data_is_passed_over() {
    let text = profile(
        &(pkcs12_payload("<string>x</string>", PASSWORD)
            + &pkcs12_payload("<array/>", "x")
            + &payload("x", &format!("<key>a</key><data>{DATA}</data>"))),
    );
    assert_eq!(apple(&text, GUIDE), [OUTSIDE]);
}

#[test]
fn white_space_around_the_data() {
    assert_eq!(apple(&pkcs12(&format!("\n\t{DATA}\n  "), PASSWORD), GUIDE), [""; 0]);
}
