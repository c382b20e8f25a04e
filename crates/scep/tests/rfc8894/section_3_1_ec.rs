//! §3.1 Message object processing, where keys are EC: password recipients, which are the RFC's way,
//! and key agreement, which is that of Windows.

use devicecert_crypto_rust::{PrivateKey, RustCrypto};
use devicecert_pki::algorithm::DigestAlgorithm;
use devicecert_pki::cms::{EnvelopedData, RecipientInfo};
use devicecert_pki::{
    Certificate, Decryptor, Name, PublicKey, Secret, Signer, Time, Tolerance, Validity,
    WithPasswords,
};
use devicecert_scep::error::{Misuse, UnacceptableReply};
use devicecert_scep::{
    Authority, CaCertificates, Enrolment, EnvelopeTo, Error, MessageType, PkiStatus, Saved, Step,
    Trust,
};

use crate::common::certificates::{Draft, draft};
use crate::common::pki_message::Received;
use crate::common::{CHALLENGE, NOW, Server, URL, Who, drive, keys, root, until_sent, waiting};

fn p256() -> Who {
    Who { name: "CN=device-1", key: &keys::EC }
}

/// What the recipients of an envelope are called in RFC 5652 §6.2.
fn kind(envelope: &EnvelopedData) -> &'static str {
    match envelope.recipients() {
        [RecipientInfo::KeyTransport(_)] => "ktri",
        [RecipientInfo::KeyAgreement(_)] => "kari",
        [RecipientInfo::Password(_)] => "pwri",
        other => panic!("{other:?}"),
    }
}

/// How the request that `enrolment` sends next is enveloped, and the reply to it.
fn kinds(enrolment: &mut Enrolment, key: &PrivateKey, server: &Server) -> [&'static str; 2] {
    let request = until_sent(enrolment, key, server, NOW);
    let reply = server.reply(request.body());
    assert_eq!(reply.outcome().0, "0", "{:?}", server.open(request.body()).content());
    let reply = reply.envelope();
    [kind(&Received::parse(request.body()).envelope()), kind(&reply)]
}

fn first(who: &Who, server: &Server, envelope_to: EnvelopeTo) -> Enrolment {
    let mut enrolment = who.enrolment(server);
    enrolment.options().envelope_to = envelope_to;
    enrolment
}

const ALL: [EnvelopeTo; 3] = [EnvelopeTo::Preferred, EnvelopeTo::Key, EnvelopeTo::Password];

#[test]
fn messages_are_enveloped_as_the_keys_on_both_sides_ask_for() {
    let rsa = Server::standing();
    let ec = Server::with_key(&keys::EC_CA);
    let (rsa_device, ec_device) = (Who::device(), p256());
    for (server, device, envelope_to, expected) in [
        (&rsa, &rsa_device, EnvelopeTo::Preferred, ["ktri", "ktri"]),
        (&rsa, &rsa_device, EnvelopeTo::Password, ["pwri", "ktri"]),
        (&rsa, &ec_device, EnvelopeTo::Preferred, ["ktri", "kari"]),
        (&rsa, &ec_device, EnvelopeTo::Key, ["ktri", "kari"]),
        (&rsa, &ec_device, EnvelopeTo::Password, ["pwri", "pwri"]),
        (&ec, &rsa_device, EnvelopeTo::Preferred, ["pwri", "ktri"]),
        (&ec, &rsa_device, EnvelopeTo::Key, ["kari", "ktri"]),
        (&ec, &ec_device, EnvelopeTo::Preferred, ["pwri", "pwri"]),
        (&ec, &ec_device, EnvelopeTo::Key, ["kari", "kari"]),
        (&ec, &ec_device, EnvelopeTo::Password, ["pwri", "pwri"]),
    ] {
        let mut enrolment = first(device, server, envelope_to);
        let found = kinds(&mut enrolment, device.key, server);
        assert_eq!(found, expected, "{envelope_to:?}");
        let chain = drive(&mut enrolment, device.key, server).unwrap();
        assert_eq!(chain[0].public_key(), device.key.public_key());
    }
}

