//! Whole requests, each with everything that its sender was recorded to do differently, written
//! anew. The recordings themselves are read by `interop/tests/captures`.

use std::time::Duration;

use const_oid::ObjectIdentifier;
use devicecert_crypto_rust::{PrivateKey, RustCrypto};
use devicecert_pki::algorithm::{
    AlgorithmIdentifier, ContentCipher, DigestAlgorithm, KeyTransport,
};
use devicecert_pki::asn1::{Writer, tag};
use devicecert_pki::cms::{Bundle, Seal};
use devicecert_pki::{Certificate, Csr, KeyUsage, Limits, Validity, oid};
use devicecert_scep::{AttributeName, Content, MessageType};

use super::ber::{definite_pieces, indefinite};
use crate::common::certificates::{Draft, draft};
use crate::common::pki_message::{PkiMessage, Received, octets, printable, utc_time};
use crate::common::surgery::{KEY_ENCRYPTION_ALGORITHM, changed, resigned, without_parameters};
use crate::common::{CHALLENGE, NOW, Server, Who, keys, legacy};

const UPPER: &str = "DA39A3EE5E6B4B0D3255BFEF95601890AFD80709";
const TRANSACTION: AttributeName = AttributeName::TransactionId;
const SENDER: AttributeName = AttributeName::SenderNonce;

const AES_128: Seal = Seal::new(ContentCipher::Aes128Cbc, KeyTransport::RsaPkcs1);
const AES_128_OAEP: Seal = Seal::new(ContentCipher::Aes128Cbc, KeyTransport::RSA_OAEP_SHA1);
const TRIPLE_DES: Seal = Seal::new(ContentCipher::DesEde3Cbc, KeyTransport::RsaPkcs1);
const DES: Seal = Seal::new(ContentCipher::DesCbc, KeyTransport::RsaPkcs1);

fn parse(der: &[u8]) -> Certificate {
    Certificate::parse(der, &Limits::default()).unwrap()
}

fn device(subject: &str) -> Draft {
    draft(subject, &keys::DEVICE)
}

/// A PKCSReq as the server gets it.
struct Portrait {
    csr: Csr,
    message: PkiMessage,
    seal: Seal,
}

impl Portrait {
    /// Of the device's request, signed by `signer` with `key`.
    fn new(server: &Server, signer: Certificate, key: &'static PrivateKey, seal: Seal) -> Self {
        let csr = Who::device().csr(Some(CHALLENGE));
        let mut portrait = Self {
            message: PkiMessage::request(&Who::device(), "19", Vec::new()).signed_by(signer, key),
            csr,
            seal,
        };
        portrait.envelope(server, <[u8]>::to_vec);
        portrait
    }

    /// With what `spell` makes of the envelope.
    fn envelope(&mut self, server: &Server, spell: impl FnOnce(&[u8]) -> Vec<u8>) {
        let recipient = server.authority.recipient();
        let envelope = self.seal.envelope(self.csr.as_der(), recipient, &RustCrypto).unwrap();
        self.message.content = Some(spell(&envelope));
    }

    fn with(mut self, name: AttributeName, value: Vec<u8>) -> Self {
        self.message = self.message.with(name, value);
        self
    }

    fn signed_at(mut self, time: &str) -> Self {
        self.message = self.message.and(oid::SIGNING_TIME, utc_time(time));
        self
    }

    /// The server reads what was meant, and its answer can be read.
    fn is_granted(&self, server: &Server) -> Received {
        let der = self.message.to_der();
        let request = server.open(&der);
        let transaction = request.transaction();
        assert_eq!(transaction.message_type(), MessageType::PkcsReq);
        assert_eq!(transaction.signer(), &self.message.signer);
        assert_eq!(transaction.digest(), self.message.digest);
        let Content::Enrol(enrol) = request.content() else { panic!("{request:?}") };
        assert_eq!(enrol.csr().as_der(), self.csr.as_der());
        let reply = server.reply(&der);
        assert_eq!(reply.outcome(), ("0".to_owned(), None));
        let content = reply.open(&self.message.signer, self.message.key);
        let bundle = Bundle::parse(&content, &Limits::default()).unwrap();
        let issued = bundle.decoded(&Limits::default()).next().unwrap().unwrap();
        assert_eq!(issued.public_key(), self.csr.public_key());
        reply
    }

