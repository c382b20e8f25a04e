//! RFC 5652 §5.4, what is digested and signed, and the attributes of §11.

use crate::support::signed::{CONTENT, Message, Signer, content_type, message_digest};
use crate::support::{attribute, certificate_of, limits, oid_value, rsa, testdata, tlv, tolerant};
use devicecert_crypto_rust::RustCrypto;
use devicecert_pki::algorithm::DigestAlgorithm;
use devicecert_pki::cms::{SignedData, SignedDataParams, Verified};
use devicecert_pki::error::{Error, Rejected};
use devicecert_pki::{Attribute, Provider, Tolerance, oid};

fn verify(signer: Signer) -> Result<Verified, Error> {
    verify_with(signer, &tolerant())
}

fn verify_with(signer: Signer, tolerance: &Tolerance) -> Result<Verified, Error> {
    Message::new([signer]).parse().verify(&certificate_of("rsa"), &RustCrypto, tolerance)
}

fn with_attributes(attributes: Vec<Vec<u8>>) -> Result<Verified, Error> {
    verify(Signer::with(|signer| *signer.attributes() = attributes))
}

fn right_digest() -> Vec<u8> {
    message_digest(&RustCrypto.digest(DigestAlgorithm::Sha256, CONTENT).unwrap())
}

#[test]
fn a_message_without_signed_attributes_is_refused() {
    // Legal in CMS, but attributes are all that a SCEP message consists of.
    let signed = SignedData::parse(&testdata("rfc5652/signed-noattr.der"), &limits()).unwrap();
    let error = signed.verify(&certificate_of("rsa"), &RustCrypto, &tolerant()).unwrap_err();
    assert_eq!(error, Rejected::MissingAttribute("signedAttrs").into());
    let error = verify(Signer::with(|signer| {
        signer.attributes = None;
        // As RFC 5652 §5.4 says: then the signature is over the content itself.
        signer.signed = Some(CONTENT.to_vec());
    }));
    assert_eq!(error, Err(Rejected::MissingAttribute("signedAttrs").into()));
}

#[test]
fn content_type_is_required_and_must_fit() {
    let missing = with_attributes(vec![right_digest()]);
    assert_eq!(missing, Err(Rejected::MissingAttribute("contentType").into()));
    let other = with_attributes(vec![content_type(oid::SIGNED_DATA), right_digest()]);
    assert_eq!(other, Err(Rejected::ContentType.into()));
    // Right octets under another tag are not an OBJECT IDENTIFIER.
    let mistagged = attribute(oid::CONTENT_TYPE, &[&tlv(4, oid::DATA.as_bytes())]);
    let error = with_attributes(vec![mistagged, right_digest()]);
    assert!(matches!(error, Err(Error::Malformed(_))), "{error:?}");
}

#[test]
fn message_digest_is_required_and_must_fit() {
    let missing = with_attributes(vec![content_type(oid::DATA)]);
    assert_eq!(missing, Err(Rejected::MissingAttribute("messageDigest").into()));
    let digest = RustCrypto.digest(DigestAlgorithm::Sha256, CONTENT).unwrap();
    let mut flipped = digest.clone();
    flipped[31] ^= 1;
    for wrong in [&flipped[..], &digest[..31], &[&digest[..], &[0]].concat(), b""] {
        let error = with_attributes(vec![content_type(oid::DATA), message_digest(wrong)]);
        assert_eq!(error, Err(Rejected::MessageDigest.into()));
    }
    let mistagged = attribute(oid::MESSAGE_DIGEST, &[&tlv(0x0c, &digest)]);
    let error = with_attributes(vec![content_type(oid::DATA), mistagged]);
    assert!(matches!(error, Err(Error::Malformed(_))), "{error:?}");
}

#[test]
fn required_attributes_are_there_once_with_one_value() {
    let (kind, digest) = (content_type(oid::DATA), right_digest());
    let refused = |name| Err(Rejected::DuplicateAttribute(name).into());
    let id = oid_value(oid::DATA);
    for values in [&[][..], &[&id[..], &id[..]]] {
        let several = attribute(oid::CONTENT_TYPE, values);
        let error = with_attributes(vec![several, digest.clone()]);
        assert_eq!(error, refused("contentType"));
    }
    let twice = with_attributes(vec![kind.clone(), kind.clone(), digest.clone()]);
    assert_eq!(twice, refused("contentType"));
    let twice = with_attributes(vec![kind.clone(), digest.clone(), digest.clone()]);
    assert_eq!(twice, refused("messageDigest"));
    let second = vec![kind.clone(), digest.clone(), message_digest(b"another")];
    assert_eq!(with_attributes(second), refused("messageDigest"));
    let second = vec![kind.clone(), message_digest(b"another"), digest.clone()];
    assert_eq!(with_attributes(second), refused("messageDigest"));
    assert!(with_attributes(vec![kind, digest]).is_ok());
}

