//! Tokens by client credentials (RFC 6749 §4.4).

use devicecert_ca::intune::{App, Error, Scope};
use devicecert_pki::Secret;

use crate::common::{limits, response};

fn app() -> App {
    App::new("example.onmicrosoft.com", "client&id", "s=cret ~")
}

#[test]
fn the_request() {
    for (scope, word) in [
        (Scope::Graph, "https%3A%2F%2Fgraph%2Emicrosoft%2Ecom%2F%2Edefault"),
        (Scope::Intune, "https%3A%2F%2Fapi%2Emanage%2Emicrosoft%2Ecom%2F%2F%2Edefault"),
    ] {
        let request = app().token_request(scope).unwrap();
        assert_eq!(request.method(), "POST");
        assert_eq!(
            request.uri(),
            "https://login.microsoftonline.com/example.onmicrosoft.com/oauth2/v2.0/token"
        );
        assert_eq!(request.headers().len(), 2);
        assert_eq!(request.headers()["Content-Type"], "application/x-www-form-urlencoded");
        assert_eq!(request.headers()["Accept"], "application/json");
        assert_eq!(
            String::from_utf8(request.into_body()).unwrap(),
            format!(
                "client_id=client%26id&scope={word}&client_secret=s%3Dcret%20%7E&grant_type=client_credentials"
            )
        );
    }
}

#[test]
fn a_national_cloud_has_another_authority() {
    let app = app().authority("https://login.microsoftonline.us/".parse().unwrap());
    assert_eq!(
        app.token_request(Scope::Intune).unwrap().uri(),
        "https://login.microsoftonline.us/example.onmicrosoft.com/oauth2/v2.0/token"
    );
}

#[test]
fn a_token() {
    let body =
        r#"{"token_type":"Bearer","expires_in":3599,"ext_expires_in":3599,"access_token":"eyJ0"}"#;
    let token = app().token(&response(200, body), &limits()).unwrap();
    assert_eq!(token.secret, Secret::from("eyJ0"));
    assert_eq!(token.lifetime.as_secs(), 3599);
}

#[test]
fn no_token() {
    let refused = |status, body| app().token(&response(status, body), &limits()).unwrap_err();
    assert_eq!(
        refused(401, r#"{"error":"invalid_client","error_description":"AADSTS7000215"}"#)
            .to_string(),
        "no token was issued: invalid_client: AADSTS7000215"
    );
    assert_eq!(refused(503, "<html>"), Error::Status(503));
    assert!(matches!(refused(200, "{}"), Error::InvalidAnswer(_)));
}
