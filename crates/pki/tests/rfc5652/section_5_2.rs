//! RFC 5652 §5.2, EncapsulatedContentInfo.

use crate::support::signed::{CONTENT, Message, Signer};
use crate::support::{certificate_of, limits, malformed, testdata, tlv, tolerant};
use devicecert_crypto_rust::RustCrypto;
use devicecert_pki::cms::{Content, SignedData, Verified};
use devicecert_pki::error::{Error, Found, Rejected};
use devicecert_pki::oid;

fn verify(signed: &SignedData) -> Result<Verified, Error> {
    signed.verify(&certificate_of("rsa"), &RustCrypto, &tolerant())
}

fn by_openssl(name: &str) -> SignedData {
    SignedData::parse(&testdata(&format!("rfc5652/{name}.der")), &limits()).unwrap()
}

#[test]
fn content_is_returned_as_it_was_signed() {
    let signed = by_openssl("signed-sha256");
    let content = testdata("rfc5652/content.txt");
    assert_eq!(signed.unverified_content(), &Content::Octets(content.clone()));
    assert_eq!(verify(&signed).unwrap().content(), Some(&content[..]));
}

#[test]
fn absent_content_is_not_empty_content() {
    let mut message = Message::new([Signer::of(b"")]);
    message.content = None;
    let absent = message.parse();
    assert_eq!(absent.unverified_content(), &Content::Absent);
    assert_eq!(verify(&absent).unwrap().content(), None);

    let empty = by_openssl("signed-empty");
    assert_eq!(empty.unverified_content(), &Content::Octets(Vec::new()));
    assert_eq!(verify(&empty).unwrap().content(), Some(&b""[..]));
}

#[test]
fn content_that_is_not_there_does_not_verify() {
    // OpenSSL signed it; a detached signature is over content that somebody else has.
    let detached = by_openssl("signed-detached");
    assert_eq!(detached.unverified_content(), &Content::Absent);
    assert_eq!(verify(&detached), Err(Rejected::MessageDigest.into()));
}

#[test]
fn content_without_an_octet_string_is_that_of_pkcs_7() {
    // PKCS #7 v1.5 §9.3 digests the content octets of the value, without tag and length.
    for tag in [0x30, 0x0c, 0x31, 0xa1] {
        let content = tlv(0x05, b"");
        let mut message = Message::new([Signer::of(&content)]);
        message.content = Some(tlv(tag, &content));
        let signed = message.parse();
        assert_eq!(signed.unverified_content(), &Content::Other(tlv(tag, &content)));
        assert_eq!(verify(&signed).unwrap().content(), Some(&content[..]));
    }
}

#[test]
fn content_that_was_changed_does_not_verify() {
    let mut message = Message::new([Signer::new()]);
    for changed in [&b"the Content"[..], b"", b"the content ", b"the conten"] {
        message.content = Some(tlv(4, changed));
        assert_eq!(verify(&message.parse()), Err(Rejected::MessageDigest.into()));
    }
    message.content = Some(tlv(4, CONTENT));
    assert!(verify(&message.parse()).is_ok());
}

#[test]
fn there_is_one_content() {
    let mut message = Message::new([Signer::new()]);
    message.content = Some([tlv(4, CONTENT), tlv(4, CONTENT)].concat());
    let error = malformed(SignedData::parse(&message.to_der(), &limits()));
    assert_eq!((error.1, error.2), ("the end of eContent", Found::Trailing(13)));
    message.content = Some(Vec::new());
    let error = malformed(SignedData::parse(&message.to_der(), &limits()));
    assert_eq!((error.1, error.2), ("the content of a signed message", Found::End));
}

#[test]
fn the_type_of_the_content_is_the_senders() {
    assert_eq!(by_openssl("signed-sha256").content_type(), oid::DATA);
    let typed = by_openssl("signed-typed");
    assert_eq!(typed.content_type().to_string(), "1.2.840.113549.1.9.16.1.4");
    verify(&typed).unwrap();
}
