//! §3.1 White space in base64.

use devicecert_est::error::InvalidBody;
use devicecert_est::{CaCertificates, EmissionProfile, Error, Lines, Service, Tolerance};
use http::{HeaderMap, Request};
use proptest::prelude::*;

use crate::common::{CA, CERTS_ONLY, NEW, Server, base64, certs_only, endpoint, response, root};

fn read(body: impl Into<Vec<u8>>) -> Result<usize, Error> {
    let mut strict = endpoint();
    strict.tolerance = Tolerance::STRICT;
    let answer = response(200, &[CERTS_ONLY], body);
    CaCertificates::read(&strict, &answer).map(|unverified| unverified.len())
}

fn text() -> String {
    String::from_utf8(base64(&certs_only([&root("CN=CA", &CA, 10)]))).unwrap()
}

fn wrapped(width: usize, end: &str) -> String {
    let text = text();
    let lines: Vec<_> = text.as_bytes().chunks(width).map(|l| str::from_utf8(l).unwrap()).collect();
    lines.join(end)
}

/// "SHOULD tolerate": so this is no matter of tolerance.
#[test]
fn white_space_may_stand_anywhere() {
    for body in [
        text(),
        text() + "\n",
        text() + "\r\n\r\n",
        "\n".to_owned() + &text(),
        wrapped(64, "\n"),
        wrapped(76, "\r\n") + "\r\n",
        wrapped(1000, "\n"),
        wrapped(1, " \t\r\n"),
        wrapped(3, "\t"),
    ] {
        assert_eq!(read(body), Ok(1));
    }
}

#[test]
fn anything_else_that_is_no_base64_is_refused_with_its_place() {
    for (inserted, at) in [("!", 5), ("-", 5), ("\u{0b}", 5), ("\0", 5), ("=", 5), ("ä", 5)] {
        let body = format!("\n{}{inserted}{}", &text()[..4], &text()[4..]);
        assert_eq!(read(body), Err(InvalidBody::Base64 { at }.into()), "{inserted:?}");
    }
    assert_eq!(read(""), Err(InvalidBody::Empty.into()));
    assert_eq!(read(" \r\n\t"), Err(InvalidBody::Empty.into()));
}

#[test]
fn padding_is_neither_left_out_nor_added() {
    let der = [0x30, 0x02, 0x05, 0x00];
    let good = String::from_utf8(base64(&der)).unwrap();
    assert_eq!(good, "MAIFAA==");
    for bad in ["MAIFAA", "MAIFAA=", "MAIFAA===", "MAIFAB==", "MAIF", "MAIFA"] {
        let outcome = read(bad);
        let is_body = matches!(outcome, Err(Error::InvalidBody(_)));
        assert!(is_body || bad == "MAIF", "{bad}: {outcome:?}");
    }
}

/// Written: RFC 8951 to the letter if wanted, and otherwise what peers read.
#[test]
fn what_a_server_writes_depends_on_who_asks() {
    let short = vec![root("CN=CA", &CA, 10)];
    let long: Vec<_> =
        (0..4).map(|n| root(&format!("CN=CA {n},O={}", "x".repeat(200)), &NEW, 10)).collect();
    let service = Service::default();
    let get = |user_agent: Option<&str>, certificates: &[_], service: &Service| {
        let request = Request::get("/.well-known/est/cacerts");
        let request = match user_agent {
            Some(user_agent) => request.header("User-Agent", user_agent),
            None => request,
        };
        let request = request.body(()).unwrap();
        let body = service.route(&request).unwrap().ca_certs(certificates).into_body();
        String::from_utf8(body).unwrap()
    };
    // strongSwan up to 5.9.10 sends no User-Agent, and reads one line.
    for certificates in [&short, &long] {
        let body = get(None, certificates, &service);
        assert_eq!(body.find('\n'), Some(body.len() - 1));
    }
    // libest wants a line end within the first 1024 octets.
    let body = get(Some("libest 3.2.0p"), &short, &service);
    assert_eq!(body.find('\n'), Some(body.len() - 1));
    assert!(body.len() < 1024);
    let body = get(Some("libest 3.2.0p"), &long, &service);
    assert_eq!(body.find('\n'), Some(64));
    assert!(body.ends_with('\n') && !body.ends_with("\n\n"));
    let mut bare = Service::default();
    bare.emission = EmissionProfile::RFC8951;
    assert!(!get(Some("x"), &long, &bare).contains('\n'));
}

#[test]
fn the_headers_of_an_answer_are_those_that_every_client_reads() {
    let server = Server::new();
    let answer = server.handle(&endpoint().ca_certs().unwrap());
    assert_eq!(answer.headers()["content-type"], CERTS_ONLY.1);
    assert_eq!(answer.headers()["content-transfer-encoding"], "base64");
    let mut bare = Server::new();
    bare.service.emission = EmissionProfile::RFC8951;
    let answer = bare.handle(&endpoint().ca_certs().unwrap());
    assert!(!answer.headers().contains_key("content-transfer-encoding"));
}

#[test]
fn a_profile_changes_for_a_client_only_where_it_depends_on_it() {
    let none = HeaderMap::new();
    assert_eq!(EmissionProfile::WRAPPED.for_client(&none), EmissionProfile::WRAPPED);
    assert_eq!(EmissionProfile::RFC8951.for_client(&none), EmissionProfile::RFC8951);
    assert_eq!(EmissionProfile::default().for_client(&none).response_lines, Lines::One);
}

proptest! {
    /// However a body is broken into lines, it says the same.
    #[test]
    fn white_space_changes_nothing(places in prop::collection::vec((0usize..600, 0usize..4), 0..40)) {
        let mut body = text();
        for (place, kind) in places {
            let at = place % (body.len() + 1);
            body.insert(at, [' ', '\t', '\r', '\n'][kind]);
        }
        prop_assert_eq!(read(body), Ok(1));
    }
}
