//! §4.4 Poll for requester initial certificate: an enrolment that waits.

use std::time::Duration;

use devicecert_crypto_rust::RustCrypto;
use devicecert_pki::asn1::Tlv;
use devicecert_pki::{Signer, Time};
use devicecert_scep::error::{Misuse, UnacceptableReply};
use devicecert_scep::{Enrolment, MessageType, PkiStatus, Saved, Step};

use crate::common::{NOW, Server, Who, drive, keys, until_sent, waiting};

/// An enrolment that was told PENDING at [`NOW`].
fn pending(server: &Server, device: &Who) -> Enrolment {
    let mut enrolment = device.enrolment(server);
    let request = until_sent(&mut enrolment, device.key, server, NOW);
    enrolment.received(&server.handle(&request)).unwrap();
    enrolment
}

fn pause(enrolment: &mut Enrolment, now: Time) -> Option<u64> {
    match enrolment.step(now).unwrap() {
        Step::Wait(pause) => Some(pause.as_secs()),
        Step::Sign(_) => None,
        other => panic!("{other:?}"),
    }
}

fn after(seconds: u64) -> Time {
    NOW.after(Duration::from_secs(seconds))
}

#[test]
fn a_client_waits_for_the_interval_counted_from_its_first_question() {
    let server = Server::standing().manual();
    let mut enrolment = pending(&server, &Who::device());
    assert_eq!(pause(&mut enrolment, NOW), Some(60));
    assert_eq!(pause(&mut enrolment, after(1)), Some(59));
    assert_eq!(pause(&mut enrolment, after(59)), Some(1));
    assert_eq!(pause(&mut enrolment, after(60)), None);
}

#[test]
fn the_interval_may_be_changed_while_waiting() {
    let server = Server::standing().manual();
    let mut enrolment = pending(&server, &Who::device());
    enrolment.options().poll_interval = Duration::from_secs(3600);
    assert_eq!(pause(&mut enrolment, NOW), Some(3600));
    assert_eq!(pause(&mut enrolment, after(1800)), Some(1800));
    enrolment.options().poll_interval = Duration::from_secs(1801);
    assert_eq!(pause(&mut enrolment, after(1800)), Some(1));
    enrolment.options().poll_interval = Duration::ZERO;
    assert_eq!(pause(&mut enrolment, NOW), None);
}

#[test]
fn an_endless_interval_does_not_overflow() {
    let server = Server::standing().manual();
    let mut enrolment = pending(&server, &Who::device());
    enrolment.options().poll_interval = Duration::MAX;
    assert!(pause(&mut enrolment, NOW).unwrap() > u64::from(u32::MAX));
    assert!(pause(&mut enrolment, after(86_400)).is_some());
}

/// Devices start with a wrong clock, and set it while they wait.
#[test]
fn a_clock_that_is_set_back_makes_no_pause_longer() {
    let server = Server::standing().manual();
    let mut enrolment = pending(&server, &Who::device());
    assert_eq!(pause(&mut enrolment, after(1_000_000)), Some(60));
    assert_eq!(pause(&mut enrolment, NOW), Some(60));
    assert_eq!(pause(&mut enrolment, after(20)), Some(40));
    assert_eq!(pause(&mut enrolment, after(60)), None);
}

#[test]
fn each_poll_is_answered_and_waited_for_like_the_first() {
    let server = Server::standing().manual();
    let device = Who::device();
    let mut enrolment = pending(&server, &device);
    for poll in 1..4 {
        assert_eq!(pause(&mut enrolment, after(100 * poll - 100)), Some(60));
        let request = until_sent(&mut enrolment, device.key, &server, after(100 * poll));
        enrolment.received(&server.handle(&request)).unwrap();
    }
    server.approve();
    assert_eq!(pause(&mut enrolment, after(1000)), Some(60));
    until_sent(&mut enrolment, device.key, &server, after(2000));
    assert!(drive(&mut enrolment, device.key, &server).is_ok());
    let types: Vec<_> = server.seen.borrow().iter().map(|seen| seen.0.code()).collect();
    assert_eq!(types, [19, 20, 20, 20, 20]);
}

#[test]
fn after_so_many_polls_a_client_gives_up() {
    let server = Server::standing().manual();
    let device = Who::device();
    for most in [0, 1, 3] {
        let mut enrolment = pending(&server, &device);
        enrolment.options().max_polls = Some(most);
        let mut now = NOW;
        let mut polls = 0;
        let error = loop {
            match enrolment.step(now) {
                Ok(Step::Wait(pause)) => now = now.after(pause),
                Ok(_) => {
                    let request = until_sent(&mut enrolment, device.key, &server, now);
                    enrolment.received(&server.handle(&request)).unwrap();
                    polls += 1;
                }
                Err(error) => break error,
            }
        };
        assert_eq!((polls, &error), (most, &UnacceptableReply::StillPending(most).into()));
        assert_eq!(enrolment.step(now).unwrap_err(), error);
    }
}

