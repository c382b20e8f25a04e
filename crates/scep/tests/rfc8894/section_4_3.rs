//! §4.3 Certificate enrolment and renewal: PKIOperation over HTTP.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use devicecert_crypto_rust::RustCrypto;
use devicecert_pki::to_pem;
use devicecert_scep::error::{Misuse, UnacceptableReply};
use devicecert_scep::{Capabilities, Enrolment, Error, MessageFormat, Operation, Step, Tolerance};
use http::{Method, Response};

use crate::common::pki_message::PkiMessage;
use crate::common::{NOW, Server, Who, asks_again, drive, receive, until_sent};

fn with_capabilities(capabilities: &str) -> Server {
    let mut server = Server::standing();
    server.authority.capabilities = Capabilities::parse(capabilities);
    server
}

#[test]
fn messages_go_by_post_where_that_is_announced() {
    for announced in ["POSTPKIOperation", "SCEPStandard", "postpkioperation"] {
        let server = with_capabilities(announced);
        let device = Who::device();
        let request = until_sent(&mut device.enrolment(&server), device.key, &server, NOW);
        assert_eq!(request.method(), Method::POST);
        assert_eq!(request.uri(), "http://ca.test/scep?operation=PKIOperation");
        assert_eq!(request.headers()["content-type"], "application/x-pki-message");
    }
}

#[test]
fn and_by_get_elsewhere_in_the_spelling_of_the_rfc() {
    let server = with_capabilities("AES\nSHA-256");
    let device = Who::device();
    let mut enrolment = device.enrolment(&server);
    let request = until_sent(&mut enrolment, device.key, &server, NOW);
    assert_eq!(request.method(), Method::GET);
    assert!(request.body().is_empty());
    let query = request.uri().query().unwrap();
    let message = query.strip_prefix("operation=PKIOperation&message=").unwrap();
    assert!(message.bytes().all(|octet| octet.is_ascii_alphanumeric() || octet == b'%'));
    assert!(Operation::parse(&request, &Tolerance::STRICT).is_ok());
    assert!(drive(&mut enrolment, device.key, &server).is_ok());
}

#[test]
fn the_caller_may_choose_otherwise() {
    for (announced, format, method) in [
        ("SCEPStandard", MessageFormat::Get, Method::GET),
        ("", MessageFormat::Post, Method::POST),
        ("", MessageFormat::Announced, Method::GET),
    ] {
        let server = with_capabilities(announced);
        let device = Who::device();
        let mut enrolment = device.enrolment(&server);
        enrolment.options().message_format = format;
        let request = until_sent(&mut enrolment, device.key, &server, NOW);
        assert_eq!(request.method(), method);
    }
}

#[test]
fn the_questions_go_by_get_whatever_is_chosen() {
    let server = Server::standing();
    let mut enrolment = Who::device().enrolment(&server);
    enrolment.options().message_format = MessageFormat::Post;
    while let Step::Send(request) = enrolment.step(NOW).unwrap() {
        assert_eq!(request.method(), Method::GET);
        enrolment.received(&server.handle(&request)).unwrap();
    }
}

#[test]
fn a_ca_identifier_goes_with_the_questions_escaped() {
    let server = Server::standing();
    let device = Who::device();
    let mut enrolment = device.enrolment(&server);
    enrolment.options().ca_identifier = Some("My CA & 1+1".to_owned());
    for operation in ["GetCACaps", "GetCACert"] {
        let Step::Send(request) = enrolment.step(NOW).unwrap() else { panic!("not Send") };
        let expected = format!("operation={operation}&message=My%20CA%20%26%201%2B1");
        assert_eq!(request.uri().query().unwrap(), expected);
        let (Operation::GetCaCaps { identifier } | Operation::GetCaCert { identifier }) =
            Operation::parse(&request, &Tolerance::STRICT).unwrap()
        else {
            panic!("{request:?}")
        };
        assert_eq!(identifier.unwrap(), "My CA & 1+1");
        enrolment.received(&server.handle(&request)).unwrap();
    }
    let request = until_sent(&mut enrolment, device.key, &server, NOW);
    assert_eq!(request.uri().query(), Some("operation=PKIOperation"));
}

#[test]
fn the_url_is_the_callers_with_its_path_and_query() {
    let server = Server::standing();
    let device = Who::device();
    for (url, first) in [
        ("http://ca.test", "http://ca.test/?operation=GetCACaps"),
        ("https://ca.test:8443/", "https://ca.test:8443/?operation=GetCACaps"),
        (
            "http://ca.test/certsrv/mscep/mscep.dll/pkiclient.exe",
            "http://ca.test/certsrv/mscep/mscep.dll/pkiclient.exe?operation=GetCACaps",
        ),
        ("http://[2001:db8::1]/s%20p", "http://[2001:db8::1]/s%20p?operation=GetCACaps"),
        ("http://ca.test/scep#top", "http://ca.test/scep?operation=GetCACaps"),
        ("http://ca.test/scep?tenant=7", "http://ca.test/scep?tenant=7&operation=GetCACaps"),
    ] {
        let csr = device.csr(None);
        let mut enrolment = Enrolment::new(url, csr, server.trust(), &RustCrypto).unwrap();
        let Step::Send(request) = enrolment.step(NOW).unwrap() else { panic!("not Send") };
        assert_eq!(request.uri().to_string(), first);
    }
}

