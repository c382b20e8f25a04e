//! §4.2.1 Simple enrolment.

use devicecert_crypto_rust::RustCrypto;
use devicecert_est::{EmissionProfile, Endpoint, Enrolment, Error, Step, Tolerance};
use devicecert_pki::error::Rejected;
use devicecert_pki::{Csr, CsrParams, GeneralName, Signer};

use crate::common::{
    DEVICE, NOW, STRANGER, Server, base64, csr, csr_of, drive, endpoint, sent, signed, unbase64,
};

#[test]
fn the_request_is_a_post_of_base64_pkcs10() {
    let csr = csr("CN=device-1", &DEVICE);
    let mut enrolment = Enrolment::new(endpoint(), csr.clone(), &RustCrypto);
    let request = sent(&mut enrolment, &DEVICE);
    assert_eq!(request.method(), "POST");
    assert_eq!(request.uri(), "https://est.test/.well-known/est/simpleenroll");
    assert_eq!(request.headers()["content-type"], "application/pkcs10");
    assert_eq!(request.headers()["accept"], "application/pkcs7-mime");
    assert_eq!(request.headers()["content-transfer-encoding"], "base64");
    assert_eq!(csr_of(&request), csr);
}

/// The form that libest's and GlobalSign's servers both read at any size: lines of 64 and a line
/// end behind the last.
#[test]
fn the_base64_is_wrapped_as_every_known_server_reads_it() {
    let mut enrolment = Enrolment::new(endpoint(), csr("CN=device-1", &DEVICE), &RustCrypto);
    let body = sent(&mut enrolment, &DEVICE).into_body();
    let text = String::from_utf8(body).unwrap();
    assert!(text.ends_with('\n') && !text.ends_with("\n\n") && !text.contains('\r'));
    let lines: Vec<_> = text.lines().collect();
    assert!(lines[..lines.len() - 1].iter().all(|line| line.len() == 64));
    let bare = {
        let mut endpoint = endpoint();
        endpoint.emission = EmissionProfile::RFC8951;
        let mut enrolment = Enrolment::new(endpoint, csr("CN=device-1", &DEVICE), &RustCrypto);
        sent(&mut enrolment, &DEVICE)
    };
    assert!(!bare.body().contains(&b'\n'));
    assert!(!bare.headers().contains_key("content-transfer-encoding"));
}

#[test]
fn a_device_gets_the_certificate_it_asked_for() {
    let server = Server::new();
    let mut params = CsrParams::new("CN=device-1,O=Test".parse().unwrap());
    params.subject_alt_name = vec![GeneralName::Dns("device-1.test".into())];
    let mut enrolment = Enrolment::new(endpoint(), signed(&params, &DEVICE), &RustCrypto);
    let issued = drive(&mut enrolment, &DEVICE, |request| server.handle(request)).unwrap();
    let certificate = &issued.certificate;
    assert_eq!(certificate.public_key(), DEVICE.public_key());
    assert_eq!(certificate.subject(), &params.subject);
    assert_eq!(certificate.extensions().subject_alt_name().unwrap(), params.subject_alt_name);
    assert_eq!((issued.chain, issued.key), (Vec::new(), None));
    // And again, however often one asks.
    assert!(matches!(enrolment.step(NOW), Ok(Step::Done(_))));
}

#[test]
fn a_request_that_is_not_signed_with_its_key_is_refused() {
    let server = Server::new();
    let forged =
        CsrParams::new("CN=device-1".parse().unwrap()).unsigned(DEVICE.public_key()).unwrap();
    let signature = crate::common::forge(forged.to_be_signed(), &STRANGER);
    let forged = forged.attach(&signature).unwrap();
    let request = post(&forged, "application/pkcs10");
    let call = server.service.route(&request).unwrap();
    let error = call.read(&request, &server.client, &RustCrypto).unwrap_err();
    let expected = Rejected::Signature("the certification request");
    assert_eq!(error, Error::Pki(expected.into()));
    assert_eq!(server.handle(&request).status(), 400);
}

fn post(csr: &Csr, content_type: &str) -> http::Request<Vec<u8>> {
    let request = http::Request::post("/.well-known/est/simpleenroll");
    request.header("Content-Type", content_type).body(base64(csr.as_der())).unwrap()
}

#[test]
fn the_content_type_is_pkcs10_unless_another_is_tolerated() {
    let mut server = Server::new();
    let csr = csr("CN=device-1", &DEVICE);
    let tried = [
        ("application/pkcs10", true),
        ("application/pkcs10; charset=utf-8", true),
        ("Application/PKCS10", true),
        ("application/pkcs10x", false),
        ("text/plain", false),
        ("application/x-www-form-urlencoded", false),
    ];
    for (content_type, _) in tried {
        assert_eq!(server.handle(&post(&csr, content_type)).status(), 200, "{content_type}");
    }
    server.service.tolerance = Tolerance::STRICT;
    for (content_type, is_right) in tried {
        let status = if is_right { 200 } else { 415 };
        assert_eq!(server.handle(&post(&csr, content_type)).status(), status, "{content_type}");
    }
}

#[test]
fn a_label_goes_with_the_request() {
    let server = Server::new();
    let endpoint: Endpoint = endpoint().label("vpn".parse().unwrap());
    let mut enrolment = Enrolment::new(endpoint, csr("CN=device-1", &DEVICE), &RustCrypto);
    let request = sent(&mut enrolment, &DEVICE);
    assert_eq!(request.uri().path(), "/.well-known/est/vpn/simpleenroll");
    assert_eq!(server.service.route(&request).unwrap().label().unwrap().as_str(), "vpn");
    assert_eq!(server.handle(&request).status(), 200);
}

#[test]
fn what_is_no_request_is_answered_with_400_and_words() {
    let server = Server::new();
    for body in ["", "not base64!", "MAA=", "AAAA", "MIIB"] {
        let mut request = post(&csr("CN=device-1", &DEVICE), "application/pkcs10");
        *request.body_mut() = body.as_bytes().to_vec();
        let response = server.handle(&request);
        assert_eq!(response.status(), 400, "{body}");
        assert_eq!(response.headers()["content-type"], "text/plain; charset=utf-8");
        assert!(response.body().len() > 10);
    }
    assert_eq!(unbase64("MAA="), [0x30, 0]);
}