    /// It is refused as badAlg, and granted where legacy algorithms are allowed.
    fn is_granted_where_legacy_is_allowed(&self, server: &mut Server) -> Received {
        let reply = server.reply(&self.message.to_der());
        assert_eq!(reply.outcome(), ("2".to_owned(), Some("0".to_owned())));
        server.authority.tolerance = legacy();
        self.is_granted(server)
    }
}

#[test]
fn the_mdm_client_of_apple_in_2016() {
    let server = Server::standing();
    let signer = draft("CN=MDM SCEP SIGNER,C=US", &keys::NEW)
        .usage(KeyUsage::DIGITAL_SIGNATURE)
        .self_signed();
    let mut portrait = Portrait::new(&server, signer, &keys::NEW, TRIPLE_DES)
        .with(TRANSACTION, printable(UPPER))
        .with(SENDER, octets(&[8; 8]))
        .signed_at("160306205823Z");
    portrait.message.digest = DigestAlgorithm::Sha1;
    // CertificationRequestInfo of version 2.
    let csr = resigned(portrait.csr.as_der(), &keys::DEVICE, DigestAlgorithm::Sha256, |fields| {
        fields[0] = Writer::build(|w| w.unsigned(2));
    });
    portrait.csr = Csr::parse(&csr, &Limits::default()).unwrap();
    portrait.envelope(&server, <[u8]>::to_vec);
    let reply = portrait.is_granted(&server);
    assert_eq!(reply.octets(AttributeName::RecipientNonce).unwrap(), [8; 8]);
    assert_eq!(reply.text(TRANSACTION).unwrap(), UPPER);
}

#[test]
fn an_apple_device_of_2022() {
    let server = Server::standing();
    let signer = device("CN=A7C4D8E2-5B1F-4C3D-9E8F-0123456789AB")
        .usage(KeyUsage::SIGN_AND_ENCIPHER)
        .self_signed();
    let signer = resigned(signer.as_der(), &keys::DEVICE, DigestAlgorithm::Sha1, |fields| {
        fields[1] = Writer::build(|w| w.unsigned(1));
    });
    let mut portrait = Portrait::new(&server, parse(&signer), &keys::DEVICE, AES_128)
        .with(TRANSACTION, printable(UPPER))
        .signed_at("220801120000Z");
    portrait.message.named =
        Some([oid::SHA256, oid::SHA256_WITH_RSA].map(AlgorithmIdentifier::with_null));
    portrait.envelope(&server, |der| indefinite(der, 7));
    portrait.is_granted(&server);
}

#[test]
fn windows_in_2024() {
    let server = Server::standing();
    let identifier = Writer::build(|w| w.sequence(|w| w.value(tag::primitive(0), &[0xab; 20])));
    let signer = device("CN=SCEP Protocol Certificate")
        .extension(oid::SUBJECT_KEY_IDENTIFIER, false, octets(&[0xcd; 20]))
        .extension(oid::AUTHORITY_KEY_IDENTIFIER, true, identifier)
        .self_signed();
    let id = UPPER.to_lowercase();
    let mut portrait = Portrait::new(&server, signer, &keys::DEVICE, AES_128_OAEP)
        .with(TRANSACTION, printable(&id))
        .signed_at("240301120000Z");
    portrait.message.digest = DigestAlgorithm::Sha1;
    let reply = portrait.is_granted(&server);
    assert_eq!(reply.text(TRANSACTION).unwrap(), id);
}

