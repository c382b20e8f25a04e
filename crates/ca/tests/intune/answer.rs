//! What the service answers: one code permits to issue, and all others forbid it.

use devicecert_ca::intune::{Code, Error, Service, Token};
use devicecert_ca::{InvalidAnswer, JsonFault};

use crate::common::{limits, response};

fn answer(status: u16, body: &str) -> Result<(), Error> {
    let url = "https://fef.example/".parse().unwrap();
    Service::new(url, Token::new("t.o.k.e.n"), "ExampleCA 1.0")
        .answer(&response(status, body), &limits())
}

/// Every code of Microsoft's library.
const REFUSALS: [&str; 24] = [
    "Unknown",
    "CertificateRequestDecodingFailed",
    "ChallengePasswordMissing",
    "ChallengeDeserializationError",
    "ChallengeDecryptionError",
    "ChallengeDecodingError",
    "ChallengeInvalidTimestamp",
    "ChallengeExpired",
    "SubjectNameMissing",
    "SubjectNameMismatch",
    "SubjectAltNameMissing",
    "SubjectAltNameMismatch",
    "KeyUsageMismatch",
    "KeyLengthMismatch",
    "EnhancedKeyUsageMissing",
    "EnhancedKeyUsageMismatch",
    "AadKeyIdentifierListMissing",
    "RegisteredKeyMismatch",
    "SigningCertThumbprintMismatch",
    "ScepProfileNoLongerTargetedToTheClient",
    "SignatureValidationFailed",
    "BadCertificateRequestIdInChallenge",
    "BadDeviceIdInChallenge",
    "BadUserIdInChallenge",
];

#[test]
fn success() {
    assert_eq!(answer(200, r#"{"code":"Success","errorDescription":""}"#), Ok(()));
    assert_eq!(
        answer(200, r#"{"@odata.context":"x","code":"Success","errorDescription":null}"#),
        Ok(())
    );
}

#[test]
fn every_other_code_refuses() {
    for word in REFUSALS {
        let error = answer(200, &format!(r#"{{"code":"{word}"}}"#)).unwrap_err();
        let Error::Refused { code, description } = &error else { panic!("{error:?}") };
        assert!(!matches!(code, Code::Other(_) | Code::Success), "{word} is known");
        assert_eq!((code.as_str(), description.as_str()), (word, ""));
        assert_eq!(error.to_string(), format!("Intune refused the request: {word}"));
    }
}

#[test]
fn a_code_that_is_unknown_refuses() {
    for word in ["success", "Success ", "", "SomethingNew"] {
        let error = answer(200, &format!(r#"{{"code":"{word}","errorDescription":"why"}}"#));
        let error = error.unwrap_err();
        assert_eq!(error.to_string(), format!("Intune refused the request: {word}: why"));
        assert!(matches!(error, Error::Refused { code: Code::Other(_), .. }), "{word}");
    }
}

#[test]
fn an_answer_without_a_code_refuses() {
    for (body, found) in [
        ("{}", JsonFault::Shape),
        (r#"{"code":null}"#, JsonFault::Shape),
        (r#"{"code":1}"#, JsonFault::Shape),
        (r#"{"code":"Unknown","code":"Success"}"#, JsonFault::Shape),
        (r#"["Success"]"#, JsonFault::Shape),
        ("Success", JsonFault::Syntax),
        ("", JsonFault::End),
        (r#"{"code":"Success""#, JsonFault::End),
        (r#"{"code":"Success"}x"#, JsonFault::Syntax),
    ] {
        match answer(200, body).unwrap_err() {
            Error::InvalidAnswer(InvalidAnswer::Json { found: fault, .. }) => {
                assert_eq!(fault, found, "{body}");
            }
            other => panic!("{body}: {other}"),
        }
    }
}

#[test]
fn a_status_other_than_success_refuses_whatever_the_body_says() {
    for status in [302, 400, 401, 403, 404, 500, 503] {
        assert_eq!(answer(status, r#"{"code":"Success"}"#), Err(Error::Status(status)));
    }
}

#[test]
fn a_token_that_comes_back_is_struck_out() {
    let error = answer(200, r#"{"code":"Unknown","errorDescription":"t.o.k.e.n?"}"#);
    assert_eq!(error.unwrap_err().to_string(), "Intune refused the request: Unknown: [redacted]?");
}
