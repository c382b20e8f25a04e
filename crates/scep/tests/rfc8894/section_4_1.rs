//! §4.1 HTTP POST and GET message formats: every spelling that was seen, and the one of the RFC.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD};
use devicecert_scep::error::InvalidOperation;
use devicecert_scep::{Error, Operation, Tolerance};
use http::{Method, Request};

/// Octets whose base64 has every character of the alphabet, `+` and `/` among them, and padding.
fn message() -> Vec<u8> {
    let octets: Vec<u8> = (0..=255).rev().chain(0..=255).chain([0xfb, 0xef]).collect();
    let base64 = STANDARD.encode(&octets);
    assert!(base64.contains('+') && base64.contains('/') && base64.ends_with('='));
    octets
}

fn request(method: Method, uri: &str, body: &[u8]) -> Request<Vec<u8>> {
    Request::builder().method(method).uri(uri).body(body.to_vec()).unwrap()
}

fn get_with(query: &str, tolerance: &Tolerance) -> Result<Operation, Error> {
    Operation::parse(&request(Method::GET, &format!("/scep?{query}"), &[]), tolerance)
}

fn get(query: &str) -> Result<Operation, Error> {
    get_with(query, &Tolerance::default())
}

fn post_with(uri: &str, body: &[u8], tolerance: &Tolerance) -> Result<Operation, Error> {
    Operation::parse(&request(Method::POST, uri, body), tolerance)
}

fn post(uri: &str, body: &[u8]) -> Result<Operation, Error> {
    post_with(uri, body, &Tolerance::default())
}

fn pki_operation(message: &[u8]) -> Result<Operation, Error> {
    Ok(Operation::PkiOperation(message.to_vec()))
}

/// Reads a GET whose `message` is spelt like this, strictly and tolerantly.
fn spelt(spelling: &str) -> [Result<Operation, Error>; 2] {
    let query = format!("operation=PKIOperation&message={spelling}");
    [get_with(&query, &Tolerance::STRICT), get(&query)]
}

fn only_tolerated(message: &[u8], spelling: &str) {
    let [strict, tolerant] = spelt(spelling);
    assert_eq!(tolerant, pki_operation(message), "{spelling}");
    assert!(
        matches!(strict, Err(Error::InvalidOperation(InvalidOperation::Base64 { .. }))),
        "{strict:?}"
    );
}

fn escaped(base64: &str) -> String {
    base64.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D")
}

#[test]
fn get_with_the_base64_of_rfc_4648_section_4_percent_escaped() {
    let spelling = escaped(&STANDARD.encode(message()));
    assert!(spelling.contains("%2B") && spelling.contains("%2F") && spelling.contains("%3D"));
    let lower = spelling.replace("%2B", "%2b").replace("%2F", "%2f").replace("%3D", "%3d");
    for found in spelt(&spelling).into_iter().chain(spelt(&lower)) {
        assert_eq!(found, pki_operation(&message()));
    }
}

/// Apple: only the padding is escaped. A literal plus is a plus: this is no form.
#[test]
fn get_with_raw_plus_and_slash() {
    let raw = STANDARD.encode(message()).replace('=', "%3D");
    assert!(raw.contains('+') && raw.contains('/'));
    for found in spelt(&raw) {
        assert_eq!(found, pki_operation(&message()));
    }
}

#[test]
fn get_with_raw_padding() {
    for found in spelt(&STANDARD.encode(message())) {
        assert_eq!(found, pki_operation(&message()));
    }
}

/// A form decoder on the way, in a proxy, made it of the plus.
#[test]
fn get_with_a_space_for_every_plus() {
    let spelling = STANDARD.encode(message()).replace('+', "%20");
    only_tolerated(&message(), &spelling);
}

#[test]
fn get_with_the_alphabet_for_urls() {
    only_tolerated(&message(), &URL_SAFE.encode(message()));
    only_tolerated(&message(), &URL_SAFE_NO_PAD.encode(message()));
}