#[test]
fn devices_on_p256_and_p384_enrol_and_renew_with_a_new_key() {
    let ec_ra = Server::with_ra_key(&keys::EC_CA, &keys::P384);
    for server in [Server::standing(), Server::with_key(&keys::EC_CA), ec_ra] {
        for device in [p256(), Who { name: "CN=device-3", key: &keys::P384 }] {
            for envelope_to in ALL {
                let mut enrolment = first(&device, &server, envelope_to);
                let chain = drive(&mut enrolment, device.key, &server).unwrap();
                let new = Who { name: device.name, key: &keys::NEW_EC };
                // RFC 8894 §2.4: without challenge, unless it is needed for the envelope.
                let challenge = match envelope_to {
                    EnvelopeTo::Password => Some(CHALLENGE),
                    _ => None,
                };
                let csr = new.csr(challenge);
                let old = chain[0].clone();
                let renewal = Enrolment::renew(URL, old, csr, server.trust(), &RustCrypto);
                let mut renewal = renewal.unwrap();
                renewal.options().envelope_to = envelope_to;
                let found = kinds(&mut renewal, device.key, &server);
                let expected = if challenge.is_some() { "pwri" } else { "kari" };
                assert_eq!(found[1], expected, "{envelope_to:?}");
                let renewed = drive(&mut renewal, device.key, &server).unwrap();
                assert_eq!(renewed[0].public_key(), new.key.public_key());
                let (message_type, status) = *server.seen.borrow().last().unwrap();
                assert_eq!(message_type, MessageType::RenewalReq);
                assert_eq!(status, PkiStatus::Success);
            }
        }
    }
}

/// A time at which the next poll is due.
fn later() -> Time {
    NOW.after(core::time::Duration::from_secs(3600))
}

#[test]
fn a_poll_is_answered_by_key_agreement_or_by_the_password_that_the_policy_remembers() {
    for (envelope_to, expected) in [
        (EnvelopeTo::Preferred, ["ktri", "kari"]),
        (EnvelopeTo::Key, ["ktri", "kari"]),
        (EnvelopeTo::Password, ["pwri", "pwri"]),
    ] {
        let server = Server::standing().manual();
        let device = p256();
        let mut enrolment = first(&device, &server, envelope_to);
        assert_eq!(drive(&mut enrolment, device.key, &server).unwrap_err(), waiting());
        server.approve();
        let poll = until_sent(&mut enrolment, device.key, &server, later());
        let reply = server.reply(poll.body()).envelope();
        let found = [kind(&Received::parse(poll.body()).envelope()), kind(&reply)];
        assert_eq!(found, expected, "{envelope_to:?}");
        let chain = drive(&mut enrolment, device.key, &server).unwrap();
        assert_eq!(chain[0].public_key(), device.key.public_key());
    }
}

#[test]
fn a_poll_of_a_resumed_enrolment_goes_to_the_key_for_it_has_no_challenge() {
    for server in [Server::standing().manual(), Server::with_key(&keys::EC_CA).manual()] {
        let device = p256();
        let mut enrolment = first(&device, &server, EnvelopeTo::Password);
        assert_eq!(drive(&mut enrolment, device.key, &server).unwrap_err(), waiting());
        let saved = Saved::from_bytes(enrolment.save().unwrap().as_bytes().to_vec());
        server.approve();
        let mut resumed = Enrolment::resume(&saved, &RustCrypto).unwrap();
        resumed.options().envelope_to = EnvelopeTo::Password;
        let poll = until_sent(&mut resumed, device.key, &server, later());
        assert_ne!(kind(&Received::parse(poll.body()).envelope()), "pwri");
        let chain = drive(&mut resumed, device.key, &server).unwrap();
        assert_eq!(chain[0].public_key(), device.key.public_key());
    }
}

#[test]
fn a_resumed_enrolment_asks_for_the_password_of_a_reply() {
    let server = Server::standing().manual();
    let device = p256();
    let mut enrolment = first(&device, &server, EnvelopeTo::Password);
    assert_eq!(drive(&mut enrolment, device.key, &server).unwrap_err(), waiting());
    server.approve();
    // The poll of the enrolment that still has its challenge, answered to one that has none.
    let saved = enrolment.save().unwrap();
    for (passwords, opens) in [(vec![CHALLENGE], true), (vec!["other"], false), (vec![], false)] {
        let mut resumed = Enrolment::resume(&saved, &RustCrypto).unwrap();
        let poll = until_sent(&mut resumed, device.key, &server, later());
        let response = answer_to_password(&server, poll.body());
        resumed.received(&http::Response::new(response)).unwrap();
        let Step::Decrypt(ask) = resumed.step(later()).unwrap() else { panic!() };
        let passwords: Vec<Secret> = passwords.into_iter().map(Secret::from).collect();
        let opener = WithPasswords::new(device.key, &passwords, &RustCrypto);
        assert_eq!(resumed.decrypted(opener.decrypt(&ask)).is_ok(), opens);
    }
}

