//! RFC 2985 §5.4.1, challengePassword.

use crate::support::request::Info;
use crate::support::{attribute, hex, limits, malformed, testdata, tlv};
use devicecert_pki::error::{Error, Found, Rejected};
use devicecert_pki::{Csr, Secret, oid};

fn with(challenges: &[Vec<u8>]) -> Result<Option<Secret>, Error> {
    let csr = Info::with_attributes(challenges).parse()?;
    assert!(csr.attributes().is_empty(), "a secret is not among the other attributes");
    Ok(csr.challenge_password().cloned())
}

/// What is read of a challenge with this encoding.
fn read(value: &[u8]) -> Result<Option<Secret>, Error> {
    with(&[attribute(oid::CHALLENGE_PASSWORD, &[value])])
}

#[test]
fn a_challenge_is_text_whatever_its_type() {
    for (encoding, text) in [
        ("1303 616263", "abc"),          // PrintableString
        ("1305 61402a5f62", "a@*_b"),    // with characters it does not have
        ("0c04 70c3bc71", "püq"),        // UTF8String
        ("1603 402a5f", "@*_"),          // IA5String
        ("1403 70fc71", "püq"),          // TeletexString in Latin-1, as everybody writes it
        ("1404 70c3bc71", "püq"),        // TeletexString in UTF-8
        ("1e06 007000fc0071", "püq"),    // BMPString
        ("1c08 00000070000000fc", "pü"), // UniversalString
        ("1e04 d83dde00", "😀"),         // surrogates
        ("1203 313233", "123"),          // NumericString
        ("1a01 61", "a"),                // VisibleString
        ("0403 616263", "abc"),          // OCTET STRING
    ] {
        assert_eq!(read(&hex(encoding)), Ok(Some(Secret::from(text))), "{encoding}");
    }
}

#[test]
fn challenges_of_openssl_are_read() {
    let csr = Csr::parse(&testdata("rfc2986/utf8-ec.der"), &limits()).unwrap();
    assert_eq!(csr.challenge_password(), Some(&Secret::from("p@ssw*rd_ü")));
}

#[test]
fn an_empty_challenge_is_none() {
    // The draft that preceded RFC 8894 told renewing clients to send one.
    for encoding in ["1300", "0c00", "1600", "1e00", "1400", "0400"] {
        assert_eq!(read(&hex(encoding)), Ok(None), "{encoding}");
    }
    assert_eq!(with(&[attribute(oid::CHALLENGE_PASSWORD, &[])]), Ok(None), "an empty SET");
    assert_eq!(with(&[]), Ok(None));
}

#[test]
fn what_is_no_text_is_refused() {
    for (encoding, tag) in [
        ("020105", 2),           // INTEGER
        ("3003 130161", 0x30),   // SEQUENCE
        ("0c01 ff", 0x0c),       // no UTF-8
        ("1e03 007000", 0x1e),   // half a character
        ("1e02 d83d", 0x1e),     // half a surrogate pair
        ("1c04 00110000", 0x1c), // beyond Unicode
    ] {
        let (_, expected, found) = malformed(read(&hex(encoding)));
        assert_eq!((expected, found), ("a character string", Found::Tag(tag)), "{encoding}");
    }
}

#[test]
fn there_is_one_challenge_at_most() {
    // Two programs that each take "the" challenge would not take the same one.
    let refused = Err(Rejected::DuplicateAttribute("challengePassword").into());
    let value = |text: &str| tlv(0x13, text.as_bytes());
    let one = |text: &str| attribute(oid::CHALLENGE_PASSWORD, &[&value(text)]);
    assert_eq!(with(&[one("a"), one("b")]), refused);
    assert_eq!(with(&[one("a"), one("a")]), refused);
    assert_eq!(with(&[one("a"), one("")]), refused);
    assert_eq!(with(&[one(""), one("a")]), refused);
    let none = attribute(oid::CHALLENGE_PASSWORD, &[]);
    assert_eq!(with(&[none.clone(), one("a")]), refused);
    assert_eq!(with(&[one("a"), none]), refused);
    let both = attribute(oid::CHALLENGE_PASSWORD, &[&value("a"), &value("b")]);
    assert_eq!(with(&[both]), refused);
    assert_eq!(with(&[one("a")]), Ok(Some(Secret::from("a"))));
}
