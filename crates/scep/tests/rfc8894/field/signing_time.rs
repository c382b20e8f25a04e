//! signingTime (RFC 5652 §11.3), which RFC 8894 neither asks for nor forbids. Devices have no clock
//! before they are on a network, so that it decides nothing here; a policy can ask for it.

use devicecert_pki::asn1::{Writer, tag};
use devicecert_pki::{Time, oid};
use devicecert_scep::{PkiStatus, Tolerance};

use crate::common::pki_message::{PkiMessage, printable, utc_time};
use crate::common::{NOW, Server, Who, receive, until_sent, waiting};

fn time(tag: u8, text: &str) -> Option<Vec<u8>> {
    Some(Writer::build(|w| w.value(tag, text.as_bytes())))
}

/// Who writes it like that, how it stands there, and what a policy gets.
type Variant = (&'static str, Option<Vec<u8>>, Option<Time>);

fn variants() -> [Variant; 10] {
    let utc = |text| time(tag::UTC_TIME, text);
    let generalized = |text| time(tag::GENERALIZED_TIME, text);
    // 2027-01-15T08:00:00Z
    let now = Some(NOW);
    // date -u -d 2099-12-31T23:59:59Z +%s
    let far = Some(Time::from_unix(4_102_444_799));
    [
        ("absent: NDES, this project", None, None),
        ("UTCTime: Apple, Windows, cryptlib", utc("270115080000Z"), now),
        ("UTCTime with an offset: Go", utc("270115040000-0400"), now),
        ("UTCTime without seconds: BER", utc("2701150800Z"), now),
        ("GeneralizedTime before 2050", generalized("20270115080000Z"), now),
        ("GeneralizedTime with a fraction", generalized("20270115080000.123Z"), now),
        ("a clock that was never set", utc("700101000000Z"), Some(Time::from_unix(0))),
        ("a clock that is years ahead", generalized("20991231235959Z"), far),
        ("a date that there is not", utc("279915080000Z"), None),
        ("text", Some(printable("yesterday")), None),
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
    server.authority.tolerance = Tolerance::STRICT;
    for (name, time, read) in variants() {
        let message = with(PkiMessage::pkcs_req(&Who::device(), &server), time);
        assert_eq!(server.open(&message).transaction().signing_time(), read, "{name}");
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
    for (name, time, _) in variants() {
        for status in [PkiStatus::Success, PkiStatus::Pending] {
            let mut enrolment = device.enrolment(&server);
            enrolment.options().tolerance = Tolerance::STRICT;
            let request = until_sent(&mut enrolment, device.key, &server, NOW);
            let reply = match status {
                PkiStatus::Success => PkiMessage::success(&server, request.body(), [&issued]),
                other => PkiMessage::reply(&server, request.body(), other),
            };
            let received = receive(&mut enrolment, device.key, with(reply, time.clone()));
            match status {
                PkiStatus::Success => assert_eq!(received.unwrap()[0], issued, "{name}"),
                _ => assert_eq!(received.unwrap_err(), waiting(), "{name}"),
            }
        }
    }
}

/// Which of two would count?
#[test]
fn two_signing_times_are_none() {
    let server = Server::standing();
    let [_, one, ..] = variants();
    let message = PkiMessage::pkcs_req(&Who::device(), &server);
    let message = with(message.and(oid::SIGNING_TIME, utc_time("700101000000Z")), one.1);
    assert_eq!(server.open(&message).transaction().signing_time(), None);
    assert_eq!(server.reply(&message).outcome().0, "0");
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
