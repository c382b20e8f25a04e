//! The reference sample that RFC 8894 §3 points to, made by cryptlib: a request and its reply, each
//! at three levels.

use devicecert::crypto_rust::RustCrypto;
use devicecert::pki::algorithm::{ContentCipher, DigestAlgorithm, KeyTransport};
use devicecert::pki::cms::Bundle;
use devicecert::pki::{Csr, KeyKind, KeyUsage, oid};
use devicecert::scep::AttributeName;

use crate::Case;
use crate::captures::{Captures, legacy, limits, octets, recipient, text};

pub(crate) fn cases() -> Vec<Case> {
    vec![
        Case::new("cryptlib::the_reference_request_verifies_and_holds_the_envelope_given", request),
        Case::new("cryptlib::the_reference_csr_verifies_and_has_a_challenge", csr),
        Case::new("cryptlib::the_reference_reply_has_no_sender_nonce_and_verifies", reply),
        Case::new("cryptlib::the_reference_certificate_is_for_the_key_of_the_csr", issued),
    ]
}

fn sample(captures: &Captures, name: &str) -> Vec<u8> {
    captures.bytes(&format!("scep/jscep/samples/{name}.der"))
}

fn request(captures: &Captures) {
    let signed = captures.signed(&sample(captures, "scep_req2"));
    let (signer, verified) = captures.verified(&signed);
    assert_eq!(verified.digest_algorithm(), DigestAlgorithm::Sha256);
    assert_eq!(signed.signer().unwrap().signature_algorithm().oid, oid::RSA_ENCRYPTION);
    assert_eq!(signer.public_key().kind(), KeyKind::Rsa { bits: 1536 });
    assert_eq!(signer.extensions().key_usage(), Some(KeyUsage::SIGN_AND_ENCIPHER));
    assert_eq!(text(&verified, AttributeName::MessageType).as_deref(), Some("19"));
    let id = text(&verified, AttributeName::TransactionId);
    assert_eq!(id.as_deref(), Some("7XXEY-ERLPU-2JDR9"));
    assert_eq!(octets(&verified, AttributeName::SenderNonce).unwrap().len(), 16);
    assert!(has_random_nonce(&signed));

    assert_eq!(verified.content().unwrap(), sample(captures, "scep_req1"));
    let enveloped = captures.enveloped(verified.content().unwrap());
    let (cipher, _) =
        ContentCipher::from_identifier(enveloped.content_encryption_algorithm()).unwrap();
    assert_eq!(cipher, ContentCipher::Aes128Cbc);
    // The key is not there; the plaintext is, and padded it has this length.
    let csr = sample(captures, "scep_req0");
    assert_eq!(enveloped.encrypted_content().len(), csr.len() / 16 * 16 + 16);
    let transport = KeyTransport::try_from(&recipient(&enveloped).algorithm).unwrap();
    assert_eq!(transport, KeyTransport::RsaPkcs1);
    // The RFC's rule, which real devices break: signer and request have one subject and key.
    let csr = Csr::parse(&csr, &limits()).unwrap();
    assert_eq!((signer.subject(), signer.public_key()), (csr.subject(), csr.public_key()));
}

/// An attribute that cryptlib adds and nobody else knows.
fn has_random_nonce(signed: &devicecert::pki::cms::SignedData) -> bool {
    let signer = signed.signer().unwrap();
    signer.unverified_attributes().iter().any(|attribute| {
        attribute.oid.to_string() == "1.2.840.113549.1.9.25.3" && attribute.values[0].len() == 10
    })
}

fn csr(captures: &Captures) {
    let csr = Csr::parse(&sample(captures, "scep_req0"), &limits()).unwrap();
    captures.count_read(csr.as_der());
    csr.verify(&RustCrypto, &legacy()).unwrap();
    captures.count_verified(csr.as_der());
    assert_eq!(csr.challenge_password().unwrap().len(), 23);
    let names: Vec<String> =
        csr.subject_alt_name().unwrap().iter().map(ToString::to_string).collect();
    assert_eq!(names, ["email:dave@wetas-r-us.com", "URI:http://www.wetas-r-us.com"]);
}

fn reply(captures: &Captures) {
    let request = captures.signed(&sample(captures, "scep_req2"));
    let (requester, asked) = captures.verified(&request);
    let signed = captures.signed(&sample(captures, "scep_resp2"));
    assert_eq!(signed.certificates().count(), 2);
    let (_, verified) = captures.verified(&signed);
    assert!(has_random_nonce(&signed));
    assert_eq!(text(&verified, AttributeName::MessageType).as_deref(), Some("3"));
    assert_eq!(text(&verified, AttributeName::PkiStatus).as_deref(), Some("0"));
    assert_eq!(octets(&verified, AttributeName::SenderNonce), None);
    assert_eq!(
        octets(&verified, AttributeName::RecipientNonce),
        octets(&asked, AttributeName::SenderNonce)
    );
    assert_eq!(verified.content().unwrap(), sample(captures, "scep_resp1"));
    let enveloped = captures.enveloped(verified.content().unwrap());
    assert!(recipient(&enveloped).identifier.names(&requester, &legacy()));
}

fn issued(captures: &Captures) {
    let csr = Csr::parse(&sample(captures, "scep_req0"), &limits()).unwrap();
    let bundle = Bundle::parse(&sample(captures, "scep_resp0"), &limits()).unwrap();
    captures.count_read(&bundle);
    let issued: Vec<_> = bundle.decoded(&limits()).collect::<Result<_, _>>().unwrap();
    assert_eq!(issued.len(), 1);
    assert_eq!(issued[0].public_key(), csr.public_key());
    assert_eq!(issued[0].subject(), csr.subject());
    // It is the CA of the reply that issued it.
    let reply = captures.signed(&sample(captures, "scep_resp2"));
    let (ca, _) = captures.verified(&reply);
    issued[0].is_signed_by(ca.public_key(), &RustCrypto, &legacy()).unwrap();
}
