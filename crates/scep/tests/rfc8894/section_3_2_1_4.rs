//! §3.2.1.4 failInfo and failInfoText.

use const_oid::ObjectIdentifier;
use devicecert_crypto_rust::RustCrypto;
use devicecert_pki as pki;
use devicecert_pki::asn1::{Tlv, tag};
use devicecert_pki::error::{KeyError, Rejected, Unsupported};
use devicecert_scep::error::{InvalidMessage, InvalidOperation, Misuse, UnacceptableReply};
use devicecert_scep::{AttributeName, Decision, Error, FailInfo, MessageType, PkiStatus, Refusal};

use crate::common::pki_message::{PkiMessage, Received, printable, string};
use crate::common::{NOW, Server, Who, receive, until_sent};

const NAME: AttributeName = AttributeName::FailInfo;
const TEXT: AttributeName = AttributeName::FailInfoText;

/// What a device makes of a FAILURE with this failInfo, twice.
fn received(change: impl FnOnce(PkiMessage) -> PkiMessage) -> Error {
    let server = Server::standing();
    let device = Who::device();
    let mut enrolment = device.enrolment(&server);
    let request = until_sent(&mut enrolment, device.key, &server, NOW);
    let reply = change(PkiMessage::reply(&server, request.body(), PkiStatus::Failure));
    let error = receive(&mut enrolment, device.key, reply.to_der()).unwrap_err();
    assert_eq!(enrolment.step(NOW).unwrap_err(), error);
    error
}

fn refusal(change: impl FnOnce(PkiMessage) -> PkiMessage) -> Refusal {
    match received(change) {
        Error::Refused(refusal) => refusal,
        other => panic!("{other}"),
    }
}

/// What a server sends whose policy refuses like this.
fn refused_with(refusal: Refusal) -> Received {
    let server = Server::standing();
    let request = server.open(&PkiMessage::pkcs_req(&Who::device(), &server).to_der());
    let reply = request.reply(Decision::Refuse(refusal), &server.authority, &RustCrypto).unwrap();
    Received::parse(reply.sign(server.key).unwrap().as_der())
}

#[test]
fn the_code_points_of_the_rfc() {
    for (fail_info, code, printed) in [
        (FailInfo::BadAlg, 0, "badAlg (0)"),
        (FailInfo::BadMessageCheck, 1, "badMessageCheck (1)"),
        (FailInfo::BadRequest, 2, "badRequest (2)"),
        (FailInfo::BadTime, 3, "badTime (3)"),
        (FailInfo::BadCertId, 4, "badCertId (4)"),
        (FailInfo::Other(12), 12, "undefined (12)"),
    ] {
        assert_eq!((fail_info.code(), fail_info.to_string()), (code, printed.to_owned()));
        let code = code.to_string();
        assert_eq!(refused_with(Refusal::new(fail_info)).text(NAME).unwrap(), code);
        assert_eq!(refusal(|reply| reply.with(NAME, printable(&code))).fail_info, fail_info);
    }
}

#[test]
fn a_failure_has_one_and_nothing_else_has() {
    let device = Who::device();
    let server = Server::standing();
    assert!(server.reply(&PkiMessage::pkcs_req(&device, &server).to_der()).value(NAME).is_none());
    let server = Server::standing().manual();
    assert!(server.reply(&PkiMessage::pkcs_req(&device, &server).to_der()).value(NAME).is_none());
    let nothing = PkiMessage::request(&device, "18", Vec::new()).to_der();
    assert!(server.reply(&nothing).value(NAME).is_some());
}

/// Some CAs use the numbers of CMC, and one was seen to send 14606.
#[test]
fn a_number_that_the_rfc_does_not_define_is_a_refusal_all_the_same() {
    for code in [5, 8, 11, 12, 13, 255, 14606, u32::MAX] {
        let found = refusal(|reply| reply.with(NAME, printable(&code.to_string())));
        assert_eq!(found.fail_info, FailInfo::Other(code));
    }
}

#[test]
fn a_failure_without_one_is_no_valid_reply() {
    assert_eq!(received(|reply| reply), InvalidMessage::Missing { name: "failInfo" }.into());
}

#[test]
fn what_is_no_number_is_none() {
    for text in ["", "badAlg", "-1", "4294967296", "2 "] {
        let error = received(|reply| reply.with(NAME, printable(text)));
        assert_eq!(error, InvalidMessage::Attribute { name: "failInfo" }.into(), "{text:?}");
    }
}

