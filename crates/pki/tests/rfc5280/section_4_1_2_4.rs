//! RFC 5280 §4.1.2.4 and §4.1.2.6, issuer and subject, as far as a certificate is concerned. What
//! a name may hold is in `names.rs`.

use crate::support::certificate::{Oracle, accepted, refused};
use crate::support::{hex, sequence, tlv};
use devicecert_pki::error::Found;

fn common_name(value: &str) -> Vec<u8> {
    sequence(&[&tlv(0x31, &sequence(&[&hex("0603550403"), &hex(value)]))])
}

#[test]
fn strings_are_not_judged() {
    for (value, text, expected) in [
        ("1304 2a2e6120", Some("*.a "), Oracle::Same), // PrintableString with `*`
        ("1304 61405f26", Some("a@_&"), Oracle::Same), // with `@`, `_` and `&`
        ("0c02 ff61", None, Oracle::Same),             // no UTF-8
        ("1401 fc", Some("ü"), Oracle::Same),          // Latin-1 in a TeletexString
        ("1e02 00fc", Some("ü"), Oracle::Same),        // BMPString
        ("1e03 00fc00", None, Oracle::Same),           // and a half
        ("1601 fc", None, Oracle::Same),               // eight bits in an IA5String
        ("0c00", Some(""), Oracle::Same),              // nothing
        ("1c04 000000fc", Some("ü"), Oracle::Refused), // UniversalString
        ("0500", None, Oracle::Same),                  // no string
    ] {
        let (certificate, oracle) = accepted(|tbs| {
            tbs.subject = common_name(value);
            tbs.issuer = common_name(value);
        });
        assert_eq!(certificate.subject().as_der(), common_name(value), "{value}");
        assert_eq!(certificate.subject().common_name().as_deref(), text, "{value}");
        assert!(certificate.is_self_issued());
        assert_eq!(oracle, expected, "{value}");
    }
}

#[test]
fn an_empty_subject_is_read() {
    let (certificate, oracle) = accepted(|tbs| tbs.subject = hex("3000"));
    assert!(certificate.subject().is_empty());
    assert!(!certificate.is_self_issued());
    assert_eq!(oracle, Oracle::Same);
}

/// CN=x+O=y with the set of the RDN out of the order of DER.
const UNSORTED: &str = "3016 3114 3008 060355040a 0c0179 3008 0603550403 0c0178";

#[test]
fn a_multi_valued_rdn_out_of_order_is_read_as_sent() {
    let (certificate, oracle) = accepted(|tbs| tbs.subject = hex(UNSORTED));
    assert_eq!(certificate.subject().as_der(), hex(UNSORTED));
    // Others sort it, so that its signature would not fit what they would check.
    assert_eq!(oracle, Oracle::Altered);
}

#[test]
fn a_name_is_a_sequence() {
    let found = refused(|tbs| tbs.subject = hex("3100"));
    assert_eq!(found, ("subject", Found::Tag(0x31)));
    let found = refused(|tbs| tbs.subject = hex("3002 0500"));
    assert_eq!(found, ("a RelativeDistinguishedName", Found::Tag(5)));
}
