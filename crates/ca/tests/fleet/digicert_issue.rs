//! Ordering a certificate.

use devicecert_ca::CaName;
use devicecert_ca::digicert::{Error, Order};
use devicecert_pki::{Csr, from_pem};

use crate::common::{KEY, OTHER_KEY, TOKEN, certificate_for, csr, digicert, limits, pem, response};

fn order() -> Order {
    Order::new(csr(), "C02XK1", "fleetie@example.com")
}

fn issued(serial_number: &str, delivery_format: &str, certificate: &str) -> String {
    let certificate = certificate.replace('\n', "\\n");
    format!(
        r#"{{"serial_number":"{serial_number}","delivery_format":"{delivery_format}","certificate":"{certificate}"}}"#
    )
}

fn answer(status: u16, body: &str) -> Result<devicecert_ca::digicert::Issued, Error> {
    digicert().issued(&order(), &response(status, body), &limits())
}

fn refused(status: u16, body: &str) -> String {
    answer(status, body).unwrap_err().to_string()
}

#[test]
fn the_request() {
    let request = digicert().order_request(&order()).unwrap();
    assert_eq!(request.method(), "POST");
    assert_eq!(request.uri(), "https://one.digicert.com/mpki/api/v1/certificate");
    let headers = request.headers();
    assert_eq!(headers.len(), 3);
    assert_eq!(headers["X-API-key"], TOKEN);
    assert_eq!(headers["Content-Type"], "application/json");
    assert_eq!(headers["Accept"], "application/json");
    // Two signatures of one key differ: so do two requests.
    let body = String::from_utf8(request.body().clone()).unwrap();
    let (head, sent) = body.split_once(r#""csr":""#).unwrap();
    assert_eq!(
        head,
        r#"{"profile":{"id":"cc80e3d1-3b52-4a1f-9a4b-2b9f3c8e1d40"},"seat":{"seat_id":"fleetie@example.com"},"delivery_format":"x509","attributes":{"subject":{"common_name":"C02XK1"}},"#
    );
    let sent = sent.strip_suffix(r#""}"#).unwrap().replace("\\n", "\n");
    assert!(sent.ends_with("-----END CERTIFICATE REQUEST-----"), "no line break at the end");
    let der = from_pem("CERTIFICATE REQUEST", &sent).unwrap();
    let csr = Csr::parse(&der[0], &devicecert_pki::Limits::default()).unwrap();
    assert_eq!(csr.subject().to_string(), "CN=C02XK1");
    assert_eq!(csr.subject_alt_name().unwrap(), []);
    assert!(csr.attributes().is_empty() && csr.challenge_password().is_none());
}

#[test]
fn the_user_principal_name_is_in_the_order_and_not_in_the_request() {
    let order = order().user_principal_name("fleetie@example.com");
    let body = digicert().order_request(&order).unwrap().into_body();
    let body = String::from_utf8(body).unwrap();
    assert!(body.contains(
        r#""extensions":{"san":{"user_principal_names":["fleetie@example.com"]}}},"csr":"#
    ));
    assert_eq!(order.csr.subject_alt_name().unwrap(), []);
}

#[test]
fn a_blank_user_principal_name_is_left_out() {
    let body = digicert().order_request(&order().user_principal_name(" ")).unwrap().into_body();
    assert!(!String::from_utf8(body).unwrap().contains("extensions"));
}

#[test]
fn values_are_json_and_not_xml() {
    let order = Order::new(csr(), "o'brien & \"sons\" <x>\u{1}", "seat");
    let body = digicert().order_request(&order).unwrap().into_body();
    let body = String::from_utf8(body).unwrap();
    assert!(body.contains(r#""common_name":"o'brien & \"sons\" <x>\u0001""#), "{body}");
}

#[test]
fn a_certificate_is_taken() {
    let certificate = certificate_for(&KEY);
    let body = issued("0abc", "x509", &pem(&certificate));
    let issued = answer(201, &body).unwrap();
    assert_eq!(issued.serial_number, "0abc");
    assert_eq!(issued.certificate, certificate);
}

#[test]
fn only_status_201_is_success() {
    let body = issued("0abc", "x509", &pem(&certificate_for(&KEY)));
    for status in [200, 202] {
        assert_eq!(
            refused(status, &body),
            format!("unexpected DigiCert status code for POST request: {status}")
        );
    }
}

#[test]
fn unexpected_delivery_format() {
    let pem = pem(&certificate_for(&KEY));
    assert_eq!(
        refused(201, &issued("0abc", "pkcs12", &pem)),
        "unexpected DigiCert delivery format: pkcs12"
    );
    assert_eq!(
        refused(201, r#"{"serial_number":"1","certificate":"x"}"#),
        "unexpected DigiCert delivery format: "
    );
}

#[test]
fn invalid_serial_number() {
    let pem = pem(&certificate_for(&KEY));
    let too_long = "a".repeat(41);
    for serial in ["", "xyz", "0x0abc", "-1", too_long.as_str()] {
        assert_eq!(
            refused(201, &issued(serial, "x509", &pem)),
            format!("invalid DigiCert serial number: {serial}")
        );
    }
    assert!(answer(201, &issued(&"aF0".repeat(13), "x509", &pem)).is_ok());
    assert!(answer(201, &issued(&"a".repeat(40), "x509", &pem)).is_ok());
}

#[test]
fn did_not_receive_certificate() {
    assert_eq!(refused(201, &issued("0abc", "x509", "")), "did not receive DigiCert certificate");
    assert_eq!(
        refused(201, r#"{"serial_number":"1","delivery_format":"x509","certificate":null}"#),
        "did not receive DigiCert certificate"
    );
}

#[test]
fn failed_to_decode_certificate_pem_block() {
    for text in ["MIIB", "-----BEGIN CERTIFICATE-----\n*\n-----END CERTIFICATE-----"] {
        assert_eq!(
            refused(201, &issued("0abc", "x509", text)),
            "failed to decode certificate PEM block"
        );
    }
}

#[test]
fn parsing_certificate_from_pem() {
    let text = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----";
    let said = refused(201, &issued("0abc", "x509", text));
    assert!(said.starts_with("parsing certificate from PEM: "), "{said}");
}

#[test]
fn a_certificate_of_another_key_is_refused_though_fleet_takes_it() {
    let body = issued("0abc", "x509", &pem(&certificate_for(&OTHER_KEY)));
    assert_eq!(answer(201, &body), Err(Error::OtherKey));
}

#[test]
fn the_api_token_is_invalid() {
    let text = "The API token configured in WIFI certificate authority is invalid. Status code for POST request: 401";
    assert_eq!(refused(401, ""), text);
    assert_eq!(
        refused(401, r#"{"errors":[{"code":"unauthorized","message":"No such user."}]}"#),
        format!("{text}, errors: No such user.")
    );
}

#[test]
fn the_profile_id_does_not_exist() {
    let text = "The \"profile_id\" configured in WIFI certificate authority doesn't exist. Status code for POST request: 403";
    assert_eq!(refused(403, "<html>"), text);
    assert_eq!(
        refused(403, r#"{"errors":[{"message":"a"},{"code":"x","message":"b"}]}"#),
        format!("{text}, errors: a; b")
    );
}

#[test]
fn another_status() {
    assert_eq!(refused(500, "oops"), "unexpected DigiCert status code for POST request: 500");
    assert_eq!(
        refused(400, r#"{"errors":[{"code":"duplicate","message":"Duplicate certificate"}]}"#),
        "unexpected DigiCert status code for POST request: 400, errors: Duplicate certificate"
    );
}

#[test]
fn the_detail_of_a_profile() {
    let ca: CaName = "WIFI".parse().unwrap();
    assert_eq!(
        answer(500, "").unwrap_err().detail(&ca),
        "Couldn't get certificate from DigiCert for WIFI. unexpected DigiCert status code for POST request: 500"
    );
}

#[test]
fn a_token_that_comes_back_in_an_error_is_struck_out() {
    let body = format!(r#"{{"errors":[{{"message":"no token '{TOKEN}' here\u0007"}}]}}"#);
    let said = refused(401, &body);
    assert!(said.ends_with(r", errors: no token '[redacted]' here\u{7}"), "{said}");
}

#[test]
fn a_common_name_cannot_be_empty() {
    assert!(devicecert_ca::digicert::csr_params("").is_err());
}
