//! §4 CsrAttrs as ASN.1: SEQUENCE SIZE (0..MAX) OF a choice.

use devicecert_est::{AttrOrOid, CsrAttrs, Error, Limits, Tolerance};
use devicecert_pki::oid;

fn parse(der: &[u8]) -> Result<CsrAttrs, Error> {
    CsrAttrs::parse(der, &Tolerance::STRICT, &Limits::default())
}

#[test]
fn an_empty_sequence_is_one() {
    assert_eq!(parse(&[0x30, 0]).unwrap(), CsrAttrs::default());
    assert_eq!(CsrAttrs::default().to_der(), [0x30, 0]);
}

#[test]
fn an_element_is_an_identifier_or_an_attribute() {
    let attrs = parse(&[0x30, 5, 6, 3, 0x55, 0x1d, 0x11]).unwrap();
    assert_eq!(attrs.elements(), [AttrOrOid::Oid(oid::SUBJECT_ALT_NAME)]);
    // An attribute whose set of values is empty is one, too (RFC 9908 §3.2).
    let attrs = parse(&[0x30, 9, 0x30, 7, 6, 3, 0x2b, 0x65, 0x70, 0x31, 0]).unwrap();
    assert!(matches!(attrs.elements(), [AttrOrOid::Attribute(one)] if one.values.is_empty()));
}

#[test]
fn order_is_kept() {
    let attrs = CsrAttrs::default()
        .oid(oid::SUBJECT_ALT_NAME)
        .require_linking()
        .key(devicecert_est::KeyDemand::Ec { curve: Some(oid::SECP256R1) })
        .oid(oid::ECDSA_WITH_SHA256);
    assert_eq!(parse(&attrs.to_der()).unwrap(), attrs);
}

#[test]
fn nothing_else_is() {
    for der in [
        &[0x31, 0][..],
        &[0x30, 2, 5, 0],
        &[0x30, 3, 0x30, 1, 6],
        &[0x30, 2, 0x30, 0],
        &[0x30, 7, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70],
        &[0x30, 9, 0x30, 7, 6, 3, 0x2b, 0x65, 0x70, 0x30, 0],
        &[0x30, 0, 0],
        &[],
    ] {
        assert!(parse(der).is_err(), "{der:02x?}");
    }
}
