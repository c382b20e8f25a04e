//! Okta's endpoint, which answers like the admin page of NDES.

use devicecert_ca::ndes::{Error, Step};
use devicecert_ca::{Credentials, Misuse, okta};
use http::Request;

use crate::common::{NOW, response};

fn credentials() -> Credentials {
    Credentials::new("okta-user", "p\u{e4}ss")
}

fn first_request() -> Request<Vec<u8>> {
    let url = "https://example.okta.com/scep/challenge?tenant=1".parse().unwrap();
    match okta::challenge(url, credentials()).unwrap().step(NOW).unwrap() {
        Step::Send(request) => request,
        other => panic!("{other:?}"),
    }
}

#[test]
fn basic_credentials_go_along_with_the_first_request() {
    let request = first_request();
    assert_eq!(request.method(), "GET");
    assert_eq!(request.uri(), "https://example.okta.com/scep/challenge?tenant=1");
    assert_eq!(request.headers().len(), 1);
    // printf 'okta-user:päss' | base64
    assert_eq!(request.headers()["Authorization"], "Basic b2t0YS11c2VyOnDDpHNz");
    assert!(request.body().is_empty());
}

#[test]
fn a_page_in_utf_8_is_read() {
    let url = "https://example.okta.com/scep/challenge".parse().unwrap();
    let mut fetch = okta::challenge(url, credentials()).unwrap();
    let page = "<html><p>The enrollment challenge password is: <B> a_b-C\u{2013} </B></p></html>";
    fetch.received(&response(200, page)).unwrap();
    match fetch.step(NOW).unwrap() {
        Step::Done(challenge) => assert_eq!(challenge.expose(), "a_b-C\u{2013}".as_bytes()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn wrong_credentials_end_it() {
    let url = "https://example.okta.com/scep/challenge".parse().unwrap();
    let mut fetch = okta::challenge(url, credentials()).unwrap();
    assert_eq!(fetch.received(&response(401, "")), Err(Error::Status(401)));
    assert_eq!(fetch.step(NOW).unwrap_err(), Error::Status(401));
    assert_eq!(fetch.received(&response(200, "")), Err(Error::Misuse(Misuse::UnexpectedAnswer)));
}

#[test]
fn passwords_are_sent_over_tls_only() {
    let url = "http://example.okta.com/scep/challenge".parse().unwrap();
    assert_eq!(okta::challenge(url, credentials()).unwrap_err(), Misuse::Url);
}

#[test]
fn a_user_name_ends_at_its_first_colon() {
    let url = "https://example.okta.com/".parse().unwrap();
    let credentials = Credentials::new("a:b", "c");
    assert_eq!(okta::challenge(url, credentials).unwrap_err(), Misuse::ColonInUsername);
}
