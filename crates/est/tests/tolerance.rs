//! What is accepted without a switch, and is no section of an RFC.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

#[path = "common/mod.rs"]
mod common;

use devicecert_crypto_rust::RustCrypto;
use devicecert_est::{Authorization, CaCertificates, Credentials, Enrolment, Limits, Tolerance};
use devicecert_pki::asn1::{Writer, tag};
use devicecert_pki::{Secret, oid};
use http::{HeaderMap, HeaderValue, Method};

use common::{CA, CERTS_ONLY, DEVICE, NOW, base64, csr, endpoint, response, root, sent};

/// A certs-only message with this version, these certificates, and this in place of CRLs.
fn certs_only(version: u64, certificates: &[u8], crls: &[u8]) -> Vec<u8> {
    Writer::build(|w| {
        w.sequence(|w| {
            w.oid(&oid::SIGNED_DATA);
            w.nested(tag::constructed(0), |w| {
                w.sequence(|w| {
                    w.unsigned(version);
                    w.value(tag::SET, &[]);
                    w.sequence(|w| w.oid(&oid::DATA));
                    w.value(tag::constructed(0), certificates);
                    w.raw(crls);
                    w.value(tag::SET, &[]);
                });
            });
        });
    })
}

fn read(der: &[u8]) -> Result<usize, devicecert_est::Error> {
    let mut strict = endpoint();
    strict.tolerance = Tolerance::STRICT;
    let answer = response(200, &[CERTS_ONLY], base64(der));
    CaCertificates::read(&strict, &answer).map(|certificates| certificates.len())
}

#[test]
fn signed_data_of_any_version() {
    let ca = root("CN=CA", &CA, 10);
    for version in [0, 1, 2, 3, 4, 5, 6] {
        assert_eq!(read(&certs_only(version, ca.as_der(), &[])), Ok(1), "{version}");
    }
}

#[test]
fn signed_data_with_empty_crls() {
    let ca = root("CN=CA", &CA, 10);
    assert_eq!(read(&certs_only(1, ca.as_der(), &[0xa1, 0])), Ok(1));
    assert!(read(&certs_only(1, ca.as_der(), &[0xa1])).is_err());
}

/// An attribute certificate of version 2 is [2] there (RFC 5652 §10.2.2).
#[test]
fn attribute_certificates_are_passed_over() {
    let ca = root("CN=CA", &CA, 10);
    let with = [&[0xa2, 3, 2, 1, 1][..], ca.as_der()].concat();
    assert_eq!(read(&certs_only(4, &with, &[])), Ok(1));
    assert!(read(&certs_only(4, &with[..5], &[])).is_err());
}

/// The request that follows a refusal with this WWW-Authenticate.
fn answered(offer: &str) -> http::Request<Vec<u8>> {
    let mut enrolment = Enrolment::new(endpoint(), csr("CN=device-1", &DEVICE), &RustCrypto);
    enrolment.options().credentials = Some(Credentials::new("estuser", "estpwd").unwrap());
    assert!(!sent(&mut enrolment, &DEVICE).headers().contains_key("authorization"));
    enrolment.received(&response(401, &[("WWW-Authenticate", offer)], ""), NOW).unwrap();
    sent(&mut enrolment, &DEVICE)
}

/// RFC 7617 §2 and RFC 7616 §3.3 require one.
#[test]
fn a_challenge_without_a_realm() {
    let request = answered("Basic");
    assert_eq!(request.headers()["authorization"], "Basic ZXN0dXNlcjplc3Rwd2Q=");
    let request = answered("Digest nonce=\"n\", qop=\"auth\", algorithm=SHA-256");
    let Some(Authorization::Digest(digest)) =
        Authorization::read(request.headers(), &Limits::default()).unwrap()
    else {
        panic!("{:?}", request.headers())
    };
    assert!(digest.is_of(&Secret::from("estpwd"), &Method::POST, &RustCrypto).unwrap());
}

#[test]
fn a_challenge_beside_others_that_are_not_understood() {
    let request =
        answered("Negotiate, Bearer realm=\"x\", scope=\"a, b\", Basic realm=\"r\", New t=1");
    assert_eq!(request.headers()["authorization"], "Basic ZXN0dXNlcjplc3Rwd2Q=");
}

/// DigiCert's clients send a code alone: the user of nobody's password.
#[test]
fn basic_credentials_without_a_colon() {
    let read = |pair: &[u8]| {
        let mut headers = HeaderMap::new();
        let value = format!("Basic {}", String::from_utf8(base64(pair)).unwrap());
        headers.insert("authorization", HeaderValue::try_from(value).unwrap());
        match Authorization::read(&headers, &Limits::default()).unwrap() {
            Some(Authorization::Basic(credentials)) => credentials,
            other => panic!("{other:?}"),
        }
    };
    let code = read(b"code");
    assert_eq!((code.user(), code.password()), ("code", &Secret::from("")));
    let pair = read(b"user:pass:word");
    assert_eq!((pair.user(), pair.password()), ("user", &Secret::from("pass:word")));
}
