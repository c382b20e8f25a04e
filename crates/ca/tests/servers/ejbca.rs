//! EJBCA: its status, a certificate, and what goes wrong.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use devicecert_ca::ejbca::{Account, EnrollmentCode, Error, Order};
use devicecert_pki::to_pem;

use crate::common::{KEY, certificate_for, csr, limits};
use crate::wire::{Exchange, Server, exchange, post};

fn account(server: &Server) -> Account {
    Account::new(server.url.parse().unwrap(), "IssuingCA", "DeviceCertificate", "Device")
}

fn order() -> Order {
    Order::new(csr(), "C02XK1", EnrollmentCode::from_random([0xc0; 32]))
}

fn status(code: u16, body: &str) -> Exchange {
    let request = "GET /ejbca/ejbca-rest-api/v1/ca/status HTTP/1.1\r\nhost: HOST\r\naccept: application/json\r\n\r\n";
    exchange(request, code, body)
}

fn enrolment(order: &Order, code: u16, body: &str) -> Exchange {
    let csr = to_pem("CERTIFICATE REQUEST", order.csr.as_der());
    let expected = format!(
        r#"{{"certificate_request":"{}","certificate_profile_name":"DeviceCertificate","end_entity_profile_name":"Device","certificate_authority_name":"IssuingCA","username":"C02XK1","password":"{}","include_chain":false,"response_format":"DER"}}"#,
        csr.trim_end().replace('\n', "\\n"),
        "c0".repeat(32),
    );
    let path = "/ejbca/ejbca-rest-api/v1/certificate/pkcs10enroll";
    exchange(post(path, "accept: application/json\r\n", &expected), code, body)
}

#[test]
fn status_and_certificate() {
    let order = order();
    let certificate = certificate_for(&KEY);
    let issued = format!(
        r#"{{"certificate":"{}","serial_number":"0ABC","response_format":"DER"}}"#,
        STANDARD.encode(certificate.as_der())
    );
    let server = Server::start(vec![
        status(200, r#"{"status":"OK","version":"1.0","revision":"ALPHA"}"#),
        enrolment(&order, 201, &issued),
    ]);
    let mut connection = server.connect();
    let account = account(&server);
    let response = connection.send(&account.status_request().unwrap());
    assert_eq!(account.status(&response, &limits()), Ok(()));
    let response = connection.send(&account.order_request(&order).unwrap());
    assert_eq!(account.issued(&order, &response, &limits()).unwrap().certificate, certificate);
    server.finish(connection);
}

#[test]
fn wrong_credentials_and_ca_down() {
    let order = order();
    let server = Server::start(vec![
        status(403, r#"{"error_code":403,"error_message":"not authorised"}"#),
        enrolment(&order, 503, ""),
    ]);
    let mut connection = server.connect();
    let account = account(&server);
    let response = connection.send(&account.status_request().unwrap());
    assert_eq!(account.status(&response, &limits()), Err(Error::ClientCertificate));
    let response = connection.send(&account.order_request(&order).unwrap());
    let error = account.issued(&order, &response, &limits()).unwrap_err();
    assert!(matches!(error, Error::Status { status: 503, .. }));
    server.finish(connection);
}
