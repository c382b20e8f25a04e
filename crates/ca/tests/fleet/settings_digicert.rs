//! What an administrator enters about DigiCert ONE.

use devicecert_ca::InvalidSetting;
use devicecert_ca::digicert::Settings;
use devicecert_pki::Secret;

use crate::common::digicert_settings;

/// What is said after this change to settings that are right.
fn refused(change: impl FnOnce(&mut Settings)) -> Vec<String> {
    let mut settings = digicert_settings("https://one.digicert.com");
    change(&mut settings);
    settings.account().unwrap_err().iter().map(InvalidSetting::api_text).collect()
}

fn text(words: &str) -> Vec<String> {
    vec![format!("Couldn't add certificate authority. {words}")]
}

#[test]
fn invalid_digicert_url() {
    for url in ["", "one.digicert.com", "https://", "https://a:b@one.digicert.com", "https://a?b=c"]
    {
        assert_eq!(
            refused(|settings| settings.url = url.into()),
            text("Invalid DigiCert URL. Please correct and try again."),
            "{url}",
        );
    }
}

#[test]
fn digicert_url_scheme_must_be_https_or_http() {
    assert_eq!(
        refused(|settings| settings.url = "ftp://one.digicert.com".into()),
        text("DigiCert URL scheme must be https or http"),
    );
    assert!(digicert_settings("http://127.0.0.1:8080").account().is_ok());
}

#[test]
fn invalid_api_token() {
    // The mask is what comes back when a form is saved unchanged.
    for token in ["", "  ", "********", "line\nbreak"] {
        assert_eq!(
            refused(|settings| settings.api_token = Secret::from(token)),
            text("Invalid API token. Please correct and try again."),
        );
    }
}

#[test]
fn invalid_profile_guid() {
    assert_eq!(
        refused(|settings| settings.profile_id = " ".into()),
        text("Invalid profile GUID. Please correct and try again."),
    );
}

#[test]
fn common_name_cannot_be_empty() {
    assert_eq!(
        refused(|settings| settings.certificate_common_name = String::new()),
        text("CA Common Name (CN) cannot be empty"),
    );
}

#[test]
fn variable_is_not_allowed_in_common_name() {
    assert_eq!(
        refused(|settings| settings.certificate_common_name = "a-${FLEET_VAR_HOST_UUID}".into()),
        text("FLEET_VAR_HOST_UUID is not allowed in CA Common Name (CN)"),
    );
}

#[test]
fn seat_id_cannot_be_empty() {
    assert_eq!(
        refused(|settings| settings.certificate_seat_id = "\t".into()),
        text("CA Seat ID cannot be empty"),
    );
}

#[test]
fn variable_is_not_allowed_in_seat_id() {
    assert_eq!(
        refused(|settings| settings.certificate_seat_id = "$FLEET_VAR_NDES_SCEP_CHALLENGE".into()),
        text("FLEET_VAR_NDES_SCEP_CHALLENGE is not allowed in DigiCert Seat ID"),
    );
}

#[test]
fn only_one_user_principal_name() {
    let names = vec!["a@example.com".to_owned(), "b@example.com".to_owned()];
    assert_eq!(
        refused(|settings| settings.certificate_user_principal_names = names),
        text("Currently, only one item can be added to certificate_user_principal_names."),
    );
}

#[test]
fn user_principal_name_cannot_be_empty_if_specified() {
    assert_eq!(
        refused(|settings| settings.certificate_user_principal_names = vec![" ".into()]),
        text("DigiCert certificate_user_principal_name cannot be empty if specified"),
    );
}

#[test]
fn variable_is_not_allowed_in_user_principal_name() {
    let names = vec!["$FLEET_VAR_HOST_END_USER_IDP_GROUPS".to_owned()];
    assert_eq!(
        refused(|settings| settings.certificate_user_principal_names = names),
        text("FLEET_VAR_HOST_END_USER_IDP_GROUPS is not allowed in CA User Principal Name"),
    );
}

#[test]
fn allowed_variables() {
    for variable in ["HOST_END_USER_EMAIL_IDP", "HOST_HARDWARE_SERIAL", "HOST_PLATFORM"] {
        let mut settings = digicert_settings("https://one.digicert.com");
        let text = format!("$FLEET_VAR_{variable}");
        settings.certificate_common_name = text.clone();
        settings.certificate_seat_id = text.clone();
        settings.certificate_user_principal_names = vec![text];
        assert!(settings.account().is_ok(), "{variable}");
    }
}

#[test]
fn a_user_principal_name_is_optional() {
    let mut settings = digicert_settings("https://one.digicert.com");
    settings.certificate_user_principal_names.clear();
    assert_eq!(settings.account().unwrap().user_principal_name(), None);
}

#[test]
fn values_are_trimmed() {
    let mut settings = digicert_settings(" https://one.digicert.com \n");
    settings.name = " WIFI ".into();
    settings.api_token = Secret::from(" token\n");
    settings.profile_id = " guid ".into();
    settings.certificate_common_name = " cn ".into();
    settings.certificate_seat_id = " seat ".into();
    settings.certificate_user_principal_names = vec![" upn ".into()];
    let account = settings.account().unwrap();
    assert_eq!(account.name().as_str(), "WIFI");
    assert_eq!(
        (account.common_name(), account.seat_id(), account.user_principal_name()),
        ("cn", "seat", Some("upn")),
    );
    let request = account.profile_request().unwrap();
    assert_eq!(request.uri(), "https://one.digicert.com/mpki/api/v2/profile/guid");
    assert_eq!(request.headers()["X-API-key"], "token");
}

#[test]
fn everything_that_is_wrong_is_told_at_once() {
    let wrong = Settings::new("NDES", "nowhere").account().unwrap_err();
    let texts: Vec<_> = wrong.iter().map(ToString::to_string).collect();
    assert_eq!(
        texts,
        [
            "Invalid DigiCert URL. Please correct and try again.",
            "CA name cannot be NDES",
            "Invalid API token. Please correct and try again.",
            "Invalid profile GUID. Please correct and try again.",
            "CA Common Name (CN) cannot be empty",
            "CA Seat ID cannot be empty",
        ],
    );
}
