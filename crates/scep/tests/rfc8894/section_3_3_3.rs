//! §3.3.3 CertPoll: what became of a request.

use std::time::Duration;

use devicecert_crypto_rust::RustCrypto;
use devicecert_pki::asn1::Writer;
use devicecert_pki::cms::Seal;
use devicecert_pki::{Name, Signer};
use devicecert_scep::{
    AttributeName, Authorisation, Authority, Content, Decision, Enrolment, MessageType, PkiStatus,
    Trust,
};

use crate::common::certificates::draft;
use crate::common::pki_message::{PkiMessage, Received};
use crate::common::{CHALLENGE, NOW, Server, URL, Who, keys, root, until_sent};

fn issuer_and_subject(issuer: &Name, subject: &Name) -> Vec<u8> {
    Writer::build(|w| {
        w.sequence(|w| {
            w.raw(issuer.as_der());
            w.raw(subject.as_der());
        });
    })
}

fn poll(server: &Server, who: &Who) -> PkiMessage {
    let names = issuer_and_subject(server.authority.ca().subject(), &who.name.parse().unwrap());
    PkiMessage::request(who, "20", server.envelope(&names))
}

#[test]
fn a_client_polls_with_the_subjects_of_ca_and_request() {
    let server = Server::standing().manual();
    let device = Who::device();
    let mut enrolment = device.enrolment(&server);
    let request = until_sent(&mut enrolment, device.key, &server, NOW);
    let first = Received::parse(request.body());
    enrolment.received(&server.handle(&request)).unwrap();
    enrolment.step(NOW).unwrap();
    let later = NOW.after(Duration::from_secs(60));
    let poll = until_sent(&mut enrolment, device.key, &server, later);
    let message = Received::parse(poll.body());

    assert_eq!(message.text(AttributeName::MessageType).unwrap(), "20");
    let id = AttributeName::TransactionId;
    assert_eq!(message.text(id), first.text(id));
    assert_eq!(message.signer(), first.signer());
    let ca = server.authority.ca();
    let content = message.open(ca, server.key);
    assert_eq!(content, issuer_and_subject(ca.subject(), &device.name.parse().unwrap()));

    let request = server.open(poll.body());
    assert!(matches!(request.content(), Content::Poll));
}

/// The one that issues, though the one above it is trusted: a server with several CAs finds the
/// request by it.
#[test]
fn a_client_that_trusts_a_root_polls_with_the_subject_of_the_issuing_ca() {
    let upper = root("CN=Root", &keys::STRANGER);
    let mut server = Server::standing().manual();
    let issuing = draft("CN=Issuing", &keys::CA).ca().issued_by(&upper, &keys::STRANGER);
    server.authority = Authority::new(issuing.clone()).unwrap();
    server.authority.chain = vec![upper.clone()];
    let device = Who::device();
    let trust = Trust::Certificates(vec![upper]);
    let csr = device.csr(Some(CHALLENGE));
    let mut enrolment = Enrolment::new(URL, csr, trust, &RustCrypto).unwrap();
    let request = until_sent(&mut enrolment, device.key, &server, NOW);
    enrolment.received(&server.handle(&request)).unwrap();
    enrolment.step(NOW).unwrap();
    let later = NOW.after(Duration::from_secs(60));
    let poll = until_sent(&mut enrolment, device.key, &server, later);

    let content = Received::parse(poll.body()).open(&issuing, server.key);
    assert_eq!(content, issuer_and_subject(issuing.subject(), &device.name.parse().unwrap()));
}

#[test]
fn a_poll_is_filed_under_the_key_of_its_request() {
    let server = Server::standing();
    let device = Who::device();
    let key = |message: &PkiMessage| {
        server.open(&message.to_der()).transaction().key(&RustCrypto).unwrap()
    };
    assert_eq!(key(&poll(&server, &device)), key(&PkiMessage::pkcs_req(&device, &server)));
}

#[test]
fn who_knows_the_transaction_id_of_another_cannot_poll_for_it() {
    let server = Server::standing().manual();
    let device = Who::device();
    assert_eq!(server.reply(&PkiMessage::pkcs_req(&device, &server).to_der()).outcome().0, "3");
    server.approve();
    let attacker = Who { key: &keys::STRANGER, ..device };
    assert_eq!(
        server.reply(&poll(&server, &attacker).to_der()).outcome(),
        ("2".to_owned(), Some("2".to_owned()))
    );
    assert_eq!(server.reply(&poll(&server, &device).to_der()).outcome().0, "0");
}

#[test]
fn the_certificate_for_a_poll_may_be_for_the_key_of_the_request_polled_for() {
    let server = Server::standing();
    let device = Who::device();
    let request = server.open(&poll(&server, &device).to_der());
    assert_eq!(request.transaction().message_type(), MessageType::CertPoll);
    // The request itself, which a renewing device made for another key, is the server's to keep.
    let new = Who { key: &keys::NEW, ..device };
    let issued = server.issue(&new.csr(None));
    let decision = request.grant(Authorisation::by_administrator(), issued.clone()).unwrap();
    let reply = request.reply(decision, &server.authority, &RustCrypto).unwrap();
    let reply = reply.sign(server.key).unwrap();
    assert_eq!(reply.status(), PkiStatus::Success);
    assert_ne!(issued.public_key(), device.key.public_key());
}

#[test]
fn a_poll_may_be_deferred_again() {
    let server = Server::standing();
    let request = server.open(&poll(&server, &Who::device()).to_der());
    let reply = request.reply(Decision::Defer, &server.authority, &RustCrypto).unwrap();
    assert_eq!(reply.sign(server.key).unwrap().status(), PkiStatus::Pending);
}

/// The transaction says which request is meant. An answer that depended on the envelope would tell
/// about envelopes of others, which anybody can put into a poll of his own.
#[test]
fn what_a_poll_holds_is_not_looked_at() {
    let server = Server::standing().manual();
    let device = Who::device();
    assert_eq!(server.reply(&PkiMessage::pkcs_req(&device, &server).to_der()).outcome().0, "3");
    let stranger = Who { key: &keys::STRANGER, ..device }.self_signed();
    let foreign = Seal::default().envelope(b"for somebody else", &stranger, &RustCrypto).unwrap();
    let empty = issuer_and_subject(&Name::empty(), &Name::empty());
    let csr = device.csr(Some("secret"));
    for envelope in [
        server.envelope(&empty),
        server.envelope(b"two names"),
        server.envelope(csr.as_der()),
        foreign,
    ] {
        let message = PkiMessage::request(&device, "20", envelope).to_der();
        assert!(matches!(server.open(&message).content(), Content::Poll));
        assert_eq!(server.reply(&message).outcome(), ("3".to_owned(), None));
    }
}
