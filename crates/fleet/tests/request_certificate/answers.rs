//! What the caller reads: every form in which Fleet has sent certificates, and what is none.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use devicecert_fleet::Limits;
use devicecert_fleet::request_certificate::{
    Answer, Ask, Error, Form, IdpToken, InvalidAnswer, Reason, Refusal,
};
use devicecert_pki::{Certificate, to_pem};
use http::Response;

use crate::support::{certificate, est_body, good, other_certificate};

fn read(certificate: &str) -> Result<Answer, Error> {
    let body = serde_json::json!({ "certificate": certificate }).to_string();
    Ask::new(good()).read(&Response::new(body.into_bytes()), &Limits::default())
}

fn armour(label: &str, body: &str) -> String {
    format!("-----BEGIN {label}-----\n{body}\n-----END {label}-----\n")
}

/// Each of these has been sent.
#[test]
fn forms() {
    let own = certificate();
    let envelope = est_body(std::slice::from_ref(&own));
    let check = |text: &str, form: Form| {
        let answer = read(text).unwrap();
        assert_eq!(answer.certificate, own);
        assert!(answer.others.is_empty());
        assert_eq!(answer.form, form);
    };
    // Before 2026-03.
    check(&armour("CERTIFICATE", &envelope), Form::MislabelledPkcs7);
    check(&armour("PKCS7", &envelope), Form::Pkcs7);
    check(&to_pem("CERTIFICATE", own.as_der()), Form::Certificate);
    // As the EST server breaks lines, with one at the end.
    let lines: Vec<_> = envelope.as_bytes().chunks(76).map(String::from_utf8_lossy).collect();
    check(&armour("PKCS7", &(lines.join("\r\n") + "\r\n")), Form::Pkcs7);
    check(&armour("CMS", &envelope), Form::Pkcs7);
    check(&armour("PKCS #7 SIGNED DATA", &envelope), Form::Pkcs7);
    check(&armour("CERTIFICATE CHAIN", &envelope), Form::Pkcs7);
}

#[test]
fn a_chain_in_any_order() {
    let (own, other) = (certificate(), other_certificate());
    let chain = |all: &[Certificate]| {
        let pem: String = all.iter().map(|one| to_pem("CERTIFICATE", one.as_der())).collect();
        [armour("PKCS7", &est_body(all)), pem]
    };
    for order in [[own.clone(), other.clone()], [other.clone(), own.clone()]] {
        for text in chain(&order) {
            let answer = read(&text).unwrap();
            assert_eq!(answer.certificate, own);
            assert_eq!(answer.others, std::slice::from_ref(&other));
        }
    }
    let error = read(&armour("PKCS7", &est_body(&[other]))).unwrap_err();
    assert_eq!(error, InvalidAnswer::NoCertificateForKey(1).into());
}

#[test]
fn certificates_are_counted_in_every_form() {
    let mut limits = Limits::default();
    limits.pki.certificates = 2;
    let pem = |count| to_pem("CERTIFICATE", certificate().as_der()).repeat(count);
    let pkcs7 = |count| armour("PKCS7", &est_body(&vec![certificate(); count]));
    let read = |text: &str| {
        let body = serde_json::json!({ "certificate": text }).to_string();
        Ask::new(good()).read(&Response::new(body.into_bytes()), &limits)
    };
    for many in [pem(3), pkcs7(3)] {
        let error = read(&many).unwrap_err();
        assert!(matches!(error, Error::InvalidAnswer(InvalidAnswer::LimitExceeded(_))), "{error}");
    }
    assert_eq!(read(&pem(2)).unwrap().certificate, certificate());
}

#[test]
fn what_is_no_certificate() {
    for (text, expected) in [
        ("", InvalidAnswer::NoPem),
        ("MII", InvalidAnswer::NoPem),
        (&*armour("PRIVATE KEY", "AAAA"), InvalidAnswer::NoPem),
        (&*armour("PKCS7", "AAAA"), InvalidAnswer::Damaged),
        (&*armour("PKCS7", "?"), InvalidAnswer::Damaged),
        (&*armour("CERTIFICATE", "AAAA"), InvalidAnswer::Damaged),
        ("-----BEGIN PKCS7-----\nAAAA", InvalidAnswer::Damaged),
    ] {
        assert_eq!(read(text).unwrap_err(), expected.into(), "{text}");
    }
    let many = vec![certificate(); 17];
    let error = read(&armour("PKCS7", &est_body(&many))).unwrap_err();
    assert!(matches!(error, Error::InvalidAnswer(_)), "{error}");
    // A certificate under the name of a chain is not guessed.
    let text = armour("PKCS7", &STANDARD.encode(certificate().as_der()));
    assert_eq!(read(&text).unwrap_err(), InvalidAnswer::Damaged.into());
}

