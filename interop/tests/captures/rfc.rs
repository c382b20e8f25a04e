//! CMS as RFC 5652 allows it and few write it: BER, other recipients, damaged SignerInfos.

use core::num::NonZeroU32;

use devicecert::crypto_rust::RustCrypto;
use devicecert::pki::algorithm::{ContentCipher, DigestAlgorithm, KeyTransport};
use devicecert::pki::cms::{EnvelopedData, RecipientIdentifier, RecipientInfo, SignedData};
use devicecert::pki::error::{Found, Malformed, Rejected};
use devicecert::pki::{Certificate, Csr, Error, Secret, ToBeDecrypted, ber};

use crate::Case;
use crate::captures::{Captures, legacy, limits, recipient};

pub(crate) fn cases() -> Vec<Case> {
    vec![
        Case::new("rfc::a_signed_message_in_ber_says_the_same_as_in_der", ber_and_der),
        Case::new("rfc::an_enveloped_message_in_ber_says_the_same_as_in_der", streamed_envelope),
        Case::new("rfc::a_signed_message_streamed_by_openssl_verifies", streamed_signature),
        Case::new("rfc::a_recipient_by_key_identifier_with_oaep_sha256_is_read", key_identifier),
        Case::new("rfc::a_recipient_by_password_is_read_and_not_opened", password),
        Case::new("rfc::four_kinds_of_recipients_are_told_apart", four_recipients),
        Case::new("rfc::bare_signer_infos_are_no_messages", damaged_signer_infos),
        Case::new("rfc::a_csr_with_a_challenge_verifies_beside_its_certificate", scep_test_csr),
    ]
}

fn formats(captures: &Captures, name: &str) -> Vec<u8> {
    captures.bytes(&format!("scep/rustcrypto-formats/{name}"))
}

fn ber_and_der(captures: &Captures) {
    let [in_ber, in_der] = ["cms_ber.bin", "cms_der.bin"].map(|name| formats(captures, name));
    assert_eq!(in_ber[..2], [0x30, 0x80]);
    let normalised = ber::normalise(&in_ber, &limits()).unwrap();
    assert_eq!(*ber::normalise(&normalised, &limits()).unwrap(), *normalised);
    assert_eq!(*ber::normalise(&in_der, &limits()).unwrap(), in_der);
    let [streamed, plain] = [&in_ber, &in_der].map(|message| captures.signed(message));
    assert_eq!(streamed.unverified_content(), plain.unverified_content());
    assert_eq!(streamed.content_type(), plain.content_type());
    assert_eq!(streamed.certificates().count(), plain.certificates().count());
    // Two signers signed the same text.
    let signers = [&streamed, &plain].map(|signed| captures.verified(signed).0);
    assert_ne!(signers[0], signers[1]);
    assert!(signers.iter().all(|signer| signer.subject().to_string() == "CN=Test"));
}

fn streamed_envelope(captures: &Captures) {
    let ca = captures.certificate("peers/ca2.crt.pem");
    let key = captures.key("peers/ca2.key.pem");
    let [in_ber, in_der] = ["env-ber", "env-der"].map(|name| {
        let message = captures.bytes(&format!("peers/ber/{name}.der"));
        let enveloped = captures.enveloped(&message);
        (message, captures.opened(&enveloped, &ca, &key))
    });
    assert_eq!(in_ber.0[..2], [0x30, 0x80]);
    assert_eq!(in_ber.1.unwrap(), in_der.1.unwrap());
}

fn streamed_signature(captures: &Captures) {
    let message = captures.bytes("peers/ber/signed-ber.der");
    assert_eq!(message[..2], [0x30, 0x80]);
    let signed = captures.signed(&message);
    captures.verified(&signed);
}

