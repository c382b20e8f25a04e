//! No secret is seen in what is printed of a delivery.

use devicecert::Delivery;
use devicecert::crypto_rust::RustCrypto;
use devicecert::delivery::Step;
use devicecert::fleet::proxy::Record;

use crate::support::{
    API_TOKEN, CUSTOM_CHALLENGE, KEY, NDES_CHALLENGE, NDES_PASSWORD, NOW, SMALLSTEP_CHALLENGE,
    SMALLSTEP_PASSWORD, answer, apple, authorities, host, texts,
};

#[test]
fn not_of_the_settings_the_steps_the_records_or_the_saved_form() {
    let (host, authorities) = (host(), authorities());
    let template = apple(&[
        "$FLEET_VAR_DIGICERT_PASSWORD_CORP",
        "$FLEET_VAR_DIGICERT_DATA_CORP",
        "$FLEET_VAR_NDES_SCEP_CHALLENGE",
        "$FLEET_VAR_CUSTOM_SCEP_CHALLENGE_WIFI",
        "$FLEET_VAR_CUSTOM_SCEP_PROXY_URL_WIFI",
        "$FLEET_VAR_SMALLSTEP_SCEP_CHALLENGE_STEP",
        "$FLEET_SECRET_PSK",
    ]);
    let mut delivery =
        Delivery::new(&template, &host, &authorities, &RustCrypto).secret("PSK", "the-psk");
    let mut printed = format!("{authorities:?} {delivery:?}");
    let mut passcode = String::new();
    let profile = loop {
        let step = delivery.step(NOW).unwrap();
        printed.push_str(&format!("{step:?} {delivery:?} {:?}", delivery.save()));
        match step {
            Step::GenerateKey(_) => {
                delivery.generated(&*KEY, KEY.to_pkcs8_der().unwrap()).unwrap();
            }
            Step::Fetch(fetch) => delivery.received(&answer(&fetch)).unwrap(),
            Step::Store(records) => {
                for record in &records {
                    if let Record::Passcode { passcode: made, .. } = record {
                        made.expose().clone_into(&mut passcode);
                    }
                }
                delivery.stored().unwrap();
            }
            Step::Done(profile) => break profile,
        }
    };
    let texts = texts(profile.as_str());
    let [password, data, .., psk] = &texts[..] else { panic!() };
    assert!(!passcode.is_empty() && profile.as_str().contains(&passcode));
    let basic = "ZmxlZXQ6"; // how the credentials for Smallstep begin
    for secret in [
        password,
        data,
        psk,
        &passcode,
        API_TOKEN,
        NDES_PASSWORD,
        NDES_CHALLENGE,
        SMALLSTEP_PASSWORD,
        SMALLSTEP_CHALLENGE,
        CUSTOM_CHALLENGE,
        basic,
    ] {
        assert!(!printed.contains(secret), "{secret:?} in {printed}");
    }
    assert!(printed.contains("one.digicert.com"), "something was printed at all");
}
