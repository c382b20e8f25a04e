//! The reply of a Windows server (NDES).

use devicecert::pki::Error;
use devicecert::pki::algorithm::{ContentCipher, DigestAlgorithm, KeyTransport};
use devicecert::pki::error::Rejected;
use devicecert::scep::AttributeName;

use crate::Case;
use crate::captures::{Captures, legacy, limits, octets, recipient, text};

pub(crate) fn cases() -> Vec<Case> {
    vec![Case::new("ndes::a_reply_without_certificates_verifies_with_the_ra_certificate", reply)]
}

fn reply(captures: &Captures) {
    let folder = "scep/smallstep-scep/testdata/testca2";
    let message = captures.bytes(&format!("{folder}/CertRep_NoCertificatesForSigners.der"));
    let signed = captures.signed(&message);
    assert_eq!(signed.certificates().count(), 0);
    assert_eq!(
        signed.signer_certificate(&limits(), &legacy()).unwrap_err(),
        Error::Rejected(Rejected::NoSignerCertificate)
    );
    let ra = captures.certificate(&format!("{folder}/ca2.pem"));
    let verified = captures.verified_with(&signed, &ra).unwrap();
    assert_eq!(verified.digest_algorithm(), DigestAlgorithm::Sha1);
    assert_eq!(text(&verified, AttributeName::MessageType).as_deref(), Some("3"));
    assert_eq!(text(&verified, AttributeName::PkiStatus).as_deref(), Some("0"));
    let id = text(&verified, AttributeName::TransactionId);
    assert_eq!(id.as_deref(), Some("HVvzN0228V+AW+dUuDe8OPyDXD0="));
    let sender = octets(&verified, AttributeName::SenderNonce).unwrap();
    let recipient_nonce = octets(&verified, AttributeName::RecipientNonce).unwrap();
    assert_eq!((sender.len(), recipient_nonce.len()), (16, 16));
    assert_ne!(sender, recipient_nonce);
    // An attribute of Microsoft's that nobody has to know.
    let disposition = signed
        .signer()
        .unwrap()
        .unverified_attributes()
        .iter()
        .find(|attribute| attribute.oid.to_string() == "1.3.6.1.4.1.311.21.38")
        .unwrap();
    assert_eq!(disposition.values, [b"\x0c\x06Issued".to_vec()]);

    let enveloped = captures.enveloped(verified.content().unwrap());
    let (cipher, _) =
        ContentCipher::from_identifier(enveloped.content_encryption_algorithm()).unwrap();
    assert_eq!(cipher, ContentCipher::Aes128Cbc);
    let transport = KeyTransport::try_from(&recipient(&enveloped).algorithm).unwrap();
    assert_eq!(transport, KeyTransport::RSA_OAEP_SHA1);
}
