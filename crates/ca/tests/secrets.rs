//! No secret is in a `Debug`, in an error or in a text, whatever value holds it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

#[path = "common/mod.rs"]
mod common;

use std::fmt::Debug;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use devicecert_ca::ndes::ntlm::{Authenticate, Challenge, ChannelBinding};
use devicecert_ca::ndes::{ChallengeFetch, Step};
use devicecert_ca::{
    Credentials, Identity, Pkcs12Password, Uuid, digicert, ejbca, intune, okta, smallstep,
};
use devicecert_crypto_rust::RustCrypto;
use devicecert_pki::Secret;
use http::{Request, Response};

use common::{
    KEY, NOW, TOKEN, certificate_for, csr, digicert_settings, hex, limits, pem, response, utf16le,
};

const PASSWORD: &str = "a-very-secret-password";
const CHALLENGE: &str = "AVERYSECRETCHALLENGE";
const CLIENT_SECRET: &str = "a-very-secret-client-secret";
const BEARER: &str = "a-very-secret-bearer-token";

/// Every secret that a test uses, and how it looks in base64, in a list of numbers and in UTF-16.
fn forbidden() -> Vec<String> {
    let code = "5a".repeat(32);
    let pair = |name: &str| format!("{name}:{PASSWORD}");
    let texts = [
        TOKEN.to_owned(),
        PASSWORD.to_owned(),
        CHALLENGE.to_owned(),
        CLIENT_SECRET.to_owned(),
        BEARER.to_owned(),
        code,
        pair("user"),
        pair(r"EXAMPLE\user"),
        "MDEyMzQ1Njc4OQ==".to_owned(),
    ];
    let mut forbidden = Vec::new();
    for text in texts {
        let numbers = |octets: &[u8]| format!("{octets:?}").trim_matches(['[', ']']).to_owned();
        forbidden.push(numbers(text.as_bytes()));
        forbidden.push(numbers(&utf16le(&text)));
        forbidden.push(STANDARD.encode(&text).trim_end_matches('=').to_owned());
        forbidden.push(text);
    }
    forbidden
}

fn check(what: &str, value: &impl Debug) {
    for shown in [format!("{value:?}"), format!("{value:#?}")] {
        check_text(what, &shown);
    }
}

fn check_text(what: &str, shown: &str) {
    for secret in forbidden() {
        assert!(!shown.contains(&secret), "{what} shows {secret}: {shown}");
    }
}

fn check_error(what: &str, error: &impl std::error::Error) {
    check(what, error);
    check_text(what, &error.to_string());
    let mut source = error.source();
    while let Some(error) = source {
        check_text(what, &error.to_string());
        source = error.source();
    }
}

/// A request whose body may be shown, too.
fn check_request(what: &str, request: &Request<Vec<u8>>) {
    check(what, request);
    check_text(what, &String::from_utf8_lossy(request.body()));
}

/// A request whose body holds a secret, as its documentation says: everything else of it.
fn check_request_head(what: &str, request: &Request<Vec<u8>>) {
    check(what, &request.headers());
    check(what, request.uri());
}

fn credentials() -> Credentials {
    Credentials::new(r"EXAMPLE\user", PASSWORD)
}

#[test]
fn digicert() {
    let settings = digicert_settings("https://one.digicert.com");
    check("Settings", &settings);
    let account = common::digicert();
    check("Account", &account);
    check_request("profile_request", &account.profile_request().unwrap());
    let order = digicert::Order::new(csr(), "C02XK1", "seat");
    check("Order", &order);
    check_request("order_request", &account.order_request(&order).unwrap());

    let certificate = certificate_for(&KEY);
    let body = format!(
        r#"{{"serial_number":"1","delivery_format":"x509","certificate":"{}"}}"#,
        pem(&certificate).replace('\n', "\\n")
    );
    let issued = account.issued(&order, &response(201, body), &limits()).unwrap();
    check("Issued", &issued);
    let key = KEY.to_pkcs8_der().unwrap();
    let password = Pkcs12Password::from_random(*b"0123456789");
    check("Pkcs12Password", &password);
    let identity = issued.identity(key, password, &RustCrypto).unwrap();
    check("Identity", &identity);
    let file = format!("{:?}", identity.pkcs12.expose());
    assert!(!format!("{identity:?}").contains(file.trim_matches(['[', ']'])));
    assert_eq!(format!("{:?}", Identity::data(&identity)), "[redacted]");
}

