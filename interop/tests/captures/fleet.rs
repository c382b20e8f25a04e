//! The bodies that Fleet exchanges with CAs, as they were recorded: ours have the same keys in the
//! same order, and what Fleet was answered is understood.

use core::time::Duration;

use devicecert::ca::{Credentials, Limits, Uuid, digicert, smallstep};
use devicecert::crypto_rust::{PrivateKey, RustCrypto};
use devicecert::pki::{
    Certificate, CertificateParams, Csr, KeyKind, Secret, Signer, Time, Validity, to_pem,
};
use http::Response;
use serde_json::Value;

use crate::Case;
use crate::captures::Captures;

pub(crate) fn cases() -> Vec<Case> {
    vec![
        Case::new("fleet::digicert_profile", digicert_profile),
        Case::new("fleet::digicert_order", digicert_order),
        Case::new("fleet::digicert_certificate", digicert_certificate),
        Case::new("fleet::digicert_error", digicert_error),
        Case::new("fleet::smallstep_webhook", smallstep_webhook),
    ]
}

pub(crate) fn recorded(captures: &Captures, name: &str) -> String {
    let text = captures.text(&format!("fleet/wire/{name}.json"));
    captures.count_read(&text);
    text
}

pub(crate) fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// The keys of a JSON text in their order, with how deep each is.
pub(crate) fn keys(text: &str) -> Vec<(usize, String)> {
    let mut keys = Vec::new();
    let mut depth = 0_usize;
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}', '"']) {
        let (token, after) = rest[at..].split_at(1);
        rest = after;
        match token {
            "{" => depth += 1,
            "}" => depth -= 1,
            _ => {
                let end = rest.find('"').unwrap();
                let (word, after) = rest.split_at(end);
                rest = &after[1..];
                if rest.trim_start().starts_with(':') {
                    keys.push((depth, word.to_owned()));
                }
            }
        }
    }
    keys
}

fn body(request: &http::Request<Vec<u8>>) -> String {
    String::from_utf8(request.body().clone()).unwrap()
}

pub(crate) fn response(status: u16, body: &str) -> Response<Vec<u8>> {
    Response::builder().status(status).body(body.as_bytes().to_vec()).unwrap()
}

fn account() -> digicert::Account {
    let mut settings = digicert::Settings::new("WIFI", "https://one.digicert.com");
    settings.api_token = Secret::from("token");
    settings.profile_id = "<PROFILE_GUID>".into();
    settings.certificate_common_name = "$FLEET_VAR_HOST_HARDWARE_SERIAL".into();
    settings.certificate_seat_id = "$FLEET_VAR_HOST_HARDWARE_SERIAL".into();
    settings.account().unwrap()
}

fn order(key: &PrivateKey) -> digicert::Order {
    let csr: Csr = digicert::csr_params("<CN>")
        .unwrap()
        .unsigned(key.public_key())
        .unwrap()
        .sign(key)
        .unwrap();
    digicert::Order::new(csr, "<CN>", "<SEAT_ID>").user_principal_name("<UPN>")
}

pub(crate) fn certificate(key: &PrivateKey) -> Certificate {
    let validity = Validity::lasting(Time::from_unix(1_757_435_578), Duration::from_secs(86_400));
    let public = key.public_key().clone();
    CertificateParams::self_signed("CN=x".parse().unwrap(), public, validity, &RustCrypto)
        .unwrap()
        .unsigned(key.public_key())
        .unwrap()
        .sign(key)
        .unwrap()
}

fn digicert_profile(captures: &Captures) {
    let answer = recorded(captures, "digicert_profile_response_200");
    let profile = account().profile(&response(200, &answer), &Limits::default()).unwrap();
    assert_eq!((profile.id.as_str(), profile.name.as_str()), ("<GUID>", "<name>"));
}

fn digicert_order(captures: &Captures) {
    let recorded = recorded(captures, "digicert_certificate_request");
    let key = PrivateKey::generate(KeyKind::P256).unwrap();
    let ours = body(&account().order_request(&order(&key)).unwrap());
    assert_eq!(keys(&ours), keys(&recorded));
    // Every value is that of the record, but for the request, which is shortened there.
    let (mut ours, mut recorded) = (json(&ours), json(&recorded));
    let armour = |value: &mut Value| {
        let csr = value["csr"].take();
        let lines: Vec<String> = csr.as_str().unwrap().lines().map(str::to_owned).collect();
        (lines.first().cloned(), lines.last().cloned())
    };
    assert_eq!(armour(&mut ours), armour(&mut recorded));
    assert_eq!(ours, recorded);
}

fn digicert_certificate(captures: &Captures) {
    let recorded = recorded(captures, "digicert_certificate_response_201");
    let key = PrivateKey::generate(KeyKind::P256).unwrap();
    let certificate = certificate(&key);
    let mut answer = json(&recorded);
    answer["serial_number"] = "0abc".into();
    answer["certificate"] = to_pem("CERTIFICATE", certificate.as_der()).trim_end().into();
    let issued =
        account().issued(&order(&key), &response(201, &answer.to_string()), &Limits::default());
    assert_eq!(issued.unwrap().certificate, certificate);
}

fn digicert_error(captures: &Captures) {
    let answer = recorded(captures, "digicert_error");
    let key = PrivateKey::generate(KeyKind::P256).unwrap();
    let error =
        account().issued(&order(&key), &response(400, &answer), &Limits::default()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "unexpected DigiCert status code for POST request: 400, errors: <message>"
    );
}

fn smallstep_webhook(captures: &Captures) {
    let recorded = recorded(captures, "smallstep_challenge_request");
    let mut expected = json(&recorded);
    let event = &expected["event"];
    let account = smallstep::Settings::new(
        "WIFI",
        event["scepServerUrl"].as_str().unwrap(),
        "https://example.webhook.smallstep.com/",
        Credentials::new("user", "password"),
    )
    .account()
    .unwrap();
    let time = Time::from_unix(expected["webhook"]["eventTimestamp"].as_i64().unwrap());
    let identifier = event["payloadIdentifier"].as_str().unwrap();
    let digits: String = identifier.chars().filter(|c| *c != '-').collect();
    let bytes = u128::from_str_radix(&digits, 16).unwrap().to_be_bytes();
    let request = account.challenge_request(Uuid::from_random(bytes), time).unwrap();
    let ours = body(&request);
    assert_eq!(keys(&ours), keys(&recorded));
    // Fleet's own is in lower case; the record was made with another.
    expected["event"]["payloadIdentifier"] = identifier.to_ascii_lowercase().into();
    assert_eq!(json(&ours), expected);
}
