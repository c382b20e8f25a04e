//! Answers that are odd in a way that decides nothing.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use common::{KEY, OTHER_KEY, certificate_for, limits, response};
use devicecert_ca::ejbca::{self, Account, EnrollmentCode, Order};
use devicecert_ca::intune;
use devicecert_pki::{Certificate, Signer};

/// What EJBCA's answer to an order is taken for.
fn ordered(body: &str) -> Option<Certificate> {
    let account = Account::new("https://ejbca.example:8443".parse().unwrap(), "CA", "cp", "eep");
    let params = ejbca::csr_params("C02XK1", ["f@example.com"]).unwrap();
    let csr = params.unsigned(KEY.public_key()).unwrap().sign(&*KEY).unwrap();
    let order = Order::new(csr, "C02XK1", EnrollmentCode::from_random([0x0f; 32]));
    let issued = account.issued(&order, &response(201, body), &limits()).ok()?;
    Some(issued.certificate)
}

#[test]
fn keys_that_nobody_asked_for() {
    let certificate = certificate_for(&KEY);
    let base64 = STANDARD.encode(certificate.as_der());
    let odd = r#""response":{"certificate":[null,{"code":1e9}]},"":"","serialNumber":0"#;
    assert_eq!(ordered(&format!(r#"{{{odd},"certificate":"{base64}"}}"#)), Some(certificate));
    let service = intune::Service::new(
        "https://fef.example".parse().unwrap(),
        intune::Token::new("t"),
        "ExampleCA 1.0",
    );
    let verdict = |code: &str| {
        let body = format!(r#"{{{odd},"code":"{code}"}}"#);
        service.answer(&response(200, body), &limits())
    };
    assert_eq!(verdict("Success"), Ok(()));
    assert!(verdict("success").is_err());
}

#[test]
fn keys_that_nothing_depends_on_may_be_missing_or_null() {
    let certificate = certificate_for(&KEY);
    let base64 = STANDARD.encode(certificate.as_der());
    let missing = format!(r#"{{"certificate":"{base64}"}}"#);
    let null = format!(
        r#"{{"certificate":"{base64}","serial_number":null,"response_format":null,"certificate_chain":null}}"#
    );
    assert_eq!(ordered(&missing).as_ref(), Some(&certificate));
    assert_eq!(ordered(&null), Some(certificate));
    assert_eq!(ordered(r#"{"certificate":null,"serial_number":"0ABC"}"#), None);
}

#[test]
fn base64_with_line_breaks() {
    let broken = |certificate: &Certificate, end: &str| {
        let base64 = STANDARD.encode(certificate.as_der());
        let lines: Vec<_> = base64.as_bytes().chunks(64).map(String::from_utf8_lossy).collect();
        format!(r#"{{"certificate":"{}"}}"#, lines.join(end))
    };
    let certificate = certificate_for(&KEY);
    for end in ["\\r\\n", "\\n"] {
        assert_eq!(ordered(&broken(&certificate, end)).as_ref(), Some(&certificate));
    }
    assert_eq!(ordered(&broken(&certificate, "!")), None);
    // What decides is the key.
    assert_eq!(ordered(&broken(&certificate_for(&OTHER_KEY), "\\n")), None);
}
