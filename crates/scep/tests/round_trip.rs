//! Client and server of this crate, talking to each other in one process.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{NOW, Server, Who, drive};
use devicecert_crypto_rust::RustCrypto;
use devicecert_pki::{Secret, Signer};
use devicecert_scep::{
    Enrolment, Error, FailInfo, Fingerprint, MessageType, PkiStatus, Step, Trust,
};

fn pinned(server: &Server) -> Trust {
    Trust::Fingerprint(Fingerprint::of(server.authority.ca(), &RustCrypto).unwrap())
}

#[test]
fn a_device_with_the_challenge_gets_a_certificate_for_its_key() {
    let server = Server::new("secret");
    let device = Who::new("CN=device-1,O=Example");
    let csr = device.csr(Some("secret"));
    let mut enrolment =
        Enrolment::new("http://ca.test/scep", csr, pinned(&server), &RustCrypto).unwrap();
    let chain = drive(&mut enrolment, device.key, &server).unwrap();
    assert_eq!(chain.len(), 2);
    assert_eq!(chain[0].public_key(), device.key.public_key());
    assert_eq!(chain[0].subject().to_string(), "CN=device-1,O=Example");
    assert_eq!(&chain[1], server.authority.ca());
    assert_eq!(server.seen.borrow()[0].0, MessageType::PkcsReq);
}

#[test]
fn a_wrong_challenge_is_refused_as_bad_request() {
    let server = Server::new("secret");
    let device = Who::new("CN=device-1");
    let csr = device.csr(Some("guess"));
    let mut enrolment =
        Enrolment::new("http://ca.test/scep", csr, pinned(&server), &RustCrypto).unwrap();
    let Err(Error::Refused(refusal)) = drive(&mut enrolment, device.key, &server) else {
        panic!("not refused")
    };
    assert_eq!(refusal.fail_info, FailInfo::BadRequest);
    assert!(!format!("{enrolment:?} {refusal:?} {refusal}").contains("guess"));
}

#[test]
fn renewal_is_decided_by_the_certificate_that_signed_whatever_the_message_type() {
    let server = Server::new("secret");
    let device = Who::new("CN=device-1");
    let csr = device.csr(Some("secret"));
    let mut enrolment =
        Enrolment::new("http://ca.test/scep", csr, pinned(&server), &RustCrypto).unwrap();
    let first = drive(&mut enrolment, device.key, &server).unwrap();
    for message_type in [MessageType::RenewalReq, MessageType::PkcsReq] {
        let new = Who::new("CN=device-1");
        let mut renewal = Enrolment::renew(
            "http://ca.test/scep",
            first[0].clone(),
            new.csr(None),
            pinned(&server),
            &RustCrypto,
        )
        .unwrap();
        renewal.options().renewal_message_type = Some(message_type);
        let chain = drive(&mut renewal, device.key, &server).unwrap();
        assert_eq!(chain[0].public_key(), new.key.public_key());
        assert_eq!(server.seen.borrow().last().unwrap().0, message_type);
    }
    // Neither type helps who has no certificate of this CA.
    let stranger = Who::new("CN=device-1");
    let csr = stranger.csr(None);
    let mut enrolment =
        Enrolment::new("http://ca.test/scep", csr, pinned(&server), &RustCrypto).unwrap();
    assert!(matches!(drive(&mut enrolment, stranger.key, &server), Err(Error::Refused(_))));
}

#[test]
fn a_pending_request_survives_being_saved_and_is_polled_for_with_cert_poll() {
    let server = Server::new("secret").manual();
    let device = Who::new("CN=device-1");
    let csr = device.csr(Some("secret"));
    let mut enrolment =
        Enrolment::new("http://ca.test/scep", csr, pinned(&server), &RustCrypto).unwrap();
    assert!(enrolment.save().is_none());
    let error = drive(&mut enrolment, device.key, &server).unwrap_err();
    assert_eq!(error, common::waiting());
    assert_eq!(server.seen.borrow()[0], (MessageType::PkcsReq, PkiStatus::Pending));

    let saved = enrolment.save().unwrap();
    assert!(!saved.as_bytes().windows(6).any(|window| window == b"secret"));
    drop(enrolment);
    server.approve();

    let mut resumed = Enrolment::resume(&saved, &RustCrypto).unwrap();
    let chain = drive(&mut resumed, device.key, &server).unwrap();
    assert_eq!(chain[0].public_key(), device.key.public_key());
    assert_eq!(*server.seen.borrow().last().unwrap(), (MessageType::CertPoll, PkiStatus::Success));
}

#[test]
fn step_asks_again_for_what_was_not_answered() {
    let server = Server::new("secret");
    let device = Who::new("CN=device-1");
    let csr = device.csr(Some("secret"));
    let mut enrolment =
        Enrolment::new("http://ca.test/scep", csr, pinned(&server), &RustCrypto).unwrap();
    for _ in 0..2 {
        let Step::Send(request) = enrolment.step(NOW).unwrap() else { panic!("not Send") };
        assert_eq!(request.uri().query(), Some("operation=GetCACaps"));
    }
    assert!(enrolment.signed(b"x").is_err());
    assert!(enrolment.decrypted(Ok(Secret::from("x"))).is_err());
    assert!(drive(&mut enrolment, device.key, &server).is_ok());
}

/// The URL of a proxy may have in it what lets a device through.
#[test]
fn what_is_to_be_sent_is_shown_without_its_url() {
    let server = Server::new("secret");
    let csr = Who::device().csr(None);
    let url = "http://ca.test/scep/let-me-in";
    let enrolment = Enrolment::new(url, csr, pinned(&server), &RustCrypto);
    let step = enrolment.unwrap().step(NOW).unwrap();
    assert_eq!(format!("{step:?}"), "Send { method: GET, to: Some(ca.test), .. }");
}

#[test]
fn a_ca_whose_fingerprint_differs_is_not_spoken_to() {
    let server = Server::new("secret");
    let device = Who::new("CN=device-1");
    let trust = Trust::Fingerprint(Fingerprint::sha256([7; 32]));
    let mut enrolment =
        Enrolment::new("http://ca.test/scep", device.csr(Some("secret")), trust, &RustCrypto)
            .unwrap();
    let error = drive(&mut enrolment, device.key, &server).unwrap_err();
    assert!(error.to_string().contains("sha256:0707"), "{error}");
    assert!(server.seen.borrow().is_empty());
}
