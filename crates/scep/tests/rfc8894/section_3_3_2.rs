//! §3.3.2 CertRep: the answer to every request.

use core::time::Duration;

use devicecert_crypto_rust::RustCrypto;
use devicecert_pki::cms::{Bundle, Content as Signed, Seal};
use devicecert_pki::error::Rejected;
use devicecert_pki::{Certificate, Limits, Signer, Validity};
use devicecert_scep::error::{InvalidMessage, Misuse, UnacceptableReply};
use devicecert_scep::{
    AttributeName, Authorisation, Content, Decision, Error, FailInfo, PkiStatus, Refusal,
};

use crate::common::certificates::{YEAR, draft};
use crate::common::pki_message::{PkiMessage, Received, printable};
use crate::common::{
    NOW, Server, Who, asks_again, drive, keys, receive, root, until_sent, waiting,
};

/// What a device makes of the reply that `reply` writes to its request. What the CA itself says is
/// final, whatever it is.
fn received(reply: impl FnOnce(&Server, &[u8]) -> PkiMessage) -> Result<Vec<Certificate>, Error> {
    let server = Server::standing();
    let device = Who::device();
    let mut enrolment = device.enrolment(&server);
    let request = until_sent(&mut enrolment, device.key, &server, NOW);
    let reply = reply(&server, request.body()).to_der();
    let received = receive(&mut enrolment, device.key, reply);
    if let Err(error) = &received
        && *error != waiting()
    {
        assert_eq!(enrolment.step(NOW).unwrap_err(), *error);
        // Whatever comes later comes too late.
        let honest = server.answer(request.body()).unwrap();
        assert_eq!(enrolment.received(&honest), Err(Misuse::UnexpectedAnswer.into()));
    }
    received
}

/// Why a device does not believe that the reply is the CA's. Anybody may have sent it, and must
/// not end an enrolment with it: the reply of the CA is still taken.
fn not_believed(reply: impl FnOnce(&Server, &[u8]) -> PkiMessage) -> Error {
    let server = Server::standing();
    let device = Who::device();
    let mut enrolment = device.enrolment(&server);
    let request = until_sent(&mut enrolment, device.key, &server, NOW);
    let reply = reply(&server, request.body()).to_der();
    let error = receive(&mut enrolment, device.key, reply).unwrap_err();
    assert!(asks_again(&mut enrolment, &request));
    assert!(drive(&mut enrolment, device.key, &server).is_ok());
    error
}

fn issued(server: &Server) -> Certificate {
    server.issue(&Who::device().csr(None))
}

#[test]
fn success_holds_the_issued_certificate_alone() {
    let server = Server::standing();
    let message = PkiMessage::pkcs_req(&Who::device(), &server);
    let reply = server.reply(&message.to_der());
    let bundle = Bundle::parse(&reply.open(&message.signer, message.key), &Limits::default());
    let certificates: Result<Vec<_>, _> = bundle.unwrap().decoded(&Limits::default()).collect();
    let [certificate] = certificates.unwrap().try_into().unwrap();
    assert_eq!(certificate.public_key(), message.key.public_key());
}

/// A SET has no order, and there are clients that take the first.
#[test]
fn a_chain_goes_behind_the_issued_certificate() {
    let server = Server::standing();
    let message = PkiMessage::pkcs_req(&Who::device(), &server);
    let request = server.open(&message.to_der());
    // One that DER would sort in front of the issued one, being shorter.
    let short = draft("CN=A", &keys::EC).self_signed();
    let chain = vec![server.authority.ca().clone(), short];
    let issued = issued(&server);
    let decision = request.grant(Authorisation::by_administrator(), issued.clone()).unwrap();
    let Decision::Grant(grant) = decision else { panic!("{decision:?}") };
    assert_eq!(grant.certificate(), &issued);
    let decision = Decision::Grant(grant.with_chain(chain.clone()));
    let reply = request.reply(decision, &server.authority, &RustCrypto).unwrap();
    let reply = Received::parse(reply.sign(server.key).unwrap().as_der());
    let bundle = Bundle::parse(&reply.open(&message.signer, message.key), &Limits::default());
    let sent = bundle.unwrap();
    let expected = [&issued, &chain[0], &chain[1]].map(Certificate::as_der);
    assert_eq!(sent.certificates().collect::<Vec<_>>(), expected);
}

