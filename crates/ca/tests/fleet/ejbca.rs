//! EJBCA's REST interface.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use devicecert_ca::InvalidAnswer;
use devicecert_ca::ejbca::{Account, EnrollmentCode, Error, Issued, Order, csr_params};
use devicecert_pki::{GeneralName, Signer, to_pem};

use crate::common::{KEY, OTHER_KEY, certificate_for, limits, response};

fn account() -> Account {
    let url = "https://ejbca.example.com:8443/".parse().unwrap();
    Account::new(url, "IssuingCA", "DeviceCertificate", "Device")
}

fn order() -> Order {
    let params = csr_params("C02XK1", ["fleetie@example.com", "f@example.com"]).unwrap();
    let csr = params.unsigned(KEY.public_key()).unwrap().sign(&*KEY).unwrap();
    Order::new(csr, "C02XK1", EnrollmentCode::from_random([0x0f; 32]))
}

fn answer(status: u16, body: &str) -> Result<Issued, Error> {
    account().issued(&order(), &response(status, body), &limits())
}

fn status(code: u16, body: &str) -> Result<(), Error> {
    account().status(&response(code, body), &limits())
}

#[test]
fn the_status_request() {
    let request = account().status_request().unwrap();
    assert_eq!(request.method(), "GET");
    assert_eq!(request.uri(), "https://ejbca.example.com:8443/ejbca/ejbca-rest-api/v1/ca/status");
    assert_eq!(request.headers().len(), 1);
    assert_eq!(request.headers()["Accept"], "application/json");
}

#[test]
fn the_status_is_ok() {
    assert_eq!(status(200, r#"{"status":"OK","version":"1.0","revision":"ALPHA"}"#), Ok(()));
    let error = status(200, r#"{"status":"DOWN"}"#).unwrap_err();
    assert_eq!(error.to_string(), "the status of EJBCA is not OK: DOWN");
    assert!(matches!(status(200, "{}"), Err(Error::NotOk(text)) if text.is_empty()));
}

#[test]
fn the_order() {
    let order = order();
    let request = account().order_request(&order).unwrap();
    assert_eq!(request.method(), "POST");
    assert_eq!(
        request.uri(),
        "https://ejbca.example.com:8443/ejbca/ejbca-rest-api/v1/certificate/pkcs10enroll"
    );
    assert_eq!(request.headers().len(), 2);
    assert_eq!(request.headers()["Accept"], "application/json");
    assert_eq!(request.headers()["Content-Type"], "application/json");
    let pem = to_pem("CERTIFICATE REQUEST", order.csr.as_der());
    assert_eq!(
        String::from_utf8(request.body().clone()).unwrap(),
        format!(
            "{{\"certificate_request\":\"{}\",\"certificate_profile_name\":\"DeviceCertificate\",\
             \"end_entity_profile_name\":\"Device\",\"certificate_authority_name\":\"IssuingCA\",\
             \"username\":\"C02XK1\",\"password\":\"{}\",\"include_chain\":false,\"response_format\":\"DER\"}}",
            pem.trim_end().replace('\n', "\\n"),
            "0f".repeat(32),
        )
    );
}

#[test]
fn the_request_has_the_user_principal_names() {
    let csr = order().csr;
    assert_eq!(csr.subject().to_string(), "CN=C02XK1");
    assert_eq!(
        csr.subject_alt_name().unwrap(),
        ["fleetie@example.com", "f@example.com"].map(|name| GeneralName::Upn(name.into()))
    );
    assert!(csr_params("", []).is_err());
}

#[test]
fn a_certificate_is_taken() {
    let certificate = certificate_for(&KEY);
    let base64 = STANDARD.encode(certificate.as_der());
    for body in [
        format!(r#"{{"certificate":"{base64}","serial_number":"0ABC","response_format":"DER"}}"#),
        format!(r#"{{"certificate":"{base64}"}}"#),
    ] {
        assert_eq!(answer(201, &body).unwrap().certificate, certificate);
    }
}

#[test]
fn what_is_no_certificate_is_refused() {
    assert_eq!(answer(201, r#"{"response_format":"DER"}"#), Err(Error::NoCertificate));
    assert_eq!(answer(201, r#"{"certificate":""}"#), Err(Error::NoCertificate));
    assert_eq!(
        answer(201, r#"{"certificate":"*"}"#),
        Err(Error::InvalidAnswer(InvalidAnswer::Base64("the certificate")))
    );
    assert!(matches!(answer(201, r#"{"certificate":"MAA="}"#), Err(Error::Certificate(_))));
    assert_eq!(
        answer(201, r#"{"certificate":"MAA=","response_format":"PKCS7"}"#).unwrap_err().to_string(),
        "expected a certificate in the format DER, found the format PKCS7"
    );
    let other = STANDARD.encode(certificate_for(&OTHER_KEY).as_der());
    assert_eq!(answer(201, &format!(r#"{{"certificate":"{other}"}}"#)), Err(Error::OtherKey));
}

#[test]
fn the_client_certificate_is_rejected() {
    for code in [401, 403] {
        let text = "EJBCA rejected the Fleet client certificate (likely revoked, expired, or not bound to a role with sufficient access)";
        assert_eq!(answer(code, "").unwrap_err().to_string(), text);
        assert_eq!(status(code, "<html>").unwrap_err().to_string(), text);
    }
}

#[test]
fn the_ca_or_profile_does_not_exist() {
    assert_eq!(
        answer(404, r#"{"error_code":404,"error_message":"x"}"#).unwrap_err().to_string(),
        "EJBCA reports the CA or profile name does not exist"
    );
}

#[test]
fn the_end_entity_profile_rejects_the_csr() {
    let body = r#"{"error_code":422,"error_message":"Field COMMONNAME is not allowed"}"#;
    assert_eq!(
        answer(422, body).unwrap_err().to_string(),
        "EJBCA end-entity profile rejected the CSR: Field COMMONNAME is not allowed"
    );
}

#[test]
fn any_other_status_is_told_with_the_message() {
    assert_eq!(
        answer(500, r#"{"error_message":"out of order"}"#).unwrap_err().to_string(),
        "out of order (HTTP status 500)"
    );
    // 200 is what other operations answer with.
    assert!(matches!(answer(200, "{}"), Err(Error::Status { status: 200, .. })));
}

#[test]
fn a_code_that_comes_back_in_an_error_is_struck_out() {
    let body = format!(r#"{{"error_message":"password {} is short"}}"#, "0f".repeat(32));
    assert_eq!(
        answer(422, &body).unwrap_err().to_string(),
        "EJBCA end-entity profile rejected the CSR: password [redacted] is short"
    );
}