#[test]
fn what_is_no_http_url_is_refused_at_once() {
    let server = Server::standing();
    let device = Who::device();
    for url in ["", "ca.test", "/scep", "ftp://ca.test/scep", "ldap://ca.test", "http://", "http:"]
    {
        let refused = Enrolment::new(url, device.csr(None), server.trust(), &RustCrypto);
        assert_eq!(refused.unwrap_err(), Misuse::Url.into(), "{url:?}");
        let mut enrolment = device.enrolment(&server);
        assert_eq!(enrolment.move_to(url).unwrap_err(), Misuse::Url.into(), "{url:?}");
    }
}

/// §4.3.1: what went wrong stands in the CertRep; one server says it in HTTP, and no client
/// understands that.
#[test]
fn every_cert_rep_goes_with_status_200_and_its_content_type() {
    let server = Server::standing();
    let device = Who::device();
    let granted = PkiMessage::pkcs_req(&device, &server).to_der();
    let refused = PkiMessage::request(&device, "18", Vec::new()).to_der();
    for message in [granted, refused] {
        let response = server.answer(&message).unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "application/x-pki-message");
    }
}

#[test]
fn an_http_error_is_reported_and_the_same_may_be_sent_again() {
    let server = Server::standing();
    let device = Who::device();
    let mut enrolment = device.enrolment(&server);
    let request = until_sent(&mut enrolment, device.key, &server, NOW);
    for status in [301, 401, 404, 500, 503] {
        let mut response = Response::new(b"try again".to_vec());
        *response.status_mut() = status.try_into().unwrap();
        let error = enrolment.received(&response).unwrap_err();
        assert_eq!(error, UnacceptableReply::HttpStatus(status).into());
        let Step::Send(again) = enrolment.step(NOW).unwrap() else { panic!("not Send") };
        assert_eq!(again.body(), request.body());
    }
    assert!(drive(&mut enrolment, device.key, &server).is_ok());
}

#[test]
fn so_it_is_with_get_ca_cert() {
    let server = Server::standing();
    let device = Who::device();
    let mut enrolment = device.enrolment(&server);
    enrolment.step(NOW).unwrap();
    enrolment.received(&server.authority.ca_caps()).unwrap();
    let mut response = server.authority.ca_cert();
    *response.status_mut() = http::StatusCode::BAD_GATEWAY;
    let error = enrolment.received(&response).unwrap_err();
    assert_eq!(error, UnacceptableReply::HttpStatus(502).into());
    assert!(drive(&mut enrolment, device.key, &server).is_ok());
}

#[test]
fn a_reply_may_be_text_where_that_is_tolerated() {
    let server = Server::standing();
    let device = Who::device();
    for tolerance in [Tolerance::default(), Tolerance::STRICT] {
        for write in [|der: &[u8]| STANDARD.encode(der), |der: &[u8]| to_pem("PKCS7", der)] {
            let mut enrolment = device.enrolment(&server);
            enrolment.options().tolerance = tolerance;
            let request = until_sent(&mut enrolment, device.key, &server, NOW);
            let reply = server.answer(request.body()).unwrap().into_body();
            let received = receive(&mut enrolment, device.key, write(&reply).into_bytes());
            match tolerance == Tolerance::STRICT {
                true => assert!(matches!(received, Err(Error::Pki(_)))),
                false => assert_eq!(received.unwrap().len(), 2),
            }
        }
    }
}

/// A login page of the network in between must not cost the enrolment.
#[test]
fn what_is_no_message_is_an_error_and_changes_nothing() {
    let server = Server::standing();
    let device = Who::device();
    let mut enrolment = device.enrolment(&server);
    let request = until_sent(&mut enrolment, device.key, &server, NOW);
    for body in [&b"<html>Gateway</html>"[..], &[0x30, 0x80], server.authority.ca().as_der()] {
        assert!(receive(&mut enrolment, device.key, body.to_vec()).is_err());
        assert!(asks_again(&mut enrolment, &request));
    }
    assert!(drive(&mut enrolment, device.key, &server).is_ok());
}

#[test]
fn an_answer_that_was_not_asked_for_changes_nothing() {
    let server = Server::standing();
    let device = Who::device();
    let mut enrolment = device.enrolment(&server);
    let misuse = || Err(Misuse::UnexpectedAnswer.into());
    loop {
        let step = enrolment.step(NOW).unwrap();
        if !matches!(step, Step::Sign(_)) {
            assert_eq!(enrolment.signed(&[1; 256]), misuse());
        }
        if !matches!(step, Step::Decrypt(_)) {
            assert_eq!(enrolment.decrypted(Ok("x".into())), misuse());
        }
        match step {
            Step::Send(request) => {
                enrolment.received(&server.handle(&request)).unwrap();
            }
            other => {
                assert_eq!(enrolment.received(&Response::new(vec![1])), misuse());
                match other {
                    Step::Sign(ask) => {
                        let signature = devicecert_pki::Signer::sign(device.key, &ask).unwrap();
                        enrolment.signed(&signature).unwrap();
                    }
                    Step::Decrypt(ask) => {
                        let key = devicecert_pki::Decryptor::decrypt(device.key, &ask);
                        enrolment.decrypted(key).unwrap();
                    }
                    Step::Done(chain) => {
                        assert_eq!(chain.len(), 2);
                        break;
                    }
                    other => panic!("{other:?}"),
                }
            }
        }
    }
}

#[test]
fn what_is_printed_of_an_enrolment_shows_neither_challenge_nor_message() {
    let server = Server::standing();
    let device = Who::device();
    let mut enrolment = device.enrolment(&server);
    until_sent(&mut enrolment, device.key, &server, NOW);
    let printed = format!("{enrolment:?}");
    assert!(printed.contains("sending the message") && !printed.contains("secret"), "{printed}");
}