#[test]
fn failure_and_pending_hold_an_empty_octet_string() {
    let device = Who::device();
    let server = Server::standing().manual();
    let failure = server.reply(&PkiMessage::request(&device, "18", Vec::new()).to_der());
    let pending = server.reply(&PkiMessage::pkcs_req(&device, &server).to_der());
    assert_eq!((failure.outcome().0.as_str(), pending.outcome().0.as_str()), ("2", "3"));
    for reply in [failure, pending] {
        assert_eq!(*reply.0.unverified_content(), Signed::Octets(Vec::new()));
    }
}

/// Absent, empty, and the one octet of NDES.
#[test]
fn a_client_does_not_look_at_the_content_of_failure_and_pending() {
    for content in [None, Some(vec![]), Some(vec![0]), Some(b"anything".to_vec())] {
        let pending = received(|server, request| {
            let mut reply = PkiMessage::reply(server, request, PkiStatus::Pending);
            reply.content.clone_from(&content);
            reply
        });
        assert_eq!(pending.unwrap_err(), waiting());
        let failure = received(|server, request| {
            let mut reply = PkiMessage::reply(server, request, PkiStatus::Failure)
                .with(AttributeName::FailInfo, printable("2"));
            reply.content = content;
            reply
        });
        let refusal = Refusal::new(FailInfo::BadRequest);
        assert_eq!(failure.unwrap_err(), Error::Refused(refusal));
    }
}

#[test]
fn success_without_an_envelope_is_no_valid_reply() {
    let success = |content| {
        move |server: &Server, request: &[u8]| {
            let mut reply = PkiMessage::reply(server, request, PkiStatus::Success);
            reply.content = content;
            reply
        }
    };
    assert_eq!(received(success(None)).unwrap_err(), InvalidMessage::NoEnvelope.into());
    for content in [vec![], vec![0], b"no envelope".to_vec()] {
        assert!(matches!(received(success(Some(content))), Err(Error::Pki(_))));
    }
}

#[test]
fn a_client_finds_its_certificate_by_key_wherever_it_stands() {
    let stranger = Who { name: "CN=device-1", key: &keys::STRANGER };
    for position in 0..3 {
        let chain = received(|server, request| {
            let ca = server.authority.ca().clone();
            let mut certificates = vec![server.issue(&stranger.csr(None)), ca];
            certificates.insert(position, issued(server));
            PkiMessage::success(server, request, &certificates)
        })
        .unwrap();
        assert_eq!(chain.len(), 2);
        assert_eq!(chain[0].public_key(), keys::DEVICE.public_key());
        assert!(chain[1].is_ca());
    }
}

/// A renewal with the same key: some servers send the old certificate along.
#[test]
fn of_several_certificates_for_its_key_a_client_takes_the_newest_of_the_ca() {
    let of_ca = |server: &Server, age| {
        let validity = Validity::lasting(NOW.before(age), YEAR);
        draft("CN=device-1", &keys::DEVICE)
            .valid(validity)
            .issued_by(server.authority.ca(), server.ca_key)
    };
    for turn in 0..3 {
        let mut newest = None;
        let chain = received(|server, request| {
            let old = of_ca(server, Duration::from_secs(86_400));
            let new = of_ca(server, Duration::ZERO);
            // Newer still, and of nobody.
            let validity = Validity::lasting(NOW.after(YEAR), YEAR);
            let own = draft("CN=device-1", &keys::DEVICE).valid(validity).self_signed();
            newest = Some(new.clone());
            let mut all = [own, new, old];
            all.rotate_left(turn);
            PkiMessage::success(server, request, &all)
        });
        assert_eq!(chain.unwrap().first(), newest.as_ref(), "{turn}");
    }
}

