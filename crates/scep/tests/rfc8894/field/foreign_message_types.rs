//! A server that authorises by messageType and issues for any (CVE-2026-30836): a type that its
//! authorisation did not know went past it.

use devicecert_pki::asn1::{Writer, tag};
use devicecert_scep::error::InvalidMessage;
use devicecert_scep::{AttributeName, FailInfo, MessageType};

use crate::common::pki_message::{PkiMessage, printable};
use crate::common::{Server, Who};

const NAME: AttributeName = AttributeName::MessageType;

fn is_refused(server: &Server, message: &PkiMessage, found: MessageType) {
    let message = message.to_der();
    let error = server.verify(&message).unwrap_err();
    assert_eq!(error, InvalidMessage::MessageType(found).into());
    assert_eq!(FailInfo::from(&error), FailInfo::BadRequest);
    assert_eq!(server.reply(&message).outcome(), ("2".to_owned(), Some("2".to_owned())));
    // The policy never saw it.
    assert!(server.seen.borrow().is_empty());
}

/// 18 is UpdateReq of a draft, which servers treated like PKCSReq when it came to issuing.
#[test]
fn update_req_and_cert_rep_never_reach_the_policy_even_with_the_right_challenge() {
    let server = Server::standing();
    let honest = PkiMessage::pkcs_req(&Who::device(), &server);
    for code in [18, 3, 0, 1, 4, 16, 23, 190, u32::MAX] {
        let message = honest.clone().with(NAME, printable(&code.to_string()));
        is_refused(&server, &message, MessageType::from_code(code));
    }
}

#[test]
fn nor_with_a_certificate_of_the_ca() {
    let server = Server::standing();
    let device = Who::device();
    let old = server.issue(&device.csr(None));
    for (code, found) in [("18", MessageType::Other(18)), ("3", MessageType::CertRep)] {
        let message = PkiMessage::pkcs_req(&device, &server)
            .signed_by(old.clone(), device.key)
            .with(NAME, printable(code));
        is_refused(&server, &message, found);
    }
}

#[test]
fn nor_as_an_integer() {
    let server = Server::standing();
    for code in [18, 3] {
        let integer = Writer::build(|w| w.unsigned(code));
        let message = PkiMessage::pkcs_req(&Who::device(), &server).with(NAME, integer);
        let found = MessageType::from_code(u32::try_from(code).unwrap());
        is_refused(&server, &message, found);
    }
}

/// Two programs that each take "the" value would not take the same one.
#[test]
fn nor_beside_a_type_that_is_permitted() {
    let server = Server::standing();
    let honest = PkiMessage::pkcs_req(&Who::device(), &server);
    for (first, second) in [("19", "18"), ("18", "19"), ("19", "19")] {
        let two_values = Writer::build(|w| {
            w.raw(&printable(first));
            w.raw(&printable(second));
        });
        let two_attributes =
            honest.clone().with(NAME, printable(first)).and(NAME.oid(), printable(second));
        for message in [honest.clone().with(NAME, two_values), two_attributes] {
            assert!(server.verify(&message.to_der()).is_err(), "{first} {second}");
        }
    }
    assert!(server.seen.borrow().is_empty());
}

#[test]
fn a_type_that_is_neither_text_nor_integer_is_none() {
    let server = Server::standing();
    for value in [vec![tag::BOOLEAN, 1, 19], vec![tag::INTEGER, 1, 0xff], vec![tag::NULL, 0]] {
        let message = PkiMessage::pkcs_req(&Who::device(), &server).with(NAME, value);
        assert!(server.verify(&message.to_der()).is_err());
    }
}
