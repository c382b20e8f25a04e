//! DigiCert ONE: a key on the server, a certificate, one file with both.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use devicecert::Delivery;
use devicecert::crypto_rust::RustCrypto;
use devicecert::delivery::{CaId, Cause, OrderField, Turn};
use devicecert::fleet::Rules;
use devicecert::fleet::proxy::{CaType, Record};
use devicecert::pki::pkcs12::Pkcs12;
use devicecert::pki::{Limits, Secret, Signer};

use crate::support::{
    API_TOKEN, HOST, KEY, PROFILE, answer, apple, authorities, certificate_for, deliver,
    digicert_settings, host, nothing, order_of, refused, response, run, texts,
};

const PASSWORD: &str = "$FLEET_VAR_DIGICERT_PASSWORD_CORP";
const DATA: &str = "${FLEET_VAR_DIGICERT_DATA_CORP}";

#[test]
fn data_and_password_are_of_one_file_with_the_key_that_was_certified() {
    let outcome = deliver(&apple(&[PASSWORD, DATA]));
    assert_eq!(outcome.asked.len(), 1, "one certificate for both variables");
    let [password, data] = texts(&outcome.profile.unwrap()).try_into().unwrap();
    let file = STANDARD.decode(data).unwrap();
    let password = Secret::from(password);
    let opened = Pkcs12::open(&file, &password, &RustCrypto, &Limits::default()).unwrap();
    assert_eq!(opened.key(), Some(&KEY.to_pkcs8_der().unwrap()));
    let leaf = opened.leaf().unwrap();
    assert_eq!(leaf.public_key(), KEY.public_key());
    assert_eq!(leaf.subject().to_string(), "CN=C02XK1");
    assert_eq!(opened.others().count(), 0, "Fleet sends the leaf only");
}

#[test]
fn the_password_is_new_each_time() {
    let password = || texts(&deliver(&apple(&[PASSWORD])).profile.unwrap()).remove(0);
    let (one, other) = (password(), password());
    assert_ne!(one, other);
    // GenerateRandomText(10): base64 of ten octets.
    assert_eq!((one.len(), one.ends_with("==")), (16, true));
}

#[test]
fn the_order_has_the_values_of_the_host_and_nothing_of_xml() {
    let outcome = deliver(&apple(&[PASSWORD, DATA]));
    let fetch = &outcome.asked[0];
    assert_eq!(fetch.ca, CaId::DigiCert("CORP".parse().unwrap()));
    assert_eq!((fetch.turn, fetch.timeout.as_secs()), (Turn::First, 20));
    assert_eq!(fetch.request.uri(), "https://one.digicert.com/mpki/api/v1/certificate");
    assert_eq!(fetch.request.headers()["X-API-key"], API_TOKEN);
    let (order, csr) = order_of(&fetch.request);
    assert_eq!(order["attributes"]["subject"]["common_name"], "C02XK1");
    assert_eq!(order["seat"]["seat_id"], "o'brien@example.com");
    let upns = &order["attributes"]["extensions"]["san"]["user_principal_names"];
    assert_eq!(*upns, serde_json::json!(["o'brien@example.com"]));
    assert_eq!(csr.subject().to_string(), "CN=C02XK1");
}

#[test]
fn what_it_leaves_behind_has_dates_and_serial_number() {
    let outcome = deliver(&apple(&[PASSWORD, DATA]));
    let [Record::Certificate(row)] = &outcome.records[..] else {
        panic!("{:?}", outcome.records);
    };
    let (_, csr) = order_of(&outcome.asked[0].request);
    assert_eq!(row.validity, Some(certificate_for(&csr).validity()));
    assert_eq!(row.serial.as_deref(), Some("0abc"));
    assert_eq!(row.ca_type, Some(CaType::DigiCert));
    assert_eq!(row.ca.as_deref(), Some("CORP"));
    assert_eq!((row.host.as_str(), row.profile.as_str()), (HOST, PROFILE));
    assert_eq!(row.challenge_retrieved_at, None);
}

#[test]
fn two_accounts_are_two_certificates() {
    let mut both = authorities();
    let mut vpn = digicert_settings();
    vpn.name = "CORP_VPN".into();
    vpn.url = "https://vpn.digicert.example".into();
    both.digicert(vpn.account().unwrap()).unwrap();
    let template = apple(&[
        PASSWORD,
        DATA,
        "$FLEET_VAR_DIGICERT_PASSWORD_CORP_VPN",
        "$FLEET_VAR_DIGICERT_DATA_CORP_VPN",
    ]);
    let host = host();
    let outcome = run(Delivery::new(&template, &host, &both, &RustCrypto), answer);
    let asked: Vec<_> = outcome.asked.iter().map(|fetch| fetch.ca.to_string()).collect();
    assert_eq!(asked, ["DigiCert CA CORP", "DigiCert CA CORP_VPN"]);
    let [one, first, other, second] = texts(&outcome.profile.unwrap()).try_into().unwrap();
    for (password, data) in [(&one, first), (&other, second)] {
        let file = STANDARD.decode(data).unwrap();
        let password = Secret::from(password.as_str());
        assert!(Pkcs12::open(&file, &password, &RustCrypto, &Limits::default()).is_ok());
    }
    assert_ne!(one, other);
    assert_eq!(outcome.records.len(), 2);
}

