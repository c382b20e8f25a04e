//! signingTime (RFC 5652 §11.3), which RFC 8894 neither asks for nor forbids. Devices have no clock
//! before they are on a network, so that it decides nothing.

use devicecert_pki::asn1::{Writer, tag};
use devicecert_pki::oid;
use devicecert_scep::PkiStatus;

use crate::common::pki_message::{PkiMessage, printable};
use crate::common::{NOW, Server, Who, receive, until_sent};

fn time(tag: u8, text: &str) -> Option<Vec<u8>> {
    Some(Writer::build(|w| w.value(tag, text.as_bytes())))
}

/// As it stands there, and who writes it like that. [`NOW`] is 2027-01-15T08:00:00Z.
fn variants() -> [(&'static str, Option<Vec<u8>>); 10] {
    [
        ("absent: NDES, this project", None),
        ("UTCTime: Apple, Windows, cryptlib", time(tag::UTC_TIME, "270115080000Z")),
        ("UTCTime with an offset: Go", time(tag::UTC_TIME, "270115040000-0400")),
        ("UTCTime without seconds: BER", time(tag::UTC_TIME, "2701150800Z")),
        ("GeneralizedTime before 2050", time(tag::GENERALIZED_TIME, "20270115080000Z")),
        ("GeneralizedTime with a fraction", time(tag::GENERALIZED_TIME, "20270115080000.123Z")),
        ("of a clock that was never set", time(tag::UTC_TIME, "700101000000Z")),
        ("of a clock that is years ahead", time(tag::GENERALIZED_TIME, "20991231235959Z")),
        ("a date that there is not", time(tag::UTC_TIME, "279915080000Z")),
        ("text", Some(printable("yesterday"))),
    ]
}

fn with(message: PkiMessage, time: Option<Vec<u8>>) -> Vec<u8> {
    match time {
        Some(time) => message.and(oid::SIGNING_TIME, time).to_der(),
        None => message.to_der(),
    }
}

#[test]
fn a_request_is_granted_whatever_its_signing_time_is() {
    let mut server = Server::standing();
    server.authority.tolerance = devicecert_scep::Tolerance::STRICT;
    for (name, time) in variants() {
        let message = with(PkiMessage::pkcs_req(&Who::device(), &server), time);
        let reply = server.reply(&message);
        assert_eq!(reply.outcome(), ("0".to_owned(), None), "{name}");
        let attributes = reply.0.signer().unwrap().unverified_attributes();
        assert!(attributes.iter().all(|one| one.oid != oid::SIGNING_TIME), "{name}");
    }
}

#[test]
fn a_reply_is_read_whatever_its_signing_time_is() {
    let server = Server::standing();
    let device = Who::device();
    let issued = server.issue(&device.csr(None));
    for (name, time) in variants() {
        for status in [PkiStatus::Success, PkiStatus::Pending] {
            let mut enrolment = device.enrolment(&server);
            enrolment.options().tolerance = devicecert_scep::Tolerance::STRICT;
            let request = until_sent(&mut enrolment, device.key, &server, NOW);
            let reply = match status {
                PkiStatus::Success => PkiMessage::success(&server, request.body(), [&issued]),
                other => PkiMessage::reply(&server, request.body(), other),
            };
            let received = receive(&mut enrolment, device.key, with(reply, time.clone()));
            match status {
                PkiStatus::Success => assert_eq!(received.unwrap()[0], issued, "{name}"),
                _ => assert_eq!(received.unwrap_err(), crate::common::waiting(), "{name}"),
            }
        }
    }
}

/// It is signed like every attribute.
#[test]
fn an_altered_signing_time_spoils_the_signature() {
    let server = Server::standing();
    let honest = with(PkiMessage::pkcs_req(&Who::device(), &server), variants()[1].1.clone());
    let at = honest.windows(13).position(|window| window == b"270115080000Z").unwrap();
    let mut altered = honest;
    altered[at] = b'3';
    assert_eq!(server.reply(&altered).outcome().1.unwrap(), "1");
}
