//! §4.5 Certificate access: GetCert, and §3.3.4 for what it names.

use devicecert_crypto_rust::RustCrypto;
use devicecert_pki::asn1::{Writer, tag};
use devicecert_pki::cms::Bundle;
use devicecert_pki::{Certificate, Limits, Signer, Tolerance};
use devicecert_scep::error::{InvalidMessage, Misuse, UnacceptableReply};
use devicecert_scep::{
    AttributeName, Authorisation, Content, Decision, Error, FailInfo, IssuerAndSerialNumber,
    PkiStatus, Query, Refusal,
};
use http::Response;

use crate::common::pki_message::{PkiMessage, Received};
use crate::common::{Server, URL, Who, ask, keys, root};

/// A server that has issued a certificate to the device.
fn server() -> (Server, Who, Certificate) {
    let (server, device) = (Server::standing(), Who::device());
    let issued = server.issue(&device.csr(None));
    (server, device, issued)
}

fn query(server: &Server, signer: &Certificate, wanted: &Certificate) -> Query<Certificate> {
    let wanted = IssuerAndSerialNumber::of(wanted);
    Query::new(URL, signer.clone(), wanted, server.trust(), &RustCrypto).unwrap()
}

/// The encoding, written without the code under test.
fn issuer_and_serial(certificate: &Certificate) -> Vec<u8> {
    let serial = Writer::build(|w| w.value(tag::INTEGER, certificate.serial()));
    let both = [certificate.issuer().as_der(), &serial].concat();
    Writer::build(|w| w.value(tag::SEQUENCE, &both))
}

/// A GetCert with this content.
fn message(server: &Server, device: &Who, content: &[u8]) -> Vec<u8> {
    PkiMessage::request(device, "21", server.envelope(content)).to_der()
}

#[test]
fn a_device_asks_for_a_certificate_and_gets_it() {
    let (server, device, issued) = server();
    let wanted = server.issue(&Who::new("CN=device-2").csr(None));
    let mut query = query(&server, &issued, &wanted);
    let found = ask(&mut query, device.key, |request| server.handle(request)).unwrap();
    assert_eq!(found, wanted);
    assert_eq!(query.ca(), Some(server.authority.ca()));
}

#[test]
fn the_request_is_a_message_of_type_21_that_names_issuer_and_serial_number() {
    let (server, device, issued) = server();
    let mut query = query(&server, &issued, &issued);
    let sent = std::cell::RefCell::new(Vec::new());
    let answer = |request: &http::Request<Vec<u8>>| {
        sent.borrow_mut().push(request.clone());
        server.handle(request)
    };
    ask(&mut query, device.key, answer).unwrap();
    let sent = sent.into_inner();
    let asked: Vec<_> = sent.iter().map(|request| request.uri().query().unwrap()).collect();
    assert_eq!(asked, ["operation=GetCACaps", "operation=GetCACert", "operation=PKIOperation"]);
    let request = Received::parse(sent[2].body());
    assert_eq!(request.text(AttributeName::MessageType).unwrap(), "21");
    assert_eq!(request.signer(), issued);
    let content = request.open(server.authority.recipient(), server.key);
    assert_eq!(content, issuer_and_serial(&issued));
}

#[test]
fn section_4_5_1_the_reply_holds_that_certificate_and_nothing_else() {
    let (server, device, issued) = server();
    let message = message(&server, &device, &issuer_and_serial(&issued));
    let reply = server.reply(&message);
    assert_eq!(reply.outcome(), ("0".to_owned(), None));
    let content = reply.open(&Received::parse(&message).signer(), device.key);
    let bundle = Bundle::parse(&content, &Limits::default()).unwrap();
    assert_eq!(bundle.certificates().collect::<Vec<_>>(), [issued.as_der()]);
    assert_eq!(bundle.crls().count(), 0);
}

#[test]
fn a_certificate_that_nobody_knows_is_refused_as_bad_cert_id() {
    let (server, device, issued) = server();
    let stranger = root("CN=Test CA", &keys::STRANGER);
    let mut query = query(&server, &issued, &stranger);
    let error = ask(&mut query, device.key, |request| server.handle(request)).unwrap_err();
    assert_eq!(error, Error::Refused(Refusal::new(FailInfo::BadCertId)));
}

/// Who asks is known by a certificate that signed; what it may have is the policy's business.
#[test]
fn the_policy_learns_what_is_asked_and_who_asks() {
    let (server, device, issued) = server();
    let message = message(&server, &device, &issuer_and_serial(&issued));
    let request = server.open(&message);
    let Content::GetCert(wanted) = request.content() else { panic!("{request:?}") };
    assert_eq!(wanted.issuer(), issued.issuer());
    assert_eq!(wanted.serial(), issued.serial());
    assert_eq!(*wanted, IssuerAndSerialNumber::of(&issued));
    assert!(request.transaction().is_self_signed());
    assert_eq!(request.transaction().signer().public_key(), issued.public_key());
}

