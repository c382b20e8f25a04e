//! §3.2.1.1 transactionID.

use std::collections::HashSet;

use devicecert_crypto_rust::RustCrypto;
use devicecert_pki::asn1::tag;
use devicecert_scep::error::{InvalidMessage, UnacceptableReply};
use devicecert_scep::{AttributeName, PkiStatus, TransactionId, TransactionKey};

use crate::common::pki_message::{PkiMessage, Received, TRANSACTION, printable, string};
use crate::common::{NOW, Server, Who, asks_again, keys, receive, until_sent};

const NAME: AttributeName = AttributeName::TransactionId;

fn key(server: &Server, message: &PkiMessage) -> TransactionKey {
    server.open(&message.to_der()).transaction().key(&RustCrypto).unwrap()
}

#[test]
fn a_client_makes_one_of_32_hexadecimal_digits_and_never_the_same() {
    let mut seen = HashSet::new();
    for _ in 0..100 {
        let id = TransactionId::random(&RustCrypto).unwrap();
        assert_eq!(id.as_str().len(), 32);
        assert!(id.as_str().bytes().all(|octet| octet.is_ascii_hexdigit()));
        assert!(seen.insert(id));
    }
}

#[test]
fn it_is_a_printable_string_and_the_enrolments_own() {
    let server = Server::standing();
    let device = Who::device();
    let mut enrolment = device.enrolment(&server);
    let request = until_sent(&mut enrolment, device.key, &server, NOW);
    let sent = Received::parse(request.body()).text(NAME).unwrap();
    assert_eq!(sent, enrolment.transaction_id().as_str());
}

#[test]
fn a_reply_has_the_one_of_its_request() {
    let server = Server::standing();
    let device = Who::device();
    let scepman = format!("{}+/==", "aB3".repeat(28));
    for id in [TRANSACTION, "1", "a b", "D41D8CD98F00B204E9800998ECF8427E", &scepman] {
        let message = PkiMessage::pkcs_req(&device, &server).with(NAME, printable(id)).to_der();
        let reply = server.reply(&message);
        assert_eq!(reply.outcome().0, "0");
        assert_eq!(reply.text(NAME).unwrap(), id);
    }
}

#[test]
fn a_refusal_has_it_too() {
    let server = Server::standing();
    let message = PkiMessage::request(&Who::device(), "18", Vec::new()).to_der();
    assert_eq!(server.reply(&message).text(NAME).unwrap(), TRANSACTION);
}

#[test]
fn a_request_must_have_exactly_one() {
    let server = Server::standing();
    let honest = PkiMessage::pkcs_req(&Who::device(), &server);
    let missing = honest.clone().without(NAME).to_der();
    assert_eq!(
        server.verify(&missing).unwrap_err(),
        InvalidMessage::Missing { name: "transactionID" }.into()
    );
    let twice = honest.clone().and(NAME.oid(), printable("another")).to_der();
    assert!(server.verify(&twice).is_err());
    let two_values = [printable(TRANSACTION), printable("another")].concat();
    assert!(server.verify(&honest.with(NAME, two_values).to_der()).is_err());
}

#[test]
fn it_has_1_to_255_characters_and_no_nul() {
    let server = Server::standing();
    let message = |id: &str| {
        let honest = PkiMessage::pkcs_req(&Who::device(), &server);
        server.verify(&honest.with(NAME, string(tag::UTF8_STRING, id)).to_der())
    };
    let longest = "ä".repeat(TransactionId::MAX_LEN);
    for good in ["0", &longest] {
        assert!(message(good).is_ok(), "{good}");
    }
    for bad in ["", "a\0b", &format!("{longest}x")] {
        let error = InvalidMessage::Attribute { name: "transactionID" }.into();
        assert_eq!(message(bad).unwrap_err(), error, "{bad:?}");
    }
}

#[test]
fn what_is_printed_of_it_does_no_harm() {
    let server = Server::standing();
    let id = "\u{1b}[2J\r\nforged log line";
    let message = PkiMessage::pkcs_req(&Who::device(), &server)
        .with(NAME, string(tag::UTF8_STRING, id))
        .to_der();
    let request = server.open(&message);
    let printed = request.transaction().id().to_string();
    assert_eq!(printed, "\\u{1b}[2J\\r\\nforged log line");
    assert!(!format!("{request:?}").chars().any(char::is_control));
}

#[test]
fn a_server_files_a_transaction_under_id_and_signer_key() {
    let server = Server::standing();
    let device = Who::device();
    let stranger = Who { key: &keys::STRANGER, ..device };
    let message = PkiMessage::pkcs_req(&device, &server);
    let ours = key(&server, &message);
    assert_eq!(ours.as_str().len(), 64);
    assert!(ours.as_str().bytes().all(|octet| octet.is_ascii_hexdigit()));
    // The same request again, in another envelope and with another throw-away certificate.
    assert_eq!(key(&server, &PkiMessage::pkcs_req(&device, &server)), ours);
    // Somebody else's with the same transactionID.
    assert_ne!(key(&server, &PkiMessage::pkcs_req(&stranger, &server)), ours);
    // Another transaction of the same device.
    assert_ne!(key(&server, &message.with(NAME, printable("FEDCBA9876543210"))), ours);
}

#[test]
fn a_client_takes_no_reply_of_another_transaction() {
    let server = Server::standing();
    let device = Who::device();
    let change: [fn(&str) -> String; 4] = [
        |_| TRANSACTION.to_owned(),
        |id| id[..31].to_owned(),
        |id| format!("{id}0"),
        str::to_lowercase,
    ];
    for change in change {
        let mut enrolment = device.enrolment(&server);
        let request = until_sent(&mut enrolment, device.key, &server, NOW);
        let id = enrolment.transaction_id().as_str().to_owned();
        // A random one without a letter, once in three million, has no lower case.
        let id = if change(&id) == id { TRANSACTION.to_owned() } else { change(&id) };
        let issued = server.issue(&device.csr(None));
        let reply = PkiMessage::success(&server, request.body(), [&issued])
            .with(NAME, printable(&id))
            .to_der();
        let error = receive(&mut enrolment, device.key, reply).unwrap_err();
        assert_eq!(error, UnacceptableReply::TransactionId.into());
        assert!(asks_again(&mut enrolment, &request));
    }
}

#[test]
fn a_client_takes_no_reply_without_one() {
    let server = Server::standing();
    let device = Who::device();
    let mut enrolment = device.enrolment(&server);
    let request = until_sent(&mut enrolment, device.key, &server, NOW);
    let reply =
        PkiMessage::reply(&server, request.body(), PkiStatus::Pending).without(NAME).to_der();
    let error = receive(&mut enrolment, device.key, reply).unwrap_err();
    assert_eq!(error, InvalidMessage::Missing { name: "transactionID" }.into());
    assert!(asks_again(&mut enrolment, &request));
}
