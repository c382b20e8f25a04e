//! §5 Errors are text for people.

use devicecert_est::Error;
use devicecert_est::error::{InvalidRequest, Misuse};
use devicecert_est::{EmissionProfile, Refusal};
use http::StatusCode;

#[test]
fn a_refusal_is_plain_text() {
    let answer = Refusal::forbidden("not this device").to_http(EmissionProfile::default());
    assert_eq!(answer.status(), 403);
    assert_eq!(answer.headers()["content-type"], "text/plain; charset=utf-8");
    assert_eq!(answer.body(), b"not this device\n");
}

/// BouncyCastle's client gives up on a challenge that has a body.
#[test]
fn a_challenge_has_no_body() {
    let challenge = devicecert_est::Challenge::basic("realm").unwrap();
    let answer = Refusal::unauthorised(vec![challenge]).to_http(EmissionProfile::default());
    assert_eq!((answer.status().as_u16(), answer.body().len()), (401, 0));
    assert_eq!(answer.headers()["www-authenticate"], "Basic realm=\"realm\"");
}

#[test]
fn what_is_wrong_with_the_server_itself_is_not_told() {
    let error = Error::from(Misuse::WrongCertificate);
    assert_eq!(StatusCode::from(&error), 500);
    let answer = Refusal::of(&error).to_http(EmissionProfile::default());
    assert_eq!(answer.body(), b"internal error\n");
}

#[test]
fn a_status_that_is_no_error_is_no_refusal() {
    for status in [100, 200, 202, 302] {
        let status = StatusCode::from_u16(status).unwrap();
        assert_eq!(Refusal::new(status).unwrap_err(), Misuse::Status.into());
    }
    assert!(Refusal::new(StatusCode::GONE).is_ok());
}

#[test]
fn every_error_of_a_client_has_a_status_of_its_own_kind() {
    for (error, status) in [
        (InvalidRequest::Path, 404),
        (InvalidRequest::ContentType { expected: "application/pkcs10" }, 415),
        (InvalidRequest::NoCertificate, 403),
        (InvalidRequest::LinkedElsewhere, 400),
        (InvalidRequest::Authorization, 400),
    ] {
        assert_eq!(StatusCode::from(&Error::from(error)).as_u16(), status);
    }
}
