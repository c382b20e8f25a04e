//! §2.4 Enrolment authorisation: the challengePassword, and what does without it.

use devicecert_crypto_rust::RustCrypto;
use devicecert_pki::algorithm::{DigestAlgorithm, SignatureAlgorithm};
use devicecert_pki::asn1::{Writer, tag};
use devicecert_pki::{Csr, Secret, Signer, ToBeSigned, oid};
use devicecert_scep::{Authorisation, Content, Enrolment, Error, FailInfo};

use crate::common::pki_message::PkiMessage;
use crate::common::{CHALLENGE, Server, URL, Who, drive, keys};

/// Whether a request with this challenge may have a certificate where these are expected.
fn decided(given: Option<&str>, expected: &[&str]) -> Option<Authorisation> {
    let server = Server::standing();
    let device = Who::device();
    let csr: Csr = device.csr(given);
    let message = PkiMessage::request(&device, "19", server.envelope(csr.as_der())).to_der();
    let request = server.open(&message);
    let Content::Enrol(enrol) = request.content() else { panic!("{request:?}") };
    assert_eq!(enrol.csr(), &csr);
    let expected: Vec<Secret> = expected.iter().map(|text| Secret::from(*text)).collect();
    enrol.challenge_matches(&expected)
}

#[test]
fn the_right_challenge_authorises() {
    let authorisation = decided(Some(CHALLENGE), &[CHALLENGE]).unwrap();
    assert!(format!("{authorisation:?}").contains("Challenge"));
}

#[test]
fn any_one_of_several_challenges_will_do() {
    for expected in [["one", "two"], ["two", "one"], ["two", "two"]] {
        assert!(decided(Some("two"), &expected).is_some());
        assert!(decided(Some("three"), &expected).is_none());
    }
}

#[test]
fn a_challenge_that_is_nearly_right_does_not_authorise() {
    for given in ["secre", "secrets", "Secret", " secret", "secret ", "secret\0", "terces", "s"] {
        assert!(decided(Some(given), &[CHALLENGE]).is_none(), "{given:?}");
    }
}

#[test]
fn no_challenge_matches_nothing_not_even_an_empty_one() {
    assert!(decided(None, &[CHALLENGE]).is_none());
    assert!(decided(None, &[""]).is_none());
    assert!(decided(None, &[]).is_none());
    assert!(decided(Some(CHALLENGE), &[""]).is_none());
    assert!(decided(Some(CHALLENGE), &[]).is_none());
}

/// The draft before the RFC told renewing clients to send an empty one.
#[test]
fn an_empty_challenge_is_none() {
    let server = Server::standing();
    let device = Who::device();
    let subject: devicecert_pki::Name = device.name.parse().unwrap();
    let info = Writer::build(|w| {
        w.sequence(|w| {
            w.unsigned(0);
            w.raw(subject.as_der());
            w.raw(device.key.public_key().as_der());
            w.nested(tag::constructed(0), |w| {
                w.sequence(|w| {
                    w.oid(&oid::CHALLENGE_PASSWORD);
                    w.nested(tag::SET, |w| w.value(tag::PRINTABLE_STRING, &[]));
                });
            });
        });
    });
    let scheme = SignatureAlgorithm::RsaPkcs1(DigestAlgorithm::Sha256);
    let ask = ToBeSigned::new(device.key.public_key().clone(), scheme, info.clone());
    let csr = Writer::build(|w| {
        w.sequence(|w| {
            w.raw(&info);
            scheme.identifier().unwrap().write(w);
            w.bit_string(&device.key.sign(&ask).unwrap());
        });
    });
    let request = server.open(&PkiMessage::request(&device, "17", server.envelope(&csr)).to_der());
    let Content::Enrol(enrol) = request.content() else { panic!("{request:?}") };
    assert!(enrol.csr().challenge_password().is_none());
    assert!(enrol.challenge_matches([&Secret::from("")]).is_none());
}

/// NDES sends 32 hexadecimal digits, XiPKI wants a user before the password, Fleet has UUIDs, Vault
/// and OpenXPKI tokens, Intune two kilobytes.
#[test]
fn a_challenge_may_be_long_and_of_any_alphabet() {
    let intune = "A".repeat(7 * 1024);
    for challenge in [
        "A1B2C3D4E5F60718293A4B5C6D7E8F90",
        "user:päss_wörd!#$",
        "f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
        "hvs.CAESIJ_x-0*~b64",
        &intune,
    ] {
        assert!(decided(Some(challenge), &[challenge]).is_some());
    }
}

#[test]
fn a_wrong_or_missing_challenge_is_refused_as_bad_request() {
    let server = Server::standing();
    let device = Who::device();
    for challenge in [Some("guess"), None] {
        let csr = device.csr(challenge);
        let mut enrolment = Enrolment::new(URL, csr, server.trust(), &RustCrypto).unwrap();
        match drive(&mut enrolment, device.key, &server) {
            Err(Error::Refused(refusal)) => assert_eq!(refusal.fail_info, FailInfo::BadRequest),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_renewal_needs_no_challenge() {
    let server = Server::standing();
    let device = Who::device();
    let new = Who { key: &keys::NEW, ..device };
    let old = server.issue(&device.csr(None));
    let csr = new.csr(None);
    let mut enrolment = Enrolment::renew(URL, old, csr, server.trust(), &RustCrypto).unwrap();
    assert!(drive(&mut enrolment, device.key, &server).is_ok());
}

#[test]
fn a_self_signed_certificate_authorises_nobody() {
    let server = Server::standing();
    let stranger = Who { name: "CN=device-1", key: &keys::STRANGER };
    for message_type in ["17", "19"] {
        let csr = stranger.csr(None);
        let envelope = server.envelope(csr.as_der());
        let message = PkiMessage::request(&stranger, message_type, envelope).to_der();
        assert_eq!(server.reply(&message).outcome(), ("2".to_owned(), Some("2".to_owned())));
    }
}
