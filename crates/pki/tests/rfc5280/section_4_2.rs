//! RFC 5280 §4.2, extensions: each spoils only itself.

use crate::support::certificate::{Oracle, accepted, extension, refused};
use crate::support::{hex, sequence};
use const_oid::ObjectIdentifier;
use devicecert_pki::error::{Error, Found};
use devicecert_pki::{BasicConstraints, Certificate, GeneralName, KeyUsage, oid};

const KEY_USAGE: &str = "0603551d0f";
const BASIC_CONSTRAINTS: &str = "0603551d13";
const SUBJECT_ALT_NAME: &str = "0603551d11";
const SUBJECT_KEY_IDENTIFIER: &str = "0603551d0e";
const EXTENDED_KEY_USAGE: &str = "0603551d25";
const TRUE: &[u8] = &[1, 1, 0xff];

fn with(extensions: &[Vec<u8>]) -> (Certificate, Oracle) {
    accepted(|tbs| tbs.extensions = Some(extensions.to_vec()))
}

fn one(oid: &str, value: &str) -> Certificate {
    with(&[extension(oid, b"", &hex(value))]).0
}

#[test]
fn critical_may_be_spelt_in_any_way() {
    for (spelling, critical, expected) in [
        (&b""[..], false, Oracle::Same),
        (TRUE, true, Oracle::Same),
        (&[1, 1, 0], false, Oracle::Altered), // the default, written out
        (&[1, 1, 1], true, Oracle::Refused),  // BER
        (&[1, 0], false, Oracle::Refused),    // no octet at all
    ] {
        let (certificate, oracle) = with(&[extension(KEY_USAGE, spelling, &[3, 2, 7, 0x80])]);
        let found = certificate.extensions().get(oid::KEY_USAGE).unwrap();
        assert_eq!(found.critical, critical, "{spelling:?}");
        assert_eq!(found.value, [3, 2, 7, 0x80]);
        assert_eq!(oracle, expected, "{spelling:?}");
    }
}

#[test]
fn an_unknown_extension_is_kept_critical_or_not() {
    let unknown = extension("06022a03", TRUE, b"anything at all");
    let (certificate, oracle) = with(&[unknown]);
    let found = certificate.extensions().get(ObjectIdentifier::new_unwrap("1.2.3")).unwrap();
    assert!(found.critical);
    assert_eq!(found.value, b"anything at all");
    assert_eq!(oracle, Oracle::Same);
}

#[test]
fn of_two_extensions_with_one_identifier_the_first_is_returned_and_both_are_kept() {
    let (certificate, oracle) = with(&[
        extension(KEY_USAGE, b"", &[3, 2, 7, 0x80]),
        extension(KEY_USAGE, b"", &[3, 2, 5, 0x20]),
    ]);
    assert_eq!(certificate.extensions().key_usage(), Some(KeyUsage::DIGITAL_SIGNATURE));
    assert_eq!(certificate.extensions().iter().count(), 2);
    assert!(certificate.extensions().has_duplicates());
    assert!(!one(KEY_USAGE, "03020780").extensions().has_duplicates());
    assert_eq!(oracle, Oracle::Same);
}

#[test]
fn garbage_in_an_extension_spoils_only_itself() {
    for garbage in ["", "00", "0500", "3000", "0304", "ff", "30800000"] {
        let (certificate, _) = with(&[
            extension(KEY_USAGE, TRUE, &hex(garbage)),
            extension(BASIC_CONSTRAINTS, TRUE, &hex("3003 0101ff")),
        ]);
        assert_eq!(certificate.extensions().key_usage(), None, "{garbage}");
        assert!(certificate.is_ca());
    }
}