#[test]
fn a_certificate_for_another_key_is_not_taken() {
    let stranger = Who { name: "CN=device-1", key: &keys::STRANGER };
    let error = received(|server, request| {
        PkiMessage::success(server, request, [&server.issue(&stranger.csr(None))])
    });
    assert_eq!(error.unwrap_err(), UnacceptableReply::NoCertificateForKey.into());
    let nothing = received(|server, request| PkiMessage::success(server, request, []));
    assert_eq!(nothing.unwrap_err(), UnacceptableReply::NoCertificateForKey.into());
}

#[test]
fn a_certificate_that_the_ca_did_not_sign_is_not_taken() {
    let not_signed = Err(UnacceptableReply::NotSignedByCa.into());
    // By another CA, which comes along; in the CA's name; by the device itself.
    let other = received(|server, request| {
        let other = root("CN=Other CA", &keys::STRANGER);
        let certificate = draft("CN=device-1", &keys::DEVICE).issued_by(&other, &keys::STRANGER);
        PkiMessage::success(server, request, [&certificate, &other])
    });
    assert_eq!(other, not_signed);
    let forged = received(|server, request| {
        let ca = server.authority.ca();
        let certificate = draft("CN=device-1", &keys::DEVICE).issued_by(ca, &keys::STRANGER);
        PkiMessage::success(server, request, [&certificate])
    });
    assert_eq!(forged, not_signed);
    let own = received(|server, request| {
        PkiMessage::success(server, request, [&Who::device().self_signed()])
    });
    assert_eq!(own, not_signed);
}

#[test]
fn a_reply_enveloped_to_somebody_else_does_not_open() {
    let enveloped = |recipients: Vec<Certificate>| {
        received(move |server, request| {
            let mut reply = PkiMessage::success(server, request, [&issued(server)]);
            let bundle = Bundle::new([&issued(server)]).to_der();
            let mut envelope =
                Seal::default().envelope(&bundle, &recipients[0], &RustCrypto).unwrap();
            if let Some(second) = recipients.get(1) {
                envelope = crate::field::recipients::with_another(&envelope, second);
            }
            reply.content = Some(envelope);
            reply
        })
        .unwrap_err()
    };
    let stranger = draft("CN=stranger", &keys::STRANGER).self_signed();
    // The only recipient is tried, and its content key is another's.
    let error = enveloped(vec![stranger.clone()]);
    assert_eq!(error, devicecert_pki::Error::from(Rejected::Undecryptable).into());
    let error = enveloped(vec![stranger.clone(), stranger]);
    assert_eq!(error, devicecert_pki::Error::from(Rejected::NoRecipient).into());
}

#[test]
fn a_reply_is_not_believed_because_of_a_certificate_that_it_brings_along() {
    let impostor = root("CN=Test CA", &keys::STRANGER);
    let error = not_believed(|server, request| {
        PkiMessage::success(server, request, [&issued(server)])
            .signed_by(impostor.clone(), &keys::STRANGER)
    });
    assert_eq!(error, UnacceptableReply::Signer.into());

    // The same under the issuer and serial number of the CA itself.
    let error = not_believed(|server, request| {
        let mut reply = PkiMessage::success(server, request, [&issued(server)]);
        reply.certificates = vec![impostor.clone()];
        reply.key = &keys::STRANGER;
        reply
    });
    let signature = Rejected::Signature("the message");
    assert_eq!(error, devicecert_pki::Error::from(signature).into());
}

/// Every device has a certificate of the CA; that makes none of them the CA.
#[test]
fn a_reply_is_not_believed_because_a_device_of_the_same_ca_signed_it() {
    let error = not_believed(|server, request| {
        let other = Who { name: "CN=device-2", key: &keys::STRANGER };
        let certificate = server.issue(&other.csr(None));
        PkiMessage::success(server, request, [&issued(server)])
            .signed_by(certificate, &keys::STRANGER)
    });
    assert_eq!(error, UnacceptableReply::Signer.into());
}

