//! What the CA is asked, and what the device gets of the answer.

use std::time::Duration;

use devicecert_fleet::Rules;
use devicecert_fleet::proxy::{CaType, Failure, InvalidUpstream, Limits, Upstream};
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, SERVER, SET_COOKIE};
use http::{Method, Request, Response};

use super::common::{
    APPLE, BOTH, MESSAGE, NOW, PASSCODE, Refused, WIFI, World, asking, done, expecting, line,
    path_of, pki_operation, post, refused, response, sent, with_passcode,
};

fn with_upstream(url: &str) -> World {
    let mut world = with_passcode(Rules::Current, APPLE);
    world.proxy = world.proxy.custom_scep(WIFI, url.parse().unwrap());
    world
}

/// The first request to the CA.
#[track_caller]
fn first(world: &World, request: &Request<Vec<u8>>) -> Request<Vec<u8>> {
    sent(&world.check(request, NOW).unwrap())
}

/// The PKIOperation that follows when the CA tells these capabilities.
#[track_caller]
fn pki_operation_after(world: &World, capabilities: Response<Vec<u8>>) -> Request<Vec<u8>> {
    let mut relay = world.check(&pki_operation(APPLE, WIFI, Some(PASSCODE)), NOW).unwrap();
    relay.received(capabilities);
    sent(&relay)
}

fn media_type(response: &Response<Vec<u8>>) -> &str {
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers().len(), 1);
    response.headers()[CONTENT_TYPE].to_str().unwrap()
}

/// What the device is told of a failure at a PKIOperation.
fn told(rules: Rules, answer: Result<Response<Vec<u8>>, Failure>) -> Refused {
    let world = with_passcode(rules, APPLE);
    let mut relay = world.check(&pki_operation(APPLE, WIFI, Some(PASSCODE)), NOW).unwrap();
    relay.received(response(200, b"POSTPKIOperation"));
    match answer {
        Ok(response) => relay.received(response),
        Err(failure) => relay.failed(failure),
    }
    refused(&done(&relay).response)
}

#[test]
fn the_operation_joins_the_query_that_is_there() {
    for (upstream, expected) in [
        ("http://ca.test", "http://ca.test/?operation=GetCACaps"),
        ("http://ca.test/scep", "http://ca.test/scep?operation=GetCACaps"),
        ("http://ca.test/scep?", "http://ca.test/scep?operation=GetCACaps"),
        ("https://ca.test:8443/a?b=c%2F&d", "https://ca.test:8443/a?b=c%2F&d&operation=GetCACaps"),
        ("http://ca.test/a?operation=x&b&message=y", "http://ca.test/a?b&operation=GetCACaps"),
    ] {
        let world = with_upstream(upstream);
        let request = first(&world, &asking("GetCACaps", APPLE, WIFI, None));
        assert_eq!(line(&request), (Method::GET, expected.to_owned()));
        assert!(request.body().is_empty() && request.headers().is_empty());
    }
}

/// The method is that of the CA, not that of the device.
#[test]
fn a_ca_that_takes_post_gets_post_with_a_length() {
    for capabilities in ["POSTPKIOperation", "SCEPStandard", "AES\r\nPOSTPKIOperation\r\nSHA-256"] {
        let world = with_upstream("http://ca.test/scep?tenant=1");
        let request = pki_operation_after(&world, response(200, capabilities.as_bytes()));
        let expected = "http://ca.test/scep?tenant=1&operation=PKIOperation".to_owned();
        assert_eq!(line(&request), (Method::POST, expected));
        assert_eq!(request.headers()[CONTENT_TYPE], "application/octet-stream");
        assert_eq!(request.headers()[CONTENT_LENGTH], MESSAGE.len().to_string());
        assert_eq!(request.headers().len(), 2);
        assert_eq!(request.body(), MESSAGE);
    }
}