#[test]
fn a_duplicate_of_another_attribute_is_refused_when_it_is_asked_for() {
    let unknown = const_oid::ObjectIdentifier::new_unwrap("1.2.3");
    let value = tlv(0x13, b"x");
    let ask = |attributes: &[Vec<u8>]| {
        let all = [&[content_type(oid::DATA), right_digest()], attributes].concat();
        let verified = with_attributes(all).unwrap();
        verified.attribute(unknown, "it").map(|found| found.map(|tlv| tlv.raw.to_vec()))
    };
    let refused = Err(Rejected::DuplicateAttribute("it").into());
    let one = attribute(unknown, &[&value]);
    assert_eq!(ask(&[]), Ok(None));
    assert_eq!(ask(std::slice::from_ref(&one)), Ok(Some(value.clone())));
    assert_eq!(ask(&[one.clone(), one]), refused);
    assert_eq!(ask(&[attribute(unknown, &[])]), refused);
    assert_eq!(ask(&[attribute(unknown, &[&value, &value])]), refused);
}

#[test]
fn attributes_are_written_sorted() {
    let signer = certificate_of("rsa");
    let mut params = SignedDataParams::new(signer.clone(), CONTENT.to_vec());
    // Longer ones first, so that the order given is not the order of DER.
    params.attributes = (1..=4)
        .rev()
        .map(|arc: u32| {
            let oid = const_oid::ObjectIdentifier::new(&format!("1.2.{arc}")).unwrap();
            Attribute::new(oid, tlv(4, &vec![0; arc as usize]))
        })
        .collect();
    let unsigned = params.unsigned(&RustCrypto).unwrap();
    let signed_octets = unsigned.to_be_signed().message.clone();
    assert_eq!(signed_octets[0], 0x31, "a SET, not the [0] that is sent");
    let message = unsigned.sign(rsa()).unwrap();
    let sent = [&[0xa0], &signed_octets[1..]].concat();
    assert!(message.windows(sent.len()).any(|window| window == sent));

    let signed = SignedData::parse(&message, &limits()).unwrap();
    let encodings: Vec<Vec<u8>> = signed
        .signer()
        .unwrap()
        .unverified_attributes()
        .iter()
        .map(|one| attribute(one.oid, &one.values.iter().map(Vec::as_slice).collect::<Vec<_>>()))
        .collect();
    assert_eq!(encodings.len(), 6);
    assert!(encodings.is_sorted());
    let verified = signed.verify(&signer, &RustCrypto, &Tolerance::STRICT).unwrap();
    assert!(!verified.needed_resorting());
}

/// Attributes in an order that DER would not send.
fn unsorted() -> Vec<Vec<u8>> {
    let attributes = vec![right_digest(), content_type(oid::DATA)];
    assert!(!attributes.is_sorted());
    attributes
}

#[test]
fn unsorted_attributes_signed_as_sent_verify() {
    // OpenSSL verifies these too, and only these.
    for tolerance in [tolerant(), Tolerance::STRICT] {
        let signer = Signer::with(|signer| *signer.attributes() = unsorted());
        let verified = verify_with(signer, &tolerance).unwrap();
        assert!(!verified.needed_resorting());
    }
}

#[test]
fn unsorted_attributes_signed_sorted_verify_only_where_that_is_tolerated() {
    let signer = Signer::with(|signer| {
        let mut sorted = unsorted();
        sorted.sort();
        signer.signed = Some(tlv(0x31, &sorted.concat()));
        *signer.attributes() = unsorted();
    });
    let verified = verify_with(signer.clone(), &tolerant()).unwrap();
    assert!(verified.needed_resorting());
    let error = verify_with(signer, &Tolerance::STRICT);
    assert_eq!(error, Err(Rejected::Signature("the message").into()));
}

#[test]
fn the_signature_is_not_over_the_tag_that_is_sent() {
    let error = verify(Signer::with(|signer| {
        signer.signed = Some(tlv(0xa0, &signer.attributes().concat()));
    }));
    assert_eq!(error, Err(Rejected::Signature("the message").into()));
}

#[test]
fn an_attribute_that_was_not_signed_spoils_the_signature() {
    let extra = attribute(const_oid::ObjectIdentifier::new_unwrap("1.2.3"), &[&[5, 0]]);
    let error = verify(Signer::with(|signer| {
        signer.signed = Some(tlv(0x31, &signer.attributes().concat()));
        signer.attributes().push(extra);
    }));
    assert_eq!(error, Err(Rejected::Signature("the message").into()));
}
