//! §3.2.1 HTTP: redirects.

use devicecert_crypto_rust::RustCrypto;
use devicecert_est::error::UnacceptableReply;
use devicecert_est::{Enrolment, Error};

use crate::common::{DEVICE, NOW, Server, csr, drive, endpoint, response, sent};

fn redirect(status: u16, location: &str) -> http::Response<Vec<u8>> {
    response(status, &[("Location", location)], "")
}

#[test]
fn a_redirect_to_the_same_origin_is_followed_with_method_and_body() {
    let server = Server::new();
    for (status, location) in [
        (301, "https://est.test/moved/simpleenroll"),
        (302, "/moved/simpleenroll"),
        (307, "https://EST.test:443/moved/simpleenroll"),
        (308, "/moved/simpleenroll?x=1"),
    ] {
        let mut enrolment = Enrolment::new(endpoint(), csr("CN=device-1", &DEVICE), &RustCrypto);
        let first = sent(&mut enrolment, &DEVICE);
        enrolment.received(&redirect(status, location), NOW).unwrap();
        let second = sent(&mut enrolment, &DEVICE);
        assert_eq!(second.uri().path(), "/moved/simpleenroll", "{status}");
        assert_eq!(second.uri().host(), Some("est.test"));
        assert_eq!((second.method(), second.body()), (first.method(), first.body()));
        let issued = drive(&mut enrolment, &DEVICE, |_| server.handle(&first)).unwrap();
        assert_eq!(issued.certificate.public_key(), first_key());
    }
}

fn first_key() -> &'static devicecert_pki::PublicKey {
    use devicecert_pki::Signer;
    DEVICE.public_key()
}

#[test]
fn a_redirect_to_another_origin_is_not_followed() {
    for location in [
        "https://other.test/.well-known/est/simpleenroll",
        "https://est.test:8443/.well-known/est/simpleenroll",
        "http://est.test/.well-known/est/simpleenroll",
        "//other.test/x",
        "https://est.test@other.test/x",
        "https://user@est.test/x",
        "simpleenroll",
        "",
    ] {
        let mut enrolment = Enrolment::new(endpoint(), csr("CN=device-1", &DEVICE), &RustCrypto);
        sent(&mut enrolment, &DEVICE);
        let error = enrolment.received(&redirect(307, location), NOW).unwrap_err();
        assert_eq!(error, UnacceptableReply::Redirect.into(), "{location}");
    }
}

#[test]
fn see_other_would_turn_a_post_into_a_get_and_is_not_followed() {
    let mut enrolment = Enrolment::new(endpoint(), csr("CN=device-1", &DEVICE), &RustCrypto);
    sent(&mut enrolment, &DEVICE);
    let error = enrolment.received(&redirect(303, "/x"), NOW).unwrap_err();
    assert_eq!(error, UnacceptableReply::Redirect.into());
    let question = endpoint().ca_certs().unwrap();
    let again = endpoint().redirected(&question, &redirect(303, "/x")).unwrap().unwrap();
    assert_eq!(again.uri(), "https://est.test/x");
}

#[test]
fn redirects_in_a_circle_come_to_an_end() {
    let mut enrolment = Enrolment::new(endpoint(), csr("CN=device-1", &DEVICE), &RustCrypto);
    let outcome = drive(&mut enrolment, &DEVICE, |_| redirect(307, "/again"));
    assert_eq!(outcome.unwrap_err(), Error::from(UnacceptableReply::Redirect));
}