#[test]
fn get_without_padding() {
    for length in [511, 512] {
        let message = &message()[..length];
        let spelling = STANDARD.encode(message);
        assert!(spelling.ends_with('='));
        only_tolerated(message, &escaped(spelling.trim_end_matches('=')));
    }
}

#[test]
fn get_with_half_of_the_padding() {
    let message = &message()[..4];
    let spelling = STANDARD.encode(message);
    assert!(spelling.ends_with("=="));
    only_tolerated(message, &escaped(&spelling[..spelling.len() - 1]));
}

/// A proxy on the way escapes what is escaped.
#[test]
fn get_with_everything_escaped_twice() {
    let spelling = escaped(&STANDARD.encode(message())).replace('%', "%25");
    only_tolerated(&message(), &spelling);
}

fn broken(line_break: &str) -> String {
    let base64 = STANDARD.encode(message());
    let lines: Vec<String> = base64
        .as_bytes()
        .chunks(64)
        .map(|line| escaped(core::str::from_utf8(line).unwrap()))
        .collect();
    assert!(lines.len() > 8);
    lines.join(line_break)
}

/// sscep, strongSwan, and Cisco IOS, which breaks the last line too.
#[test]
fn get_with_a_line_break_every_64_characters() {
    for line_break in ["%0A", "%0a", "%0D%0A", "%0D", "%09"] {
        only_tolerated(&message(), &broken(line_break));
        only_tolerated(&message(), &format!("{}{line_break}", broken(line_break)));
    }
}

#[test]
fn get_with_line_breaks_and_spaces_for_plus() {
    only_tolerated(&message(), &broken("%0A").replace("%2B", "%20"));
}

#[test]
fn get_with_what_is_no_base64_says_where() {
    for (spelling, at) in [("MII!", 3), ("M*II", 1), ("%00MII", 0), ("MIIB%25", 4)] {
        for found in spelt(spelling) {
            assert_eq!(found, Err(InvalidOperation::Base64 { at }.into()), "{spelling}");
        }
    }
    // Too few characters for an octet.
    assert!(spelt("M")[1].is_err());
}

#[test]
fn get_without_message() {
    for query in ["operation=PKIOperation", "operation=PKIOperation&message="] {
        assert_eq!(get(query), Err(InvalidOperation::NoMessage.into()));
    }
    assert_eq!(get("operation=PKIOperation&message=%0A"), Err(InvalidOperation::NoMessage.into()));
}

#[test]
fn the_path_is_not_looked_at() {
    for uri in [
        "/cgi-bin/pkiclient.exe?operation=GetCACaps",
        "/scep/pkiclient.exe?operation=GetCACaps",
        "/?operation=GetCACaps",
        "http://ca.test?operation=GetCACaps",
        "https://ca.test:8443/a/b%20c?x=y&operation=GetCACaps&z",
    ] {
        let found = Operation::parse(&request(Method::GET, uri, &[]), &Tolerance::STRICT);
        assert_eq!(found, Ok(Operation::GetCaCaps { identifier: None }), "{uri}");
    }
}

#[test]
fn the_questions_may_name_a_ca() {
    for (value, identifier) in [
        ("", None),
        ("&message=", None),
        ("&message=default", Some("default")),
        ("&message=EnrollmentCAInstance", Some("EnrollmentCAInstance")),
        ("&message=My%20CA+1", Some("My CA+1")),
    ] {
        let identifier = identifier.map(str::to_owned);
        let caps = Operation::GetCaCaps { identifier: identifier.clone() };
        assert_eq!(get(&format!("operation=GetCACaps{value}")), Ok(caps));
        let cert = Operation::GetCaCert { identifier: identifier.clone() };
        assert_eq!(get(&format!("operation=GetCACert{value}")), Ok(cert));
        let next = Operation::GetNextCaCert { identifier };
        assert_eq!(get(&format!("operation=GetNextCACert{value}")), Ok(next));
    }
}