#[test]
fn nothing_but_what_was_asked_for_can_be_handed_out() {
    let (server, device, issued) = server();
    let other = server.issue(&device.csr(None));
    let get_cert = server.open(&message(&server, &device, &issuer_and_serial(&issued)));
    let not_asked_for = |decision: Result<Decision, Error>| {
        assert_eq!(decision.unwrap_err(), Misuse::NotAskedFor.into());
    };
    not_asked_for(get_cert.found_certificate(other));
    let enrol = server.open(&PkiMessage::pkcs_req(&device, &server).to_der());
    not_asked_for(enrol.found_certificate(issued.clone()));
    let authorisation = Authorisation::by_administrator();
    let granted = get_cert.grant(authorisation, issued.clone()).unwrap_err();
    assert_eq!(granted, Misuse::WrongCertificate.into());
}

/// A decision that was made for another request must not become an answer to this one.
#[test]
fn a_decision_of_another_kind_is_a_refusal() {
    let (server, device, issued) = server();
    let get_cert = server.open(&message(&server, &device, &issuer_and_serial(&issued)));
    let enrol = server.open(&PkiMessage::pkcs_req(&device, &server).to_der());
    let found = get_cert.found_certificate(issued.clone()).unwrap();
    let granted = enrol.grant(Authorisation::by_administrator(), issued).unwrap();
    for (request, decision) in [(&enrol, found), (&get_cert, granted), (&get_cert, Decision::Defer)]
    {
        let reply = request.reply(decision, &server.authority, &RustCrypto).unwrap();
        let reply = Received::parse(reply.sign(server.key).unwrap().as_der());
        let expected = if core::ptr::eq(request, &enrol) { "2" } else { "4" };
        assert_eq!(reply.outcome(), ("2".to_owned(), Some(expected.to_owned())));
    }
}

#[test]
fn what_was_found_for_another_request_is_no_answer() {
    let (server, device, issued) = server();
    let other = server.issue(&device.csr(None));
    let [first, second] = [&issued, &other]
        .map(|wanted| server.open(&message(&server, &device, &issuer_and_serial(wanted))));
    let found = first.found_certificate(issued).unwrap();
    let reply = second.reply(found, &server.authority, &RustCrypto).unwrap();
    let reply = Received::parse(reply.sign(server.key).unwrap().as_der());
    assert_eq!(reply.outcome(), ("2".to_owned(), Some("4".to_owned())));
}

/// Whatever the policy would say of it, and however it would put that.
#[test]
fn there_is_one_refusal_and_it_has_no_text() {
    let (server, device, issued) = server();
    for message_type in ["21", "22"] {
        for content in [issuer_and_serial(&issued), b"x".to_vec()] {
            let message = PkiMessage::request(&device, message_type, server.envelope(&content));
            let request = server.open(&message.to_der());
            let refusal = Refusal::new(FailInfo::BadRequest).because("ask somebody else");
            for decision in [Decision::Refuse(refusal), Decision::Defer] {
                let reply = request.reply(decision, &server.authority, &RustCrypto).unwrap();
                let reply = Received::parse(reply.sign(server.key).unwrap().as_der());
                assert_eq!(reply.outcome(), ("2".to_owned(), Some("4".to_owned())));
                assert_eq!(reply.value(AttributeName::FailInfoText), None);
            }
        }
    }
}

/// The policy is asked about certificates that the CA, one before it or one above it has issued.
#[test]
fn a_certificate_of_another_issuer_never_reaches_the_policy() {
    let (mut server, device, issued) = server();
    let named = |issuer: &Certificate| {
        let serial = Writer::build(|w| w.value(tag::INTEGER, issued.serial()));
        let both = [issuer.subject().as_der(), &serial].concat();
        Writer::build(|w| w.value(tag::SEQUENCE, &both))
    };
    let other = root("CN=Another CA", &keys::STRANGER);
    let of_another = message(&server, &device, &named(&other));
    let unreadable = |server: &Server| {
        let request = server.open(&of_another);
        matches!(request.content(), Content::Unreadable(error)
            if *error == InvalidMessage::Issuer.into())
    };
    assert!(unreadable(&server));
    assert_eq!(server.reply(&of_another).outcome().1.unwrap(), "4");
    server.authority.predecessors = vec![other.clone()];
    assert!(!unreadable(&server));
    server.authority.predecessors.clear();
    server.authority.chain = vec![other];
    assert!(!unreadable(&server));
}

