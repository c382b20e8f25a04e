//! X.690 §8.7 and §8.6, strings in chunks.

use crate::support::{hex, limits, malformed, oid_value, sequence, tlv};
use const_oid::ObjectIdentifier;
use devicecert_pki::ber::normalise;
use devicecert_pki::error::Found;
use devicecert_pki::oid;

fn normalised(octets: &str) -> Vec<u8> {
    normalise(&hex(octets), &limits()).unwrap().into_owned()
}

fn refused(octets: &str) -> (usize, &'static str, Found) {
    malformed(normalise(&hex(octets), &limits()))
}

#[test]
fn chunks_become_one_octet_string() {
    for spelling in [
        "2480 0401aa 0402bbcc 0000",                // indefinite
        "2407 0401aa 0402bbcc",                     // definite
        "24810a 048101aa 04820002bbcc",             // lengths longer than needed
        "2480 0401aa 0400 0402bbcc 0000",           // with an empty chunk
        "2480 2404 0402aabb 0401cc 0000",           // definite inside indefinite
        "240b 2480 0402aabb 0000 0401cc",           // indefinite inside definite
        "2480 2480 2480 0403aabbcc 0000 0000 0000", // three levels
    ] {
        assert_eq!(normalised(spelling), hex("0403 aabbcc"), "{spelling}");
    }
}

#[test]
fn a_header_of_a_chunk_is_never_taken_for_content() {
    // One library reads the inner chunk of this as 04 02 AA BB.
    assert_eq!(normalised("2480 2404 0402aabb 0000"), hex("0402 aabb"));
}

#[test]
fn a_string_without_chunks_is_empty() {
    for spelling in ["2400", "2480 0000", "2480 2400 0000", "2480 2480 0000 0400 0000", "2481 00"] {
        assert_eq!(normalised(spelling), hex("0400"), "{spelling}");
    }
}

#[test]
fn chunks_are_octet_strings() {
    let expected = "a chunk of an OCTET STRING";
    for (octets, at, found) in [
        ("2480 0c0161 0000", 2, 0x0c),        // UTF8String
        ("2480 8001aa 0000", 2, 0x80),        // [0]
        ("2480 3080 0000 0000", 2, 0x30),     // SEQUENCE
        ("2480 2480 020105 0000 0000", 4, 2), // INTEGER, one level down
        ("2403 030100", 2, 3),                // BIT STRING
    ] {
        assert_eq!(refused(octets), (at, expected, Found::Tag(found)), "{octets}");
    }
}

#[test]
fn a_bit_string_in_chunks_is_refused() {
    // The octet that counts unused bits is in every chunk, so joining is not enough, and no
    // message here has one.
    let expected = "a BIT STRING in one piece";
    assert_eq!(refused("2380 030200aa 0000"), (0, expected, Found::Tag(0x23)));
    assert_eq!(refused("3006 2304 030200aa"), (2, expected, Found::Tag(0x23)));
}

/// A ContentInfo around a value.
fn content_info(content_type: ObjectIdentifier, content: &[u8]) -> Vec<u8> {
    sequence(&[&oid_value(content_type), &tlv(0xa0, content)])
}

/// An EnvelopedData with this encryptedContent.
fn enveloped(content: &str) -> Vec<u8> {
    enveloped_info(&[&oid_value(oid::DATA)[..], &[0x30, 0], &hex(content)].concat())
}

/// An EnvelopedData with these fields in its encryptedContentInfo.
fn enveloped_info(fields: &[u8]) -> Vec<u8> {
    let enveloped = sequence(&[&[2, 1, 0], &tlv(0x31, &[]), &sequence(&[fields])]);
    content_info(oid::ENVELOPED_DATA, &enveloped)
}

#[test]
fn encrypted_content_is_an_implicit_octet_string() {
    for spelling in [
        "a080 0401aa 0402bbcc 0000",
        "a007 0401aa 0402bbcc",
        "a080 2480 0402aabb 0000 0401cc 0000",
        "a080 2404 0402aabb 0401cc 0000",
    ] {
        let der = normalise(&enveloped(spelling), &limits()).unwrap().into_owned();
        assert_eq!(der, enveloped("8003 aabbcc"), "{spelling}");
    }
    for empty in ["a080 0000", "a000"] {
        let der = normalise(&enveloped(empty), &limits()).unwrap().into_owned();
        assert_eq!(der, enveloped("8000"), "{empty}");
    }
    let error = malformed(normalise(&enveloped("a003 020105"), &limits()));
    assert_eq!((error.1, error.2), ("a chunk of an OCTET STRING", Found::Tag(2)));
}

#[test]
fn an_explicit_octet_string_elsewhere_is_left_alone() {
    // [0] EXPLICIT OCTET STRING looks like a [0] IMPLICIT one in chunks; only the place tells.
    let e_content = sequence(&[&oid_value(oid::DATA), &tlv(0xa0, &hex("0401aa"))]);
    for der in [
        tlv(0x30, &hex("0603 2a0304 3000 a003 0401aa")),
        tlv(0xa0, &hex("0401aa 0401bb")),
        // At the depth of encryptedContent, but not behind an identifier and a SEQUENCE.
        enveloped_info(&hex("0603 2a0304 0500 a003 0401aa")),
        enveloped_info(&hex("0500 3000 a003 0401aa")),
        enveloped_info(&hex("0603 2a0304 3000 0500 a003 0401aa")),
        // As deep, and behind such, but in an attribute of a PrivateKeyInfo.
        sequence(&[
            &[2, 1, 0],
            &tlv(0xa0, &sequence(&[&sequence(&[&hex("0603 2a0304 3000 a003 0401aa")])])),
        ]),
        content_info(oid::SIGNED_DATA, &sequence(&[&[2, 1, 1], &tlv(0x31, &[]), &e_content])),
    ] {
        assert_eq!(*normalise(&der, &limits()).unwrap(), der);
        // Also where the message has to be rewritten.
        let set = tlv(0x31, &der);
        let ber = [&[0x31, 0x80], &der[..], &[0, 0]].concat();
        assert_eq!(*normalise(&ber, &limits()).unwrap(), set);
    }
}