#[test]
fn basic_constraints_are_read() {
    let read = |value: &str| one(BASIC_CONSTRAINTS, value).extensions().basic_constraints();
    let constraints = |ca, path_len| Some(BasicConstraints { ca, path_len });
    assert_eq!(read("3000"), constraints(false, None));
    assert_eq!(read("3003 0101ff"), constraints(true, None));
    assert_eq!(read("3003 010100"), constraints(false, None));
    assert_eq!(read("3003 010101"), constraints(true, None));
    assert_eq!(read("3006 0101ff 020100"), constraints(true, Some(0)));
    assert_eq!(read("3006 0101ff 020103"), constraints(true, Some(3)));
    assert_eq!(read("3003 020103"), constraints(false, Some(3)));
    assert_eq!(read("3006 0101ff 0201ff"), None, "a negative length");
    assert_eq!(read("3100"), None);
    assert_eq!(read("3000 00"), None);
    assert!(!one(BASIC_CONSTRAINTS, "3100").is_ca(), "unreadable is no CA");
    assert!(!one(KEY_USAGE, "03020780").is_ca(), "absent is no CA");
}

#[test]
fn the_subject_key_identifier_is_its_octets() {
    let read = |value: &str| {
        let certificate = one(SUBJECT_KEY_IDENTIFIER, value);
        certificate.extensions().subject_key_identifier().map(<[u8]>::to_vec)
    };
    assert_eq!(read("0403 010203"), Some(vec![1, 2, 3]));
    assert_eq!(read("0400"), Some(Vec::new()));
    assert_eq!(read("010203"), None, "without the OCTET STRING inside");
    assert_eq!(read("0303 010203"), None);
}

#[test]
fn the_purposes_of_extended_key_usage_are_identifiers() {
    let read = |value: &str| one(EXTENDED_KEY_USAGE, value).extensions().extended_key_usage();
    let both = "3014 06082b06010505070301 06082b06010505070302";
    assert_eq!(read(both), Some(vec![oid::SERVER_AUTH, oid::CLIENT_AUTH]));
    assert_eq!(read("3006 0604551d2500"), Some(vec![oid::ANY_EXTENDED_KEY_USAGE]));
    assert_eq!(read("3000"), Some(Vec::new()));
    assert_eq!(read("3002 0500"), None);
    assert_eq!(one(KEY_USAGE, "03020780").extensions().extended_key_usage(), None);
}

#[test]
fn alternative_names_that_are_odd_are_still_names() {
    let read = |value: &str| one(SUBJECT_ALT_NAME, value).extensions().subject_alt_name();
    assert_eq!(read("3003 820161"), Ok(vec![GeneralName::Dns("a".into())]));
    assert_eq!(read("3000"), Ok(Vec::new()));
    // An address of five octets, and a DNS name with eight bits.
    let odd = vec![
        GeneralName::Other(hex("8705 0102030405")),
        GeneralName::Other(hex("8201 fc")),
        GeneralName::Dns("a".into()),
    ];
    assert_eq!(read("300d 8705 0102030405 8201fc 820161"), Ok(odd));
    assert!(matches!(read("3002 0500"), Err(Error::Malformed(_))));
    assert!(matches!(read(""), Err(Error::Malformed(_))));
    assert_eq!(one(KEY_USAGE, "03020780").extensions().subject_alt_name(), Ok(Vec::new()));
}

/// Who reads on would see names there that others do not.
#[test]
fn nothing_stands_behind_alternative_names() {
    let read = |value: &str| one(SUBJECT_ALT_NAME, value).extensions().subject_alt_name();
    assert!(matches!(read("3003820161 3003820162"), Err(Error::Malformed(_))));
    assert!(matches!(read("3003820161 00"), Err(Error::Malformed(_))));
}

#[test]
fn an_empty_list_of_extensions_is_none() {
    let (certificate, _) = with(&[]);
    assert!(certificate.extensions().is_empty());
}

#[test]
fn the_frame_of_an_extension_is_checked() {
    let found = |extension: Vec<u8>| refused(|tbs| tbs.extensions = Some(vec![extension]));
    assert_eq!(found(hex("3000")), ("extnID", Found::End));
    assert_eq!(found(hex("3005 0603551d0f")), ("extnValue", Found::End));
    let both = sequence(&[&hex(KEY_USAGE), &hex("0400"), &hex("0500")]);
    assert_eq!(found(both), ("the end of Extension", Found::Trailing(2)));
    assert_eq!(found(hex("0500")), ("Extension", Found::Tag(5)));
}
