//! Answers of the CAs that speak JSON, at every reader: what is taken is what it says, and what is
//! not is told without control characters, without end and without secrets.
//!
//! The first octet says which reader, the second which status; the rest is the body.

use devicecert_ca::{Limits, digicert, ejbca, intune, smallstep};
use devicecert_pki::Secret;
use http::{Response, StatusCode};

use crate::world;

/// What is never shown, even if an answer repeats it.
const SECRET: &str = "5a5a5a5a";
/// Where nothing secret was sent: a text that is in no answer without control characters.
const NONE: &str = "\0";

const STATUS: [StatusCode; 8] = [
    StatusCode::OK,
    StatusCode::CREATED,
    StatusCode::BAD_REQUEST,
    StatusCode::UNAUTHORIZED,
    StatusCode::FORBIDDEN,
    StatusCode::NOT_FOUND,
    StatusCode::UNPROCESSABLE_ENTITY,
    StatusCode::SERVICE_UNAVAILABLE,
];

pub fn run(data: &[u8]) {
    let [reader, status, body @ ..] = data else { return };
    let mut response = Response::new(body.to_vec());
    *response.status_mut() = STATUS[usize::from(status % 8)];
    let limits = Limits::default();
    match reader % 7 {
        0 => {
            let profile = digicert_account().profile(&response, &limits);
            said(SECRET, profile, |profile| {
                agrees(body, "status", "Active");
                quiet(SECRET, &format!("{} {}", profile.id, profile.name));
            });
        }
        1 => {
            let csr = world::real().csr.clone();
            let order = digicert::Order::new(csr, "device-1", "seat");
            let issued = digicert_account().issued(&order, &response, &limits);
            said(SECRET, issued, |issued| {
                assert_eq!(issued.certificate.public_key(), order.csr.public_key());
                agrees(body, "serial_number", &issued.serial_number);
            });
        }
        2 => said(NONE, ejbca_account().status(&response, &limits), |()| {
            agrees(body, "status", "OK");
        }),
        3 => {
            let code = ejbca::EnrollmentCode::from_random([0x5a; 32]);
            let order = ejbca::Order::new(world::real().csr.clone(), "device-1", code);
            let issued = ejbca_account().issued(&order, &response, &limits);
            said(&"5a".repeat(32), issued, |issued| {
                assert_eq!(issued.certificate.public_key(), order.csr.public_key());
            });
        }
        4 => {
            let app = intune::App::new("example.onmicrosoft.com", "client", SECRET);
            said(SECRET, app.token(&response, &limits), |token| {
                agrees(body, "access_token", &String::from_utf8_lossy(token.secret.expose()));
            });
        }
        5 => said(NONE, intune::service_url(&response, &limits), |url| assert!(url.is_https())),
        _ => {
            let url = "https://fef.example".parse().unwrap();
            let service = intune::Service::new(url, intune::Token::new(SECRET), "ExampleCA 1.0");
            said(SECRET, service.answer(&response, &limits), |()| {
                agrees(body, "code", "Success");
            });
        }
    }
    let _ = smallstep::scep_url_of_agents(&String::from_utf8_lossy(body));
}

fn digicert_account() -> digicert::Account {
    let mut settings = digicert::Settings::new("WIFI", "https://one.digicert.com");
    settings.api_token = Secret::from(SECRET);
    settings.profile_id = "guid".into();
    settings.certificate_common_name = "device-1".into();
    settings.certificate_seat_id = "seat".into();
    settings.account().unwrap()
}

fn ejbca_account() -> ejbca::Account {
    ejbca::Account::new("https://ejbca.example".parse().unwrap(), "CA", "cp", "eep")
}

/// Another reader finds the same text under this key, if it takes the body at all: it also looks at
/// what it was not asked for, and refuses numbers, escapes and depths there that it cannot hold.
fn agrees(body: &[u8], key: &str, found: &str) {
    if let Ok(value) = serde_json::from_slice::<serde_json::Value>(body) {
        assert_eq!(value.get(key).and_then(serde_json::Value::as_str), Some(found));
    }
}

fn said<T, E: std::error::Error>(secret: &str, outcome: Result<T, E>, check: impl FnOnce(T)) {
    match outcome {
        Ok(value) => check(value),
        Err(error) => {
            quiet(secret, &error.to_string());
            quiet(secret, &format!("{error:?}"));
        }
    }
}

/// No line of a log, and none of a terminal, is anything but what it looks like.
fn quiet(secret: &str, shown: &str) {
    assert!(!shown.chars().any(char::is_control), "{shown:?}");
    assert!(!shown.contains(secret), "{shown}");
    assert!(shown.len() < 64 << 10);
}