/// Its octets have `+` and `/` in base64, which Fleet wrote as `-` and `_` once.
#[test]
fn another_ca_gets_standard_base64_in_the_query() {
    for capabilities in [
        response(200, b""),
        response(200, b"AES\nSHA-256"),
        response(200, b"postpkioperation"),
        response(404, b"POSTPKIOperation"),
    ] {
        let mut world = with_passcode(Rules::Current, APPLE);
        world.proxy = world.proxy.custom_scep(WIFI, "http://ca.test/scep?a=b".parse().unwrap());
        let octets = [0xfb, 0xef, 0xbe, 0xff, 0xff, 0xff, 0x00];
        let path = path_of(APPLE, WIFI, Some(PASSCODE));
        let mut relay = world.check(&post(&path, &octets), NOW).unwrap();
        relay.received(capabilities);
        let expected = "http://ca.test/scep?a=b&operation=PKIOperation\
                        &message=%2B%2B%2B%2B%2F%2F%2F%2FAA%3D%3D";
        assert_eq!(line(&sent(&relay)), (Method::GET, expected.to_owned()));
        assert!(sent(&relay).body().is_empty());
    }
}

#[test]
fn a_message_that_fits_no_url_is_a_failure_of_the_ca() {
    let world = with_passcode(Rules::Current, APPLE);
    let path = path_of(APPLE, WIFI, Some(PASSCODE));
    let mut relay = world.check(&post(&path, &[0; 1 << 16]), NOW).unwrap();
    relay.received(response(200, b""));
    assert_eq!(refused(&done(&relay).response), (500, "Internal Server Error".to_owned()));
}

#[test]
fn get_ca_caps_is_text() {
    let world = with_passcode(Rules::Current, APPLE);
    let answer = world
        .exchange(&asking("GetCACaps", APPLE, WIFI, None), &Ok(response(200, b"AES\nSHA-256\n")));
    assert_eq!(media_type(&answer.response), "text/plain");
    assert_eq!(answer.response.body(), b"AES\nSHA-256\n");
}

/// The proxy opens nothing: the CA's media type says whether there is more than one certificate.
#[test]
fn get_ca_cert_is_one_certificate_or_a_chain_as_the_ca_says() {
    for (said, expected) in [
        (Some("application/x-x509-ca-cert"), "application/x-x509-ca-cert"),
        (Some("application/x-x509-ca-ra-cert"), "application/x-x509-ca-ra-cert"),
        (Some("Application/X-X509-CA-RA-Cert; charset=binary"), "application/x-x509-ca-ra-cert"),
        (Some("application/x-x509-ca-ra-cert-chain"), "application/x-x509-ca-cert"),
        (Some("text/html"), "application/x-x509-ca-cert"),
        (None, "application/x-x509-ca-cert"),
    ] {
        let world = with_passcode(Rules::Current, APPLE);
        let mut response = response(200, b"0\x82");
        if let Some(said) = said {
            response.headers_mut().insert(CONTENT_TYPE, said.parse().unwrap());
        }
        let answer = world.exchange(&asking("GetCACert", APPLE, WIFI, None), &Ok(response));
        assert_eq!(media_type(&answer.response), expected, "{said:?}");
        assert_eq!(answer.response.body(), b"0\x82");
    }
}

#[test]
fn pki_operation_is_a_pki_message_and_no_other_header_gets_through() {
    for rules in BOTH {
        let world = with_passcode(rules, APPLE);
        let mut response = response(200, b"0\x80 a CertRep");
        for name in [SET_COOKIE, SERVER, CONTENT_LENGTH] {
            response.headers_mut().insert(name, "1".parse().unwrap());
        }
        let request = pki_operation(APPLE, WIFI, Some(PASSCODE));
        let answer = world.exchange(&request, &Ok(response));
        assert_eq!(media_type(&answer.response), "application/x-pki-message");
        assert_eq!(answer.response.body(), b"0\x80 a CertRep");
        assert!(answer.report.is_none());
    }
}

#[test]
fn an_answer_may_have_two_mebibytes() {
    for (length, is_good) in [(2 << 20, true), ((2 << 20) + 1, false)] {
        let world = with_passcode(Rules::Current, APPLE);
        let request = asking("GetCACert", APPLE, WIFI, None);
        let answer = world.exchange(&request, &Ok(response(200, &vec![0; length])));
        assert_eq!(answer.response.status() == 200, is_good);
        assert_eq!(answer.response.body().len() == length, is_good);
    }
}

#[test]
fn the_bounds_can_be_set() {
    let mut limits = Limits::default();
    (limits.body_bytes, limits.reply_bytes) = (4, 3);
    let mut world = with_passcode(Rules::Current, APPLE);
    world.proxy = world.proxy.limits(limits);
    let mut relay = world.check(&pki_operation(APPLE, WIFI, Some(PASSCODE)), NOW).unwrap();
    relay.received(response(200, b"POSTPKIOperation"));
    assert_eq!(sent(&relay).body(), &MESSAGE[..4]);
    relay.received(response(200, b"1234"));
    assert_eq!(done(&relay).response.status(), 500);
}