#[test]
fn digicert_that_repeats_the_token_wherever_it_can() {
    let account = common::digicert();
    let order = digicert::Order::new(csr(), "C02XK1", "seat");
    for body in [
        format!(r#"{{"errors":[{{"message":"{TOKEN}"}},{{"message":"x{TOKEN}x"}}]}}"#),
        format!(r#"{{"serial_number":"1","delivery_format":"{TOKEN}","certificate":"x"}}"#),
        format!(r#"{{"serial_number":"{TOKEN}","delivery_format":"x509","certificate":"x"}}"#),
        format!(r#"{{"serial_number":"1","delivery_format":"x509","certificate":"{TOKEN}"}}"#),
        format!(r#"{{"serial_number":"1","delivery_format":{{"{TOKEN}":1}}}}"#),
        format!(r#"{{"id":"{TOKEN}","name":"{TOKEN}","status":"{TOKEN}"}}"#),
        format!(r#"{{"id":"{TOKEN}","name":"{TOKEN}","status":"Active"}}"#),
        format!(r#"{{"id":["{TOKEN}"],"status":"Active"}}"#),
        format!(r#"{{"status":"Active"}} {TOKEN}"#),
        TOKEN.to_owned(),
    ] {
        for status in [200, 201, 400, 401, 403, 500] {
            let answer = response(status, &body);
            if let Err(error) = account.issued(&order, &answer, &limits()) {
                check_error("issued", &error);
                check_text("detail", &error.detail(account.name()));
            }
            match account.profile(&answer, &limits()) {
                Ok(profile) => check("Profile", &profile),
                Err(error) => {
                    check_error("profile", &error);
                    check_text("setting", &error.setting().api_text());
                }
            }
        }
    }
}

fn unauthorized(offer: &str) -> Response<Vec<u8>> {
    let mut response = response(401, "");
    response.headers_mut().insert("www-authenticate", offer.parse().unwrap());
    response
}

#[test]
fn ndes() {
    check("Credentials", &credentials());
    let settings = devicecert_ca::ndes::Settings::new("https://a/", "https://b/", credentials());
    check("Settings", &settings);
    check("Account", &settings.account().unwrap());
    let url = "https://ndes.example.com/certsrv/mscep_admin/";
    let message =
        hex("4e544c4d53535000020000000c000c003800000033828ae20123456789abcdef0000000000000000
        2400240044000000060070170000000f53006500720076006500720002000c0044006f006d00610069006e00
        01000c005300650072007600650072000000 0000");
    let challenge = format!("NTLM {}", STANDARD.encode(&message));
    let page = format!("The enrollment challenge password is: <B> {CHALLENGE} </B>");
    for offers in [&["NTLM", &challenge][..], &["Basic realm=\"x\""]] {
        let mut fetch = ChallengeFetch::new(url.parse().unwrap(), credentials(), [7; 8]).unwrap();
        for offer in offers {
            check("ChallengeFetch", &fetch);
            check("Step", &fetch.step(NOW).unwrap());
            fetch.received(&unauthorized(offer)).unwrap();
        }
        check("ChallengeFetch", &fetch);
        check("Step", &fetch.step(NOW).unwrap());
        match fetch.step(NOW).unwrap() {
            Step::Send(request) | Step::SendOnSameConnection(request) => {
                // What proves the password is not for logs either.
                assert!(request.headers()["authorization"].is_sensitive());
            }
            Step::Done(_) => panic!("the page was not sent"),
        }
        fetch.received(&response(200, &page)).unwrap();
        check("ChallengeFetch", &fetch);
        check("Step", &fetch.step(NOW).unwrap());
    }
    let challenge = Challenge::parse(&message, &limits()).unwrap();
    check("Challenge", &challenge);
    let credentials = credentials();
    let binding = ChannelBinding::from_digest(&[7; 32]);
    let answer = Authenticate::new(&challenge, &credentials, [7; 8]).channel_binding(&binding);
    check("Authenticate", &answer);
    check("the message", &answer.to_bytes(NOW).unwrap());
}

#[test]
fn ndes_pages_that_are_refused_are_not_repeated() {
    let url = "https://ndes.example.com/".parse().unwrap();
    for (status, page) in [
        (200, format!("<p>{PASSWORD} {CHALLENGE}")),
        (500, format!("{PASSWORD} {CHALLENGE}")),
        (200, format!("The enrollment challenge password is: <B> {}", CHALLENGE.repeat(1000))),
    ] {
        let mut fetch =
            ChallengeFetch::basic(Clone::clone(&url), Credentials::new("user", PASSWORD)).unwrap();
        let error = fetch.received(&response(status, &page)).unwrap_err();
        check_error("the page", &error);
        check_text("detail", &error.detail(devicecert_ca::Wording::Current));
        check("ChallengeFetch", &fetch);
    }
    let okta = okta::challenge(url, Credentials::new("user", PASSWORD)).unwrap();
    check("okta", &okta.step(NOW).unwrap());
}

#[test]
fn smallstep() {
    let credentials = Credentials::new("user", PASSWORD);
    let settings = smallstep::Settings::new(
        "WIFI",
        "https://example.scep.smallstep.com/p/agents/x",
        "https://example.ca.smallstep.com/challenge",
        credentials,
    );
    check("Settings", &settings);
    let account = settings.account().unwrap();
    check("Account", &account);
    let uuid = Uuid::from_random([7; 16]);
    check_request("challenge_request", &account.challenge_request(uuid, NOW).unwrap());
    let challenge = account.challenge(&response(200, CHALLENGE), &limits()).unwrap();
    check("the challenge", &challenge);
    for (status, body) in [(500, format!("{CHALLENGE}{PASSWORD}")), (200, CHALLENGE.repeat(1000))] {
        let error = account.challenge(&response(status, body), &limits()).unwrap_err();
        check_error("challenge", &error);
        check_text("detail", &error.detail());
    }
}

#[test]
fn intune() {
    let app = intune::App::new("example.onmicrosoft.com", "client", CLIENT_SECRET);
    check("App", &app);
    check_request_head("token_request", &app.token_request(intune::Scope::Intune).unwrap());
    let body = format!(r#"{{"access_token":"{BEARER}","expires_in":1}}"#);
    let token = app.token(&response(200, body), &limits()).unwrap();
    check("Token", &token);
    check_request("service_request", &app.service_request(&token).unwrap());
    let service =
        intune::Service::new("https://fef.example".parse().unwrap(), token, "ExampleCA 1.0");
    check("Service", &service);
    let transaction = intune::Transaction::new("1", CHALLENGE.as_bytes()).unwrap();
    check("Transaction", &transaction);
    let uuid = Uuid::from_random([7; 16]);
    check_request_head("validate", &service.validate(&transaction, uuid).unwrap());
    for body in [
        format!(r#"{{"code":"{BEARER}x","errorDescription":"{BEARER}"}}"#),
        format!(r#"{{"code":["{BEARER}"]}}"#),
        format!(r#"{{"code":"Success"}} {BEARER}"#),
    ] {
        let error = service.answer(&response(200, body), &limits()).unwrap_err();
        check_error("answer", &error);
    }
    let body = format!(r#"{{"access_token":["{BEARER}"]}}"#);
    check_error("token", &app.token(&response(200, body), &limits()).unwrap_err());
    let body = format!(r#"{{"error":"{CLIENT_SECRET}","error_description":"{CLIENT_SECRET}"}}"#);
    check_error("token", &app.token(&response(401, body), &limits()).unwrap_err());
}

#[test]
fn ejbca() {
    let account =
        ejbca::Account::new("https://ejbca.example:8443".parse().unwrap(), "CA", "cp", "eep");
    check("Account", &account);
    let code = ejbca::EnrollmentCode::from_random([0x5a; 32]);
    check("EnrollmentCode", &code);
    let order = ejbca::Order::new(csr(), "C02XK1", code);
    check("Order", &order);
    check_request_head("order_request", &account.order_request(&order).unwrap());
    let code = "5a".repeat(32);
    for body in [
        format!(r#"{{"error_message":"{code}"}}"#),
        format!(r#"{{"certificate":"{code}","response_format":"{code}"}}"#),
        format!(r#"{{"certificate":"{code}"}}"#),
        format!(r#"{{"certificate":["{code}"]}}"#),
        code.clone(),
    ] {
        for status in [200, 201, 400, 403, 404, 422, 500] {
            let error = account.issued(&order, &response(status, &body), &limits()).unwrap_err();
            check_error("issued", &error);
        }
    }
}

#[test]
fn this_test_sees_what_it_looks_for() {
    let shown = std::panic::catch_unwind(|| check("a list of numbers", &PASSWORD.as_bytes()));
    assert!(shown.is_err());
    let base64 = STANDARD.encode(format!("user:{PASSWORD}"));
    assert!(std::panic::catch_unwind(|| check_text("base64", &base64)).is_err());
    assert_eq!(format!("{:?}", Secret::from(PASSWORD)), "[redacted]");
}
