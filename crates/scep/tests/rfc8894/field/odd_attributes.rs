//! Signed attributes of other types than RFC 8894 gives them, of other lengths, and unheard of.

use const_oid::ObjectIdentifier;
use devicecert_pki::algorithm::AlgorithmIdentifier;
use devicecert_pki::asn1::{Writer, tag};
use devicecert_pki::oid;
use devicecert_scep::{AttributeName, Error, FailInfo, MessageType, PkiStatus};

use crate::common::pki_message::{PkiMessage, TRANSACTION, octets, printable, string};
use crate::common::{NOW, Server, Who, receive, until_sent, waiting};

fn integer(value: u64) -> Vec<u8> {
    Writer::build(|w| w.unsigned(value))
}

fn value(tag: u8, octets: &[u8]) -> Vec<u8> {
    Writer::build(|w| w.value(tag, octets))
}

/// cryptlib's randomNonce, the disposition text of NDES, and CMSAlgorithmProtection (RFC 6211) for
/// SHA-256 with RSA, which OpenSSL and BouncyCastle can write.
fn unheard_of() -> [(ObjectIdentifier, Vec<u8>); 4] {
    let protection = Writer::build(|w| {
        w.sequence(|w| {
            AlgorithmIdentifier::with_null(oid::SHA256).write(w);
            w.nested(tag::constructed(1), |w| {
                w.oid(&oid::RSA_ENCRYPTION);
                w.null();
            });
        });
    });
    [
        (ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.52"), protection),
        (ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.25.3"), octets(&[3; 16])),
        (ObjectIdentifier::new_unwrap("1.3.6.1.4.1.311.21.38"), string(tag::UTF8_STRING, "Issued")),
        // signingTime, of a clock that was never set.
        (oid::SIGNING_TIME, value(tag::UTC_TIME, b"700101000000-0400")),
    ]
}

/// What a device makes of a reply with this status after a change.
fn received(status: PkiStatus, change: impl FnOnce(PkiMessage) -> PkiMessage) -> Error {
    let server = Server::standing();
    let device = Who::device();
    let mut enrolment = device.enrolment(&server);
    let request = until_sent(&mut enrolment, device.key, &server, NOW);
    let reply = change(PkiMessage::reply(&server, request.body(), status)).to_der();
    receive(&mut enrolment, device.key, reply).unwrap_err()
}

#[test]
fn message_type_as_an_integer() {
    let server = Server::standing();
    for (code, found) in [(19, MessageType::PkcsReq), (17, MessageType::RenewalReq)] {
        let message = PkiMessage::pkcs_req(&Who::device(), &server)
            .with(AttributeName::MessageType, integer(code))
            .to_der();
        assert_eq!(server.open(&message).transaction().message_type(), found);
        assert_eq!(server.reply(&message).outcome().0, "0");
    }
    let pending =
        received(PkiStatus::Pending, |reply| reply.with(AttributeName::MessageType, integer(3)));
    assert_eq!(pending, waiting());
}

#[test]
fn fail_info_as_an_integer() {
    for (code, fail_info) in [(4, FailInfo::BadCertId), (14606, FailInfo::Other(14606))] {
        let error = received(PkiStatus::Failure, |reply| {
            reply.with(AttributeName::FailInfo, integer(code))
        });
        let Error::Refused(refusal) = error else { panic!("{error}") };
        assert_eq!(refusal.fail_info, fail_info);
    }
}

#[test]
fn transaction_id_in_another_string_type() {
    let server = Server::standing();
    let utf16: Vec<u8> = TRANSACTION.bytes().flat_map(|octet| [0, octet]).collect();
    let plain = TRANSACTION.as_bytes();
    for (tag, octets) in [
        (tag::UTF8_STRING, plain),
        (tag::IA5_STRING, plain),
        (tag::TELETEX_STRING, plain),
        (tag::VISIBLE_STRING, plain),
        (tag::OCTET_STRING, plain),
        (tag::BMP_STRING, &utf16),
    ] {
        let message = PkiMessage::pkcs_req(&Who::device(), &server)
            .with(AttributeName::TransactionId, value(tag, octets))
            .to_der();
        let request = server.open(&message);
        assert_eq!(request.transaction().id().as_str(), TRANSACTION, "{tag:#04x}");
        // Out it goes as the RFC says.
        let reply = server.reply(&message);
        assert_eq!(reply.text(AttributeName::TransactionId).unwrap(), TRANSACTION);
    }
}

/// What no PrintableString can hold is not called one.
#[test]
fn transaction_id_beyond_ascii() {
    let server = Server::standing();
    let id = "Gerät-7";
    let message = PkiMessage::pkcs_req(&Who::device(), &server)
        .with(AttributeName::TransactionId, string(tag::UTF8_STRING, id))
        .to_der();
    let reply = server.reply(&message).value(AttributeName::TransactionId).unwrap();
    assert_eq!(reply, (tag::UTF8_STRING, id.as_bytes().to_vec()));
}

#[test]
fn a_client_reads_the_texts_of_a_reply_in_any_string_type() {
    let server = Server::standing();
    let device = Who::device();
    let mut enrolment = device.enrolment(&server);
    let request = until_sent(&mut enrolment, device.key, &server, NOW);
    let id = enrolment.transaction_id().as_str().to_owned();
    let reply = PkiMessage::reply(&server, request.body(), PkiStatus::Pending)
        .with(AttributeName::TransactionId, string(tag::UTF8_STRING, &id))
        .with(AttributeName::MessageType, string(tag::IA5_STRING, "3"))
        .with(AttributeName::PkiStatus, string(tag::UTF8_STRING, "3"))
        .to_der();
    assert_eq!(receive(&mut enrolment, device.key, reply).unwrap_err(), waiting());
}

/// iOS before 9 and OS X 10.11 send eight octets and expect them back.
#[test]
fn a_nonce_of_eight_octets() {
    let server = Server::standing();
    let nonce = [0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88];
    let message = PkiMessage::pkcs_req(&Who::device(), &server)
        .with(AttributeName::SenderNonce, octets(&nonce))
        .to_der();
    let reply = server.reply(&message);
    assert_eq!(reply.octets(AttributeName::RecipientNonce).unwrap(), nonce);
}

#[test]
fn attributes_that_nobody_knows() {
    let server = Server::standing();
    let mut message = PkiMessage::pkcs_req(&Who::device(), &server);
    for (oid, value) in unheard_of() {
        message = message.and(oid, value);
    }
    let reply = server.reply(&message.to_der());
    assert_eq!(reply.outcome().0, "0");
    // They are not sent back.
    let attributes = reply.0.signer().unwrap().unverified_attributes();
    assert!(unheard_of().iter().all(|(oid, _)| attributes.iter().all(|one| one.oid != *oid)));

    let pending = received(PkiStatus::Pending, |reply| {
        unheard_of().into_iter().fold(reply, |reply, (oid, value)| reply.and(oid, value))
    });
    assert_eq!(pending, waiting());
}

/// A reply has no business with these, and they do not harm.
#[test]
fn a_fail_info_where_nothing_failed() {
    let pending = received(PkiStatus::Pending, |reply| {
        reply
            .with(AttributeName::FailInfo, printable("2"))
            .with(AttributeName::FailInfoText, printable("not at all"))
    });
    assert_eq!(pending, waiting());
}
