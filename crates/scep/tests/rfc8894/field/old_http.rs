//! HTTP of servers and clients that are older than RFC 8894.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use devicecert_pki::algorithm::{ContentCipher, DigestAlgorithm};
use devicecert_scep::error::UnacceptableReply;
use devicecert_scep::{Capabilities, MessageFormat, Operation, Step, Tolerance};
use http::{Method, Request, Response};

use crate::common::pki_message::{PkiMessage, Received};
use crate::common::{NOW, Server, Who, asks_again, drive, until_sent};

/// NDES of 2012 announces nothing of the kind, but other servers behind IIS announce POST and do
/// not have it.
#[test]
fn a_post_answered_with_nothing_is_sent_again_by_get() {
    let server = Server::standing();
    let device = Who::device();
    let mut enrolment = device.enrolment(&server);
    let post = until_sent(&mut enrolment, device.key, &server, NOW);
    assert_eq!(post.method(), Method::POST);
    enrolment.received(&Response::new(Vec::new())).unwrap();
    let Step::Send(get) = enrolment.step(NOW).unwrap() else { panic!("not Send") };
    assert_eq!(get.method(), Method::GET);
    let found = Operation::parse(&get, &Tolerance::STRICT).unwrap();
    assert_eq!(found, Operation::PkiOperation(post.into_body()));
    assert!(drive(&mut enrolment, device.key, &server).is_ok());
}

#[test]
fn where_post_was_chosen_nothing_goes_by_get() {
    let server = Server::standing();
    let device = Who::device();
    let mut enrolment = device.enrolment(&server);
    enrolment.options().message_format = MessageFormat::Post;
    let post = until_sent(&mut enrolment, device.key, &server, NOW);
    let error = enrolment.received(&Response::new(Vec::new())).unwrap_err();
    assert_eq!(error, UnacceptableReply::Empty.into());
    assert!(asks_again(&mut enrolment, &post));
}

#[test]
fn a_get_answered_with_nothing_is_an_error() {
    let server = Server::standing();
    let device = Who::device();
    let mut enrolment = device.enrolment(&server);
    until_sent(&mut enrolment, device.key, &server, NOW);
    enrolment.received(&Response::new(Vec::new())).unwrap();
    let get = until_sent(&mut enrolment, device.key, &server, NOW);
    let error = enrolment.received(&Response::new(Vec::new())).unwrap_err();
    assert_eq!(error, UnacceptableReply::Empty.into());
    assert!(asks_again(&mut enrolment, &get));
}

/// NDES 2016 to 2022 has AES and does not say so.
#[test]
fn what_ndes_announces_leads_to_sha_256_and_3des_by_post() {
    let mut server = Server::standing();
    let body = "POSTPKIOperation\r\nRenewal\r\nSHA-512\r\nSHA-256\r\nSHA-1\r\nDES3\r\n";
    server.authority.capabilities = Capabilities::parse(body);
    let device = Who::device();
    let mut enrolment = device.enrolment(&server);
    let request = until_sent(&mut enrolment, device.key, &server, NOW);
    assert_eq!(request.method(), Method::POST);
    let opened = server.open(request.body());
    assert_eq!(opened.transaction().digest(), DigestAlgorithm::Sha256);
    assert_eq!(opened.transaction().seal().cipher, ContentCipher::DesEde3Cbc);
    assert!(drive(&mut enrolment, device.key, &server).is_ok());
}

/// step-ca ends lines with CRLF and the last one with nothing.
#[test]
fn capabilities_with_crlf() {
    let server = Server::standing();
    let device = Who::device();
    let mut enrolment = device.enrolment(&server);
    enrolment.step(NOW).unwrap();
    let body = "Renewal\r\nSHA-1\r\nSHA-256\r\nAES\r\nDES3\r\nSCEPStandard\r\nPOSTPKIOperation";
    enrolment.received(&Response::new(body.as_bytes().to_vec())).unwrap();
    let request = until_sent(&mut enrolment, device.key, &server, NOW);
    assert_eq!(request.method(), Method::POST);
    let envelope = Received::parse(request.body()).envelope();
    assert_eq!(envelope.content_encryption_algorithm().oid, devicecert_pki::oid::AES_128_CBC);
}

fn get(uri: String) -> Request<Vec<u8>> {
    Request::get(uri).body(Vec::new()).unwrap()
}

/// Cisco IOS: GET only, base64 in lines of 64, the last one ended too, everything escaped.
#[test]
fn a_whole_message_in_lines() {
    let server = Server::standing();
    let message = PkiMessage::pkcs_req(&Who::device(), &server).to_der();
    let base64 = STANDARD.encode(&message);
    let lines: String = base64
        .as_bytes()
        .chunks(64)
        .map(|line| format!("{}%0A", core::str::from_utf8(line).unwrap()))
        .collect();
    let lines = lines.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
    let uri = format!("/cgi-bin/pkiclient.exe?operation=PKIOperation&message={lines}");
    let response = server.handle(&get(uri));
    assert_eq!(Received::parse(response.body()).outcome().0, "0");
}

/// Apple escapes nothing but the padding.
#[test]
fn a_whole_message_with_raw_plus() {
    let server = Server::standing();
    let message = PkiMessage::pkcs_req(&Who::device(), &server).to_der();
    let base64 = STANDARD.encode(&message);
    assert!(base64.contains('+'));
    let uri = format!("/scep?operation=PKIOperation&message={}", base64.replace('=', "%3D"));
    let response = server.handle(&get(uri));
    assert_eq!(Received::parse(response.body()).outcome().0, "0");
}

/// Windows appends its own end to the URL and names the CA `default`.
#[test]
fn the_questions_of_windows() {
    let server = Server::standing();
    let uri = |operation| format!("/scep/pkiclient.exe?operation={operation}&message=default");
    let response = server.handle(&get(uri("GetCACaps")));
    assert_eq!(response.body(), server.authority.ca_caps().body());
    let response = server.handle(&get(uri("GetCACert")));
    assert_eq!(response.body(), server.authority.ca().as_der());
}

/// The SCEPman client: a bare URL, 88 characters of transactionID with all of base64 in them.
#[test]
fn a_message_posted_to_the_bare_url() {
    let server = Server::standing();
    let id = format!("{}/+==", "Zz09".repeat(21));
    let message = PkiMessage::pkcs_req(&Who::device(), &server)
        .with(
            devicecert_scep::AttributeName::TransactionId,
            crate::common::pki_message::printable(&id),
        )
        .to_der();
    let request = Request::post("/static/00000000/scep").body(message).unwrap();
    let reply = Received::parse(server.handle(&request).body());
    assert_eq!(reply.outcome().0, "0");
    assert_eq!(reply.text(devicecert_scep::AttributeName::TransactionId).unwrap(), id);
}
