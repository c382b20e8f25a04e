//! §2.3 Client authentication: with which certificate a request is signed.

use devicecert_crypto_rust::RustCrypto;
use devicecert_pki::asn1::tag;
use devicecert_pki::{KeyUsage, Signer, Tolerance};
use devicecert_scep::{AttributeName, Capabilities, Enrolment, MessageType};

use crate::common::certificates::draft;
use crate::common::pki_message::Received;
use crate::common::{NOW, Server, URL, Who, drive, keys, root, until_sent};

/// What a device sends that wants another certificate for the new key.
fn renewal(server: &Server, device: &Who, csr_of: &Who) -> Received {
    let old = server.issue(&device.csr(None));
    let mut enrolment =
        Enrolment::renew(URL, old, csr_of.csr(None), server.trust(), &RustCrypto).unwrap();
    let request = until_sent(&mut enrolment, device.key, server, NOW);
    Received::parse(request.body())
}

#[test]
fn a_first_request_is_signed_with_a_self_signed_certificate_for_subject_and_key_of_the_request() {
    let server = Server::standing();
    let device = Who::device();
    let request = until_sent(&mut device.enrolment(&server), device.key, &server, NOW);
    let request = Received::parse(request.body());
    let signer = request.signer();
    assert!(signer.is_self_issued());
    assert!(signer.is_signed_by(signer.public_key(), &RustCrypto, &Tolerance::STRICT).is_ok());
    assert_eq!(signer.subject().to_string(), device.name);
    assert_eq!(signer.public_key(), device.key.public_key());
    assert_eq!(signer.extensions().key_usage(), Some(KeyUsage::SIGN_AND_ENCIPHER));
    assert!(signer.validity().contains(NOW));
    assert_eq!(request.text(AttributeName::MessageType).unwrap(), "19");
    request.0.verify(&signer, &RustCrypto, &Tolerance::STRICT).unwrap();
}

#[test]
fn the_throw_away_certificate_bears_a_clock_that_is_wrong_by_hours() {
    let server = Server::standing();
    let device = Who::device();
    let request = until_sent(&mut device.enrolment(&server), device.key, &server, NOW);
    let validity = Received::parse(request.body()).signer().validity();
    let hours = core::time::Duration::from_secs(23 * 3600);
    assert!(validity.contains(NOW.before(hours)) && validity.contains(NOW.after(hours)));
}

#[test]
fn the_certificate_that_signed_comes_along_alone() {
    let server = Server::standing();
    let device = Who::device();
    let request = until_sent(&mut device.enrolment(&server), device.key, &server, NOW);
    let request = Received::parse(request.body());
    assert_eq!(request.0.certificates().collect::<Vec<_>>(), [request.signer().as_der()]);
}

#[test]
fn a_renewal_is_signed_with_the_certificate_that_is_renewed() {
    let server = Server::standing();
    let device = Who::device();
    let new = Who { key: &keys::NEW, ..device };
    let request = renewal(&server, &device, &new);
    assert_eq!(request.signer().public_key(), device.key.public_key());
    assert_eq!(request.signer().issuer(), server.authority.ca().subject());
    assert_eq!(request.text(AttributeName::MessageType).unwrap(), "17");
}

/// What NDES calls Renewal is the draft's: a PKCSReq with the old certificate.
#[test]
fn a_server_that_does_not_announce_renewal_gets_a_pkcs_req() {
    let mut server = Server::standing();
    server.authority.capabilities = Capabilities::parse("SCEPStandard");
    let device = Who::device();
    let request = renewal(&server, &device, &Who { key: &keys::NEW, ..device });
    assert_eq!(request.text(AttributeName::MessageType).unwrap(), "19");
    assert_eq!(request.signer().issuer(), server.authority.ca().subject());
}

#[test]
fn the_message_type_of_a_first_request_is_pkcs_req_whatever_is_chosen_for_renewals() {
    let server = Server::standing();
    let device = Who::device();
    let mut enrolment = device.enrolment(&server);
    enrolment.options().renewal_message_type = Some(MessageType::RenewalReq);
    let request = until_sent(&mut enrolment, device.key, &server, NOW);
    let sent = Received::parse(request.body()).value(AttributeName::MessageType).unwrap();
    assert_eq!(sent, (tag::PRINTABLE_STRING, b"19".to_vec()));
}

#[test]
fn the_reply_to_a_renewal_is_enveloped_to_the_old_key() {
    let server = Server::standing();
    let device = Who::device();
    let new = Who { key: &keys::NEW, ..device };
    let old = server.issue(&device.csr(None));
    let mut enrolment =
        Enrolment::renew(URL, old.clone(), new.csr(None), server.trust(), &RustCrypto).unwrap();
    let request = until_sent(&mut enrolment, device.key, &server, NOW);
    let reply = server.reply(request.body());
    assert!(!reply.open(&old, device.key).is_empty());
    // And so the device that has both keys can read it.
    let chain = drive(&mut enrolment, device.key, &server).unwrap();
    assert_eq!(chain[0].public_key(), new.key.public_key());
}

#[test]
fn a_certificate_of_another_ca_may_sign_and_the_policy_learns_whose_it_is() {
    let mut server = Server::standing();
    let device = Who::device();
    let other_ca = root("CN=Manufacturer", &keys::STRANGER);
    server.authority.other_issuers = vec![other_ca.clone()];
    let birth = draft("CN=serial-77", device.key).issued_by(&other_ca, &keys::STRANGER);
    let csr = device.csr(None);
    let mut enrolment =
        Enrolment::renew(URL, birth.clone(), csr, server.trust(), &RustCrypto).unwrap();
    let request = until_sent(&mut enrolment, device.key, &server, NOW);
    let request = server.open(request.body());
    assert_eq!(request.transaction().signer(), &birth);
    assert_eq!(
        request.renewal(&server.authority, NOW).unwrap_err(),
        devicecert_scep::NoRenewal::OtherIssuer
    );
    assert!(!request.transaction().is_self_signed());
}
