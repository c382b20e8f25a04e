//! §3.1 Message object processing: whom messages are enveloped to, and with what.

use devicecert_crypto_rust::RustCrypto;
use devicecert_pki::algorithm::{ContentCipher, KeyTransport};
use devicecert_pki::cms::RecipientInfo;
use devicecert_pki::{Signer, Tolerance, oid};
use devicecert_scep::{Capabilities, Enrolment};

use crate::common::certificates::draft;
use crate::common::pki_message::{PkiMessage, Received};
use crate::common::{NOW, Server, URL, Who, drive, keys, until_sent};

#[test]
fn a_request_is_enveloped_to_the_ca_alone_with_pkcs1_and_aes() {
    let server = Server::standing();
    let device = Who::device();
    let request = until_sent(&mut device.enrolment(&server), device.key, &server, NOW);
    let envelope = Received::parse(request.body()).envelope();
    let [RecipientInfo::KeyTransport(recipient)] = envelope.recipients() else {
        panic!("{:?}", envelope.recipients())
    };
    assert!(recipient.identifier.names(server.authority.ca(), &Tolerance::STRICT));
    assert_eq!(recipient.algorithm, KeyTransport::RsaPkcs1.identifier());
    assert_eq!(envelope.content_encryption_algorithm().oid, oid::AES_128_CBC);
    assert_eq!(envelope.content_type(), oid::DATA);
}

#[test]
fn a_request_is_enveloped_to_the_ra_where_there_is_one() {
    let server = Server::with_ra(&keys::CA);
    let device = Who::device();
    let request = until_sent(&mut device.enrolment(&server), device.key, &server, NOW);
    let request = Received::parse(request.body());
    assert!(!request.open(server.authority.recipient(), &keys::RA).is_empty());
}

#[test]
fn the_content_of_a_pkcs_req_is_the_certification_request_as_it_was_made() {
    let server = Server::standing();
    let device = Who::device();
    let csr = device.csr(Some("secret"));
    let mut enrolment = Enrolment::new(URL, csr.clone(), server.trust(), &RustCrypto).unwrap();
    let request = until_sent(&mut enrolment, device.key, &server, NOW);
    let content = Received::parse(request.body()).open(server.authority.ca(), server.key);
    assert_eq!(content, csr.as_der());
}

#[test]
fn the_cipher_is_what_the_server_announces_unless_chosen() {
    let mut server = Server::standing();
    let device = Who::device();
    for (announced, chosen, expected) in [
        ("AES", None, ContentCipher::Aes128Cbc),
        ("DES3", None, ContentCipher::DesEde3Cbc),
        ("", None, ContentCipher::DesEde3Cbc),
        ("AES", Some(ContentCipher::Aes256Cbc), ContentCipher::Aes256Cbc),
    ] {
        server.authority.capabilities =
            Capabilities::parse(&format!("POSTPKIOperation\n{announced}"));
        let mut enrolment = device.enrolment(&server);
        enrolment.options().cipher = chosen;
        let request = until_sent(&mut enrolment, device.key, &server, NOW);
        let envelope = Received::parse(request.body()).envelope();
        assert_eq!(envelope.content_encryption_algorithm().oid, expected.oid(), "{announced}");
        assert!(drive(&mut enrolment, device.key, &server).is_ok());
    }
}

#[test]
fn a_reply_is_enveloped_to_the_signer_alone() {
    let server = Server::standing();
    let device = Who::device();
    let message = PkiMessage::pkcs_req(&device, &server);
    // A certificate that merely came along gets nothing.
    let mut two = message.clone();
    two.certificates.push(draft("CN=eavesdropper", &keys::STRANGER).self_signed());
    for message in [message, two] {
        let envelope = server.reply(&message.to_der()).envelope();
        let [RecipientInfo::KeyTransport(recipient)] = envelope.recipients() else {
            panic!("{:?}", envelope.recipients())
        };
        assert!(recipient.identifier.names(&message.signer, &Tolerance::STRICT));
    }
}

#[test]
fn an_ec_ca_with_an_rsa_ra_enrols_and_renews_devices() {
    let server = Server::with_ra(&keys::EC_CA);
    let device = Who::device();
    let chain = drive(&mut device.enrolment(&server), device.key, &server).unwrap();
    let [certificate, ca] = chain.as_slice() else { panic!("{chain:?}") };
    assert_eq!(certificate.public_key(), device.key.public_key());
    assert_eq!(certificate.signature_algorithm().oid, oid::ECDSA_WITH_SHA256);
    assert_eq!(ca, server.authority.ca());

    let new = Who { key: &keys::NEW, ..device };
    let (old, csr) = (certificate.clone(), new.csr(None));
    let mut renewal = Enrolment::renew(URL, old, csr, server.trust(), &RustCrypto).unwrap();
    let chain = drive(&mut renewal, device.key, &server).unwrap();
    assert_eq!(chain[0].public_key(), new.key.public_key());
}

#[test]
fn a_device_with_an_ec_key_enrols_with_a_transport_key() {
    let server = Server::standing();
    let device = Who { name: "CN=device-1", key: &keys::EC };
    let transport = draft("CN=transport", &keys::DEVICE).self_signed();
    let mut enrolment = Enrolment::with_transport_key(
        URL,
        transport,
        device.csr(Some("secret")),
        server.trust(),
        &RustCrypto,
    )
    .unwrap();
    assert_eq!(enrolment.signer_key(), Some(keys::DEVICE.public_key()));
    let chain = drive(&mut enrolment, &keys::DEVICE, &server).unwrap();
    assert_eq!(chain[0].public_key(), keys::EC.public_key());
    // It is a first enrolment, whatever signed it.
    assert_eq!(server.seen.borrow()[0].0, devicecert_scep::MessageType::PkcsReq);
}
