//! §4.4.2 The answer with the generated key.

use devicecert_crypto_rust::{PrivateKey, RustCrypto};
use devicecert_est::error::{InvalidMessage, UnacceptableReply};
use devicecert_est::{Enrolment, Error, Issued, KeyProtection, PrivateKeyFormat, Tolerance};
use devicecert_pki::{Certificate, CsrParams, Secret, Signer};

use crate::common::{
    CA, DEVICE, KEK_NAME, NOW, RSA, STRANGER, Server, base64, certs_only, csr, drive, endpoint,
    issue, response, sent,
};

fn asking(protection: KeyProtection) -> Enrolment {
    let params = CsrParams::new("CN=device-1".parse().unwrap());
    let key = DEVICE.public_key().clone();
    Enrolment::generate_key(endpoint(), params, key, protection, &RustCrypto).unwrap()
}

fn kek(fill: u8) -> KeyProtection {
    KeyProtection::SymmetricKey { identifier: KEK_NAME.to_vec(), key: Secret::new(vec![fill; 32]) }
}

/// The key works, and is the certificate's.
fn check(issued: &Issued) {
    let key = issued.key.as_ref().unwrap();
    assert_eq!(key.format, PrivateKeyFormat::Pkcs8);
    let private = PrivateKey::from_pkcs8_der(key.der.expose()).unwrap();
    assert_eq!(private.public_key(), issued.certificate.public_key());
    assert_ne!(private.public_key(), DEVICE.public_key());
}

#[test]
fn a_key_in_the_clear() {
    let server = Server::new();
    let mut enrolment = asking(KeyProtection::Tls);
    let issued = drive(&mut enrolment, &DEVICE, |request| server.handle(request)).unwrap();
    check(&issued);
    assert_eq!(issued.key.unwrap().generator, None);
}

#[test]
fn a_key_encrypted_with_a_symmetric_key() {
    let server = Server::new();
    let issued = drive(&mut asking(kek(7)), &DEVICE, |request| {
        let answer = server.handle(request);
        let text = String::from_utf8(answer.body().clone()).unwrap();
        assert!(text.contains("smime-type=server-generated-key"));
        assert!(!text.contains("application/pkcs8"));
        answer
    })
    .unwrap();
    check(&issued);
    assert_eq!(issued.key.unwrap().generator, Some(server.ca));
    assert!(drive(&mut asking(kek(8)), &DEVICE, |r| Server::new().handle(r)).is_err());
}

#[test]
fn a_key_encrypted_to_a_certificate() {
    // By key transport to the first, and by key agreement to the second.
    for key in [&*RSA, &*STRANGER] {
        let mut server = Server::new();
        let known = issue(&server.ca, &CA, &csr("CN=device-1", key), Vec::new());
        server.known = vec![known.clone()];
        let mut enrolment = asking(KeyProtection::Certificate(Box::new(known)));
        check(&drive(&mut enrolment, &DEVICE, |request| server.handle(request)).unwrap());
    }
}

/// "If the key is unknown, the server MUST return an error".
#[test]
fn a_server_that_does_not_know_the_key_refuses() {
    let server = Server::new();
    let stranger = issue(&server.ca, &CA, &csr("CN=device-1", &RSA), Vec::new());
    let unknown = KeyProtection::SymmetricKey {
        identifier: b"kek-2".to_vec(),
        key: Secret::new(vec![7; 32]),
    };
    for protection in [unknown, KeyProtection::Certificate(Box::new(stranger))] {
        let outcome = drive(&mut asking(protection), &DEVICE, |request| server.handle(request));
        assert!(matches!(outcome, Err(Error::Refused(_))), "{outcome:?}");
    }
}

/// A body by hand: parts with their Content-Type.
fn multipart(parts: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut body = b"This is the preamble.\r\n".to_vec();
    for (content_type, content) in parts {
        body.extend(format!("--b\r\nContent-Type: {content_type}\r\n\r\n").bytes());
        body.extend(content.iter().chain(b"\r\n"));
    }
    body.extend(b"--b--\r\nThis is the epilogue.\r\n");
    body
}

