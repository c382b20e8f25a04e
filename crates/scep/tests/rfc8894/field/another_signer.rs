//! Requests signed with a certificate that has little to do with the request.

use std::time::Duration;

use devicecert_crypto_rust::PrivateKey;
use devicecert_pki::algorithm::{DigestAlgorithm, SignatureAlgorithm};
use devicecert_pki::asn1::{Tlv, Writer, tag};
use devicecert_pki::{Certificate, KeyUsage, Limits, Signer, ToBeSigned, Validity, oid};
use devicecert_scep::{Content, NoRenewal};

use crate::common::certificates::{Draft, draft};
use crate::common::pki_message::PkiMessage;
use crate::common::{NOW, Server, Who, keys};

/// A request of the device that is signed by `signer`, and granted.
fn granted(signer: &Certificate, key: &'static PrivateKey) {
    let server = Server::standing();
    let message =
        PkiMessage::pkcs_req(&Who::device(), &server).signed_by(signer.clone(), key).to_der();
    let request = server.open(&message);
    let transaction = request.transaction();
    assert_eq!(transaction.signer(), signer);
    assert!(matches!(request.content(), Content::Enrol(_)));
    // It proves nothing, and is no renewal.
    let no_renewal = request.renewal(&server.authority, NOW).unwrap_err();
    assert_eq!(no_renewal, NoRenewal::SelfSigned);
    assert!(transaction.is_self_signed());
    let reply = server.reply(&message);
    assert_eq!(reply.outcome().0, "0");
    assert!(!reply.open(signer, key).is_empty());
}

fn device(subject: &str) -> Draft {
    draft(subject, &keys::DEVICE).usage(KeyUsage::SIGN_AND_ENCIPHER)
}

/// Apple names the signer after a random UUID, Windows "SCEP Protocol Certificate".
#[test]
fn the_signer_has_another_subject_than_the_request() {
    for subject in
        ["CN=A7C4D8E2-5B1F-4C3D-9E8F-0123456789AB", "CN=SCEP Protocol Certificate", "O=Vendor"]
    {
        granted(&device(subject).self_signed(), &keys::DEVICE);
    }
}

/// Apple's MDM client of 2016, with a signer that does not permit keyEncipherment either. The
/// policy can see it.
#[test]
fn the_signer_has_another_key_than_the_request() {
    let signer = draft("CN=MDM SCEP SIGNER,C=US", &keys::NEW)
        .usage(KeyUsage::DIGITAL_SIGNATURE)
        .self_signed();
    granted(&signer, &keys::NEW);
    let server = Server::standing();
    let message = PkiMessage::pkcs_req(&Who::device(), &server).signed_by(signer, &keys::NEW);
    let request = server.open(&message.to_der());
    let Content::Enrol(enrol) = request.content() else { panic!("{request:?}") };
    assert_ne!(enrol.csr().public_key(), request.transaction().signer().public_key());
    assert_eq!(enrol.csr().public_key(), keys::DEVICE.public_key());
}

/// sscep's lasts six days; a device without battery starts in 1970.
#[test]
fn the_signer_is_expired_or_not_yet_valid() {
    let day = Duration::from_secs(86_400);
    for start in [NOW.before(day * 6), NOW.after(day), devicecert_pki::Time::from_unix(0)] {
        let signer = device("CN=device-1").valid(Validity::lasting(start, day)).self_signed();
        assert!(!signer.validity().contains(NOW));
        granted(&signer, &keys::DEVICE);
    }
}

/// Windows: an authorityKeyIdentifier that is critical, and fits no subjectKeyIdentifier.
#[test]
fn the_signer_has_an_illegal_critical_extension() {
    let value = Writer::build(|w| w.sequence(|w| w.value(tag::primitive(0), &[0xab; 20])));
    let signer = device("CN=SCEP Protocol Certificate").extension(
        oid::AUTHORITY_KEY_IDENTIFIER,
        true,
        value,
    );
    granted(&signer.self_signed(), &keys::DEVICE);
}

/// The same certificate of the device with other octets for its serial number, signed anew.
fn with_serial(certificate: &Certificate, serial: &[u8]) -> Certificate {
    let mut fields = Tlv::parse(certificate.as_der(), "Certificate").unwrap().reader();
    let mut tbs = fields.sequence("TBSCertificate").unwrap();
    let algorithm = fields.any("signatureAlgorithm").unwrap().raw;
    let mut of_tbs = Vec::new();
    while !tbs.is_empty() {
        of_tbs.push(tbs.any("a field").unwrap().raw.to_vec());
    }
    of_tbs[1] = Writer::build(|w| w.value(tag::INTEGER, serial));
    let tbs = Writer::build(|w| w.sequence(|w| w.raw(&of_tbs.concat())));
    let scheme = SignatureAlgorithm::RsaPkcs1(DigestAlgorithm::Sha256);
    let ask = ToBeSigned::new(keys::DEVICE.public_key().clone(), scheme, tbs.clone());
    let der = Writer::build(|w| {
        w.sequence(|w| {
            w.raw(&tbs);
            w.raw(algorithm);
            w.bit_string(&keys::DEVICE.sign(&ask).unwrap());
        });
    });
    Certificate::parse(&der, &Limits::default()).unwrap()
}

/// sscep writes the 32 characters of the transactionID, others what the clock says, or nothing.
#[test]
fn the_signer_has_a_serial_number_that_no_ca_would_give() {
    let signer = device("CN=device-1").self_signed();
    let long = b"D41D8CD98F00B204E9800998ECF8427E";
    for serial in [&long[..], &[0x80], &[0xff; 8], &[0], &[0, 0, 1], &[]] {
        granted(&with_serial(&signer, serial), &keys::DEVICE);
    }
}

/// What a device sends that believes it renews, at a CA that was set up anew meanwhile, or with
/// what its manufacturer gave it.
#[test]
fn the_signer_is_of_another_ca_that_the_server_knows() {
    let mut server = Server::standing();
    let gone = draft("CN=Test CA", &keys::STRANGER).ca().self_signed();
    let signer = device("CN=device-1").issued_by(&gone, &keys::STRANGER);
    let message =
        PkiMessage::pkcs_req(&Who::device(), &server).signed_by(signer, &keys::DEVICE).to_der();
    // With the right challenge, too: it may have been altered on the way.
    assert_eq!(server.reply(&message).outcome(), ("2".to_owned(), Some("1".to_owned())));
    server.authority.other_issuers = vec![gone];
    assert_eq!(server.reply(&message).outcome().0, "0");
}
