//! §3.2 pkiMessage: the signed frame around everything.

use std::collections::BTreeSet;

use devicecert_crypto_rust::RustCrypto;
use devicecert_pki::algorithm::AlgorithmIdentifier;
use devicecert_pki::cms::{Content, SignerIdentifier};
use devicecert_pki::error::Rejected;
use devicecert_pki::{Limits, oid};
use devicecert_scep::error::InvalidMessage;
use devicecert_scep::{AttributeName, Error, FailInfo, Message};

use crate::common::pki_message::{PkiMessage, Received, printable};
use crate::common::{NOW, Server, Who, keys, until_sent};

fn attributes(message: &Received) -> BTreeSet<String> {
    let name = |oid| AttributeName::ALL.into_iter().find(|name| name.oid() == oid);
    let signer = message.0.signer().unwrap();
    let all = signer.unverified_attributes().iter();
    all.map(|one| name(one.oid).map_or_else(|| one.oid.to_string(), |name| name.to_string()))
        .collect()
}

fn set(names: &[&str]) -> BTreeSet<String> {
    let of_cms = [oid::CONTENT_TYPE.to_string(), oid::MESSAGE_DIGEST.to_string()];
    names.iter().map(ToString::to_string).chain(of_cms).collect()
}

/// What every known peer reads: rsaEncryption with NULL, NULL digest parameters, issuer and serial.
fn is_in_the_form_that_everybody_reads(message: &Received) {
    assert_eq!(message.0.content_type(), oid::DATA);
    let signer = message.0.signer().unwrap();
    assert_eq!(*signer.digest_algorithm(), AlgorithmIdentifier::with_null(oid::SHA256));
    assert_eq!(*signer.signature_algorithm(), AlgorithmIdentifier::with_null(oid::RSA_ENCRYPTION));
    assert_eq!(*signer.identifier(), SignerIdentifier::of(&message.signer()));
}

#[test]
fn a_request_has_the_attributes_of_a_request_and_no_others() {
    let server = Server::standing();
    let device = Who::device();
    let request = until_sent(&mut device.enrolment(&server), device.key, &server, NOW);
    let request = Received::parse(request.body());
    is_in_the_form_that_everybody_reads(&request);
    assert_eq!(attributes(&request), set(&["transactionID", "messageType", "senderNonce"]));
}

#[test]
fn a_reply_has_the_attributes_of_its_status_and_no_others() {
    let server = Server::standing();
    let device = Who::device();
    let all = ["transactionID", "messageType", "pkiStatus", "senderNonce", "recipientNonce"];
    let request = PkiMessage::pkcs_req(&device, &server).to_der();
    let success = server.reply(&request);
    is_in_the_form_that_everybody_reads(&success);
    assert_eq!(attributes(&success), set(&all));
    let pending = Server::standing().manual();
    let pending = pending.reply(&PkiMessage::pkcs_req(&device, &pending).to_der());
    assert_eq!(attributes(&pending), set(&all));
    let nobody = PkiMessage::request(&device, "19", server.envelope(device.csr(None).as_der()));
    let failure = server.reply(&nobody.to_der());
    is_in_the_form_that_everybody_reads(&failure);
    assert_eq!(attributes(&failure), set(&[&all[..], &["failInfo"]].concat()));
}

#[test]
fn a_reply_brings_the_certificate_of_its_signer_and_no_other() {
    for server in [Server::standing(), Server::with_ra(&keys::CA)] {
        let reply = server.reply(&PkiMessage::pkcs_req(&Who::device(), &server).to_der());
        let signer = server.authority.signer().as_der();
        assert_eq!(reply.0.certificates().collect::<Vec<_>>(), [signer]);
    }
}

#[test]
fn messages_without_content_have_an_empty_octet_string_and_its_digest() {
    let server = Server::standing();
    let request = PkiMessage::request(&Who::device(), "18", Vec::new());
    // Server::reply checked the signature, messageDigest included.
    let reply = server.reply(&request.to_der());
    assert_eq!(*reply.0.unverified_content(), Content::Octets(Vec::new()));
}