fn refused(status: u16, body: &str, ask: &Ask) -> Error {
    let response = Response::builder().status(status).header("retry-after", "30");
    ask.read(&response.body(body.into()).unwrap(), &Limits::default()).unwrap_err()
}

#[test]
fn reasons() {
    let ask = Ask::new(good());
    let error =
        refused(400, r#"{"errors":[{"reason":"EST certificate request failed: x"}]}"#, &ask);
    let text = "Fleet refused with HTTP status 400: EST certificate request failed: x";
    assert_eq!(error.to_string(), text);
    let Error::Refused { reasons, retry_after, .. } = error else { panic!() };
    assert_eq!(retry_after, Some(30));
    assert!(matches!(reasons.as_slice(), [Reason::Other(_)]));
    let body = r#"{"message":"x","errors":[{"name":"base","reason":"forbidden"},{"name":"base","reason":"y"}],"uuid":"z"}"#;
    let error = refused(403, body, &ask);
    assert_eq!(error.to_string(), "Fleet refused with HTTP status 403: forbidden; y");
    let Error::Refused { reasons, .. } = error else { panic!() };
    assert_eq!(reasons[0], Reason::Known(Refusal::Forbidden));
}

/// What always says the same is known by its text, so that a program can tell one from another.
#[test]
fn texts_are_read_back() {
    for refusal in [
        Refusal::HostMismatch,
        Refusal::HostNotEnrolled,
        Refusal::IdpRequired,
        Refusal::EndpointNotPermitted,
        Refusal::ClientNotPermitted,
        Refusal::PartialIdp,
        Refusal::NoSuchAuthority,
        Refusal::NoScepUrl,
        Refusal::NoChallenges,
    ] {
        let response = refusal.to_http();
        let error = Ask::new(good()).read(&response, &Limits::default()).unwrap_err();
        let Error::Refused { reasons, status, .. } = error else { panic!() };
        assert_eq!(reasons, [Reason::Known(refusal.clone())]);
        assert_eq!(status, refusal.status().as_u16());
    }
}

/// Cut, without control characters, without what was sent in confidence.
#[test]
fn hostile_reasons() {
    let idp = IdpToken { url: "https://i".into(), token: "s3cr3t".into(), client_id: "c".into() };
    let ask = Ask::new(good()).idp(idp);
    let body = serde_json::json!({ "errors": [
        { "reason": "token s3cr3t\n\u{1b}[31m" }, { "reason": "x".repeat(100_000) }, {}, { "reason": "y" },
        {}, {}, {}, {}, {}, {}, {},
    ]});
    let error = refused(500, &body.to_string(), &ask);
    let Error::Refused { reasons, .. } = &error else { panic!() };
    assert_eq!(reasons.len(), 8);
    let shown = error.to_string();
    assert!(
        shown
            .starts_with("Fleet refused with HTTP status 500: token [redacted]\\n\\u{1b}[31m; xxx")
    );
    assert!(shown.len() < 1_300 && !shown.chars().any(char::is_control), "{}", shown.len());
    for body in ["", "<html>", "{\"errors\":1}", "{}", "[]"] {
        let error = refused(502, body, &ask);
        assert_eq!(error.to_string(), "Fleet refused with HTTP status 502");
    }
    // A redirect is no certificate: the token must not go elsewhere.
    let body = serde_json::json!({ "certificate": to_pem("CERTIFICATE", certificate().as_der()) });
    assert!(matches!(refused(302, &body.to_string(), &ask), Error::Refused { status: 302, .. }));
    assert!(matches!(refused(201, &body.to_string(), &ask), Error::Refused { status: 201, .. }));
}

#[test]
fn bodies_that_are_not_fleets() {
    for body in ["", "{}", "[]", "{\"certificate\":1}", "\u{feff}{}", "{\"certificate\":\"\""] {
        let response = Response::new(body.as_bytes().to_vec());
        let error = Ask::new(good()).read(&response, &Limits::default()).unwrap_err();
        assert!(
            matches!(error, Error::InvalidAnswer(InvalidAnswer::Json { .. })),
            "{body}: {error}"
        );
    }
    let long = Response::new(vec![b' '; 300_000]);
    let error = Ask::new(good()).read(&long, &Limits::default()).unwrap_err();
    assert!(matches!(error, Error::InvalidAnswer(InvalidAnswer::LimitExceeded(_))), "{error}");
}