#[test]
fn the_text_is_utf8_out() {
    let text = "Bitte prüfen: 証明書 ✗";
    let reply = refused_with(Refusal::new(FailInfo::BadRequest).because(text));
    assert_eq!(reply.value(TEXT).unwrap(), (tag::UTF8_STRING, text.as_bytes().to_vec()));
    assert_eq!(reply.text(NAME).unwrap(), "2");
    assert!(refused_with(Refusal::new(FailInfo::BadRequest)).value(TEXT).is_none());
}

/// step-ca writes a PrintableString, as Go does of its own accord.
#[test]
fn the_text_is_of_any_string_type_in() {
    for (tag, octets) in [
        (tag::UTF8_STRING, "über".as_bytes()),
        (tag::PRINTABLE_STRING, "über".as_bytes()),
        (tag::TELETEX_STRING, b"\xfcber"),
        (tag::BMP_STRING, b"\0\xfc\0b\0e\0r"),
    ] {
        let value = devicecert_pki::asn1::Writer::build(|w| w.value(tag, octets));
        let found = refusal(|reply| reply.with(NAME, printable("2")).with(TEXT, value));
        assert_eq!(found.text.as_deref(), Some("über"), "{tag:#04x}");
    }
}

#[test]
fn the_text_is_for_people_and_cannot_harm_their_terminal() {
    let found = refusal(|reply| {
        let text = string(tag::UTF8_STRING, "no\u{1b}[31m\n\"quoted\"");
        reply.with(NAME, printable("2")).with(TEXT, text)
    });
    let printed = Error::Refused(found).to_string();
    assert_eq!(
        printed,
        "the server refused: failInfo badRequest (2), failInfoText \"no\\u{1b}[31m\\n\\\"quoted\\\"\""
    );
}

#[test]
fn no_text_is_needed() {
    let found = refusal(|reply| reply.with(NAME, printable("4")));
    assert_eq!(found, Refusal::new(FailInfo::BadCertId));
    assert_eq!(found.to_string(), "the server refused: failInfo badCertId (4)");
}

#[test]
fn what_a_peer_is_told_of_each_error() {
    let oid = ObjectIdentifier::new_unwrap("1.2.3");
    let malformed = Tlv::parse(&[0x30], "a value").unwrap_err();
    let pki: [(pki::Error, FailInfo); 11] = [
        (Unsupported::Algorithm { what: "", oid }.into(), FailInfo::BadAlg),
        (Unsupported::Parameters { what: "", oid }.into(), FailInfo::BadAlg),
        (Unsupported::Legacy("").into(), FailInfo::BadAlg),
        (Unsupported::Backend("").into(), FailInfo::BadAlg),
        (Unsupported::PublicKey("").into(), FailInfo::BadAlg),
        (malformed, FailInfo::BadMessageCheck),
        (Rejected::Signature("").into(), FailInfo::BadMessageCheck),
        (Rejected::NoRecipient.into(), FailInfo::BadMessageCheck),
        (Rejected::Undecryptable.into(), FailInfo::BadMessageCheck),
        (KeyError::Failed.into(), FailInfo::BadMessageCheck),
        (pki::error::Misuse::Signature.into(), FailInfo::BadMessageCheck),
    ];
    for (error, expected) in pki {
        assert_eq!(FailInfo::from(&Error::from(error.clone())), expected, "{error}");
    }
    let ours: [(Error, FailInfo); 9] = [
        (InvalidMessage::Missing { name: "" }.into(), FailInfo::BadRequest),
        (InvalidMessage::Attribute { name: "" }.into(), FailInfo::BadRequest),
        (InvalidMessage::MessageType(MessageType::CertRep).into(), FailInfo::BadRequest),
        (InvalidMessage::Content.into(), FailInfo::BadRequest),
        // As if there were one that does not open.
        (InvalidMessage::NoEnvelope.into(), FailInfo::BadMessageCheck),
        (InvalidOperation::Missing.into(), FailInfo::BadMessageCheck),
        (UnacceptableReply::Signer.into(), FailInfo::BadMessageCheck),
        (Error::Refused(Refusal::new(FailInfo::BadTime)), FailInfo::BadMessageCheck),
        (Misuse::Saved.into(), FailInfo::BadMessageCheck),
    ];
    for (error, expected) in ours {
        assert_eq!(FailInfo::from(&error), expected, "{error}");
    }
}
