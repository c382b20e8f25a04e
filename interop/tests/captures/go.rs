//! What the Go libraries `micromdm/scep` and `smallstep/pkcs7` wrote.

use devicecert::pki::algorithm::{ContentCipher, DigestAlgorithm, KeyTransport};
use devicecert::pki::error::{Rejected, Unsupported};
use devicecert::pki::{Error, Time, Tolerance, from_pem, oid};
use devicecert::scep::AttributeName;

use crate::Case;
use crate::captures::{Captures, legacy, limits, octets, recipient, text};

pub(crate) fn cases() -> Vec<Case> {
    vec![
        Case::new("go::the_reply_of_2016_has_des_in_pieces_and_verifies", reply_2016),
        Case::new("go::single_des_is_refused_unless_it_is_allowed", des_needs_a_word),
        Case::new("go::envelopes_open_with_pkcs1_and_oaep", envelopes),
        Case::new("go::an_envelope_whose_oaep_parameters_are_wrong_does_not_open", wrong_oaep),
        Case::new("go::signed_messages_verify", signed_messages),
        Case::new("go::signatures_that_scep_does_not_have_are_refused", out_of_scope),
        Case::new("go::a_signed_message_of_amazon_in_ber_verifies", ber),
    ]
}

const REPLY: &str = "scep/smallstep-scep/testdata/CertRep.der";

fn reply_2016(captures: &Captures) {
    let signed = captures.signed(&captures.bytes(REPLY));
    let info = signed.signer().unwrap();
    for algorithm in [info.digest_algorithm(), info.signature_algorithm()] {
        assert_eq!(algorithm.parameters, None);
    }
    let (signer, verified) = captures.verified(&signed);
    assert_eq!(signer, captures.certificate("scep/smallstep-scep/testdata/testca/ca.crt"));
    assert_eq!(verified.digest_algorithm(), DigestAlgorithm::Sha1);
    assert_eq!(text(&verified, AttributeName::PkiStatus).as_deref(), Some("0"));
    assert_eq!(octets(&verified, AttributeName::SenderNonce), None);
    // It answers the request of Apple's client of 2016.
    let request = captures.signed(&captures.bytes("scep/smallstep-scep/testdata/PKCSReq.der"));
    let (requester, asked) = captures.verified(&request);
    for (reply, request) in [
        (AttributeName::TransactionId, AttributeName::TransactionId),
        (AttributeName::RecipientNonce, AttributeName::SenderNonce),
    ] {
        assert_eq!(octets(&verified, reply), octets(&asked, request));
    }
    let time = verified.attribute(oid::SIGNING_TIME, "signingTime").unwrap().unwrap();
    assert_eq!(time.value, b"160531073014-0400");
    assert_eq!(Time::read(&time).unwrap().to_string(), "2016-05-31T11:30:14Z");

    let enveloped = captures.enveloped(verified.content().unwrap());
    let (cipher, _) =
        ContentCipher::from_identifier(enveloped.content_encryption_algorithm()).unwrap();
    assert_eq!(cipher, ContentCipher::DesCbc);
    assert_eq!(enveloped.encrypted_content().len(), 1024);
    assert_eq!(recipient(&enveloped).algorithm.parameters, None);
    assert!(recipient(&enveloped).identifier.names(&requester, &legacy()));
}

fn des_needs_a_word(captures: &Captures) {
    let signed = captures.signed(&captures.bytes(REPLY));
    let (signer, verified) = captures.verified(&signed);
    let enveloped = captures.enveloped(verified.content().unwrap());
    let refused = enveloped
        .lock(&signer, &devicecert::crypto_rust::RustCrypto, &Tolerance::default())
        .unwrap_err();
    assert_eq!(refused, Error::Unsupported(Unsupported::Legacy("single DES")));
}

/// Message, certificate and key with these numbers.
fn decrypt(
    captures: &Captures,
    [message, certificate, key]: [&str; 3],
) -> (KeyTransport, Result<String, Error>) {
    let folder = "scep/smallstep-pkcs7/decrypt_test";
    let message = captures.text(&format!("{folder}/{message}_PKCS7.pem"));
    let recipient_certificate =
        captures.certificate(&format!("{folder}/{certificate}_CERTIFICATE.pem"));
    let key = captures.key(&format!("{folder}/{key}_RSA_PRIVATE_KEY.pem"));
    let enveloped = captures.enveloped(&from_pem("PKCS7", &message).unwrap()[0]);
    assert!(recipient(&enveloped).identifier.names(&recipient_certificate, &Tolerance::STRICT));
    let transport = KeyTransport::try_from(&recipient(&enveloped).algorithm).unwrap();
    let content = captures.opened(&enveloped, &recipient_certificate, &key);
    (transport, content.map(|content| String::from_utf8(content.expose().to_vec()).unwrap()))
}

fn envelopes(captures: &Captures) {
    let expected = [
        (["00", "01", "02"], KeyTransport::RsaPkcs1),
        (["03", "04", "05"], KeyTransport::RsaPkcs1),
        (["06", "07", "08"], KeyTransport::RSA_OAEP_SHA1),
    ];
    for (files, expected) in expected {
        let (transport, content) = decrypt(captures, files);
        assert_eq!(transport, expected, "{files:?}");
        assert_eq!(content.unwrap().trim_end(), "This is a test", "{files:?}");
    }
}

/// The library writes SHA-256 and leaves MGF1 at its default, SHA-1, but computes MGF1 with SHA-256,
/// too. OpenSSL does not open it either.
fn wrong_oaep(captures: &Captures) {
    let (transport, content) = decrypt(captures, ["09", "10", "11"]);
    let (digest, mgf1) = (DigestAlgorithm::Sha256, DigestAlgorithm::Sha1);
    assert_eq!(transport, KeyTransport::RsaOaep { digest, mgf1 });
    assert_eq!(content.unwrap_err(), Error::Rejected(Rejected::Undecryptable));
}

fn message(captures: &Captures, number: &str) -> Vec<u8> {
    let path = format!("scep/smallstep-pkcs7/verify_test/{number}_PKCS7.pem");
    from_pem("PKCS7", &captures.text(&path)).unwrap().remove(0)
}

fn signed_messages(captures: &Captures) {
    for (number, content) in [("00", &b"We the People"[..]), ("03", b"")] {
        let signed = captures.signed(&message(captures, number));
        let (_, verified) = captures.verified(&signed);
        assert_eq!(verified.digest_algorithm(), DigestAlgorithm::Sha1);
        assert!(verified.content().unwrap().starts_with(content), "{number}");
    }
}

fn out_of_scope(captures: &Captures) {
    for (number, expected) in [
        // No signed attributes: the signature would cover the content directly.
        ("07", Rejected::MissingAttribute("signedAttrs")),
        // Detached: the content is elsewhere.
        ("08", Rejected::MissingAttribute("signedAttrs")),
        ("09", Rejected::MessageDigest),
    ] {
        let signed = captures.signed(&message(captures, number));
        let signer = signed.signer_certificate(&limits(), &legacy()).unwrap();
        let refused = captures.verified_with(&signed, &signer).unwrap_err();
        assert_eq!(refused, Error::Rejected(expected), "{number}");
    }
}

fn ber(captures: &Captures) {
    let pem = captures.text("scep/smallstep-pkcs7/ber_test/00_PKCS7.pem");
    let message = from_pem("PKCS7", &pem).unwrap().remove(0);
    assert_eq!(message[..2], [0x30, 0x80]);
    let signed = captures.signed(&message);
    let (_, verified) = captures.verified(&signed);
    assert_eq!(verified.digest_algorithm(), DigestAlgorithm::Sha256);
}
