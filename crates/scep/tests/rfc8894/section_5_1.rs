//! §5.1 Successful transactions, Figure 9: a CA is replaced, and its devices follow.

use std::time::Duration;

use devicecert_crypto_rust::{PrivateKey, RustCrypto};
use devicecert_pki::cms::{RecipientIdentifier, RecipientInfo};
use devicecert_pki::{Certificate, Signer, Tolerance};
use devicecert_scep::error::UnacceptableReply;
use devicecert_scep::{
    Capabilities, Enrolment, Message, MessageType, NoRenewal, PkiStatus, Step, Succession,
};
use http::Response;

use crate::common::certificates::YEAR;
use crate::common::pki_message::{PkiMessage, Received};
use crate::common::{
    NOW, Server, URL, Who, asks_again, drive, keys, receive, root, until_sent, waiting,
};

const DAY: Duration = Duration::from_secs(86_400);

/// A CA whose time is over in a year, and who follows it.
fn server() -> Server {
    Server::standing().followed_by(&keys::NEXT_CA)
}

fn next(server: &Server) -> &Server {
    server.next.as_deref().unwrap()
}

/// The device with a certificate of the current CA, and the start of a rollover.
fn rollover(server: &Server) -> (Who, Certificate, Enrolment) {
    let device = Who::device();
    let current = server.issue(&device.csr(None));
    let csr = Who { key: &keys::NEW, ..Who::device() }.csr(None);
    let enrolment = Enrolment::rollover(URL, current.clone(), csr, server.trust(), &RustCrypto);
    (device, current, enrolment.unwrap())
}

/// Whether the CA vouches for the first certificate of a chain at this time.
fn vouches(chain: &[Certificate], now: devicecert_pki::Time) -> bool {
    chain.iter().all(|certificate| certificate.validity().contains(now))
        && chain.windows(2).all(|pair| {
            let key = pair[1].public_key();
            pair[0].is_signed_by(key, &RustCrypto, &Tolerance::STRICT).is_ok()
        })
}

