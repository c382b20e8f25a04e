//! Verifying the certificate profile.

use devicecert_ca::digicert::{Error, TIMEOUT};

use crate::common::{TOKEN, digicert, digicert_settings, limits, response};

fn answer(status: u16, body: &str) -> Result<(), Error> {
    digicert().profile(&response(status, body), &limits()).map(drop)
}

fn refused(status: u16, body: &str) -> String {
    answer(status, body).unwrap_err().to_string()
}

#[test]
fn the_request() {
    let request = digicert().profile_request().unwrap();
    assert_eq!(request.method(), "GET");
    assert_eq!(
        request.uri(),
        "https://one.digicert.com/mpki/api/v2/profile/cc80e3d1-3b52-4a1f-9a4b-2b9f3c8e1d40"
    );
    let headers = request.headers();
    assert_eq!(headers.len(), 2);
    assert_eq!(headers["X-API-key"], TOKEN);
    assert_eq!(headers["Accept"], "application/json");
    assert!(request.body().is_empty());
    assert_eq!(TIMEOUT.as_secs(), 20);
}

#[test]
fn trailing_slashes_of_the_url_are_dropped_and_its_path_is_kept() {
    let account = digicert_settings("https://proxy.example/digicert//").account().unwrap();
    let uri = account.profile_request().unwrap().uri().to_string();
    assert!(uri.starts_with("https://proxy.example/digicert/mpki/api/v2/profile/"), "{uri}");
}

#[test]
fn the_profile_id_is_one_segment_of_the_path_whatever_it_holds() {
    let mut settings = digicert_settings("https://one.digicert.com");
    settings.profile_id = "../a b/ü?c#d%2f".into();
    let request = settings.account().unwrap().profile_request().unwrap();
    assert_eq!(request.uri().path(), "/mpki/api/v2/profile/..%2Fa%20b%2F%C3%BC%3Fc%23d%252f");
    assert_eq!(request.uri().query(), None);
}

#[test]
fn an_active_profile_is_taken() {
    let body = r#"{"id":"guid","name":"Wi-Fi","status":"Active","seat_type":{"id":"USER_SEAT"}}"#;
    let profile = digicert().profile(&response(200, body), &limits()).unwrap();
    assert_eq!((profile.id.as_str(), profile.name.as_str()), ("guid", "Wi-Fi"));
}

#[test]
fn the_id_of_the_answer_is_not_compared_and_only_the_status_must_be_there() {
    assert_eq!(answer(200, r#"{"status":"Active"}"#), Ok(()));
    assert_eq!(answer(200, r#"{"id":null,"name":null,"status":"Active"}"#), Ok(()));
}

#[test]
fn a_profile_that_is_not_active() {
    for (status, body) in [
        ("Inactive", r#"{"status":"Inactive"}"#),
        ("ACTIVE", r#"{"status":"ACTIVE"}"#),
        ("", r#"{"id":"guid"}"#),
    ] {
        assert_eq!(refused(200, body), format!("DigiCert profile status is not Active: {status}"));
    }
}

#[test]
fn most_likely_invalid_api_token() {
    assert_eq!(refused(401, ""), "most likely invalid API token; status code: 401");
}

#[test]
fn most_likely_invalid_profile_guid() {
    assert_eq!(refused(403, ""), "most likely invalid profile GUID; status code: 403");
}

#[test]
fn unexpected_digicert_status_code() {
    for status in [201, 204, 302, 404, 500] {
        let active = r#"{"status":"Active"}"#;
        assert_eq!(refused(status, active), format!("unexpected DigiCert status code: {status}"));
    }
}

#[test]
fn could_not_verify_digicert_profile_id() {
    let error = answer(401, "").unwrap_err();
    assert_eq!(
        error.setting().api_text(),
        "Couldn't add certificate authority. Could not verify DigiCert profile ID: most likely invalid API token; status code: 401. Please correct and try again."
    );
}
