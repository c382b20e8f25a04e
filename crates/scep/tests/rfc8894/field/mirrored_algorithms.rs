//! Algorithms that nobody can announce (RFC 8894 §3.5 has no keyword for them): a reply uses what
//! its request used.

use devicecert_crypto_rust::RustCrypto;
use devicecert_pki::algorithm::{ContentCipher, DigestAlgorithm, KeyTransport};
use devicecert_pki::cms::{Bundle, RecipientInfo, Seal};
use devicecert_scep::{AttributeName, PkiStatus};

use crate::common::pki_message::{PkiMessage, Received, printable};
use crate::common::{NOW, Server, Who, drive, receive, until_sent, waiting};

const OAEP_SHA256: KeyTransport =
    KeyTransport::RsaOaep { digest: DigestAlgorithm::Sha256, mgf1: DigestAlgorithm::Sha256 };

/// An honest request that is enveloped like this.
fn sealed(server: &Server, seal: Seal) -> PkiMessage {
    let device = Who::device();
    let csr = device.csr(Some("secret"));
    let recipient = server.authority.recipient();
    let envelope = seal.envelope(csr.as_der(), recipient, &RustCrypto).unwrap();
    PkiMessage::request(&device, "19", envelope)
}

fn seal_of(reply: &Received) -> Seal {
    let envelope = reply.envelope();
    let (cipher, _) =
        ContentCipher::from_identifier(envelope.content_encryption_algorithm()).unwrap();
    let [RecipientInfo::KeyTransport(recipient)] = envelope.recipients() else {
        panic!("{:?}", envelope.recipients())
    };
    Seal::new(cipher, KeyTransport::try_from(&recipient.algorithm).unwrap())
}

fn digest_of(reply: &Received) -> DigestAlgorithm {
    reply.0.signer().unwrap().digest_algorithm().try_into().unwrap()
}

/// Windows and Workspace ONE use RSAES-OAEP as soon as they use AES.
#[test]
fn the_key_transport() {
    let server = Server::standing();
    for transport in [KeyTransport::RsaPkcs1, KeyTransport::RSA_OAEP_SHA1, OAEP_SHA256] {
        let seal = Seal::new(ContentCipher::Aes128Cbc, transport);
        let message = sealed(&server, seal);
        assert_eq!(server.open(&message.to_der()).transaction().seal(), seal);
        let reply = server.reply(&message.to_der());
        assert_eq!(seal_of(&reply), seal);
        assert!(!reply.open(&message.signer, message.key).is_empty());
    }
}

#[test]
fn the_cipher() {
    let server = Server::standing();
    for cipher in [
        ContentCipher::Aes128Cbc,
        ContentCipher::Aes192Cbc,
        ContentCipher::Aes256Cbc,
        ContentCipher::DesEde3Cbc,
    ] {
        let seal = Seal::new(cipher, KeyTransport::RsaPkcs1);
        assert_eq!(seal_of(&server.reply(&sealed(&server, seal).to_der())), seal);
    }
}

#[test]
fn the_digest() {
    let server = Server::standing();
    for digest in [
        DigestAlgorithm::Sha1,
        DigestAlgorithm::Sha256,
        DigestAlgorithm::Sha384,
        DigestAlgorithm::Sha512,
    ] {
        let mut message = PkiMessage::pkcs_req(&Who::device(), &server);
        message.digest = digest;
        assert_eq!(server.open(&message.to_der()).transaction().digest(), digest);
        assert_eq!(digest_of(&server.reply(&message.to_der())), digest);
        let mut refused = PkiMessage::request(&Who::device(), "18", Vec::new());
        refused.digest = digest;
        assert_eq!(digest_of(&server.reply(&refused.to_der())), digest);
    }
}

/// Many keys in hardware and in services make no SHA-1 signature any more.
#[test]
fn the_digest_unless_it_is_weaker_than_the_servers_weakest() {
    let mut server = Server::standing();
    server.authority.weakest_digest = DigestAlgorithm::Sha256;
    for (asked, answered) in [
        (DigestAlgorithm::Sha1, DigestAlgorithm::Sha256),
        (DigestAlgorithm::Sha256, DigestAlgorithm::Sha256),
        (DigestAlgorithm::Sha512, DigestAlgorithm::Sha512),
    ] {
        let mut message = PkiMessage::pkcs_req(&Who::device(), &server);
        message.digest = asked;
        assert_eq!(digest_of(&server.reply(&message.to_der())), answered);
        message.content = None;
        assert_eq!(digest_of(&server.reply(&message.to_der())), answered);
    }
}

#[test]
fn a_client_reads_its_reply_in_the_algorithms_that_it_chose() {
    let server = Server::standing();
    let device = Who::device();
    for (cipher, transport, digest) in [
        (ContentCipher::Aes256Cbc, KeyTransport::RSA_OAEP_SHA1, DigestAlgorithm::Sha512),
        (ContentCipher::DesEde3Cbc, OAEP_SHA256, DigestAlgorithm::Sha1),
        (ContentCipher::Aes192Cbc, KeyTransport::RsaPkcs1, DigestAlgorithm::Sha384),
    ] {
        let mut enrolment = device.enrolment(&server);
        let options = enrolment.options();
        (options.cipher, options.digest) = (Some(cipher), Some(digest));
        options.key_transport = transport;
        let request = until_sent(&mut enrolment, device.key, &server, NOW);
        let sent = Received::parse(request.body());
        assert_eq!((seal_of(&sent), digest_of(&sent)), (Seal::new(cipher, transport), digest));
        assert!(drive(&mut enrolment, device.key, &server).is_ok());
    }
}

/// NDES answers with RSAES-OAEP whatever was asked, and old servers with 3DES and SHA-1.
#[test]
fn a_client_reads_its_reply_in_other_algorithms_too() {
    let server = Server::standing();
    let device = Who::device();
    for (cipher, transport, digest) in [
        (ContentCipher::Aes128Cbc, KeyTransport::RSA_OAEP_SHA1, DigestAlgorithm::Sha256),
        (ContentCipher::DesEde3Cbc, KeyTransport::RsaPkcs1, DigestAlgorithm::Sha1),
        (ContentCipher::Aes256Cbc, OAEP_SHA256, DigestAlgorithm::Sha512),
    ] {
        let mut enrolment = device.enrolment(&server);
        let request = until_sent(&mut enrolment, device.key, &server, NOW);
        let to = Received::parse(request.body()).signer();
        let bundle = Bundle::new([&server.issue(&device.csr(None))]).to_der();
        let seal = Seal::new(cipher, transport);
        let mut reply = PkiMessage::reply(&server, request.body(), PkiStatus::Success);
        reply.digest = digest;
        reply.content = Some(seal.envelope(&bundle, &to, &RustCrypto).unwrap());
        assert!(receive(&mut enrolment, device.key, reply.to_der()).is_ok());
    }
}

/// A refusal is not enveloped, so its digest is all there is to mirror.
#[test]
fn a_client_reads_pending_in_any_digest() {
    let server = Server::standing();
    let device = Who::device();
    for digest in [DigestAlgorithm::Sha1, DigestAlgorithm::Sha384] {
        let mut enrolment = device.enrolment(&server);
        let request = until_sent(&mut enrolment, device.key, &server, NOW);
        let mut reply = PkiMessage::reply(&server, request.body(), PkiStatus::Pending)
            .with(AttributeName::PkiStatus, printable("3"));
        reply.digest = digest;
        let received = receive(&mut enrolment, device.key, reply.to_der());
        assert_eq!(received.unwrap_err(), waiting());
    }
}