#[test]
fn a_device_asks_for_the_next_ca_and_envelopes_its_request_to_it() {
    let server = server();
    let (device, current, mut enrolment) = rollover(&server);
    let mut asked = Vec::new();
    let request = loop {
        match enrolment.step(NOW).unwrap() {
            Step::Send(request) => {
                asked.push(request.uri().query().unwrap().to_owned());
                if request.uri().query().unwrap().contains("PKIOperation") {
                    break request;
                }
                enrolment.received(&server.handle(&request)).unwrap();
            }
            Step::Sign(ask) => {
                enrolment.signed(&device.key.sign(&ask).unwrap()).unwrap();
            }
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(
        asked,
        [
            "operation=GetCACaps",
            "operation=GetCACert",
            "operation=GetNextCACert",
            "operation=PKIOperation"
        ]
    );
    assert_eq!(enrolment.ca(), Some(next(&server).authority.ca()));
    let message = Received::parse(request.body());
    assert_eq!(message.text(devicecert_scep::AttributeName::MessageType).unwrap(), "19");
    assert_eq!(message.signer(), current);
    let content = message.open(next(&server).authority.recipient(), &keys::NEXT_CA);
    let csr = devicecert_pki::Csr::parse(&content, &devicecert_pki::Limits::default()).unwrap();
    assert_eq!(csr.public_key(), keys::NEW.public_key());
}

/// Both CAs have one name and are reached under one URL; serial numbers tell them apart.
#[test]
fn the_recipient_of_the_envelope_decides_which_key_issues() {
    let server = server();
    let (device, current, mut enrolment) = rollover(&server);
    let chain = drive(&mut enrolment, device.key, &server).unwrap();
    assert_eq!(chain[1..], [next(&server).authority.ca().clone()]);
    assert!(vouches(&chain, NOW.after(YEAR)));
    assert_eq!(chain[0].issuer(), current.issuer());
    // A request that is enveloped to the current CA gets one of the current CA, as before.
    let chain = drive(&mut Who::device().enrolment(&server), device.key, &server).unwrap();
    assert_eq!(chain[1..], [server.authority.ca().clone()]);
}

#[test]
fn a_message_is_for_whom_it_names_and_otherwise_for_nobody_in_particular() {
    let server = server();
    let both = [&server.authority, &next(&server).authority];
    let addressee = |recipient: &Server| {
        let envelope = recipient.envelope(Who::device().csr(None).as_der());
        let message = PkiMessage::request(&Who::device(), "19", envelope).to_der();
        let message = Message::parse(&message, &server.authority.limits).unwrap();
        message.addressee(both).map(|authority| authority.ca().clone())
    };
    assert_eq!(addressee(&server), Some(server.authority.ca().clone()));
    assert_eq!(addressee(next(&server)), Some(next(&server).authority.ca().clone()));
    let stranger = devicecert_scep::Authority::new(root("CN=Test CA", &keys::STRANGER)).unwrap();
    let stranger = Server::of(stranger, &keys::STRANGER, &keys::STRANGER);
    assert_eq!(addressee(&stranger), None);
    let damaged = PkiMessage::request(&Who::device(), "19", b"no envelope".to_vec()).to_der();
    let damaged = Message::parse(&damaged, &server.authority.limits).unwrap();
    assert!(damaged.addressee(both).is_none());
}

/// The whole of it, with a clock: before, on and after the day every device has a certificate that
/// its CA vouches for, whether it had heard of the next CA before or not.
#[test]
fn before_during_and_after_the_change_over_every_device_has_a_certificate() {
    let server = server();
    let (device, current, mut enrolment) = rollover(&server);
    let current = vec![current, server.authority.ca().clone()];
    let next_chain = drive(&mut enrolment, device.key, &server).unwrap();
    let succession = Succession::new(current.clone(), next_chain.clone());
    let date = NOW.after(YEAR);
    assert_eq!(succession.changes_over(), date);
    assert_eq!(next(&server).authority.ca().validity().not_before, date);

    for (days, expected) in [(0, &current), (364, &current), (365, &next_chain), (700, &next_chain)]
    {
        let now = NOW.after(DAY * days);
        assert_eq!(succession.chain(now), expected, "day {days}");
        assert!(vouches(succession.chain(now), now), "day {days}");
    }
    assert_eq!(succession.chain(date.before(Duration::from_secs(1))), current);
    assert_eq!((succession.current(), succession.next()), (&current[..], &next_chain[..]));

    // Afterwards the next CA is the CA, and the device renews there as with any CA.
    let successor = next(&server);
    successor.now.set(NOW.after(DAY * 700));
    let newest: &'static PrivateKey = &keys::RA_2;
    let csr = Who { key: newest, ..Who::device() }.csr(None);
    let leaf = next_chain[0].clone();
    let mut renewal = Enrolment::renew(URL, leaf, csr, successor.trust(), &RustCrypto).unwrap();
    let renewed = drive(&mut renewal, &keys::NEW, successor).unwrap();
    assert!(vouches(&renewed, NOW.after(DAY * 1000)));
}

/// A device that slept through the change-over shows what it has and gets what it needs, for as long
/// as the old certificate is valid.
#[test]
fn a_certificate_of_the_ca_before_is_renewed_by_the_ca_after() {
    let server = server();
    let device = Who::device();
    server.now.set(NOW.after(DAY * 100));
    let current = server.issue(&device.csr(None));
    let successor = next(&server);
    successor.now.set(NOW.after(DAY * 370));
    let csr = Who { key: &keys::NEW, ..Who::device() }.csr(None);
    let mut renewal =
        Enrolment::renew(URL, current.clone(), csr.clone(), successor.trust(), &RustCrypto)
            .unwrap();
    let chain = drive(&mut renewal, device.key, successor).unwrap();
    assert!(vouches(&chain, NOW.after(DAY * 370)));

    // The evidence says which certificate it was, since each CA numbers its own.
    let message = PkiMessage::request(&device, "17", successor.envelope(csr.as_der()));
    let message = message.signed_by(current.clone(), device.key).to_der();
    let request = successor.open(&message);
    let evidence = request.renewal(&successor.authority, NOW.after(DAY * 370)).unwrap();
    assert_eq!(evidence.certificate(), &current);
    let too_late = request.renewal(&successor.authority, NOW.after(DAY * 466)).unwrap_err();
    assert_eq!(too_late, NoRenewal::NotValid);
}

#[test]
fn the_ca_before_renews_nothing_of_the_ca_after() {
    let server = server();
    let device = Who::device();
    let later = next(&server).issue(&device.csr(None));
    let message = PkiMessage::request(&device, "17", server.envelope(device.csr(None).as_der()));
    let message = message.signed_by(later, device.key).to_der();
    assert!(server.verify(&message).is_err());
}

#[test]
fn without_a_next_ca_the_question_is_asked_again() {
    let server = Server::standing();
    let (device, _, mut enrolment) = rollover(&server);
    let error = drive(&mut enrolment, device.key, &server).unwrap_err();
    assert_eq!(error, UnacceptableReply::HttpStatus(404).into());
    let Step::Send(request) = enrolment.step(NOW).unwrap() else { panic!("not asked again") };
    assert_eq!(request.uri().query().unwrap(), "operation=GetNextCACert");
}

/// Nobody on the way can offer a CA of his own, nor end the enrolment by trying.
#[test]
fn a_next_ca_that_the_current_one_did_not_sign_is_not_asked_for_anything() {
    let server = server();
    let (device, _, mut enrolment) = rollover(&server);
    let stranger = Server::of(
        devicecert_scep::Authority::new(root("CN=Test CA", &keys::STRANGER)).unwrap(),
        &keys::STRANGER,
        &keys::STRANGER,
    )
    .followed_by(&keys::STRANGER);
    for _ in 0..2 {
        let Step::Send(request) = enrolment.step(NOW).unwrap() else { panic!("nothing to send") };
        enrolment.received(&server.handle(&request)).unwrap();
    }
    let Step::Send(request) = enrolment.step(NOW).unwrap() else { panic!("nothing to send") };
    let error = enrolment.received(&stranger.handle(&request)).unwrap_err();
    assert_eq!(error, UnacceptableReply::Signer.into());
    enrolment.received(&server.handle(&request)).unwrap();
    assert!(drive(&mut enrolment, device.key, &server).is_ok());
}

/// Nothing says which of the two signs the reply: sscep expects the one that it envelopes to, and
/// other servers know one key that answers.
#[test]
fn either_ca_may_sign_the_reply_and_nobody_else() {
    let server = server();
    for (signer, accepted) in [
        (&server, true),
        (next(&server), true),
        (
            &Server::of(
                devicecert_scep::Authority::new(root("CN=Test CA", &keys::STRANGER)).unwrap(),
                &keys::STRANGER,
                &keys::STRANGER,
            ),
            false,
        ),
    ] {
        let (device, _, mut enrolment) = rollover(&server);
        let request = until_sent(&mut enrolment, device.key, &server, NOW);
        let csr = Who { key: &keys::NEW, ..Who::device() }.csr(None);
        let issued = next(&server).issue(&csr);
        let reply = PkiMessage::success(signer, request.body(), [&issued]).to_der();
        match receive(&mut enrolment, device.key, reply) {
            Ok(chain) => assert!(accepted && chain[0] == issued),
            Err(error) => {
                assert!(!accepted);
                assert_eq!(error, UnacceptableReply::Signer.into());
                assert!(asks_again(&mut enrolment, &request));
            }
        }
    }
}

/// Whoever answers, a certificate of the current CA is not what was asked for.
#[test]
fn a_certificate_of_the_current_ca_is_not_accepted_for_one_of_the_next() {
    let server = server();
    let (device, _, mut enrolment) = rollover(&server);
    let request = until_sent(&mut enrolment, device.key, &server, NOW);
    let issued = server.issue(&Who { key: &keys::NEW, ..Who::device() }.csr(None));
    let reply = PkiMessage::success(&server, request.body(), [&issued]).to_der();
    let error = receive(&mut enrolment, device.key, reply).unwrap_err();
    assert_eq!(error, UnacceptableReply::NotSignedByCa.into());
}

#[test]
fn a_rollover_that_waits_is_put_aside_with_both_cas() {
    let server = Server::standing().manual().followed_by(&keys::NEXT_CA);
    let (device, _, mut enrolment) = rollover(&server);
    assert_eq!(drive(&mut enrolment, device.key, &server).unwrap_err(), waiting());
    let saved = enrolment.save().unwrap();
    let mut resumed = Enrolment::resume(&saved, &RustCrypto).unwrap();
    assert_eq!(resumed.ca(), Some(next(&server).authority.ca()));
    assert_eq!(resumed.save().unwrap(), saved);

    // The poll goes to the next CA, and either may answer it.
    let request = until_sent(&mut resumed, device.key, &server, NOW);
    let envelope = Received::parse(request.body()).envelope();
    let recipient = next(&server).authority.recipient();
    let Some(RecipientInfo::KeyTransport(named)) =
        envelope.recipient(recipient, &Tolerance::STRICT)
    else {
        panic!("nobody is named")
    };
    assert_eq!(named.identifier, RecipientIdentifier::of(recipient));
    let pending = PkiMessage::reply(&server, request.body(), PkiStatus::Pending).to_der();
    resumed.received(&Response::new(pending)).unwrap();

    server.approve();
    let mut resumed = Enrolment::resume(&saved, &RustCrypto).unwrap();
    let chain = drive(&mut resumed, device.key, &server).unwrap();
    assert_eq!(chain[1], *next(&server).authority.ca());
    let seen = next(&server).seen.borrow();
    let last = (MessageType::CertPoll, PkiStatus::Success);
    assert_eq!(*seen.last().unwrap(), last);
}

/// A request for the next CA is one more reason to be careful with whom: the same rules hold.
#[test]
fn the_next_ca_grants_no_more_than_the_current_one() {
    let server = server();
    let device = Who::device();
    // A challenge that is wrong, and no certificate of either.
    let envelope = next(&server).envelope(device.csr(Some("wrong")).as_der());
    let message = PkiMessage::request(&device, "19", envelope).to_der();
    let reply = Received::parse(server.answer(&message).unwrap().body());
    assert_eq!(reply.outcome(), ("2".to_owned(), Some("2".to_owned())));
    // Another subject than that of the certificate that signed.
    let current = server.issue(&device.csr(None));
    let admin = Who { name: "CN=admin", key: &keys::NEW }.csr(None);
    let envelope = next(&server).envelope(admin.as_der());
    let message = PkiMessage::request(&device, "19", envelope).signed_by(current, device.key);
    let reply = Received::parse(server.answer(&message.to_der()).unwrap().body());
    assert_eq!(reply.outcome(), ("2".to_owned(), Some("2".to_owned())));
}

#[test]
fn a_server_announces_get_next_ca_cert_where_it_answers_it() {
    let standard = Capabilities::of_this_crate();
    assert!(!standard.contains("GetNextCACert"));
    let announced = standard.with("GetNextCACert");
    assert!(announced.contains("GetNextCACert"));
    assert_eq!(announced.with("getnextcacert").iter().count(), announced.iter().count());
    assert_eq!(announced.without("GetNextCACert"), standard);
}