/// A client whose patience ended may be told to have more.
#[test]
fn more_polls_may_be_allowed_later() {
    let server = Server::standing().manual();
    let device = Who::device();
    let mut enrolment = pending(&server, &device);
    enrolment.options().max_polls = Some(0);
    assert!(enrolment.step(NOW).is_err());
    enrolment.options().max_polls = None;
    assert_eq!(pause(&mut enrolment, NOW), Some(60));
    assert_eq!(pause(&mut enrolment, after(60)), None);
}

#[test]
fn a_refusal_ends_the_waiting() {
    let server = Server::standing().manual();
    let device = Who::device();
    let mut enrolment = pending(&server, &device);
    pause(&mut enrolment, NOW);
    server.pending.borrow_mut().clear();
    let request = until_sent(&mut enrolment, device.key, &server, after(60));
    let error = enrolment.received(&server.handle(&request)).unwrap_err();
    assert!(matches!(error, devicecert_scep::Error::Refused(_)));
    assert_eq!(enrolment.step(after(60)).unwrap_err(), error);
}

#[test]
fn it_can_be_put_aside_from_pending_until_the_decision() {
    let server = Server::standing().manual();
    let device = Who::device();
    let mut enrolment = device.enrolment(&server);
    assert!(enrolment.save().is_none());
    let request = until_sent(&mut enrolment, device.key, &server, NOW);
    assert!(enrolment.save().is_none());
    enrolment.received(&server.handle(&request)).unwrap();
    let saved = enrolment.save().unwrap();
    pause(&mut enrolment, NOW);
    assert_eq!(enrolment.save().unwrap(), saved);
    // A poll whose answer never comes is a reason to put it aside, too.
    until_sent(&mut enrolment, device.key, &server, after(60));
    assert_eq!(enrolment.save().unwrap(), saved);
    server.approve();
    drive(&mut enrolment, device.key, &server).unwrap();
    assert!(enrolment.save().is_none());
}

#[test]
fn what_is_put_aside_holds_no_secret_and_prints_nothing() {
    let server = Server::standing().manual();
    let saved = pending(&server, &Who::device()).save().unwrap();
    assert!(!saved.as_bytes().windows(6).any(|window| window == b"secret"));
    assert_eq!(format!("{saved:?}"), format!("Saved({} bytes)", saved.as_bytes().len()));
    assert_eq!(Saved::from_bytes(saved.as_bytes().to_vec()), saved);
}

#[test]
fn a_resumed_enrolment_polls_at_once_and_says_the_same_as_before() {
    let server = Server::standing().manual();
    let device = Who::device();
    let enrolment = pending(&server, &device);
    let saved = enrolment.save().unwrap();
    let mut resumed = Enrolment::resume(&saved, &RustCrypto).unwrap();
    assert_eq!(resumed.transaction_id(), enrolment.transaction_id());
    assert_eq!(resumed.signer_key(), Some(device.key.public_key()));
    assert_eq!(resumed.save().unwrap(), saved);
    assert_eq!(pause(&mut resumed, NOW), None);
    server.approve();
    let chain = drive(&mut resumed, device.key, &server).unwrap();
    assert_eq!(chain[0].public_key(), device.key.public_key());
    let seen = server.seen.borrow();
    assert_eq!(*seen.last().unwrap(), (MessageType::CertPoll, PkiStatus::Success));
}

/// Who resumes is patient anew: the limit is an option, and options are not put aside.
#[test]
fn a_resumed_enrolment_counts_its_polls_anew() {
    let server = Server::standing().manual();
    let device = Who::device();
    let mut enrolment = pending(&server, &device);
    for _ in 0..3 {
        enrolment = Enrolment::resume(&enrolment.save().unwrap(), &RustCrypto).unwrap();
        enrolment.options().max_polls = Some(1);
        let request = until_sent(&mut enrolment, device.key, &server, NOW);
        enrolment.received(&server.handle(&request)).unwrap();
        // There is nothing to wait for.
        let error = enrolment.step(NOW).unwrap_err();
        assert_eq!(error, UnacceptableReply::StillPending(1).into());
    }
}