#[test]
fn a_ca_has_30_seconds() {
    let mut world = expecting(Rules::Current, APPLE, "NDES", CaType::Ndes);
    let request = asking("GetCACaps", APPLE, "NDES", None);
    let timeout = |world: &World| world.check(&request, NOW).unwrap().timeout();
    assert_eq!(timeout(&world), Duration::from_secs(30));
    world.proxy = world.proxy.upstream_timeout(Duration::from_secs(5));
    assert_eq!(timeout(&world), Duration::from_secs(5));
}

/// Fleet's text for it is not known.
#[test]
fn a_timeout_is_500_by_the_guide_and_408_since_2026() {
    let text = "request timed out".to_owned();
    assert_eq!(told(Rules::Guide, Err(Failure::Timeout)), (500, text.clone()));
    assert_eq!(told(Rules::Current, Err(Failure::Timeout)), (408, text));
}

#[test]
fn what_the_ca_says_is_told_by_the_guide_and_hidden_since_2026() {
    for (status, body, expected) in [
        (503, "down", "http request failed with status 503 Service Unavailable, msg: down"),
        (400, "", "http request failed with status 400 Bad Request, msg: "),
        (599, "x", "http request failed with status 599, msg: x"),
        (302, "x", "http request failed with status 302 Found, msg: x"),
        (
            500,
            "a\r\nb\u{1b}[31m",
            "http request failed with status 500 Internal Server Error, msg: a\\r\\nb\\u{1b}[31m",
        ),
    ] {
        let answer = Ok(response(status, body.as_bytes()));
        assert_eq!(told(Rules::Guide, answer.clone()), (500, expected.to_owned()));
        let hidden = (500, "Internal Server Error".to_owned());
        assert_eq!(told(Rules::Current, answer), hidden);
    }
}

#[test]
fn of_what_the_ca_says_4096_octets_count() {
    let body = "x".repeat(5000);
    let (_, text) = told(Rules::Guide, Ok(response(502, body.as_bytes())));
    let said = text.strip_prefix("http request failed with status 502 Bad Gateway, msg: ");
    assert_eq!(said.unwrap(), &body[..4096]);
}

/// What Fleet says in 2025 has the URL of the CA in it.
#[test]
fn a_connection_that_fails_tells_nothing_of_the_ca() {
    for failure in [Failure::ConnectionRefused, Failure::Dns, Failure::Other, Failure::Cancelled] {
        for rules in BOTH {
            let expected = (500, "Internal Server Error".to_owned());
            assert_eq!(told(rules, Err(failure)), expected);
        }
    }
}

/// The device waits once, not twice.
#[test]
fn a_ca_that_is_not_there_is_not_asked_again() {
    let world = with_passcode(Rules::Current, APPLE);
    let mut relay = world.check(&pki_operation(APPLE, WIFI, Some(PASSCODE)), NOW).unwrap();
    assert_eq!(line(&sent(&relay)).1, "http://ca.test/scep?operation=GetCACaps");
    relay.failed(Failure::Timeout);
    assert_eq!(done(&relay).response.status(), 408);
}

#[test]
fn what_comes_after_the_answer_changes_nothing() {
    let world = with_passcode(Rules::Current, APPLE);
    let mut relay = world.check(&asking("GetCACaps", APPLE, WIFI, None), NOW).unwrap();
    relay.received(response(200, b"AES"));
    relay.received(response(200, b"DES3"));
    relay.failed(Failure::Timeout);
    assert_eq!(done(&relay).response.body(), b"AES");
}

#[test]
fn a_ca_is_at_a_url_without_secrets_and_fragments() {
    for url in [
        "",
        "ca.test",
        "/scep",
        "ftp://ca.test",
        "http://",
        "http://u:p@ca.test/",
        "http://ca.test/#x",
    ] {
        assert_eq!(url.parse::<Upstream>(), Err(InvalidUpstream), "{url}");
    }
    let upstream: Upstream = "http://[::1]:8080/certsrv/mscep/mscep.dll".parse().unwrap();
    assert_eq!(upstream.uri(), "http://[::1]:8080/certsrv/mscep/mscep.dll");
}
