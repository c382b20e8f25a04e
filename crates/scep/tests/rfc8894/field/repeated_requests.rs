//! Clients that ask again instead of polling, and polls for what was never asked.

use devicecert_crypto_rust::RustCrypto;
use devicecert_scep::{Error, FailInfo};

use crate::common::pki_message::PkiMessage;
use crate::common::{NOW, Server, Who, keys, until_sent};

/// micromdm's client sends the same PKCSReq every 30 seconds; Apple has the same transactionID
/// for all requests with one key.
#[test]
fn a_pkcs_req_that_is_repeated_is_filed_where_the_first_was() {
    let server = Server::standing().manual();
    let device = Who::device();
    let first = PkiMessage::pkcs_req(&device, &server).to_der();
    let again = PkiMessage::pkcs_req(&device, &server).to_der();
    assert_ne!(first, again);
    for message in [&first, &first, &again] {
        assert_eq!(server.reply(message).outcome().0, "3");
    }
    assert_eq!(server.pending.borrow().len(), 1);
    let stranger = Who { key: &keys::STRANGER, ..device };
    server.reply(&PkiMessage::pkcs_req(&stranger, &server).to_der());
    assert_eq!(server.pending.borrow().len(), 2);
}

#[test]
fn a_renewal_is_filed_under_the_key_that_signed_it() {
    let server = Server::standing();
    let device = Who::device();
    let old = server.issue(&device.csr(None));
    let new = Who { key: &keys::NEW, ..device };
    let key = |message: PkiMessage| {
        server.open(&message.to_der()).transaction().key(&RustCrypto).unwrap()
    };
    let renewal = |signer: &Who| {
        let envelope = server.envelope(new.csr(None).as_der());
        PkiMessage::request(signer, "17", envelope)
    };
    let signed_by_old = key(renewal(&device).signed_by(old, device.key));
    assert_eq!(signed_by_old, key(renewal(&device)));
    assert_ne!(signed_by_old, key(renewal(&new)));
}

#[test]
fn a_poll_for_an_unknown_transaction_is_refused() {
    let asked = Server::standing().manual();
    let device = Who::device();
    let mut enrolment = device.enrolment(&asked);
    let request = until_sent(&mut enrolment, device.key, &asked, NOW);
    enrolment.received(&asked.handle(&request)).unwrap();
    enrolment.options().poll_interval = core::time::Duration::ZERO;
    let poll = until_sent(&mut enrolment, device.key, &asked, NOW);
    // The server lost what it knew.
    asked.pending.borrow_mut().clear();
    match enrolment.received(&asked.handle(&poll)).unwrap_err() {
        Error::Refused(refusal) => assert_eq!(refusal.fail_info, FailInfo::BadRequest),
        other => panic!("{other}"),
    }
}
