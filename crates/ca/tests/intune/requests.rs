//! What the service is sent.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use devicecert_ca::intune::{FailureReason, Issued, Service, Token, Transaction};
use devicecert_ca::{Misuse, Uuid};
use devicecert_crypto_rust::RustCrypto;
use devicecert_pki::algorithm::DigestAlgorithm;
use http::Request;

use crate::common::{KEY, certificate_for};

/// What a device sent, octet by octet: it is not read here.
const CSR: &[u8] = b"\x30\x80 not even DER \xff";

fn service() -> Service {
    let url = "https://fef.amsub0102.manage.microsoft.com/RACerts/".parse().unwrap();
    Service::new(url, Token::new("t.o.k.e.n"), "ExampleCA 1.0")
}

fn transaction() -> Transaction {
    Transaction::new("9EE9C4F1", CSR).unwrap()
}

fn uuid() -> Uuid {
    Uuid::from_random([0x11; 16])
}

/// Checks everything but the body, and returns that.
fn body(request: Request<Vec<u8>>, action: &str) -> String {
    assert_eq!(request.method(), "POST");
    assert_eq!(
        request.uri().to_string(),
        format!("https://fef.amsub0102.manage.microsoft.com/RACerts/ScepActions/{action}")
    );
    let headers = request.headers();
    assert_eq!(headers.len(), 5);
    assert_eq!(headers["Authorization"], "Bearer t.o.k.e.n");
    assert_eq!(headers["client-request-id"], "11111111-1111-4111-9111-111111111111");
    assert_eq!(headers["api-version"], "2018-02-20");
    assert_eq!(headers["Content-Type"], "application/json");
    assert_eq!(headers["Accept"], "application/json");
    String::from_utf8(request.into_body()).unwrap()
}

#[test]
fn validate_request() {
    let request = service().validate(&transaction(), uuid()).unwrap();
    assert_eq!(
        body(request, "validateRequest"),
        format!(
            r#"{{"request":{{"transactionId":"9EE9C4F1","certificateRequest":"{}","callerInfo":"ExampleCA 1.0"}}}}"#,
            STANDARD.encode(CSR)
        )
    );
}

#[test]
fn success_notification() {
    let certificate = certificate_for(&KEY);
    let mut issued = Issued::new(&certificate, &RustCrypto).unwrap();
    let thumbprint = certificate.fingerprint(DigestAlgorithm::Sha1, &RustCrypto).unwrap();
    let thumbprint: String = thumbprint.iter().map(|octet| format!("{octet:02X}")).collect();
    let start = format!(
        r#"{{"notification":{{"transactionId":"9EE9C4F1","certificateRequest":"{}","certificateThumbprint":"{thumbprint}","certificateSerialNumber":"0ABC","certificateExpirationDateUtc":"2025-09-10T16:32:58.000Z","issuingCertificateAuthority":"CN=Example CA,O=Example","callerInfo":"ExampleCA 1.0""#,
        STANDARD.encode(CSR)
    );
    let request = service().succeeded(&transaction(), &issued, uuid()).unwrap();
    assert_eq!(body(request, "successNotification"), format!("{start}}}}}"));

    issued.ca_configuration = Some("1".into());
    issued.certificate_authority = Some("ca".into());
    let request = service().succeeded(&transaction(), &issued, uuid()).unwrap();
    assert_eq!(
        body(request, "successNotification"),
        format!(r#"{start},"caConfiguration":"1","certificateAuthority":"ca"}}}}"#)
    );
}

#[test]
fn failure_notification() {
    let reason = FailureReason::new(0x8009_310b, "the CA is \"down\"").unwrap();
    let request = service().failed(&transaction(), &reason, uuid()).unwrap();
    assert_eq!(
        body(request, "failureNotification"),
        format!(
            r#"{{"notification":{{"transactionId":"9EE9C4F1","certificateRequest":"{}","hResult":2148086027,"errorDescription":"the CA is \"down\"","callerInfo":"ExampleCA 1.0"}}}}"#,
            STANDARD.encode(CSR)
        )
    );
}

#[test]
fn a_description_has_1_to_255_characters() {
    assert_eq!(FailureReason::new(1, ""), Err(Misuse::Empty("the description")));
    assert!(FailureReason::new(1, "\u{fc}".repeat(255)).is_ok());
    let too_long = |found| Misuse::TooLong { what: "the description", limit: 255, found };
    assert_eq!(FailureReason::new(1, "a".repeat(256)), Err(too_long(256)));
    // Beyond the basic plane a character takes two places.
    assert_eq!(FailureReason::new(1, "\u{1f511}".repeat(128)), Err(too_long(256)));
}

#[test]
fn a_transaction_has_an_id_and_a_request() {
    let refused = |id: &str, csr: &[u8]| Transaction::new(id, csr).unwrap_err();
    assert_eq!(refused(" ", CSR), Misuse::Empty("the transactionID"));
    assert_eq!(refused("1", b""), Misuse::Empty("the certification request"));
}

#[test]
fn a_token_that_no_header_can_carry() {
    let url = "https://fef.example/".parse().unwrap();
    let service = Service::new(url, Token::new("a\nb"), "ExampleCA 1.0");
    let error = service.validate(&transaction(), uuid()).unwrap_err();
    assert_eq!(error, Misuse::Header("the token"));
}
