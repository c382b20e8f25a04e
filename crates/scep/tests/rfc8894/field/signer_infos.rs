//! SignerInfos that name their signer otherwise, sort their attributes otherwise, or are not one.

use devicecert_crypto_rust::RustCrypto;
use devicecert_pki::algorithm::DigestAlgorithm;
use devicecert_pki::asn1::{Writer, tag};
use devicecert_pki::cms::SignerIdentifier;
use devicecert_pki::error::Rejected;
use devicecert_pki::{Provider, Signer, oid};
use devicecert_scep::{
    AttributeName, Enrolment, Error, FailInfo, Message, MessageType, PkiStatus, Tolerance,
};

use crate::common::certificates::draft;
use crate::common::pki_message::{Order, PkiMessage, Received, octets, printable};
use crate::common::surgery::{SIGNED_DATA, SIGNER_INFO, SIGNER_INFOS, at, changed, children};
use crate::common::{NOW, Server, Who, asks_again, keys, receive, until_sent, waiting};

fn rejected(rejected: Rejected) -> Error {
    devicecert_pki::Error::from(rejected).into()
}

fn integer(value: u64) -> Vec<u8> {
    Writer::build(|w| w.unsigned(value))
}

/// The message with these versions of SignedData and SignerInfo.
fn with_versions(message: &[u8], [outer, inner]: [u64; 2]) -> Vec<u8> {
    let message = changed(message, &[SIGNED_DATA, &[0]].concat(), |_| integer(outer));
    changed(&message, &[SIGNER_INFO, &[0]].concat(), |_| integer(inner))
}

/// The message with another sid in its SignerInfo.
fn with_sid(message: &[u8], sid: &[u8]) -> Vec<u8> {
    changed(message, &[SIGNER_INFO, &[1]].concat(), |_| sid.to_vec())
}

fn asked(server: &Server, tolerance: Tolerance) -> (Enrolment, http::Request<Vec<u8>>) {
    let device = Who::device();
    let mut enrolment = device.enrolment(server);
    enrolment.options().tolerance = tolerance;
    let request = until_sent(&mut enrolment, device.key, server, NOW);
    (enrolment, request)
}

/// What a device makes of a PENDING after a change.
fn received(tolerance: Tolerance, change: impl FnOnce(&Server, &[u8]) -> Vec<u8>) -> Error {
    let server = Server::standing();
    let (mut enrolment, request) = asked(&server, tolerance);
    let reply = change(&server, request.body());
    let error = receive(&mut enrolment, Who::device().key, reply).unwrap_err();
    if error != waiting() {
        assert!(asks_again(&mut enrolment, &request));
    }
    error
}

fn pending(server: &Server, request: &[u8]) -> Vec<u8> {
    PkiMessage::reply(server, request, PkiStatus::Pending).to_der()
}

/// Windows names the signer so in its other protocol, WSTEP; some write PKCS #7's version 1 for it.
#[test]
fn a_signer_that_is_named_by_its_key_identifier_in_a_request() {
    let mut server = Server::standing();
    server.authority.tolerance = Tolerance::STRICT;
    let device = Who::device();
    let identifier =
        RustCrypto.digest(DigestAlgorithm::Sha1, device.key.public_key().key_bits()).unwrap();
    let signer = draft(device.name, &keys::DEVICE)
        .extension(oid::SUBJECT_KEY_IDENTIFIER, false, octets(&identifier))
        .self_signed();
    let honest = PkiMessage::pkcs_req(&device, &server).signed_by(signer, device.key).to_der();
    let sid = Writer::build(|w| w.value(tag::primitive(0), &identifier));
    for versions in [[3, 3], [1, 1], [1, 3], [3, 1]] {
        let message = with_versions(&with_sid(&honest, &sid), versions);
        let named = Received::parse(&message).0.signer().unwrap().identifier().clone();
        assert_eq!(named, SignerIdentifier::SubjectKeyIdentifier(identifier.clone()));
        assert_eq!(server.reply(&message).outcome().0, "0", "{versions:?}");
    }
    // A certificate without the extension is not meant by it.
    let honest = PkiMessage::pkcs_req(&device, &server).to_der();
    let error = server.verify(&with_sid(&honest, &sid)).unwrap_err();
    assert_eq!(error, rejected(Rejected::NoSignerCertificate));
}

#[test]
fn a_signer_that_is_named_by_its_key_identifier_in_a_reply() {
    let sid = |server: &Server| {
        let ca = server.authority.ca().extensions().subject_key_identifier().unwrap().to_vec();
        Writer::build(|w| w.value(tag::primitive(0), &ca))
    };
    for versions in [[3, 3], [1, 1], [1, 3], [3, 1]] {
        let error = received(Tolerance::STRICT, |server, request| {
            with_versions(&with_sid(&pending(server, request), &sid(server)), versions)
        });
        assert_eq!(error, waiting(), "{versions:?}");
    }
}

/// Clients that write the issuer anew choose their own string types, here as for recipients.
#[test]
fn a_signer_whose_issuer_is_spelt_otherwise() {
    let mut server = Server::standing();
    let device = Who::device();
    let honest = PkiMessage::pkcs_req(&device, &server).to_der();
    // The text of the first attribute of the first RDN of the issuer.
    let place = [SIGNER_INFO, &[1, 0, 0, 0, 1]].concat();
    let respelt = changed(&honest, &place, |text| {
        assert_eq!(text[0], tag::UTF8_STRING);
        [&[tag::PRINTABLE_STRING], &text[1..]].concat()
    });
    assert_eq!(server.reply(&respelt).outcome().0, "0");
    server.authority.tolerance.cms.respelt_issuer = false;
    let error = server.verify(&respelt).unwrap_err();
    assert_eq!(error, rejected(Rejected::NoSignerCertificate));
    assert_eq!(server.reply(&respelt).outcome().1.unwrap(), "1");
}

