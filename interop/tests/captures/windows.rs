//! The MDM client of Windows 10 and 11, 2024.

use devicecert::pki::algorithm::{ContentCipher, DigestAlgorithm, KeyTransport};
use devicecert::pki::{KeyKind, oid};
use devicecert::scep::AttributeName;

use crate::Case;
use crate::captures::{Captures, is_lower_hex, legacy, octets, recipient, text};
use devicecert::crypto_rust::RustCrypto;

pub(crate) fn cases() -> Vec<Case> {
    vec![
        Case::new("windows::the_request_of_2024_uses_oaep_and_verifies", request),
        Case::new("windows::the_signer_of_2024_has_a_critical_key_identifier", signer),
    ]
}

const REQUEST: &str = "scep/smallstep-pkcs7/windows_scep_pkcsreq.der";

fn request(captures: &Captures) {
    let signed = captures.signed(&captures.bytes(REQUEST));
    let (_, verified) = captures.verified(&signed);
    assert_eq!(verified.digest_algorithm(), DigestAlgorithm::Sha1);
    assert_eq!(signed.signer().unwrap().signature_algorithm().oid, oid::RSA_ENCRYPTION);
    assert_eq!(text(&verified, AttributeName::MessageType).as_deref(), Some("19"));
    assert!(is_lower_hex(&text(&verified, AttributeName::TransactionId).unwrap(), 40));
    assert_eq!(octets(&verified, AttributeName::SenderNonce).unwrap().len(), 16);

    let content = verified.content().unwrap();
    assert_eq!(content, captures.bytes("scep/smallstep-pkcs7/windows_scep_pkcsreq.enveloped.der"));
    let enveloped = captures.enveloped(content);
    let (cipher, _) =
        ContentCipher::from_identifier(enveloped.content_encryption_algorithm()).unwrap();
    assert_eq!(cipher, ContentCipher::Aes128Cbc);
    assert_eq!(enveloped.encrypted_content().len(), 5504);
    let algorithm = &recipient(&enveloped).algorithm;
    // An empty SEQUENCE: every default of RSAES-OAEP.
    assert_eq!(algorithm.parameters.as_deref(), Some(&[0x30, 0][..]));
    assert_eq!(KeyTransport::try_from(algorithm).unwrap(), KeyTransport::RSA_OAEP_SHA1);
}

fn signer(captures: &Captures) {
    let signed = captures.signed(&captures.bytes(REQUEST));
    let (signer, _) = captures.verified(&signed);
    assert_eq!(signer.subject().common_name().as_deref(), Some("SCEP Protocol Certificate"));
    assert_eq!(signer.serial().len(), 16);
    assert_eq!(signer.public_key().kind(), KeyKind::Rsa { bits: 2048 });
    assert_eq!(signer.extensions().key_usage(), None);
    signer.is_signed_by(signer.public_key(), &RustCrypto, &legacy()).unwrap();
    let authority = signer.extensions().get(oid::AUTHORITY_KEY_IDENTIFIER).unwrap();
    assert!(authority.critical);
    let own = signer.extensions().subject_key_identifier().unwrap();
    assert!(!authority.value.windows(own.len()).any(|window| window == own));
}