const KEY: &str = "application/pkcs8";
const CERTS: &str = "application/pkcs7-mime; smime-type=certs-only";
const ENVELOPE: &str = "application/pkcs7-mime; smime-type=server-generated-key";

fn pair() -> (Vec<u8>, Vec<u8>) {
    let certificate = certificate(&STRANGER);
    let key = base64(STRANGER.to_pkcs8_der().unwrap().expose());
    (key, base64(&certs_only([&certificate])))
}

fn certificate(key: &PrivateKey) -> Certificate {
    let server = Server::new();
    server.issue(&csr("CN=device-1", key))
}

fn take(protection: KeyProtection, content_type: &str, body: Vec<u8>) -> Result<(), Error> {
    let mut enrolment = asking(protection);
    sent(&mut enrolment, &DEVICE);
    enrolment.received(&response(200, &[("Content-Type", content_type)], body), NOW)
}

const MIXED: &str = "multipart/mixed; boundary=b";

#[test]
fn the_parts_may_come_in_either_order() {
    let (key, certs) = pair();
    let first = multipart(&[(KEY, key.clone()), (CERTS, certs.clone())]);
    let second = multipart(&[(CERTS, certs), (KEY, key)]);
    assert_eq!(take(KeyProtection::Tls, MIXED, first), Ok(()));
    assert_eq!(take(KeyProtection::Tls, MIXED, second), Ok(()));
}

#[test]
fn the_boundary_may_be_quoted_and_blanks_may_stand_around() {
    let (key, certs) = pair();
    for content_type in [
        "multipart/mixed; boundary=\"b\"",
        "multipart/mixed ; boundary=b",
        "Multipart/Mixed;boundary = b",
    ] {
        let body = multipart(&[(KEY, key.clone()), (CERTS, certs.clone())]);
        assert_eq!(take(KeyProtection::Tls, content_type, body), Ok(()), "{content_type}");
    }
    let body = multipart(&[(KEY, key), (CERTS, certs)]);
    for content_type in
        ["multipart/mixed", "multipart/mixed; boundary=", "multipart/mixed; boundary=\"\""]
    {
        let error = take(KeyProtection::Tls, content_type, body.clone()).unwrap_err();
        assert_eq!(error, InvalidMessage::Boundary.into(), "{content_type}");
    }
    assert!(take(KeyProtection::Tls, "application/pkcs8", body).is_err());
}

#[test]
fn there_are_exactly_two_parts() {
    let (key, certs) = pair();
    let (k, c) = ((KEY, key), (CERTS, certs));
    for (parts, keys, certificates) in [
        (vec![k.clone()], 1, 0),
        (vec![c.clone()], 0, 1),
        (vec![k.clone(), k.clone(), c.clone()], 2, 1),
        (vec![k.clone(), c.clone(), c.clone()], 1, 2),
        (vec![("text/plain", b"x".to_vec())], 0, 0),
    ] {
        let error = take(KeyProtection::Tls, MIXED, multipart(&parts)).unwrap_err();
        assert_eq!(error, InvalidMessage::Parts { keys, certificates }.into());
    }
}

/// One server labels the clear key as an envelope, another answers a wish for encryption with a key in the clear.
#[test]
fn a_key_that_was_to_be_encrypted_and_is_not_is_never_used() {
    let (key, certs) = pair();
    let clear = multipart(&[(KEY, key.clone()), (CERTS, certs.clone())]);
    let error = take(kek(7), MIXED, clear).unwrap_err();
    assert_eq!(error, UnacceptableReply::KeyProtection.into());
    let mislabelled = multipart(&[(ENVELOPE, key), (CERTS, certs)]);
    assert!(matches!(take(kek(7), MIXED, mislabelled), Err(Error::Pki(_))));
}

