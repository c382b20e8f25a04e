//! What Fleet says when no challenge can be had from NDES.

use devicecert_ca::ndes::{Error, ScepUrlError};
use devicecert_ca::{Misuse, Wording};

const V1: Wording = Wording::V1;
const CURRENT: Wording = Wording::Current;

#[test]
fn a_status_other_than_200() {
    assert_eq!(
        Error::Status(401).to_string(),
        "unexpected status code: 401; could not retrieve the enrollment challenge password; invalid admin URL or credentials; please correct and try again"
    );
}

#[test]
fn a_page_without_a_challenge() {
    assert_eq!(
        Error::NoChallenge.to_string(),
        "could not retrieve the enrollment challenge password; invalid admin URL or credentials; please correct and try again"
    );
}

#[test]
fn a_full_cache() {
    assert_eq!(
        Error::CacheFull.to_string(),
        "the password cache is full; please increase the number of cached passwords in NDES; by default, NDES caches 5 passwords and they expire 60 minutes after they are created"
    );
}

#[test]
fn no_permission() {
    assert_eq!(
        Error::InsufficientPermissions.to_string(),
        "this account does not have sufficient permissions to enroll with SCEP. Please use a different account with NDES SCEP enroll permissions."
    );
}

#[test]
fn detail_of_invalid_credentials() {
    for error in [Error::Status(401), Error::Status(500), Error::NoChallenge] {
        assert_eq!(
            error.detail(V1),
            "Invalid NDES admin credentials. Fleet couldn't populate $FLEET_VAR_NDES_SCEP_CHALLENGE. Please update credentials in Settings > Integrations > Mobile Device Management > Simple Certificate Enrollment Protocol."
        );
        assert_eq!(
            error.detail(CURRENT),
            "Invalid NDES admin credentials. Fleet couldn't populate $FLEET_VAR_NDES_SCEP_CHALLENGE. Please update credentials in Settings > Integrations > Certificate enrollment."
        );
    }
}

#[test]
fn detail_of_a_full_cache() {
    for wording in [V1, CURRENT] {
        assert_eq!(
            Error::CacheFull.detail(wording),
            "The NDES password cache is full. Fleet couldn't populate $FLEET_VAR_NDES_SCEP_CHALLENGE. Please increase the number of cached passwords in NDES and try again."
        );
    }
}

#[test]
fn detail_of_no_permission() {
    for wording in [V1, CURRENT] {
        assert_eq!(
            Error::InsufficientPermissions.detail(wording),
            "This account does not have sufficient permissions to enroll with SCEP. Fleet couldn't populate $FLEET_VAR_NDES_SCEP_CHALLENGE. Please update the account with NDES SCEP enroll permissions and try again."
        );
    }
}

#[test]
fn detail_of_any_other_error() {
    assert_eq!(
        Error::NoScheme.detail(CURRENT),
        "Fleet couldn't populate $FLEET_VAR_NDES_SCEP_CHALLENGE. the server offers no HTTP authentication that can be used: NTLM, or Basic over https"
    );
    assert_eq!(
        Error::Misuse(Misuse::ColonInUsername).detail(V1),
        "Fleet couldn't populate $FLEET_VAR_NDES_SCEP_CHALLENGE. a user name with a colon cannot be sent by HTTP Basic authentication"
    );
}

#[test]
fn a_scep_url_that_cannot_be_saved() {
    for (error, text) in [
        (ScepUrlError::Url, "creating SCEP client; invalid SCEP URL; please correct and try again"),
        (
            ScepUrlError::GetCaCert,
            "could not retrieve CA certificate from SCEP URL; invalid SCEP URL; please correct and try again",
        ),
        (ScepUrlError::NoCertificate, "SCEP URL did not return a CA certificate"),
    ] {
        assert_eq!(error.to_string(), text);
        assert_eq!(
            error.setting().api_text(),
            "Couldn't add certificate authority. Invalid SCEP URL. Please correct and try again."
        );
    }
}

#[test]
fn an_admin_url_that_cannot_be_saved() {
    for (error, text) in [
        (
            Error::CacheFull,
            "The NDES password cache is full. Please increase the number of cached passwords in NDES and try again.",
        ),
        (
            Error::InsufficientPermissions,
            "Insufficient permissions for NDES SCEP admin URL. Please correct and try again.",
        ),
        (
            Error::NoChallenge,
            "Invalid NDES SCEP admin URL or credentials. Please correct and try again.",
        ),
        (
            Error::Status(401),
            "Invalid NDES SCEP admin URL or credentials. Please correct and try again.",
        ),
    ] {
        assert_eq!(
            error.setting().api_text(),
            format!("Couldn't add certificate authority. {text}")
        );
    }
}
