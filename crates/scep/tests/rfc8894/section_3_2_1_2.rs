//! §3.2.1.2 messageType.

use devicecert_scep::error::InvalidMessage;
use devicecert_scep::{AttributeName, FailInfo, MessageType, PkiStatus};

use crate::common::pki_message::{PkiMessage, printable};
use crate::common::{NOW, Server, Who, asks_again, receive, until_sent};

const NAME: AttributeName = AttributeName::MessageType;

#[test]
fn the_code_points_of_the_rfc() {
    for (code, message_type, printed) in [
        (3, MessageType::CertRep, "CertRep (3)"),
        (17, MessageType::RenewalReq, "RenewalReq (17)"),
        (19, MessageType::PkcsReq, "PKCSReq (19)"),
        (20, MessageType::CertPoll, "CertPoll (20)"),
        (21, MessageType::GetCert, "GetCert (21)"),
        (22, MessageType::GetCrl, "GetCRL (22)"),
        (0, MessageType::Other(0), "undefined (0)"),
        (18, MessageType::Other(18), "undefined (18)"),
    ] {
        assert_eq!(MessageType::from_code(code), message_type);
        assert_eq!(message_type.code(), code);
        assert_eq!(message_type.to_string(), printed);
    }
}

#[test]
fn every_request_must_have_exactly_one() {
    let server = Server::standing();
    let honest = PkiMessage::pkcs_req(&Who::device(), &server);
    let missing = honest.clone().without(NAME).to_der();
    assert_eq!(
        server.verify(&missing).unwrap_err(),
        InvalidMessage::Missing { name: "messageType" }.into()
    );
    assert_eq!(server.reply(&missing).outcome().1.unwrap(), "2");
    let twice = honest.and(NAME.oid(), printable("17")).to_der();
    assert!(server.verify(&twice).is_err());
}

#[test]
fn what_is_no_number_is_no_message_type() {
    let server = Server::standing();
    for text in ["", "PKCSReq", "0x13", "-19", "19.", "19 ", " 19", "4294967296", "1９"] {
        let message =
            PkiMessage::pkcs_req(&Who::device(), &server).with(NAME, printable(text)).to_der();
        let error = InvalidMessage::Attribute { name: "messageType" }.into();
        assert_eq!(server.verify(&message).unwrap_err(), error, "{text:?}");
        assert_eq!(server.reply(&message).outcome().1.unwrap(), "2");
    }
}

#[test]
fn a_request_of_five_types_gets_through_and_any_other_does_not() {
    let server = Server::standing();
    let device = Who::device();
    let accepted: Vec<u32> = (0..=64)
        .filter(|code| {
            let csr = device.csr(None);
            let envelope = server.envelope(csr.as_der());
            let message = PkiMessage::request(&device, &code.to_string(), envelope).to_der();
            match server.verify(&message) {
                Ok(_) => true,
                Err(error) => {
                    let found = MessageType::from_code(*code);
                    assert_eq!(error, InvalidMessage::MessageType(found).into());
                    assert_eq!(FailInfo::from(&error), FailInfo::BadRequest);
                    false
                }
            }
        })
        .collect();
    assert_eq!(accepted, [17, 19, 20, 21, 22]);
}

#[test]
fn a_reply_says_that_it_is_one() {
    let server = Server::standing();
    let message = PkiMessage::pkcs_req(&Who::device(), &server).to_der();
    assert_eq!(server.reply(&message).text(NAME).unwrap(), "3");
}

#[test]
fn a_client_takes_nothing_for_a_reply_that_is_none() {
    let server = Server::standing();
    let device = Who::device();
    for (code, found) in [
        ("19", MessageType::PkcsReq),
        ("17", MessageType::RenewalReq),
        ("20", MessageType::CertPoll),
        ("0", MessageType::Other(0)),
        ("33", MessageType::Other(33)),
    ] {
        let mut enrolment = device.enrolment(&server);
        let request = until_sent(&mut enrolment, device.key, &server, NOW);
        let issued = server.issue(&device.csr(None));
        let reply = PkiMessage::success(&server, request.body(), [&issued])
            .with(NAME, printable(code))
            .to_der();
        let error = receive(&mut enrolment, device.key, reply).unwrap_err();
        assert_eq!(error, InvalidMessage::MessageType(found).into());
        assert!(asks_again(&mut enrolment, &request));
    }
}

#[test]
fn nor_something_without_a_message_type() {
    let server = Server::standing();
    let device = Who::device();
    let mut enrolment = device.enrolment(&server);
    let request = until_sent(&mut enrolment, device.key, &server, NOW);
    let reply =
        PkiMessage::reply(&server, request.body(), PkiStatus::Pending).without(NAME).to_der();
    let error = receive(&mut enrolment, device.key, reply).unwrap_err();
    assert_eq!(error, InvalidMessage::Missing { name: "messageType" }.into());
    assert!(asks_again(&mut enrolment, &request));
}