#[test]
fn a_key_of_another_certificate_is_not_taken() {
    let (_, certs) = pair();
    let other = base64(DEVICE.to_pkcs8_der().unwrap().expose());
    let body = multipart(&[(KEY, other), (CERTS, certs)]);
    let error = take(KeyProtection::Tls, MIXED, body).unwrap_err();
    assert_eq!(error, UnacceptableReply::WrongKey.into());
    let rsa = base64(RSA.to_pkcs8_der().unwrap().expose());
    let another = PrivateKey::generate(devicecert_pki::KeyKind::Rsa { bits: 2048 }).unwrap();
    let certs = base64(&certs_only([&certificate(&another)]));
    let error = take(KeyProtection::Tls, MIXED, multipart(&[(KEY, rsa), (CERTS, certs)]));
    assert_eq!(error.unwrap_err(), UnacceptableReply::WrongKey.into());
}

/// libest sends RSAPrivateKey and ECPrivateKey under application/pkcs8.
#[test]
fn a_bare_key_is_taken_where_that_is_tolerated_and_made_into_pkcs8() {
    for key in [&*RSA, &*STRANGER] {
        let pkcs8 = key.to_pkcs8_der().unwrap();
        let mut fields = devicecert_pki::asn1::Reader::new(pkcs8.expose()).sequence("").unwrap();
        fields.any("").unwrap();
        fields.any("").unwrap();
        let bare = fields.any("").unwrap().value.to_vec();
        let certs = base64(&certs_only([&certificate(key)]));
        let body = multipart(&[(KEY, base64(&bare)), (CERTS, certs)]);
        let answer = response(200, &[("Content-Type", MIXED)], body);
        let mut enrolment = asking(KeyProtection::Tls);
        let issued = drive(&mut enrolment, &DEVICE, |_| answer.clone()).unwrap();
        let found = issued.key.unwrap();
        assert_ne!(found.format, PrivateKeyFormat::Pkcs8);
        let made = found.to_pkcs8(issued.certificate.public_key()).unwrap().unwrap();
        let private = PrivateKey::from_pkcs8_der(made.expose()).unwrap();
        assert_eq!(private.public_key(), key.public_key());

        let mut strict = asking(KeyProtection::Tls);
        strict.endpoint_mut().tolerance.bare_private_key = false;
        sent(&mut strict, &DEVICE);
        let error = strict.received(&answer, NOW).unwrap_err();
        assert_eq!(error, InvalidMessage::BarePrivateKey.into());
    }
}

#[test]
fn lines_may_end_in_lf_and_the_body_without_a_closing_delimiter_where_that_is_tolerated() {
    let (key, certs) = pair();
    let body = multipart(&[(KEY, key), (CERTS, certs)]);
    let bare = String::from_utf8(body.clone()).unwrap().replace("\r\n", "\n").into_bytes();
    let end = body.windows(5).position(|window| window == b"--b--").unwrap();
    let open = body[..end].to_vec();
    let strict = |body: &[u8]| {
        let mut enrolment = asking(KeyProtection::Tls);
        enrolment.endpoint_mut().tolerance = Tolerance::STRICT;
        sent(&mut enrolment, &DEVICE);
        enrolment.received(&response(200, &[("Content-Type", MIXED)], body), NOW)
    };
    for body in [&bare, &open] {
        assert_eq!(take(KeyProtection::Tls, MIXED, body.clone()), Ok(()));
    }
    assert_eq!(strict(&body), Ok(()));
    let error = InvalidMessage::Multipart("has a line that ends in LF alone");
    assert_eq!(strict(&bare), Err(error.into()));
    let error = InvalidMessage::Multipart("does not end");
    assert_eq!(strict(&open), Err(error.into()));
}

#[test]
fn no_key_reaches_a_log() {
    let server = Server::new();
    let mut enrolment = asking(KeyProtection::Tls);
    let issued = drive(&mut enrolment, &DEVICE, |request| server.handle(request)).unwrap();
    let key = format!("{:?}", issued.key.as_ref().unwrap());
    assert!(key.contains("[redacted]"), "{key}");
    assert!(!format!("{:?}", kek(7)).contains('7'));
}