fn key_identifier(captures: &Captures) {
    let enveloped = captures.enveloped(&formats(captures, "kms_ciphertext_for_recipient_1.ber"));
    let only = recipient(&enveloped);
    let RecipientIdentifier::SubjectKeyIdentifier(identifier) = &only.identifier else {
        panic!("{}", only.identifier)
    };
    assert_eq!(identifier.len(), 32);
    let digest = DigestAlgorithm::Sha256;
    let expected = KeyTransport::RsaOaep { digest, mgf1: digest };
    assert_eq!(KeyTransport::try_from(&only.algorithm).unwrap(), expected);
    let (cipher, iv) =
        ContentCipher::from_identifier(enveloped.content_encryption_algorithm()).unwrap();
    assert_eq!((cipher, iv.len()), (ContentCipher::Aes256Cbc, 16));
    assert_eq!(enveloped.encrypted_content().len(), 16);
}

/// The context-specific tags of RecipientInfo (RFC 5652 §6.2).
const KARI: u8 = 0xa1;
const KEKRI: u8 = 0xa2;
const PWRI: u8 = 0xa3;

fn tags(enveloped: &EnvelopedData) -> Vec<Option<u8>> {
    let tag = |recipient: &RecipientInfo| match recipient {
        RecipientInfo::KeyTransport(_) => None,
        RecipientInfo::KeyAgreement(_) => Some(KARI),
        RecipientInfo::Password(_) => Some(PWRI),
        RecipientInfo::KeyEncryptionKey(_) => Some(KEKRI),
        RecipientInfo::Other { tag, .. } => Some(*tag),
        other => panic!("{other:?}"),
    };
    enveloped.recipients().iter().map(tag).collect()
}

fn password(captures: &Captures) {
    let enveloped = captures.enveloped(&formats(captures, "enveloped_data_pwri.bin"));
    assert_eq!(tags(&enveloped), [Some(PWRI)]);
    // It is locked like any other, and opens with a password that came without the capture.
    let ca = captures.certificate("peers/ca2.crt.pem");
    let locked = enveloped.lock(&ca, &RustCrypto, &legacy()).unwrap();
    let Some(ToBeDecrypted::Password(recipient)) = locked.to_be_decrypted() else { panic!() };
    assert_eq!(recipient.iterations().map(NonZeroU32::get), Some(2048));
    let refused = locked.attach(Ok(Secret::from("whatever"))).unwrap_err();
    assert_eq!(refused, Error::Rejected(Rejected::Undecryptable));
}

fn four_recipients(captures: &Captures) {
    let one = captures.enveloped(&formats(captures, "enveloped_data_ktri.bin"));
    assert_eq!(tags(&one), [None]);
    assert_eq!(recipient(&one).encrypted_key.len(), 512);
    let four = captures.enveloped(&formats(captures, "enveloped_data_multi.bin"));
    assert_eq!(tags(&four), [None, Some(KARI), Some(KEKRI), Some(PWRI)]);
}

fn damaged_signer_infos(captures: &Captures) {
    for (name, found) in [
        ("signer_info_explicit_attrs.bin", Found::Tag(0x31)),
        ("signer_info_sequence_not_set.bin", Found::Tag(0x30)),
    ] {
        let refused = SignedData::parse(&formats(captures, name), &limits()).unwrap_err();
        let Error::Malformed(Malformed { offset, found: is, .. }) = refused else {
            panic!("{name}: {refused}")
        };
        assert!(offset <= 4, "{name}: {offset}");
        assert_eq!(is, found, "{name}");
    }
}

fn scep_test_csr(captures: &Captures) {
    let csr = Csr::parse(&formats(captures, "sceptest_csr.der"), &limits()).unwrap();
    captures.count_read(csr.as_der());
    csr.verify(&RustCrypto, &legacy()).unwrap();
    captures.count_verified(csr.as_der());
    assert_eq!(csr.challenge_password().unwrap().len(), 20);
    let certificate: Certificate =
        captures.certificate("scep/rustcrypto-formats/sceptest_cert-selfsigned.pem");
    assert_eq!(certificate.public_key(), csr.public_key());
    certificate.is_signed_by(certificate.public_key(), &RustCrypto, &legacy()).unwrap();
    let key = captures.key("scep/rustcrypto-formats/sceptest_key.pem");
    assert_eq!(devicecert::pki::Signer::public_key(&key).key_bits(), csr.public_key().key_bits());
}
