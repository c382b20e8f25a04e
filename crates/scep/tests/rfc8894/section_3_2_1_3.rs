//! §3.2.1.3 pkiStatus.

use devicecert_pki::asn1::tag;
use devicecert_scep::error::InvalidMessage;
use devicecert_scep::{AttributeName, Error, FailInfo, PkiStatus};

use crate::common::pki_message::{PkiMessage, printable, string};
use crate::common::{NOW, Server, Who, receive, until_sent, waiting};

const NAME: AttributeName = AttributeName::PkiStatus;

#[test]
fn the_code_points_of_the_rfc() {
    for (status, code, printed) in [
        (PkiStatus::Success, 0, "SUCCESS (0)"),
        (PkiStatus::Failure, 2, "FAILURE (2)"),
        (PkiStatus::Pending, 3, "PENDING (3)"),
    ] {
        assert_eq!(status.code(), code);
        assert_eq!(status.to_string(), printed);
    }
}

#[test]
fn every_reply_has_one_as_decimal_text() {
    let device = Who::device();
    let granting = Server::standing();
    let reply = granting.reply(&PkiMessage::pkcs_req(&device, &granting).to_der());
    assert_eq!(reply.text(NAME).unwrap(), "0");
    let refused = PkiMessage::request(&device, "18", Vec::new()).to_der();
    assert_eq!(granting.reply(&refused).text(NAME).unwrap(), "2");
    let waiting = Server::standing().manual();
    let reply = waiting.reply(&PkiMessage::pkcs_req(&device, &waiting).to_der());
    assert_eq!(reply.text(NAME).unwrap(), "3");
}

/// What a device makes of a SUCCESS with this in place of pkiStatus, twice.
fn received(change: impl FnOnce(PkiMessage) -> PkiMessage) -> Error {
    let server = Server::standing();
    let device = Who::device();
    let mut enrolment = device.enrolment(&server);
    let request = until_sent(&mut enrolment, device.key, &server, NOW);
    let issued = server.issue(&device.csr(None));
    let reply = change(PkiMessage::success(&server, request.body(), [&issued])).to_der();
    let error = receive(&mut enrolment, device.key, reply).unwrap_err();
    if error != waiting() {
        assert_eq!(enrolment.step(NOW).unwrap_err(), error);
    }
    error
}

#[test]
fn an_undefined_one_is_an_error() {
    for text in ["1", "4", "00", "02", "-0", "+0", " 0", "0 ", "", "SUCCESS", "255"] {
        let error = received(|reply| reply.with(NAME, printable(text)));
        assert_eq!(error, InvalidMessage::Attribute { name: "pkiStatus" }.into(), "{text:?}");
    }
    let error = received(|reply| reply.with(NAME, vec![tag::INTEGER, 1, 0]));
    assert_eq!(error, InvalidMessage::Attribute { name: "pkiStatus" }.into());
}

#[test]
fn a_missing_one_is_an_error() {
    let error = received(|reply| reply.without(NAME));
    assert_eq!(error, InvalidMessage::Missing { name: "pkiStatus" }.into());
}

#[test]
fn two_are_an_error() {
    let error = received(|reply| reply.and(NAME.oid(), printable("2")));
    assert!(matches!(error, Error::Pki(devicecert_pki::Error::Rejected(_))), "{error}");
}

#[test]
fn what_it_says_counts_whatever_the_envelope_holds() {
    assert_eq!(received(|reply| reply.with(NAME, printable("3"))), waiting());
    let failure = |reply: PkiMessage| {
        reply
            .with(NAME, string(tag::UTF8_STRING, "2"))
            .with(AttributeName::FailInfo, printable("3"))
    };
    let Error::Refused(refusal) = received(failure) else { panic!("not refused") };
    assert_eq!(refusal.fail_info, FailInfo::BadTime);
}
