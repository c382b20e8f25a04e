//! Intune: leave to issue, the news of it, and a refusal that is told.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use devicecert_ca::Uuid;
use devicecert_ca::intune::{
    App, Code, Error, FailureReason, Issued, Scope, Service, Token, Transaction,
};
use devicecert_crypto_rust::RustCrypto;

use crate::common::{KEY, certificate_for, limits};
use crate::wire::{Exchange, Server, exchange, post};

const CSR: &[u8] = b"0\x82\x01\x00 as it came";

fn action(name: &str, expected: &str, body: &str) -> Exchange {
    let headers = "authorization: Bearer eyJ0\r\nclient-request-id: 07070707-0707-4707-8707-070707070707\r\napi-version: 2018-02-20\r\naccept: application/json\r\n";
    exchange(post(&format!("/RACerts/ScepActions/{name}"), headers, expected), 200, body)
}

fn validation(body: &str) -> Exchange {
    let csr = STANDARD.encode(CSR);
    let expected = format!(
        r#"{{"request":{{"transactionId":"9EE9C4F1","certificateRequest":"{csr}","callerInfo":"ExampleCA 1.0"}}}}"#
    );
    action("validateRequest", &expected, body)
}

fn service(server: &Server, token: Token) -> Service {
    let url = format!("{}/RACerts", server.url).parse().unwrap();
    Service::new(url, token, "ExampleCA 1.0")
}

fn uuid() -> Uuid {
    Uuid::from_random([7; 16])
}

#[test]
fn a_token_leave_to_issue_and_the_news() {
    let certificate = certificate_for(&KEY);
    let issued = Issued::new(&certificate, &RustCrypto).unwrap();
    let form = "client_id=client&scope=https%3A%2F%2Fapi%2Emanage%2Emicrosoft%2Ecom%2F%2F%2Edefault&client_secret=s3cret&grant_type=client_credentials";
    let token = format!(
        "POST /example.onmicrosoft.com/oauth2/v2.0/token HTTP/1.1\r\nhost: HOST\r\ncontent-type: application/x-www-form-urlencoded\r\naccept: application/json\r\ncontent-length: {}\r\n\r\n{form}",
        form.len()
    );
    let news = format!(
        r#"{{"notification":{{"transactionId":"9EE9C4F1","certificateRequest":"{}","certificateThumbprint":"{}","certificateSerialNumber":"0ABC","certificateExpirationDateUtc":"2025-09-10T16:32:58.000Z","issuingCertificateAuthority":"CN=Example CA,O=Example","callerInfo":"ExampleCA 1.0"}}}}"#,
        STANDARD.encode(CSR),
        issued.thumbprint,
    );
    let success = r#"{"code":"Success","errorDescription":""}"#;
    let server = Server::start(vec![
        exchange(token, 200, r#"{"token_type":"Bearer","expires_in":3599,"access_token":"eyJ0"}"#),
        validation(success),
        action("successNotification", &news, success),
    ]);
    let mut connection = server.connect();
    let app = App::new("example.onmicrosoft.com", "client", "s3cret")
        .authority(server.url.parse().unwrap());
    let response = connection.send(&app.token_request(Scope::Intune).unwrap());
    let service = service(&server, app.token(&response, &limits()).unwrap());
    let transaction = Transaction::new("9EE9C4F1", CSR).unwrap();
    let response = connection.send(&service.validate(&transaction, uuid()).unwrap());
    assert_eq!(service.answer(&response, &limits()), Ok(()));
    let response = connection.send(&service.succeeded(&transaction, &issued, uuid()).unwrap());
    assert_eq!(service.answer(&response, &limits()), Ok(()));
    server.finish(connection);
}

#[test]
fn an_expired_challenge_and_the_news() {
    let news = format!(
        r#"{{"notification":{{"transactionId":"9EE9C4F1","certificateRequest":"{}","hResult":2148204812,"errorDescription":"expired","callerInfo":"ExampleCA 1.0"}}}}"#,
        STANDARD.encode(CSR),
    );
    let server = Server::start(vec![
        validation(r#"{"code":"ChallengeExpired","errorDescription":"too late"}"#),
        action("failureNotification", &news, r#"{"code":"Success"}"#),
    ]);
    let mut connection = server.connect();
    let service = service(&server, Token::new("eyJ0"));
    let transaction = Transaction::new("9EE9C4F1", CSR).unwrap();
    let response = connection.send(&service.validate(&transaction, uuid()).unwrap());
    let error = service.answer(&response, &limits()).unwrap_err();
    assert!(matches!(error, Error::Refused { code: Code::ChallengeExpired, .. }));
    let reason = FailureReason::new(0x800b_010c, "expired").unwrap();
    let response = connection.send(&service.failed(&transaction, &reason, uuid()).unwrap());
    assert_eq!(service.answer(&response, &limits()), Ok(()));
    server.finish(connection);
}
