//! DigiCert ONE: the profile, a certificate, and the file for the device; and what goes wrong.

use devicecert_ca::{Pkcs12Password, digicert};
use devicecert_crypto_rust::{PrivateKey, RustCrypto};
use devicecert_pki::pkcs12::Pkcs12;
use devicecert_pki::{Signer, to_pem};

use crate::common::{KEY, TOKEN, certificate_for, csr, digicert_settings, limits, pem};
use crate::wire::{Exchange, Server, exchange, post};

fn profile(status: u16, body: &str) -> Exchange {
    let request = format!(
        "GET /mpki/api/v2/profile/cc80e3d1-3b52-4a1f-9a4b-2b9f3c8e1d40 HTTP/1.1\r\nhost: HOST\r\nx-api-key: {TOKEN}\r\naccept: application/json\r\n\r\n"
    );
    exchange(request, status, body)
}

fn certificate(order: &digicert::Order, status: u16, body: &str) -> Exchange {
    let csr = to_pem("CERTIFICATE REQUEST", order.csr.as_der());
    let csr = csr.trim_end().replace('\n', "\\n");
    let expected = format!(
        r#"{{"profile":{{"id":"cc80e3d1-3b52-4a1f-9a4b-2b9f3c8e1d40"}},"seat":{{"seat_id":"fleetie@example.com"}},"delivery_format":"x509","attributes":{{"subject":{{"common_name":"C02XK1"}},"extensions":{{"san":{{"user_principal_names":["fleetie@example.com"]}}}}}},"csr":"{csr}"}}"#
    );
    let headers = format!("x-api-key: {TOKEN}\r\naccept: application/json\r\n");
    exchange(post("/mpki/api/v1/certificate", &headers, &expected), status, body)
}

fn order() -> digicert::Order {
    digicert::Order::new(csr(), "C02XK1", "fleetie@example.com")
        .user_principal_name("fleetie@example.com")
}

#[test]
fn from_settings_to_the_file_for_the_device() {
    let order = order();
    let issued = format!(
        r#"{{"serial_number":"0ABC","delivery_format":"x509","certificate":"{}"}}"#,
        pem(&certificate_for(&KEY)).trim_end().replace('\n', "\\n")
    );
    let server = Server::start(vec![
        profile(
            200,
            r#"{"id":"cc80e3d1-3b52-4a1f-9a4b-2b9f3c8e1d40","name":"Wi-Fi","status":"Active"}"#,
        ),
        certificate(&order, 201, &issued),
    ]);
    let mut connection = server.connect();
    let account = digicert_settings(&server.url).account().unwrap();
    let response = connection.send(&account.profile_request().unwrap());
    assert_eq!(account.profile(&response, &limits()).unwrap().name.as_str(), "Wi-Fi");
    let response = connection.send(&account.order_request(&order).unwrap());
    let issued = account.issued(&order, &response, &limits()).unwrap();
    server.finish(connection);

    let password = Pkcs12Password::from_random([7; 10]);
    let identity = issued.identity(KEY.to_pkcs8_der().unwrap(), password, &RustCrypto).unwrap();
    let file = identity.pkcs12.expose();
    let read =
        Pkcs12::open(file, identity.password.as_secret(), &RustCrypto, &limits().pki).unwrap();
    assert_eq!(read.leaf(), Some(&issued.certificate));
    let key = PrivateKey::from_pkcs8_der(read.key().unwrap().expose()).unwrap();
    assert_eq!(key.public_key(), issued.certificate.public_key());
}

#[test]
fn wrong_credentials() {
    let order = order();
    let server = Server::start(vec![
        profile(401, ""),
        certificate(&order, 401, r#"{"errors":[{"code":"unauthorized","message":"No."}]}"#),
    ]);
    let mut connection = server.connect();
    let account = digicert_settings(&server.url).account().unwrap();
    let response = connection.send(&account.profile_request().unwrap());
    let error = account.profile(&response, &limits()).unwrap_err();
    assert_eq!(error.to_string(), "most likely invalid API token; status code: 401");
    let response = connection.send(&account.order_request(&order).unwrap());
    let error = account.issued(&order, &response, &limits()).unwrap_err();
    assert_eq!(
        error.detail(account.name()),
        "Couldn't get certificate from DigiCert for WIFI. The API token configured in WIFI certificate authority is invalid. Status code for POST request: 401, errors: No."
    );
    server.finish(connection);
}

#[test]
fn ca_down() {
    let order = order();
    let server = Server::start(vec![certificate(&order, 503, "<html>Service Unavailable</html>")]);
    let mut connection = server.connect();
    let account = digicert_settings(&server.url).account().unwrap();
    let response = connection.send(&account.order_request(&order).unwrap());
    let error = account.issued(&order, &response, &limits()).unwrap_err();
    assert_eq!(
        error.detail(account.name()),
        "Couldn't get certificate from DigiCert for WIFI. unexpected DigiCert status code for POST request: 503"
    );
    server.finish(connection);
}