#[test]
fn a_request_without_the_certificate_of_its_signer_cannot_be_checked() {
    let server = Server::standing();
    let mut message = PkiMessage::pkcs_req(&Who::device(), &server);
    message.certificates.clear();
    let message = message.to_der();
    let error = server.verify(&message).unwrap_err();
    assert_eq!(error, devicecert_pki::Error::from(Rejected::NoSignerCertificate).into());
    assert_eq!(server.reply(&message).outcome(), ("2".to_owned(), Some("1".to_owned())));
}

#[test]
fn a_request_with_somebody_elses_certificate_is_somebody_elses() {
    let server = Server::standing();
    let mut message = PkiMessage::pkcs_req(&Who::device(), &server);
    message.certificates = vec![server.authority.ca().clone()];
    assert!(server.verify(&message.to_der()).is_err());
    // Signed with another key than the one that the certificate certifies.
    let mut message = PkiMessage::pkcs_req(&Who::device(), &server);
    message.key = &keys::STRANGER;
    let error = server.verify(&message.to_der()).unwrap_err();
    assert_eq!(error, devicecert_pki::Error::from(Rejected::Signature("the message")).into());
}

#[test]
fn an_altered_request_is_refused_as_bad_message_check() {
    let server = Server::standing();
    let honest = PkiMessage::pkcs_req(&Who::device(), &server).to_der();
    let content = Received::parse(&honest);
    let Content::Octets(envelope) = content.0.unverified_content() else { panic!("no content") };
    let start = honest.windows(envelope.len()).position(|window| window == envelope).unwrap();
    for at in [start + envelope.len() - 1, honest.len() - 1] {
        let mut altered = honest.clone();
        altered[at] ^= 1;
        let error = server.verify(&altered).unwrap_err();
        assert_eq!(FailInfo::from(&error), FailInfo::BadMessageCheck, "{error}");
        assert_eq!(server.reply(&altered).outcome().1.unwrap(), "1");
    }
}

#[test]
fn a_request_without_envelope_is_refused_in_the_words_for_one_that_does_not_open() {
    let server = Server::standing();
    for content in [None, Some(Vec::new())] {
        let mut message = PkiMessage::request(&Who::device(), "19", Vec::new());
        message.content = content;
        let message = message.to_der();
        assert_eq!(server.verify(&message).unwrap_err(), InvalidMessage::NoEnvelope.into());
        assert_eq!(server.reply(&message).outcome().1.unwrap(), "1");
    }
}

#[test]
fn a_message_whose_transaction_id_cannot_be_read_cannot_be_answered() {
    let server = Server::standing();
    let honest = PkiMessage::pkcs_req(&Who::device(), &server);
    for message in [
        honest.clone().without(AttributeName::TransactionId),
        honest.clone().with(AttributeName::TransactionId, printable("")),
        honest.clone().with(AttributeName::TransactionId, printable(&"A".repeat(256))),
        honest.with(AttributeName::TransactionId, vec![5, 0]),
    ] {
        let message = Message::parse(&message.to_der(), &Limits::default()).unwrap();
        let error = message.verify(&server.authority, &RustCrypto).unwrap_err();
        assert!(matches!(error, Error::InvalidMessage(_)), "{error}");
        assert!(message.refuse(&error, &server.authority, &RustCrypto).unwrap().is_none());
    }
}

#[test]
fn what_is_no_cms_message_is_not_even_a_message() {
    let limits = Limits::default();
    let server = Server::standing();
    let message = PkiMessage::pkcs_req(&Who::device(), &server).to_der();
    let certificate = server.authority.ca().as_der();
    let envelope = server.envelope(b"x");
    for body in [&[][..], b"hello", certificate, &envelope, &message[..message.len() - 1]] {
        assert!(matches!(Message::parse(body, &limits), Err(Error::Pki(_))));
    }
    let mut small = Limits::default();
    small.message_bytes = message.len() - 1;
    assert!(Message::parse(&message, &small).is_err());
    small.message_bytes = message.len();
    assert!(Message::parse(&message, &small).is_ok());
}

#[test]
fn nothing_that_is_printed_shows_the_challenge_or_the_request() {
    let server = Server::standing();
    let message = PkiMessage::pkcs_req(&Who::device(), &server).to_der();
    let request = server.open(&message);
    assert!(!format!("{request:?}").contains("secret"));
}
