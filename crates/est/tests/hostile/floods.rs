//! Too much of everything.

use devicecert_crypto_rust::RustCrypto;
use devicecert_est::cmc::PkiData;
use devicecert_est::{
    CaCertificates, CsrAttrs, Enrolment, Error, KeyProtection, Limits, Tolerance,
};
use devicecert_pki::{CsrParams, Signer};

use crate::common::{CERTS_ONLY, DEVICE, NOW, Server, csr, endpoint, response, sent};

const MIB: usize = 1 << 20;

fn is_too_much<T: std::fmt::Debug>(outcome: Result<T, Error>) {
    let error = outcome.unwrap_err();
    let is = matches!(
        error,
        Error::LimitExceeded(_) | Error::Pki(devicecert_pki::Error::LimitExceeded(_))
    );
    assert!(is, "{error}");
}

#[test]
fn a_body_of_100_mib() {
    for fill in [b'M', b' ', b'-', b'0', 0] {
        let answer = response(200, &[CERTS_ONLY], vec![fill; 100 * MIB]);
        is_too_much(CaCertificates::read(&endpoint(), &answer));
        let answer = response(200, &[("Content-Type", "application/csrattrs")], answer.into_body());
        is_too_much(CsrAttrs::read(&endpoint(), &answer));
    }
    let server = Server::new();
    let request =
        http::Request::post("/.well-known/est/simpleenroll").body(vec![b'M'; 100 * MIB]).unwrap();
    assert_eq!(server.handle(&request).status(), 413);
}

fn asking() -> Enrolment {
    let params = CsrParams::new("CN=device-1".parse().unwrap());
    let key = DEVICE.public_key().clone();
    let tls = KeyProtection::Tls;
    let mut enrolment = Enrolment::generate_key(endpoint(), params, key, tls, &RustCrypto).unwrap();
    sent(&mut enrolment, &DEVICE);
    enrolment
}

#[test]
fn ten_thousand_parts() {
    let body = "--b\r\n\r\nx\r\n".repeat(10_000);
    let answer = response(200, &[("Content-Type", "multipart/mixed; boundary=b")], body);
    is_too_much(asking().received(&answer, NOW));
}

#[test]
fn a_part_whose_header_does_not_end() {
    let headers = format!("--b\r\n{}", "X: y\r\n".repeat(10_000));
    let one = format!("--b\r\nX: {}\r\n", "y".repeat(100_000));
    for body in [headers, one] {
        let answer = response(200, &[("Content-Type", "multipart/mixed; boundary=b")], body);
        is_too_much(asking().received(&answer, NOW));
    }
}

#[test]
fn a_boundary_that_is_a_book() {
    let content_type = format!("multipart/mixed; boundary={}", "b".repeat(3000));
    let answer = response(200, &[("Content-Type", &content_type)], "--b\r\n");
    assert!(matches!(asking().received(&answer, NOW), Err(Error::InvalidMessage(_))));
}

/// Long headers are passed over, and there are no more challenges than anybody needs.
#[test]
fn a_flood_of_headers() {
    let value = format!("Basic realm=\"{}\"", "x".repeat(100_000));
    let mut answer = response(401, &[("WWW-Authenticate", &value)], "");
    for _ in 0..5_000 {
        let value = http::HeaderValue::from_static("Basic realm=\"x\", Basic realm=\"y\"");
        answer.headers_mut().append("WWW-Authenticate", value);
    }
    let mut enrolment = Enrolment::new(endpoint(), csr("CN=device-1", &DEVICE), &RustCrypto);
    sent(&mut enrolment, &DEVICE);
    let Err(Error::Refused(refusal)) = enrolment.received(&answer, NOW) else { panic!() };
    assert_eq!(refusal.challenges.len(), 8);

    let long = format!("application/pkcs7-mime; x={}", "y".repeat(100_000));
    let answer = response(500, &[("Content-Type", &long)], "text");
    let mut enrolment = Enrolment::new(endpoint(), csr("CN=device-1", &DEVICE), &RustCrypto);
    sent(&mut enrolment, &DEVICE);
    let Err(Error::Refused(refusal)) = enrolment.received(&answer, NOW) else { panic!() };
    assert_eq!(refusal.text.as_deref(), Some("text"));
}

#[test]
fn a_challenge_of_nothing_but_commas_and_quotes() {
    for value in [",".repeat(4000), "\"".repeat(4000), "Basic ".repeat(600), "=,".repeat(2000)] {
        let answer = response(401, &[("WWW-Authenticate", &value)], "");
        let mut enrolment = Enrolment::new(endpoint(), csr("CN=device-1", &DEVICE), &RustCrypto);
        sent(&mut enrolment, &DEVICE);
        assert!(matches!(enrolment.received(&answer, NOW), Err(Error::Refused(_))));
    }
}

#[test]
fn more_elements_than_anybody_needs() {
    let oid = [6, 3, 0x55, 0x1d, 0x11].repeat(65);
    let der = [&[0x30, 0x82, 1, 0x45][..], &oid].concat();
    is_too_much(CsrAttrs::parse(&der, &Tolerance::default(), &Limits::default()));
    // cmsSequence with 65 elements.
    let nulls = [5, 0].repeat(65);
    let der = [&[0x30, 0x81, 139, 0x30, 0, 0x30, 0, 0x30, 0x81, 130][..], &nulls, &[0x30, 0]];
    is_too_much(PkiData::parse(&der.concat(), &Limits::default()));
}

/// A nest of constructed values, as BER and as DER.
#[test]
fn a_nest_of_100_000_sequences() {
    let nest = [0x30, 0x80].repeat(100_000);
    let answer = response(200, &[CERTS_ONLY], nest);
    assert!(CaCertificates::read(&endpoint(), &answer).is_err());
}
