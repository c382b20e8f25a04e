//! Replies of RAs, and the certificates that come with them or do not.

use devicecert_crypto_rust::{PrivateKey, RustCrypto};
use devicecert_pki::cms::Bundle;
use devicecert_pki::{Certificate, KeyUsage, oid};
use devicecert_scep::error::UnacceptableReply;
use devicecert_scep::{AttributeName, Enrolment, Error, FailInfo, PkiStatus, Step, Trust};
use http::Response;

use crate::common::certificates::{draft, signs_certificates};
use crate::common::pki_message::{PkiMessage, Received, printable};
use crate::common::{CHALLENGE, NOW, Server, URL, Who, keys, receive, root, until_sent};

/// A certificate that a CA gives its RA for one of its two tasks.
fn ra(server: &Server, usage: KeyUsage, key: &'static PrivateKey) -> Certificate {
    draft("CN=MSCEP-RA", key)
        .usage(usage)
        .purpose(oid::MS_CERTIFICATE_REQUEST_AGENT)
        .issued_by(server.authority.ca(), server.ca_key)
}

/// An enrolment that was told of these certificates, and its request.
fn asked(device: &Who, server: &Server, told: &[&Certificate]) -> (Enrolment, Vec<u8>) {
    let mut enrolment = device.enrolment(server);
    let request = told_of(&mut enrolment, device, server, told);
    (enrolment, request)
}

/// The request of an enrolment that is told of these certificates.
fn told_of(
    enrolment: &mut Enrolment,
    device: &Who,
    server: &Server,
    told: &[&Certificate],
) -> Vec<u8> {
    for body in
        [server.authority.ca_caps(), Response::new(Bundle::new(told.iter().copied()).to_der())]
    {
        assert!(matches!(enrolment.step(NOW).unwrap(), Step::Send(_)));
        enrolment.received(&body).unwrap();
    }
    until_sent(enrolment, device.key, server, NOW).into_body()
}

/// NDES: the request goes to the one RA, the reply comes from the other, without certificates.
#[test]
fn two_ras_of_one_name_and_a_reply_without_certificates() {
    let server = Server::standing();
    let device = Who::device();
    let signing = ra(&server, KeyUsage::DIGITAL_SIGNATURE, &keys::RA);
    let receiving = ra(&server, KeyUsage::KEY_ENCIPHERMENT, &keys::RA_2);
    let ca = server.authority.ca();
    for told in [[&signing, &receiving, ca], [&receiving, &signing, ca], [ca, &receiving, &signing]]
    {
        let (mut enrolment, request) = asked(&device, &server, &told);
        assert!(!Received::parse(&request).open(&receiving, &keys::RA_2).is_empty());
        let issued = server.issue(&device.csr(None));
        let mut reply =
            PkiMessage::success(&server, &request, [&issued]).signed_by(signing.clone(), &keys::RA);
        reply.certificates.clear();
        let chain = receive(&mut enrolment, device.key, reply.to_der()).unwrap();
        assert_eq!(chain, [issued, ca.clone()]);
    }
}

#[test]
fn a_reply_of_a_ca_without_certificates() {
    let server = Server::standing();
    let device = Who::device();
    let (mut enrolment, request) = asked(&device, &server, &[server.authority.ca()]);
    let mut reply = PkiMessage::success(&server, &request, [&server.issue(&device.csr(None))]);
    reply.certificates.clear();
    assert!(receive(&mut enrolment, device.key, reply.to_der()).is_ok());
}

#[test]
fn a_reply_with_the_whole_chain_and_more() {
    let server = Server::standing();
    let device = Who::device();
    let (mut enrolment, request) = asked(&device, &server, &[server.authority.ca()]);
    let issued = server.issue(&device.csr(None));
    let mut reply = PkiMessage::success(&server, &request, [server.authority.ca(), &issued]);
    reply.certificates.insert(0, issued.clone());
    reply.certificates.push(draft("CN=unrelated", &keys::STRANGER).self_signed());
    let chain = receive(&mut enrolment, device.key, reply.to_der()).unwrap();
    assert_eq!(chain[0], issued);
}

/// The certificate leads to the CA, but it came with the reply: GetCACert knew nothing of it.
#[test]
fn an_ra_that_get_ca_cert_did_not_tell_of_is_not_believed() {
    let server = Server::standing();
    let device = Who::device();
    let (mut enrolment, request) = asked(&device, &server, &[server.authority.ca()]);
    let unknown = ra(&server, KeyUsage::SIGN_AND_ENCIPHER, &keys::RA);
    let reply = PkiMessage::success(&server, &request, [&server.issue(&device.csr(None))])
        .signed_by(unknown, &keys::RA);
    let error = receive(&mut enrolment, device.key, reply.to_der()).unwrap_err();
    assert_eq!(error, UnacceptableReply::Signer.into());
}