/// Stacks that take SET OF for SEQUENCE OF: the signature is over the order sent, which is all
/// that RFC 5652 §5.4 leaves to say.
#[test]
fn attributes_sent_and_signed_in_another_order() {
    let mut server = Server::standing();
    server.authority.tolerance = Tolerance::STRICT;
    let mut message = PkiMessage::pkcs_req(&Who::device(), &server);
    message.order = Order::Reversed;
    assert_eq!(server.reply(&message.to_der()).outcome().0, "0");
    let error = received(Tolerance::STRICT, |server, request| {
        let mut reply = PkiMessage::reply(server, request, PkiStatus::Pending);
        reply.order = Order::Reversed;
        reply.to_der()
    });
    assert_eq!(error, waiting());
}

/// SCEPy: sent in one order, signed in that of DER.
#[test]
fn attributes_sent_in_another_order_than_signed() {
    let reversed = |message: &[u8]| {
        changed(message, &[SIGNER_INFO, &[3]].concat(), |attributes| {
            let mut all = children(attributes);
            all.reverse();
            Writer::build(|w| w.value(tag::constructed(0), &all.concat()))
        })
    };
    let wrong = rejected(Rejected::Signature("the message"));
    let mut server = Server::standing();
    let message = reversed(&PkiMessage::pkcs_req(&Who::device(), &server).to_der());
    assert_eq!(server.reply(&message).outcome().0, "0");
    server.authority.tolerance.cms.resorted_attributes = false;
    assert_eq!(server.verify(&message).unwrap_err(), wrong);
    assert_eq!(server.reply(&message).outcome().1.unwrap(), "1");

    let reply = |server: &Server, request: &[u8]| reversed(&pending(server, request));
    assert_eq!(received(Tolerance::default(), reply), waiting());
    assert_eq!(received(Tolerance::STRICT, reply), wrong);
}

/// Libraries exist that check every signature and read the attributes of the first signer, and one
/// that finds a message without signers well signed (CVE-2026-59639).
#[test]
fn no_signer_and_two_signers_are_neither_believed_nor_answered() {
    let several = |message: &[u8], count: usize| {
        let infos = vec![at(message, SIGNER_INFO); count];
        changed(message, SIGNER_INFOS, |_| Writer::build(|w| w.value(tag::SET, &infos.concat())))
    };
    let server = Server::standing();
    let honest = PkiMessage::pkcs_req(&Who::device(), &server).to_der();
    for count in [0, 2] {
        let expected = rejected(Rejected::SignerCount(count));
        let message = several(&honest, count);
        let message = Message::parse(&message, &server.authority.limits).unwrap();
        let error = message.verify(&server.authority, &RustCrypto).unwrap_err();
        assert_eq!(error, expected);
        assert_eq!(FailInfo::from(&error), FailInfo::BadMessageCheck);
        // Whose transactionID would it be?
        assert!(message.refuse(&error, &server.authority, &RustCrypto).unwrap().is_none());
        let error = received(Tolerance::default(), |server, request| {
            several(&pending(server, request), count)
        });
        assert_eq!(error, expected);
    }
    assert!(server.seen.borrow().is_empty());
}

/// Of PKIs that have them: they make SignedData version 3, 4 or 5 (RFC 5652 §5.1), and are nothing
/// to SCEP.
#[test]
fn attribute_certificates_beside_the_signers() {
    let with = |message: &[u8], version, choice: u8| {
        let other = Writer::build(|w| w.value(tag::constructed(choice), &octets(b"who knows")));
        let message = changed(message, &[SIGNED_DATA, &[3]].concat(), |certificates| {
            let all = [children(certificates), vec![other]].concat();
            Writer::build(|w| w.value(tag::constructed(0), &all.concat()))
        });
        with_versions(&message, [version, 1])
    };
    let mut server = Server::standing();
    server.authority.tolerance = Tolerance::STRICT;
    let honest = PkiMessage::pkcs_req(&Who::device(), &server).to_der();
    for (choice, version) in [(1, 3), (2, 4), (3, 5)] {
        for version in [version, 1] {
            let message = with(&honest, version, choice);
            assert_eq!(server.reply(&message).outcome().0, "0", "[{choice}] {version}");
            let error = received(Tolerance::STRICT, |server, request| {
                with(&pending(server, request), version, choice)
            });
            assert_eq!(error, waiting(), "[{choice}] {version}");
        }
    }
    // Without them there is nothing that such a version would be for.
    for version in [0, 2, 3, 4, 5] {
        let error = server.verify(&with_versions(&honest, [version, 1])).unwrap_err();
        assert_eq!(error, rejected(Rejected::Version("SignedData")), "{version}");
    }
}

/// No signature covers them, so that they decide nothing.
#[test]
fn unsigned_attributes_that_contradict_the_signed_ones() {
    let mut server = Server::standing();
    server.authority.tolerance = Tolerance::STRICT;
    let unsigned = Writer::build(|w| {
        w.nested(tag::constructed(1), |w| {
            w.sequence(|w| {
                w.oid(&AttributeName::MessageType.oid());
                w.value(tag::SET, &printable("18"));
            });
        });
    });
    let honest = PkiMessage::pkcs_req(&Who::device(), &server).to_der();
    let message = changed(&honest, SIGNER_INFO, |info| {
        let fields = [children(info), vec![unsigned]].concat();
        Writer::build(|w| w.value(tag::SEQUENCE, &fields.concat()))
    });
    assert_eq!(server.open(&message).transaction().message_type(), MessageType::PkcsReq);
    assert_eq!(server.reply(&message).outcome().0, "0");
}