/// The reply to a poll that came by key, enveloped to the challenge nevertheless.
fn answer_to_password(server: &Server, poll: &[u8]) -> Vec<u8> {
    use devicecert_scep::{Authorisation, Decision};
    let request = server.open(poll);
    let csr = p256().csr(Some(CHALLENGE));
    let granted = request.grant(Authorisation::by_administrator(), server.issue(&csr)).unwrap();
    let Decision::Grant(grant) = granted else { panic!() };
    let decision = Decision::Grant(grant.with_password(Secret::from(CHALLENGE)));
    let reply = request.reply(decision, &server.authority, &RustCrypto).unwrap();
    reply.sign(server.key).unwrap().as_der().to_vec()
}

#[test]
fn an_ec_ca_or_ra_answers_itself() {
    let ca = root("CN=EC CA", &keys::EC_CA);
    assert!(Authority::new(ca.clone()).is_ok());
    let ec_ra = draft("CN=EC RA", &keys::EC).issued_by(&ca, &keys::EC_CA);
    assert!(Authority::with_ra(ca, ec_ra).is_ok());
}

#[test]
fn a_key_that_nothing_can_be_enveloped_to_is_refused_at_once() {
    let ed25519 = ed25519();
    let refused = Authority::new(ed25519.clone()).unwrap_err();
    assert_eq!(refused, Misuse::KeyCannotReceive.into());
    let server = Server::standing();
    let csr = p256().csr(Some(CHALLENGE));
    let refused = Enrolment::renew(URL, ed25519, csr, server.trust(), &RustCrypto).unwrap_err();
    assert_eq!(refused, Misuse::KeyCannotReceive.into());
}

/// A certificate with a key of another kind: RFC 8410 §4 has the SubjectPublicKeyInfo.
fn ed25519() -> Certificate {
    let spki = [&[0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 0x21, 0][..], &[7; 32]].concat();
    let key = PublicKey::parse(&spki, &devicecert_pki::Limits::default()).unwrap();
    let name: Name = "CN=Ed25519".parse().unwrap();
    let validity = Validity::lasting(NOW, core::time::Duration::from_secs(86_400));
    devicecert_pki::CertificateParams::self_signed(name, key, validity, &RustCrypto)
        .unwrap()
        .unsigned(keys::CA.public_key())
        .unwrap()
        .sign(&*keys::CA)
        .unwrap()
}

#[test]
fn an_rsa_key_comes_before_an_ec_key_whatever_the_key_usages_say() {
    let ca = root("CN=EC CA", &keys::EC_CA);
    // A signature RA by its keyUsage, and all that an RSA client can use.
    let ra = draft("CN=RA", &keys::RA).usage(devicecert_pki::KeyUsage::DIGITAL_SIGNATURE);
    let ra = Draft::issued_by(ra, &ca, &keys::EC_CA);
    let body = devicecert_pki::cms::Bundle::new([&ca, &ra]).to_der();
    let trust = Trust::Certificates(vec![ca.clone()]);
    let (tolerance, limits) = Default::default();
    let found = CaCertificates::parse(&body, &trust, &RustCrypto, &tolerance, &limits).unwrap();
    assert_eq!(found.encryption(), &ra);
    let alone = ca.as_der().to_vec();
    let found = CaCertificates::parse(&alone, &trust, &RustCrypto, &tolerance, &limits).unwrap();
    assert_eq!(found.encryption(), &ca);
}

#[test]
fn the_password_has_to_be_there_if_it_is_asked_for() {
    let server = Server::standing();
    let device = p256();
    let csr = device.csr(None);
    let mut enrolment = Enrolment::new(URL, csr, server.trust(), &RustCrypto).unwrap();
    enrolment.options().envelope_to = EnvelopeTo::Password;
    let refused = drive(&mut enrolment, device.key, &server).unwrap_err();
    assert_eq!(refused, Misuse::NoChallenge.into());
}

#[test]
fn a_wrong_challenge_as_password_is_a_message_that_does_not_open() {
    let server = Server::new("the right one");
    let device = p256();
    let mut enrolment = first(&device, &server, EnvelopeTo::Password);
    let refused = drive(&mut enrolment, device.key, &server).unwrap_err();
    let Error::Refused(refusal) = refused else { panic!("{refused:?}") };
    assert_eq!(refusal.fail_info, devicecert_scep::FailInfo::BadMessageCheck);
}