/// Nor one of another CA that GetCACert did tell of.
#[test]
fn an_ra_of_another_ca_is_not_believed() {
    let server = Server::standing();
    let device = Who::device();
    let other = draft("CN=Other CA", &keys::STRANGER).ca().self_signed();
    let foreign = draft("CN=MSCEP-RA", &keys::RA)
        .usage(KeyUsage::SIGN_AND_ENCIPHER)
        .issued_by(&other, &keys::STRANGER);
    let told = [&foreign, &other, server.authority.ca()];
    let (_, request) = asked(&device, &server, &told);
    assert!(!Received::parse(&request).open(server.authority.ca(), &keys::CA).is_empty());
    let foreign_ra = (&foreign, &keys::RA);
    for (signer, key) in [foreign_ra, (&other, &keys::STRANGER)] {
        let (mut enrolment, request) = asked(&device, &server, &told);
        let reply = PkiMessage::reply(&server, &request, PkiStatus::Pending)
            .signed_by(signer.clone(), key)
            .to_der();
        let error = enrolment.received(&Response::new(reply)).unwrap_err();
        assert_eq!(error, UnacceptableReply::Signer.into());
    }
}

/// An RA that answers for its CA, from the first question to the certificate.
#[test]
fn an_ra_for_both_tasks() {
    let server = Server::with_ra(&keys::CA);
    let device = Who::device();
    let mut enrolment = device.enrolment(&server);
    let chain = crate::common::drive(&mut enrolment, device.key, &server).unwrap();
    let policy = devicecert_pki::Tolerance::STRICT;
    let ca = server.authority.ca();
    assert!(chain[0].is_signed_by(ca.public_key(), &RustCrypto, &policy).is_ok());
    assert_eq!(chain[1], *ca);
}

/// step-ca: the intermediate CA signs the replies, and a certificate beside it takes the requests.
#[test]
fn an_issuing_ca_that_signs_and_an_ra_that_deciphers() {
    let server = Server::standing();
    let device = Who::device();
    let root = root("CN=Root", &keys::STRANGER);
    let trust = Trust::Certificates(vec![root.clone()]);
    let intermediate = draft("CN=Intermediate", &keys::CA)
        .ca()
        .usage(signs_certificates())
        .issued_by(&root, &keys::STRANGER);
    let decrypter = draft("CN=Decrypter", &keys::RA)
        .usage(KeyUsage::KEY_ENCIPHERMENT)
        .issued_by(&intermediate, &keys::CA);
    for told in [
        vec![&decrypter, &intermediate],
        vec![&decrypter, &intermediate, &root],
        vec![&intermediate, &decrypter, &root],
    ] {
        // Whoever trusts the root has it from elsewhere, whether the server sends it or not.
        let csr = device.csr(Some(CHALLENGE));
        let mut enrolment = Enrolment::new(URL, csr, trust.clone(), &RustCrypto).unwrap();
        let request = told_of(&mut enrolment, &device, &server, &told);
        assert!(!Received::parse(&request).open(&decrypter, &keys::RA).is_empty());
        let issued = draft(device.name, &keys::DEVICE).issued_by(&intermediate, &keys::CA);
        let mut reply = PkiMessage::success(&server, &request, [&issued])
            .signed_by(intermediate.clone(), &keys::CA);
        reply.certificates = vec![intermediate.clone()];
        let chain = receive(&mut enrolment, device.key, reply.to_der()).unwrap();
        assert_eq!(chain[..2], [issued, intermediate.clone()]);
    }
}

/// NDES refuses with one octet of content, an RA's signature and no certificate.
#[test]
fn a_refusal_of_ndes() {
    let server = Server::standing();
    let device = Who::device();
    let signing = ra(&server, KeyUsage::DIGITAL_SIGNATURE, &keys::RA);
    let receiving = ra(&server, KeyUsage::KEY_ENCIPHERMENT, &keys::RA_2);
    let (mut enrolment, request) =
        asked(&device, &server, &[&signing, &receiving, server.authority.ca()]);
    let mut reply = PkiMessage::reply(&server, &request, PkiStatus::Failure)
        .with(AttributeName::FailInfo, printable("2"))
        .signed_by(signing, &keys::RA);
    reply.certificates.clear();
    reply.content = Some(vec![0]);
    match receive(&mut enrolment, device.key, reply.to_der()).unwrap_err() {
        Error::Refused(refusal) => assert_eq!(refusal.fail_info, FailInfo::BadRequest),
        other => panic!("{other}"),
    }
}