#[test]
fn the_name_of_an_operation_in_another_case() {
    for (name, operation) in [
        ("getcacaps", Operation::GetCaCaps { identifier: None }),
        ("GETCACERT", Operation::GetCaCert { identifier: None }),
        ("getNextCaCert", Operation::GetNextCaCert { identifier: None }),
    ] {
        let query = format!("operation={name}");
        assert_eq!(get(&query), Ok(operation));
        let strict = get_with(&query, &Tolerance::STRICT);
        assert_eq!(strict, Err(InvalidOperation::Unknown.into()));
    }
    assert_eq!(post("/?operation=pkioperation", &message()), pki_operation(&message()));
    let strict = post_with("/?operation=pkioperation", &message(), &Tolerance::STRICT);
    assert_eq!(strict, Err(InvalidOperation::Unknown.into()));
}

#[test]
fn an_operation_that_there_is_not() {
    for name in ["GetCACertChain", "PKIOperation2", "PKI", "", "PKIOperation%20"] {
        let query = format!("operation={name}&message=MAA");
        assert_eq!(get(&query), Err(InvalidOperation::Unknown.into()), "{name}");
    }
    for query in ["", "x=y", "operation", "message=MAA"] {
        assert_eq!(get(query), Err(InvalidOperation::Missing.into()), "{query}");
    }
}

#[test]
fn post_with_the_message_as_it_is() {
    let body = message();
    for tolerance in [Tolerance::default(), Tolerance::STRICT] {
        let found = post_with("/scep?operation=PKIOperation", &body, &tolerance);
        assert_eq!(found, pki_operation(&body));
        // What stands in the query besides is no message.
        let found = post_with("/scep?operation=PKIOperation&message=ignored", &body, &tolerance);
        assert_eq!(found, pki_operation(&body));
    }
    let empty = post("/scep?operation=PKIOperation", &[]);
    assert_eq!(empty, Err(InvalidOperation::NoMessage.into()));
}

/// The SCEPman client posts to the bare URL.
#[test]
fn post_without_operation() {
    assert_eq!(post("/scep", &message()), pki_operation(&message()));
    let strict = post_with("/scep", &message(), &Tolerance::STRICT);
    assert_eq!(strict, Err(InvalidOperation::Missing.into()));
}

#[test]
fn post_with_text_for_octets() {
    let base64 = STANDARD.encode(message());
    let lines: Vec<&str> =
        base64.as_bytes().chunks(64).map(|line| core::str::from_utf8(line).unwrap()).collect();
    for body in [
        base64.clone(),
        format!("\r\n{base64}\r\n"),
        lines.join("\n"),
        lines.join("\r\n"),
        URL_SAFE_NO_PAD.encode(message()),
        format!("-----BEGIN PKCS7-----\n{}\n-----END PKCS7-----\n", lines.join("\n")),
        format!("-----BEGIN CMS-----\r\n{}\r\n-----END CMS-----", lines.join("\r\n")),
    ] {
        assert_eq!(post("/?operation=PKIOperation", body.as_bytes()), pki_operation(&message()));
        // Taken for the message itself, which it is not.
        let strict = post_with("/?operation=PKIOperation", body.as_bytes(), &Tolerance::STRICT);
        assert_eq!(strict, pki_operation(body.as_bytes()));
    }
    let found = post("/?operation=PKIOperation", b"<html>not a message</html>");
    assert!(matches!(found, Err(Error::InvalidOperation(InvalidOperation::Base64 { .. }))));
}

/// A DER message all of whose octets are printable starts with "0", as base64 may.
#[test]
fn post_with_octets_that_happen_to_be_printable() {
    let body = [b"0 ", " ~".repeat(16).as_bytes()].concat();
    assert_eq!(post("/?operation=PKIOperation", &body), pki_operation(&body));
}

#[test]
fn other_methods_are_none_of_scep() {
    for method in [Method::PUT, Method::HEAD, Method::OPTIONS, Method::DELETE, Method::PATCH] {
        let request = request(method, "/scep?operation=PKIOperation", &message());
        let found = Operation::parse(&request, &Tolerance::default());
        assert_eq!(found, Err(InvalidOperation::Method.into()));
    }
}