/// Nor a refusal or a PENDING, which anybody could use to keep a device from its certificate.
#[test]
fn no_status_is_believed_without_the_signature_of_the_ca() {
    let impostor = root("CN=Test CA", &keys::STRANGER);
    for status in [PkiStatus::Failure, PkiStatus::Pending] {
        let error = not_believed(|server, request| {
            PkiMessage::reply(server, request, status)
                .with(AttributeName::FailInfo, printable("2"))
                .signed_by(impostor.clone(), &keys::STRANGER)
        });
        assert_eq!(error, UnacceptableReply::Signer.into());
    }
}

#[test]
fn an_altered_reply_is_not_believed() {
    let server = Server::standing();
    let device = Who::device();
    let mut enrolment = device.enrolment(&server);
    let request = until_sent(&mut enrolment, device.key, &server, NOW);
    let honest = server.answer(request.body()).unwrap().into_body();
    let mut altered = honest.clone();
    *altered.last_mut().unwrap() ^= 1;
    let error = receive(&mut enrolment, device.key, altered).unwrap_err();
    let signature = Rejected::Signature("the message");
    assert_eq!(error, devicecert_pki::Error::from(signature).into());
    assert!(asks_again(&mut enrolment, &request));
    assert!(receive(&mut enrolment, device.key, honest).is_ok());
}

#[test]
fn a_certificate_is_granted_only_for_the_key_that_was_asked_for() {
    let server = Server::standing();
    let request = server.open(&PkiMessage::pkcs_req(&Who::device(), &server).to_der());
    let stranger = Who { name: "CN=device-1", key: &keys::STRANGER };
    let administrator = Authorisation::by_administrator;
    let wrong = request.grant(administrator(), server.issue(&stranger.csr(None)));
    assert_eq!(wrong.unwrap_err(), Misuse::WrongCertificate.into());
    let Ok(Decision::Grant(grant)) = request.grant(administrator(), issued(&server)) else {
        panic!("not granted")
    };
    assert_eq!(*grant.authorisation(), administrator());
}

#[test]
fn what_cannot_be_read_is_refused_as_bad_message_check_whatever_is_decided() {
    let server = Server::standing();
    let device = Who::device();
    let message = PkiMessage::request(&device, "19", server.envelope(b"no request")).to_der();
    let readable = server.open(&PkiMessage::pkcs_req(&device, &server).to_der());
    for decide in 0..3 {
        let request = server.open(&message);
        assert!(matches!(request.content(), Content::Unreadable(_)));
        let granted = request.grant(Authorisation::by_administrator(), issued(&server));
        assert_eq!(granted.unwrap_err(), Misuse::WrongCertificate.into());
        let decision = match decide {
            0 => Decision::Defer,
            1 => Decision::Refuse(Refusal::new(FailInfo::BadTime).because("oracle")),
            // A grant that was made for another request.
            _ => readable.grant(Authorisation::by_administrator(), issued(&server)).unwrap(),
        };
        let reply = request.reply(decision, &server.authority, &RustCrypto).unwrap();
        let reply = Received::parse(reply.sign(server.key).unwrap().as_der());
        assert_eq!(reply.outcome(), ("2".to_owned(), Some("1".to_owned())));
        assert!(reply.value(AttributeName::FailInfoText).is_none());
        assert_eq!(*reply.0.unverified_content(), Signed::Octets(Vec::new()));
    }
}

#[test]
fn a_request_whose_own_signature_is_wrong_cannot_be_read() {
    let server = Server::standing();
    let device = Who::device();
    let mut csr = device.csr(Some("secret")).as_der().to_vec();
    *csr.last_mut().unwrap() ^= 1;
    let message = PkiMessage::request(&device, "19", server.envelope(&csr)).to_der();
    let request = server.open(&message);
    let Content::Unreadable(reason) = request.content() else { panic!("{request:?}") };
    let expected = Rejected::Signature("the certification request");
    assert_eq!(*reason, devicecert_pki::Error::from(expected).into());
}
