//! Hydrant and custom EST: requests as Fleet makes them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use devicecert::crypto_rust::RustCrypto;
use devicecert::delivery::{EstCa, EstCaError, EstKind};
use devicecert::est::Step;
use devicecert::pki::cms::Bundle;
use devicecert::pki::{Certificate, Csr, CsrParams, Signer};
use http::Response;

use crate::support::{KEY, NOW, certificate_for, response};

fn csr() -> Csr {
    let params = CsrParams::new("CN=laptop-7".parse().unwrap());
    params.unsigned(KEY.public_key()).unwrap().sign(&*KEY).unwrap()
}

fn hydrant(url: &str) -> EstCa {
    EstCa::hydrant("HYDRANT".parse().unwrap(), url, "client-id", "client-secret").unwrap()
}

fn certs_only(certificate: &Certificate) -> Response<Vec<u8>> {
    let body = STANDARD.encode(Bundle::new([certificate]).to_der());
    let mut response = response(200, &body);
    let content_type = "application/pkcs7-mime; smime-type=certs-only".parse().unwrap();
    response.headers_mut().insert("Content-Type", content_type);
    response
}

#[test]
fn the_request() {
    let mut enrolment =
        hydrant("https://ca.example/.well-known/est/wifi").enrolment(csr(), &RustCrypto);
    let Ok(Step::Send(request)) = enrolment.step(NOW) else { panic!() };
    assert_eq!(request.method(), "POST");
    assert_eq!(request.uri(), "https://ca.example/.well-known/est/wifi/simpleenroll");
    let headers = request.headers();
    assert_eq!(headers["Content-Type"], "application/pkcs10");
    assert_eq!(headers["Accept"], "application/pkcs7-mime");
    // Before the server asks.
    assert_eq!(headers["Authorization"], "Basic Y2xpZW50LWlkOmNsaWVudC1zZWNyZXQ=");
    assert!(headers["Authorization"].is_sensitive());
    assert_eq!(headers.len(), 3, "no Content-Transfer-Encoding: {headers:?}");
    let body = core::str::from_utf8(request.body()).unwrap();
    assert!(!body.ends_with('\n'), "nothing behind the last line");
    let lengths: Vec<_> = body.lines().map(str::len).collect();
    let (last, full) = lengths.split_last().unwrap();
    assert!(full.iter().all(|length| *length == 64) && *last <= 64, "{lengths:?}");
}

#[test]
fn the_url_is_taken_as_it_is() {
    for (url, expected) in [
        ("https://est.example", "https://est.example/simpleenroll"),
        ("https://est.example/a", "https://est.example/a/simpleenroll"),
        ("https://est.example/a/", "https://est.example/a//simpleenroll"),
        ("https://est.example:8443/x/y", "https://est.example:8443/x/y/simpleenroll"),
    ] {
        let mut enrolment = hydrant(url).enrolment(csr(), &RustCrypto);
        let Ok(Step::Send(request)) = enrolment.step(NOW) else { panic!() };
        assert_eq!(request.uri().to_string(), expected);
    }
    assert!(EstCa::custom("X".parse().unwrap(), "http://est.example", "u", "p").is_err());
}

#[test]
fn the_certificate() {
    let mut enrolment = hydrant("https://est.example/est").enrolment(csr(), &RustCrypto);
    let Ok(Step::Send(_)) = enrolment.step(NOW) else { panic!() };
    let certificate = certificate_for(&csr());
    enrolment.received(&certs_only(&certificate), NOW).unwrap();
    let Ok(Step::Done(issued)) = enrolment.step(NOW) else { panic!() };
    assert_eq!(issued.certificate, certificate);
}

#[test]
fn the_settings_are_checked_without_credentials() {
    let ca = EstCa::custom("EST".parse().unwrap(), "https://est.example/est", "user", "password");
    let ca = ca.unwrap();
    assert_eq!((ca.kind(), ca.name().as_str()), (EstKind::Custom, "EST"));
    let request = ca.check_request().unwrap();
    assert_eq!((request.method().as_str(), request.uri().path()), ("GET", "/est/cacerts"));
    assert!(!request.headers().contains_key("Authorization"));
    let typed = |content_type: &str, body: &str| {
        let mut response = response(200, body);
        response.headers_mut().insert("Content-Type", content_type.parse().unwrap());
        response
    };
    assert_eq!(ca.check(&typed("application/pkcs7-mime; smime-type=certs-only", "x")), Ok(()));
    for (response, text) in [
        (response(404, ""), "unexpected EST CA status code: 404"),
        (typed("text/html", "x"), "unexpected EST CA content type: text/html"),
        (
            typed("application/pkcs7-mime", ""),
            "no CA certificates found in EST CA /cacerts response. URL may be incorrect",
        ),
    ] {
        assert_eq!(ca.check(&response).unwrap_err().to_string(), text);
    }
    assert!(matches!(ca.check(&response(500, "")), Err(EstCaError::Status(500))));
}

#[test]
fn no_secret_is_printed() {
    let ca = hydrant("https://est.example/est");
    let mut enrolment = ca.enrolment(csr(), &RustCrypto);
    let printed = format!("{ca:?} {enrolment:?} {:?}", enrolment.step(NOW));
    assert!(!printed.contains("client-secret") && !printed.contains("Y2xpZW50"), "{printed}");
}