#[test]
fn a_reply_uses_the_digest_and_scheme_of_the_request() {
    use devicecert_pki::algorithm::{ContentCipher, DiffieHellman, KeyAgreement, KeyTransport};
    use devicecert_pki::cms::Seal;
    let server = Server::with_key(&keys::EC_CA);
    let device = p256();
    let mut seal = Seal::new(ContentCipher::Aes256Cbc, KeyTransport::RsaPkcs1);
    seal.key_agreement.scheme = DiffieHellman::Cofactor;
    seal.key_agreement.digest = DigestAlgorithm::Sha384;
    let csr = device.csr(Some(CHALLENGE));
    let ca = server.authority.ca();
    let envelope = seal.envelope(csr.as_der(), ca, &RustCrypto).unwrap();
    let message = crate::common::pki_message::PkiMessage::request(&device, "19", envelope);
    let reply = server.reply(&message.to_der());
    let enveloped = reply.envelope();
    let [RecipientInfo::KeyAgreement(recipient)] = enveloped.recipients() else { panic!() };
    let found = KeyAgreement::try_from(&recipient.algorithm).unwrap();
    assert_eq!(found, seal.key_agreement);
    let opened = reply.open(&message.signer, device.key);
    assert!(!opened.is_empty());
}

#[test]
fn a_reply_by_password_is_as_strong_as_the_request() {
    use devicecert_pki::cms::Seal;
    let server = Server::standing();
    let device = p256();
    let mut seal = Seal::default();
    seal.iterations = core::num::NonZeroU32::new(12_345).unwrap();
    let csr = device.csr(Some(CHALLENGE));
    let password = Secret::from(CHALLENGE);
    let envelope = seal.envelope_to_password(csr.as_der(), &password, &RustCrypto).unwrap();
    let message = crate::common::pki_message::PkiMessage::request(&device, "19", envelope);
    let enveloped = server.reply(&message.to_der()).envelope();
    let [RecipientInfo::Password(recipient)] = enveloped.recipients() else { panic!() };
    assert_eq!(recipient.iterations(), Some(seal.iterations));
    let locked = enveloped.clone().lock(&message.signer, &RustCrypto, &Tolerance::STRICT).unwrap();
    let passwords = [password];
    let opener = WithPasswords::new(device.key, &passwords, &RustCrypto);
    assert!(locked.unlock(&opener).is_ok());
}

#[test]
fn a_reply_that_was_made_for_another_key_is_not_accepted() {
    let server = Server::standing();
    let (device, stranger) = (p256(), Who { name: "CN=device-1", key: &keys::NEW_EC });
    let mut enrolment = device.enrolment(&server);
    let request = until_sent(&mut enrolment, device.key, &server, NOW);
    let issued = server.issue(&stranger.csr(None));
    let reply = crate::common::pki_message::PkiMessage::success(&server, request.body(), [&issued]);
    let refused = crate::common::receive(&mut enrolment, device.key, reply.to_der()).unwrap_err();
    assert_eq!(refused, UnacceptableReply::NoCertificateForKey.into());
}

/// An RSA key of 1024 bits has no room for RSAES-OAEP with SHA-512, with which the request came.
#[test]
fn a_key_that_no_reply_can_be_enveloped_to_is_refused_before_anything_is_issued() {
    use devicecert_pki::algorithm::{ContentCipher, KeyTransport};
    use devicecert_pki::cms::Seal;
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../testdata/openssl/rsa1024.pkcs8.pem");
    let small = PrivateKey::from_pem(&std::fs::read_to_string(path).unwrap()).unwrap();
    let device = Who { name: "CN=device-1", key: Box::leak(Box::new(small)) };
    let server = Server::standing();
    let (digest, mgf1) = (DigestAlgorithm::Sha512, DigestAlgorithm::Sha512);
    let seal = Seal::new(ContentCipher::Aes128Cbc, KeyTransport::RsaOaep { digest, mgf1 });
    let csr = device.csr(Some(CHALLENGE));
    let envelope = seal.envelope(csr.as_der(), server.authority.ca(), &RustCrypto).unwrap();
    let message = crate::common::pki_message::PkiMessage::request(&device, "19", envelope);
    assert!(server.verify(&message.to_der()).is_err());
    assert_eq!(server.reply(&message.to_der()).outcome().0, "2");
    assert!(server.seen.borrow().is_empty());
}
