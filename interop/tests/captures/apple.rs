//! Apple's MDM clients of 2016 and 2022.

use std::process::Command;

use devicecert::crypto_rust::{PrivateKey, RustCrypto};
use devicecert::pki::algorithm::{ContentCipher, DigestAlgorithm, KeyTransport};
use devicecert::pki::cms::{Content, SignerIdentifier};
use devicecert::pki::error::Rejected;
use devicecert::pki::{Certificate, Csr, Error, KeyKind, KeyUsage, oid};
use devicecert::scep::{self, AttributeName, Authority, Message, MessageType};

use crate::Case;
use crate::captures::{Captures, digest, is_upper_hex, legacy, limits, octets, recipient, text};

const REQUEST_2016: &str = "scep/micromdm-scep/testdata/PKCSReq.der";
const CSR_2016: &str = "scep/micromdm-scep/testdata/PKCSReq.decrypted-csr.der";
const CA_2016: &str = "scep/micromdm-scep/testdata/testca/ca.crt";
const CA_KEY_2016: &str = "scep/micromdm-scep/testdata/testca/ca.key";
const REQUEST_2022: &str = "scep/rustcrypto-formats/scep_der.bin";

pub(crate) fn cases() -> Vec<Case> {
    vec![
        Case::new("apple::the_request_of_2016_has_a_nonce_of_8_bytes_and_verifies", request_2016),
        Case::new("apple::the_csr_of_2016_has_version_2_and_verifies", csr_2016),
        Case::with_openssl("apple::a_server_opens_the_request_of_2016", open_2016),
        Case::new("apple::the_request_of_2022_has_ber_inside_der_and_verifies", request_2022),
        Case::new(
            "apple::an_mdm_signature_has_its_certificate_in_the_place_of_the_content",
            mdm_signature,
        ),
    ]
}

fn request_2016(captures: &Captures) {
    let message = captures.bytes(REQUEST_2016);
    let signed = captures.signed(&message);
    let (signer, verified) = captures.verified(&signed);
    assert_eq!(signer.subject().common_name().as_deref(), Some("MDM SCEP SIGNER"));
    assert_eq!(signer.public_key().kind(), KeyKind::Rsa { bits: 2048 });
    assert!(signer.permits(KeyUsage::DIGITAL_SIGNATURE));
    assert!(!signer.permits(KeyUsage::KEY_ENCIPHERMENT));
    assert_eq!(verified.digest_algorithm(), DigestAlgorithm::Sha1);
    assert_eq!(text(&verified, AttributeName::MessageType).as_deref(), Some("19"));
    assert!(is_upper_hex(&text(&verified, AttributeName::TransactionId).unwrap(), 40));
    assert_eq!(octets(&verified, AttributeName::SenderNonce).unwrap().len(), 8);
    assert_eq!(octets(&verified, AttributeName::RecipientNonce), None);

    let enveloped = captures.enveloped(verified.content().unwrap());
    let (cipher, _) =
        ContentCipher::from_identifier(enveloped.content_encryption_algorithm()).unwrap();
    assert_eq!(cipher, ContentCipher::DesEde3Cbc);
    assert_eq!(enveloped.encrypted_content().len(), 432);
    assert_eq!(recipient(&enveloped).encrypted_key.len(), 512);
    assert!(recipient(&enveloped).identifier.names(&captures.certificate(CA_2016), &legacy()));
    // The same message is in the test data of another project.
    assert_eq!(message, captures.bytes("scep/smallstep-scep/testdata/PKCSReq.der"));
}

fn csr_2016(captures: &Captures) {
    let csr = Csr::parse(&captures.bytes(CSR_2016), &limits()).unwrap();
    csr.verify(&RustCrypto, &legacy()).unwrap();
    assert_eq!(csr.public_key().kind(), KeyKind::Rsa { bits: 1024 });
    assert!(csr.challenge_password().is_none());
    assert_eq!(csr.extensions().key_usage(), Some(KeyUsage::DIGITAL_SIGNATURE));
    assert!(csr.extensions().get(oid::KEY_USAGE).unwrap().critical);
    // CertificationRequestInfo.version, behind two headers of four octets.
    assert_eq!(csr.as_der()[8..11], [2, 1, 2]);
}

