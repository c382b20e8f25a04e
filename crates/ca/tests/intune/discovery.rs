//! Where the service of a tenant is.

use devicecert_ca::intune::{App, Error, Scope, Token, service_url};

use crate::common::{limits, response};

fn url(status: u16, body: &str) -> Result<String, Error> {
    service_url(&response(status, body), &limits()).map(|url| url.to_string())
}

fn app() -> App {
    App::new("example.onmicrosoft.com", "client", "s3cret")
}

#[test]
fn the_request() {
    let request = app().service_request(&Token::new("t.o.k.e.n")).unwrap();
    assert_eq!(request.method(), "GET");
    assert_eq!(
        request.uri(),
        "https://graph.microsoft.com/v1.0/servicePrincipals/appId=0000000a-0000-0000-c000-000000000000/endpoints"
    );
    assert_eq!(request.headers().len(), 2);
    assert_eq!(request.headers()["Authorization"], "Bearer t.o.k.e.n");
    assert_eq!(request.headers()["Accept"], "application/json");
}

#[test]
fn a_national_cloud_has_another_graph() {
    let app = app().graph("https://graph.microsoft.us/".parse().unwrap());
    assert_eq!(
        app.service_request(&Token::new("t")).unwrap().uri(),
        "https://graph.microsoft.us/v1.0/servicePrincipals/appId=0000000a-0000-0000-c000-000000000000/endpoints"
    );
    let form = String::from_utf8(app.token_request(Scope::Graph).unwrap().into_body()).unwrap();
    assert!(form.contains("&scope=https%3A%2F%2Fgraph%2Emicrosoft%2Eus%2F%2Edefault&"), "{form}");
}

#[test]
fn the_service_is_found_by_its_name_in_any_case() {
    let body = r#"{"@odata.context":"x","value":[
        {"id":"1","capability":"x","providerId":null,"providerName":"Other","uri":"https://other.example"},
        {"providerName":"SCEPRequestValidationFEService","uri":"https://fef.example/RACerts"}]}"#;
    assert_eq!(url(200, body).as_deref(), Ok("https://fef.example/RACerts"));
}

#[test]
fn the_names_of_azure_ad_graph_are_understood() {
    let body = r#"{"value":[{"serviceName":"scepRequestValidationFEService","uri":"https://fef.example/"}]}"#;
    assert_eq!(url(200, body).as_deref(), Ok("https://fef.example/"));
}

#[test]
fn a_tenant_without_the_service() {
    assert_eq!(url(200, r#"{"value":[]}"#), Err(Error::NoService));
    assert_eq!(url(200, r#"{"value":[{}]}"#), Err(Error::NoService));
}

#[test]
fn a_token_goes_to_https_only() {
    for uri in ["http://fef.example/", "", "fef.example", "https://a:b@fef.example"] {
        let service = r#"{"value":[{"providerName":"ScepRequestValidationFEService","uri":"X"}]}"#;
        assert_eq!(url(200, &service.replace('X', uri)), Err(Error::ServiceUrl), "{uri}");
    }
}

#[test]
fn no_list() {
    assert_eq!(url(403, r#"{"value":[]}"#), Err(Error::Status(403)));
    assert!(matches!(url(200, "{}"), Err(Error::InvalidAnswer(_))));
}
