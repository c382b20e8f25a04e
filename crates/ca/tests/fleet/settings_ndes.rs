//! What an administrator enters about NDES.

use devicecert_ca::ndes::{Settings, Step};
use devicecert_ca::{Credentials, InvalidSetting};

use crate::common::NOW;

const SCEP_URL: &str = "https://ndes.example.com/certsrv/mscep/mscep.dll";
const ADMIN_URL: &str = "https://ndes.example.com/certsrv/mscep_admin/";

fn refused(url: &str, admin_url: &str, credentials: Credentials) -> Vec<String> {
    let settings = Settings::new(url, admin_url, credentials);
    settings.account().unwrap_err().iter().map(InvalidSetting::api_text).collect()
}

fn credentials() -> Credentials {
    Credentials::new(r"EXAMPLE\svc-ndes", "password")
}

#[test]
fn invalid_scep_url() {
    assert_eq!(
        refused("ndes", ADMIN_URL, credentials()),
        ["Couldn't add certificate authority. Invalid SCEP URL. Please correct and try again."]
    );
}

#[test]
fn invalid_admin_url_or_credentials() {
    let text = "Couldn't add certificate authority. Invalid NDES SCEP admin URL or credentials. Please correct and try again.";
    assert_eq!(refused(SCEP_URL, "ndes", credentials()), [text]);
    assert_eq!(refused(SCEP_URL, ADMIN_URL, Credentials::new(" ", "password")), [text]);
    assert_eq!(refused(SCEP_URL, ADMIN_URL, Credentials::new("user", "")), [text]);
}

#[test]
fn everything_that_is_wrong_is_told_at_once() {
    assert_eq!(refused("", "", Credentials::new("", "")).len(), 2);
}

#[test]
fn the_first_request_goes_to_the_admin_url() {
    let settings = Settings::new(format!(" {SCEP_URL}\n"), format!(" {ADMIN_URL}"), credentials());
    let account = settings.account().unwrap();
    assert_eq!(account.scep_url().to_string(), SCEP_URL);
    match account.challenge([7; 8]).unwrap().step(NOW).unwrap() {
        Step::Send(request) => {
            assert_eq!(request.uri(), ADMIN_URL);
            assert!(request.headers().is_empty(), "nobody asked for a password yet");
        }
        other => panic!("{other:?}"),
    }
}