fn open_2016(captures: &Captures) {
    let pem = Command::new("openssl")
        .args(["rsa", "-passin", "pass:", "-in"])
        .arg(captures.path(CA_KEY_2016))
        .output()
        .unwrap();
    let key = PrivateKey::from_pem(&String::from_utf8(pem.stdout).unwrap()).unwrap();
    let authority = Authority::new(captures.certificate(CA_2016)).unwrap();
    let message = Message::parse(&captures.bytes(REQUEST_2016), &authority.limits).unwrap();
    let request = message.verify(&authority, &RustCrypto).unwrap().unlock(&key).unwrap();
    let Content::Octets(envelope) = message.as_signed_data().unverified_content() else {
        panic!("no content")
    };
    captures.count_opened(captures.enveloped(envelope));

    let transaction = request.transaction();
    assert_eq!(transaction.message_type(), MessageType::PkcsReq);
    assert_eq!(transaction.seal().cipher, ContentCipher::DesEde3Cbc);
    assert_eq!(transaction.seal().key_transport, KeyTransport::RsaPkcs1);
    let scep::Content::Enrol(enrol) = request.content() else { panic!("{request:?}") };
    assert_eq!(enrol.csr().as_der(), captures.bytes(CSR_2016));
    // Signer and request are two keys here, and the transactionID names the latter.
    assert_ne!(transaction.signer().public_key(), enrol.csr().public_key());
    let key_digest = digest(DigestAlgorithm::Sha1, enrol.csr().public_key().key_bits());
    assert_eq!(transaction.id().as_str(), key_digest.to_uppercase());
}

fn request_2022(captures: &Captures) {
    let signed = captures.signed(&captures.bytes(REQUEST_2022));
    let (signer, verified) = captures.verified(&signed);
    assert_eq!(verified.digest_algorithm(), DigestAlgorithm::Sha256);
    assert_eq!(signed.signer().unwrap().signature_algorithm().oid, oid::SHA256_WITH_RSA);
    assert_eq!(signer.serial(), [1]);
    assert_eq!(signer.subject().common_name().unwrap().len(), 36);
    assert_eq!(signer.extensions().key_usage(), Some(KeyUsage::SIGN_AND_ENCIPHER));
    assert_eq!(signer.signature_algorithm().oid, oid::SHA1_WITH_RSA);
    signer.is_signed_by(signer.public_key(), &RustCrypto, &legacy()).unwrap();
    assert!(is_upper_hex(&text(&verified, AttributeName::TransactionId).unwrap(), 40));
    assert_eq!(octets(&verified, AttributeName::SenderNonce).unwrap().len(), 16);

    let content = verified.content().unwrap();
    assert_eq!(content[..2], [0x30, 0x80]);
    let enveloped = captures.enveloped(content);
    let (cipher, _) =
        ContentCipher::from_identifier(enveloped.content_encryption_algorithm()).unwrap();
    assert_eq!(cipher, ContentCipher::Aes128Cbc);
    assert_eq!(enveloped.encrypted_content().len(), 672);
    assert_eq!(recipient(&enveloped).identifier.to_string(), "issuer CN=CA, serial number 01");
}

fn mdm_signature(captures: &Captures) {
    let message = captures.bytes("scep/rustcrypto-formats/apple_mdm_signature_der.bin");
    let signed = captures.signed(&message);
    let Content::Other(content) = signed.unverified_content() else {
        panic!("{:?}", signed.unverified_content())
    };
    assert_eq!(content[0], 0x30);
    let signer = signed.signer().unwrap();
    assert_eq!(signer.digest_algorithm().oid, oid::SHA1);
    let SignerIdentifier::IssuerAndSerialNumber { issuer, .. } = signer.identifier() else {
        panic!("{}", signer.identifier())
    };
    assert_eq!(issuer.common_name().as_deref(), Some("MICROMDM SCEP CA"));
    assert_eq!(
        signed.signer_certificate(&limits(), &legacy()).unwrap_err(),
        Error::Rejected(Rejected::NoSignerCertificate)
    );
    // What stands in the place of the content is the signer's certificate; what was signed is the
    // body of an HTTP request.
    let certificate = Certificate::parse(content, &limits()).unwrap();
    assert!(signer.identifier().names(&certificate, &legacy()));
    assert_eq!(
        captures.verified_with(&signed, &certificate).unwrap_err(),
        Error::Rejected(Rejected::MessageDigest)
    );
}
