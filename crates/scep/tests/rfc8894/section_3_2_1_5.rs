//! §3.2.1.5 senderNonce and recipientNonce.

use std::collections::HashSet;

use devicecert_scep::error::{InvalidMessage, UnacceptableReply};
use devicecert_scep::{AttributeName, Error, PkiStatus, Tolerance};

use crate::common::pki_message::{PkiMessage, Received, octets, printable};
use crate::common::{NOW, Server, Who, asks_again, receive, until_sent, waiting};

const SENDER: AttributeName = AttributeName::SenderNonce;
const RECIPIENT: AttributeName = AttributeName::RecipientNonce;

/// What a device that has sent a request makes of a PENDING with this nonce.
fn received(tolerance: Tolerance, change: impl FnOnce(PkiMessage, &[u8]) -> PkiMessage) -> Error {
    let server = Server::standing();
    let device = Who::device();
    let mut enrolment = device.enrolment(&server);
    enrolment.options().tolerance = tolerance;
    let request = until_sent(&mut enrolment, device.key, &server, NOW);
    let nonce = Received::parse(request.body()).octets(SENDER).unwrap();
    let reply = PkiMessage::reply(&server, request.body(), PkiStatus::Pending);
    let error = receive(&mut enrolment, device.key, change(reply, &nonce).to_der()).unwrap_err();
    if error != waiting() {
        assert!(asks_again(&mut enrolment, &request));
    }
    error
}

fn taking_replies_without() -> Tolerance {
    let mut tolerance = Tolerance::default();
    tolerance.missing_recipient_nonce = true;
    tolerance
}

#[test]
fn every_message_of_a_client_has_16_fresh_octets() {
    let server = Server::standing().manual();
    let device = Who::device();
    let mut enrolment = device.enrolment(&server);
    let mut seen = HashSet::new();
    let mut now = NOW;
    for _ in 0..4 {
        let request = until_sent(&mut enrolment, device.key, &server, now);
        let nonce = Received::parse(request.body()).octets(SENDER).unwrap();
        assert_eq!(nonce.len(), 16);
        assert!(seen.insert(nonce));
        enrolment.received(&server.handle(&request)).unwrap();
        enrolment.step(now).unwrap();
        now = now.after(enrolment.options().poll_interval);
    }
}

#[test]
fn a_request_that_is_sent_again_is_the_same_request() {
    let server = Server::standing();
    let device = Who::device();
    let mut enrolment = device.enrolment(&server);
    let first = until_sent(&mut enrolment, device.key, &server, NOW);
    let again = until_sent(&mut enrolment, device.key, &server, NOW);
    assert_eq!(first.body(), again.body());
}

#[test]
fn a_reply_has_the_nonce_of_its_request_and_a_fresh_one() {
    let server = Server::standing();
    let mut seen = HashSet::new();
    for nonce in [[1; 16], [2; 16]] {
        let message = PkiMessage::pkcs_req(&Who::device(), &server).with(SENDER, octets(&nonce));
        let reply = server.reply(&message.to_der());
        assert_eq!(reply.octets(RECIPIENT).unwrap(), nonce);
        let own = reply.octets(SENDER).unwrap();
        assert_eq!(own.len(), 16);
        assert_ne!(own, nonce);
        assert!(seen.insert(own));
    }
}

#[test]
fn a_refusal_has_the_nonce_of_its_request_too() {
    let server = Server::standing();
    let message = PkiMessage::request(&Who::device(), "18", Vec::new()).to_der();
    assert_eq!(server.reply(&message).octets(RECIPIENT).unwrap(), [7; 16]);
}

#[test]
fn a_nonce_has_1_to_64_octets_and_comes_back_as_it_was() {
    let server = Server::standing();
    let with =
        |nonce: Vec<u8>| PkiMessage::pkcs_req(&Who::device(), &server).with(SENDER, nonce).to_der();
    for length in [1, 8, 15, 17, 20, 64] {
        let nonce = vec![0xaa; length];
        assert_eq!(server.reply(&with(octets(&nonce))).octets(RECIPIENT).unwrap(), nonce);
    }
    for bad in [octets(&[]), octets(&[0xaa; 65]), printable("0123456789abcdef")] {
        let error = server.verify(&with(bad)).unwrap_err();
        assert_eq!(error, InvalidMessage::Attribute { name: "senderNonce" }.into());
    }
}

#[test]
fn a_request_without_nonce_is_answered_without_one_unless_that_is_not_tolerated() {
    let mut server = Server::standing();
    let message = PkiMessage::pkcs_req(&Who::device(), &server).without(SENDER).to_der();
    let reply = server.reply(&message);
    assert_eq!(reply.outcome().0, "0");
    assert!(reply.value(RECIPIENT).is_none());

    server.authority.tolerance.missing_sender_nonce = false;
    let error = server.verify(&message).unwrap_err();
    assert_eq!(error, InvalidMessage::Missing { name: "senderNonce" }.into());
    assert_eq!(server.reply(&message).outcome(), ("2".to_owned(), Some("2".to_owned())));
}

#[test]
fn two_nonces_are_an_error() {
    let server = Server::standing();
    let message = PkiMessage::pkcs_req(&Who::device(), &server);
    assert!(server.verify(&message.and(SENDER.oid(), octets(&[8; 16])).to_der()).is_err());
    let error =
        received(taking_replies_without(), |reply, _| reply.and(RECIPIENT.oid(), octets(&[8; 16])));
    assert!(matches!(error, Error::Pki(_)), "{error}");
}

#[test]
fn a_client_takes_no_reply_with_another_nonce_whatever_it_tolerates() {
    for tolerance in [Tolerance::STRICT, Tolerance::default(), taking_replies_without()] {
        for change in 0..4 {
            let error = received(tolerance, |reply, nonce| {
                let other = match change {
                    0 => vec![0; 16],
                    1 => nonce[..15].to_vec(),
                    2 => [nonce, &[0]].concat(),
                    _ => nonce.iter().map(|octet| octet ^ 1).collect(),
                };
                reply.with(RECIPIENT, octets(&other))
            });
            assert_eq!(error, UnacceptableReply::RecipientNonce.into());
        }
    }
}

#[test]
fn a_client_takes_a_reply_without_nonce_only_where_that_is_tolerated() {
    for tolerance in [Tolerance::STRICT, Tolerance::default()] {
        let error = received(tolerance, |reply, _| reply.without(RECIPIENT));
        assert_eq!(error, InvalidMessage::Missing { name: "recipientNonce" }.into());
    }
    let accepted = received(taking_replies_without(), |reply, _| reply.without(RECIPIENT));
    assert_eq!(accepted, waiting());
}

/// §3.3.2: it used to be required. Some servers send none, some the client's own.
#[test]
fn a_client_does_not_look_at_the_senders_nonce_of_a_reply() {
    let accepted = received(Tolerance::STRICT, |reply, _| reply.without(SENDER));
    assert_eq!(accepted, waiting());
    let accepted = received(Tolerance::STRICT, |reply, nonce| reply.with(SENDER, octets(nonce)));
    assert_eq!(accepted, waiting());
}