#[test]
fn an_envelope_that_names_nothing_is_refused_like_one_that_does_not_open() {
    let (server, device, issued) = server();
    let good = issuer_and_serial(&issued);
    let no_serial = Writer::build(|w| w.sequence(|w| w.raw(issued.issuer().as_der())));
    let empty_serial = Writer::build(|w| {
        w.sequence(|w| {
            w.raw(issued.issuer().as_der());
            w.value(tag::INTEGER, &[]);
        });
    });
    let csr = device.csr(None);
    let trailing = [&good[..], &[5, 0]].concat();
    for content in
        [&no_serial[..], &empty_serial, csr.as_der(), &trailing, &good[..good.len() - 1], b"x"]
    {
        let message = message(&server, &device, content);
        assert!(matches!(server.open(&message).content(), Content::Unreadable(_)));
        assert_eq!(server.reply(&message).outcome().1.unwrap(), "4");
    }
}

/// Serial numbers are numbers: some clients keep them without the zero that makes them positive.
#[test]
fn zeros_in_front_of_a_serial_number_make_no_difference() {
    let (server, device, issued) = server();
    let mut serial = vec![0];
    serial.extend_from_slice(issued.serial());
    let content = Writer::build(|w| {
        w.sequence(|w| {
            w.raw(issued.issuer().as_der());
            w.value(tag::INTEGER, &serial);
        });
    });
    assert_eq!(server.reply(&message(&server, &device, &content)).outcome().0, "0");
}

/// BouncyCastle writes no lengths.
#[test]
fn the_name_may_come_in_ber() {
    let (server, device, issued) = server();
    let good = issuer_and_serial(&issued);
    let header = if good[1] < 0x80 { 2 } else { 2 + usize::from(good[1] & 0x7f) };
    let ber = [&[0x30, 0x80], &good[header..], &[0, 0]].concat();
    assert_eq!(server.reply(&message(&server, &device, &ber)).outcome().0, "0");
}

/// An answer made by hand, in place of the server's.
fn answered_with(
    server: &Server,
    request: &http::Request<Vec<u8>>,
    certificates: &[Certificate],
) -> Response<Vec<u8>> {
    match request.uri().query() {
        Some("operation=PKIOperation") => {
            let reply = PkiMessage::success(server, request.body(), certificates);
            Response::new(reply.to_der())
        }
        _ => server.handle(request),
    }
}

#[test]
fn a_client_takes_only_what_it_asked_for_and_the_ca_signed() {
    let (server, device, issued) = server();
    let other = server.issue(&Who::new("CN=device-2").csr(None));
    let impostor = Server::of(
        devicecert_scep::Authority::new(root("CN=Test CA", &keys::STRANGER)).unwrap(),
        &keys::STRANGER,
        &keys::STRANGER,
    );
    let forged = {
        let mut params = devicecert_pki::CertificateParams::end_entity(
            impostor.authority.ca(),
            issued.subject().clone(),
            issued.public_key().clone(),
            issued.validity(),
            &RustCrypto,
        )
        .unwrap();
        params.serial = issued.serial().to_vec();
        params.unsigned(keys::STRANGER.public_key()).unwrap().sign(&*keys::STRANGER).unwrap()
    };
    assert!(IssuerAndSerialNumber::of(&issued).names(&forged, &Tolerance::STRICT));
    let nothing = UnacceptableReply::NotWhatWasAskedFor.into();
    for held in [&[][..], std::slice::from_ref(&other), std::slice::from_ref(&forged)] {
        let mut query = query(&server, &issued, &issued);
        let answer = |request: &http::Request<Vec<u8>>| answered_with(&server, request, held);
        assert_eq!(ask(&mut query, device.key, answer).unwrap_err(), nothing);
        assert_eq!(query.step(crate::common::NOW).unwrap_err(), nothing);
    }
    // Wherever it stands.
    let mut query = query(&server, &issued, &issued);
    let all = [other, forged, issued.clone()];
    let answer = |request: &http::Request<Vec<u8>>| answered_with(&server, request, &all);
    assert_eq!(ask(&mut query, device.key, answer).unwrap(), issued);
}

#[test]
fn section_4_5_1_a_client_does_not_wait_for_what_exists() {
    let (server, device, issued) = server();
    let mut query = query(&server, &issued, &issued);
    let answer = |request: &http::Request<Vec<u8>>| match request.uri().query() {
        Some("operation=PKIOperation") => {
            let reply = PkiMessage::reply(&server, request.body(), PkiStatus::Pending);
            Response::new(reply.to_der())
        }
        _ => server.handle(request),
    };
    let error = ask(&mut query, device.key, answer).unwrap_err();
    assert_eq!(error, InvalidMessage::Attribute { name: "pkiStatus" }.into());
}

#[test]
fn the_reply_comes_to_an_ec_key_by_key_agreement() {
    let server = Server::standing();
    let device = Who { key: &keys::EC, ..Who::device() };
    let wanted = server.issue(&Who::new("CN=device-2").csr(None));
    let mut query = query(&server, &device.self_signed(), &wanted);
    let found = ask(&mut query, device.key, |request| server.handle(request)).unwrap();
    assert_eq!(found, wanted);
}