#[test]
fn what_fleet_says_when_digicert_refuses() {
    const BODY: &str = r#"{"errors":[{"code":"x","message":"a"},{"code":"y","message":"b"}]}"#;
    for (status, body, detail) in [
        (
            401,
            BODY,
            "Couldn't get certificate from DigiCert for CORP. The API token configured in CORP \
             certificate authority is invalid. Status code for POST request: 401, errors: a; b",
        ),
        (
            403,
            "",
            "Couldn't get certificate from DigiCert for CORP. The \"profile_id\" configured in \
             CORP certificate authority doesn't exist. Status code for POST request: 403",
        ),
        (
            500,
            "",
            "Couldn't get certificate from DigiCert for CORP. unexpected DigiCert status code for \
             POST request: 500",
        ),
        (
            201,
            r#"{"serial_number":"0a","delivery_format":"pkcs7","certificate":"x"}"#,
            "Couldn't get certificate from DigiCert for CORP. unexpected DigiCert delivery \
             format: pkcs7",
        ),
        (
            201,
            r#"{"serial_number":"xyz","delivery_format":"x509","certificate":"x"}"#,
            "Couldn't get certificate from DigiCert for CORP. invalid DigiCert serial number: xyz",
        ),
        (
            201,
            r#"{"serial_number":"0a","delivery_format":"x509"}"#,
            "Couldn't get certificate from DigiCert for CORP. did not receive DigiCert certificate",
        ),
    ] {
        let why = refused(&apple(&[PASSWORD, DATA]), &authorities(), |_| response(status, body));
        assert_eq!(why.detail(Rules::Current), detail);
        assert_eq!(why.detail(Rules::Guide), detail);
        assert!(matches!(why.findings()[0].cause, Cause::DigiCert { .. }));
        assert_eq!(why.findings()[0].place.line, 2, "beside the first variable of the CA");
    }
}

#[test]
fn a_certificate_for_another_key_is_none() {
    let other = |fetch: &devicecert::delivery::Fetch| {
        // The answer to somebody else's order.
        let key = devicecert::crypto_rust::PrivateKey::generate(devicecert::pki::KeyKind::P256);
        let key = key.unwrap();
        let (_, mine) = order_of(&fetch.request);
        let params = devicecert::pki::CsrParams::new(mine.subject().clone());
        let csr = params.unsigned(key.public_key()).unwrap().sign(&key).unwrap();
        let pem = devicecert::pki::to_pem("CERTIFICATE", certificate_for(&csr).as_der());
        let body = serde_json::json!({
            "serial_number": "0a", "delivery_format": "x509", "certificate": pem,
        });
        response(201, &body.to_string())
    };
    let why = refused(&apple(&[PASSWORD, DATA]), &authorities(), other);
    assert!(matches!(
        why.findings()[0].cause,
        Cause::DigiCert { error: devicecert::ca::digicert::Error::OtherKey, .. }
    ));
}

#[test]
fn a_host_without_what_the_order_needs_is_refused_before_digicert_is_asked() {
    let authorities = authorities();
    let template = apple(&[PASSWORD, DATA]);
    let host = devicecert::fleet::Host::new(HOST, PROFILE).serial("C02XK1");
    let outcome = run(Delivery::new(&template, &host, &authorities, &RustCrypto), |fetch| {
        panic!("{fetch:?}")
    });
    let Err(devicecert::Error::Undelivered(why)) = outcome.profile else { panic!() };
    assert_eq!(
        why.detail(Rules::Current),
        "There is no IdP email for this host. Fleet couldn't populate \
         $FLEET_VAR_HOST_END_USER_EMAIL_IDP. [Learn \
         more](https://fleetdm.com/learn-more-about/idp-email)"
    );
    let fields: Vec<_> = why.findings().iter().map(|finding| &finding.cause).collect();
    assert!(matches!(
        fields[..],
        [
            Cause::Order { field: OrderField::SeatId, .. },
            Cause::Order { field: OrderField::UserPrincipalName, .. }
        ]
    ));
}

#[test]
fn a_ca_of_that_name_in_another_case_is_another_ca() {
    let mut lower = nothing();
    let mut settings = digicert_settings();
    settings.name = "corp".into();
    lower.digicert(settings.account().unwrap()).unwrap();
    let why = refused(&apple(&[DATA, PASSWORD]), &lower, |fetch| panic!("{fetch:?}"));
    let details: Vec<_> = why.findings().iter().map(ToString::to_string).collect();
    // Fleet's text has the name without FLEET_VAR_.
    assert_eq!(
        details,
        [
            "Fleet couldn't populate $DIGICERT_DATA_CORP because CORP certificate authority \
             doesn't exist.",
            "Fleet couldn't populate $DIGICERT_PASSWORD_CORP because CORP certificate authority \
             doesn't exist."
        ]
    );
}