#[test]
fn a_resumed_renewal_opens_the_reply_with_the_old_key() {
    let server = Server::standing().manual();
    let device = Who::device();
    let old = server.issue(&device.csr(None));
    let csr = Who { key: &keys::NEW, ..device }.csr(None);
    let url = crate::common::URL;
    let mut renewal = Enrolment::renew(url, old, csr, server.trust(), &RustCrypto).unwrap();
    assert_eq!(drive(&mut renewal, device.key, &server).unwrap_err(), waiting());
    server.approve();
    let mut resumed = Enrolment::resume(&renewal.save().unwrap(), &RustCrypto).unwrap();
    assert_eq!(resumed.signer_key(), Some(device.key.public_key()));
    let chain = drive(&mut resumed, device.key, &server).unwrap();
    assert_eq!(chain[0].public_key(), keys::NEW.public_key());
}

/// The CA that was believed is the CA that is believed.
#[test]
fn a_resumed_enrolment_takes_no_certificate_of_another_ca() {
    let server = Server::standing().manual();
    let device = Who::device();
    let saved = pending(&server, &device).save().unwrap();
    let mut resumed = Enrolment::resume(&saved, &RustCrypto).unwrap();
    let request = until_sent(&mut resumed, device.key, &server, NOW);
    // A CA of the same name with another key, which somebody on the way runs.
    let other = Server::with_ra(&keys::STRANGER);
    let reply = crate::common::pki_message::PkiMessage::success(
        &server,
        request.body(),
        [&other.issue(&device.csr(None))],
    );
    let error = crate::common::receive(&mut resumed, device.key, reply.to_der()).unwrap_err();
    assert_eq!(error, UnacceptableReply::NotSignedByCa.into());
}

#[test]
fn a_server_may_have_moved_meanwhile() {
    let server = Server::standing().manual();
    let device = Who::device();
    let saved = pending(&server, &device).save().unwrap();
    let mut resumed = Enrolment::resume(&saved, &RustCrypto).unwrap();
    let request = until_sent(&mut resumed, device.key, &server, NOW);
    assert_eq!(request.uri().host(), Some("ca.test"));
    resumed.move_to("https://new.test/x").unwrap();
    let request = until_sent(&mut resumed, device.key, &server, NOW);
    assert_eq!(request.uri(), "https://new.test/x?operation=PKIOperation");
    server.approve();
    assert!(drive(&mut resumed, device.key, &server).is_ok());
}

fn resume(octets: Vec<u8>) -> Result<Enrolment, devicecert_scep::Error> {
    Enrolment::resume(&Saved::from_bytes(octets), &RustCrypto)
}

#[test]
fn what_was_put_aside_and_cut_short_is_refused() {
    let server = Server::standing().manual();
    let saved = pending(&server, &Who::device()).save().unwrap();
    let octets = saved.as_bytes();
    for length in 0..octets.len() {
        assert_eq!(resume(octets[..length].to_vec()).unwrap_err(), Misuse::Saved.into());
    }
    // Cut short inside, with the outer length put right.
    let fields = Tlv::parse(octets, "saved").unwrap().value;
    for length in 0..fields.len() {
        let cut = devicecert_pki::asn1::Writer::build(|w| w.value(0x30, &fields[..length]));
        assert_eq!(resume(cut).unwrap_err(), Misuse::Saved.into(), "{length}");
    }
    let more = [octets, &[0]].concat();
    assert_eq!(resume(more).unwrap_err(), Misuse::Saved.into());
    assert!(resume(octets.to_vec()).is_ok());
}

#[test]
fn what_was_put_aside_and_damaged_is_refused_or_another_enrolment_never_a_panic() {
    let server = Server::standing().manual();
    let saved = pending(&server, &Who::device()).save().unwrap();
    for at in 0..saved.as_bytes().len() {
        for flip in [0x01, 0x20, 0x80, 0xff] {
            let mut octets = saved.as_bytes().to_vec();
            octets[at] ^= flip;
            match resume(octets) {
                Ok(enrolment) => assert_ne!(
                    enrolment.save().unwrap(),
                    saved,
                    "{at} {flip:#04x} {:02x?}",
                    &saved.as_bytes()[at.saturating_sub(8)..at + 4]
                ),
                Err(error) => assert_eq!(error, Misuse::Saved.into()),
            }
        }
    }
}

#[test]
fn another_version_is_refused() {
    let server = Server::standing().manual();
    let mut octets = pending(&server, &Who::device()).save().unwrap().as_bytes().to_vec();
    let version = octets.windows(3).position(|window| window == [2, 1, 1]).unwrap();
    octets[version + 2] = 2;
    assert_eq!(resume(octets).unwrap_err(), Misuse::Saved.into());
}