#[test]
fn cryptlib_in_2015() {
    let server = Server::standing();
    let signer = device(Who::device().name).usage(KeyUsage::SIGN_AND_ENCIPHER).self_signed();
    let mut portrait = Portrait::new(&server, signer, &keys::DEVICE, AES_128)
        .with(TRANSACTION, printable("ABCDE-FGHIJ-KLMNO"))
        .signed_at("150101120000Z");
    let random_nonce = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.25.3");
    portrait.message = portrait.message.and(random_nonce, octets(&[3; 16]));
    portrait.is_granted(&server);
}

/// A serial number of 32 characters in a certificate without extensions that lasts six days.
#[test]
fn sscep() {
    let server = Server::standing();
    let id = b"D41D8CD98F00B204E9800998ECF8427E";
    let six_days =
        Validity::lasting(NOW.before(Duration::from_secs(60)), Duration::from_secs(525_600));
    let signer = device(Who::device().name).valid(six_days).self_signed();
    let signer = resigned(signer.as_der(), &keys::DEVICE, DigestAlgorithm::Sha256, |fields| {
        // Version 3, which a certificate without extensions of ours has not.
        let version = Writer::build(|w| w.nested(tag::constructed(0), |w| w.unsigned(2)));
        fields[0] = Writer::build(|w| w.value(tag::INTEGER, id));
        fields.insert(0, version);
    });
    let portrait = Portrait::new(&server, parse(&signer), &keys::DEVICE, TRIPLE_DES)
        .with(TRANSACTION, printable(core::str::from_utf8(id).unwrap()))
        .signed_at("270115080000Z");
    portrait.is_granted(&server);
}

/// Single DES always, absent parameters, and encryptedContent as a constructed string.
#[test]
fn the_scepclient_of_micromdm() {
    let mut server = Server::standing();
    let signer = device("O=scep-client,CN=SCEP SIGNER").usage(KeyUsage::SIGN_AND_ENCIPHER);
    let mut portrait = Portrait::new(&server, signer.self_signed(), &keys::DEVICE, DES)
        .with(TRANSACTION, printable("Zm9yIGEga2V5IG9mIHRoZSBkZXZpY2U="))
        .signed_at("270115040000-0400");
    portrait.message.named =
        Some([oid::SHA256, oid::RSA_ENCRYPTION].map(AlgorithmIdentifier::without_parameters));
    portrait.envelope(&server, |der| {
        definite_pieces(&changed(der, KEY_ENCRYPTION_ALGORITHM, without_parameters))
    });
    portrait.is_granted_where_legacy_is_allowed(&mut server);
}

/// MD5 under the message and the certificate, single DES in it.
#[test]
fn cisco_ios_as_it_comes() {
    let mut server = Server::standing();
    let signer = device("unstructuredName=router.example.com").self_signed();
    let signer = resigned(signer.as_der(), &keys::DEVICE, DigestAlgorithm::Md5, |_| {});
    let mut portrait = Portrait::new(&server, parse(&signer), &keys::DEVICE, DES)
        .with(TRANSACTION, printable("5F4DCC3B5AA765D61D8327DEB882CF99"));
    portrait.message.digest = DigestAlgorithm::Md5;
    portrait.is_granted_where_legacy_is_allowed(&mut server);
}

/// MD5 beside AES-256, and base64 of SHA-512 as transactionID.
#[test]
fn the_client_of_scepman() {
    let mut server = Server::standing();
    let seal = Seal::new(ContentCipher::Aes256Cbc, KeyTransport::RsaPkcs1);
    let id = format!("{}==", "aB3+/".repeat(17) + "x");
    assert_eq!(id.len(), 88);
    let mut portrait = Portrait::new(&server, Who::device().self_signed(), &keys::DEVICE, seal)
        .with(TRANSACTION, printable(&id));
    portrait.message.digest = DigestAlgorithm::Md5;
    let reply = portrait.is_granted_where_legacy_is_allowed(&mut server);
    assert_eq!(reply.text(TRANSACTION).unwrap(), id);
}
