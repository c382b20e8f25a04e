//! What the caller sends.

use devicecert_fleet::request_certificate::{Api, Ask, AuthorityId, IdpToken, Misuse, Output};
use devicecert_pki::Secret;
use http::{Method, Request};

use crate::support::{good, pem};

fn json(request: &Request<Vec<u8>>) -> serde_json::Value {
    serde_json::from_slice(request.body()).unwrap()
}

#[test]
fn the_call_with_a_token() {
    let csr = good();
    let api = Api::new("https://fleet.example/").unwrap();
    let token = Secret::from("t0k3n==");
    let request = api.with_token(AuthorityId::from(3), &Ask::new(csr.clone()), &token).unwrap();
    assert_eq!(request.method(), Method::POST);
    let url = "https://fleet.example/api/v1/fleet/certificate_authorities/3/request_certificate";
    assert_eq!(request.uri(), url);
    assert_eq!(request.headers()["authorization"], "Bearer t0k3n==");
    assert!(request.headers()["authorization"].is_sensitive());
    assert_eq!(request.headers()["content-type"], "application/json");
    // Nothing that an old Fleet would not know.
    assert_eq!(json(&request), serde_json::json!({ "csr": pem(&csr) }));
    assert!(!format!("{request:?}").contains("t0k3n"));
}

#[test]
fn everything_that_can_be_asked_for() {
    let csr = good();
    let idp = IdpToken {
        url: "https://idp.example/introspect".into(),
        token: Secret::from("a \"token\""),
        client_id: "0oa1".into(),
    };
    let ask = Ask::new(csr.clone()).idp(idp).output(Output::Certificate);
    let api = Api::new("http://127.0.0.1:8412/fleet").unwrap();
    let request = api.unauthenticated(AuthorityId::from(18_446_744_073_709_551_615), &ask).unwrap();
    let url = "http://127.0.0.1:8412/fleet/api/v1/fleet/certificate_authorities/18446744073709551615/request_certificate";
    assert_eq!(request.uri(), url);
    assert!(!request.headers().contains_key("authorization"));
    let expected = serde_json::json!({
        "csr": pem(&csr),
        "idp_oauth_url": "https://idp.example/introspect",
        "idp_token": "a \"token\"",
        "idp_client_id": "0oa1",
        "return_pem_certificate": true,
    });
    assert_eq!(json(&request), expected);
    assert!(!format!("{ask:?}").contains("token\\\""), "{ask:?}");
}

#[test]
fn what_cannot_be_sent() {
    for url in [
        "",
        "fleet.example",
        "ftp://fleet.example",
        "https://u:p@fleet.example",
        "https://",
        "https://f/?x",
        "https://f/#x",
    ] {
        assert_eq!(Api::new(url), Err(Misuse::Url), "{url}");
    }
    let api = Api::new("https://fleet.example").unwrap();
    for token in ["", "a\nb"] {
        let request = api.with_token(AuthorityId::from(3), &Ask::new(good()), &Secret::from(token));
        assert_eq!(request.err(), Some(Misuse::Token));
    }
}
