//! RFC 2985 §5.4.2, extensionRequest.

use crate::support::request::Info;
use crate::support::{attribute, hex, sequence, tlv};
use const_oid::ObjectIdentifier;
use devicecert_pki::error::{Error, Rejected};
use devicecert_pki::{Csr, GeneralName, KeyUsage, oid};

fn with(requests: &[Vec<u8>]) -> Result<Csr, Error> {
    Info::with_attributes(requests).parse()
}

/// An extensionRequest of this type with these Extension values.
fn request(oid: ObjectIdentifier, extensions: &[&str]) -> Vec<u8> {
    let extensions: Vec<Vec<u8>> = extensions.iter().map(|one| hex(one)).collect();
    attribute(oid, &[&tlv(0x30, &extensions.concat())])
}

/// keyUsage with digitalSignature.
const KEY_USAGE: &str = "300b 0603551d0f 0404 03020780";
/// subjectAltName with the DNS names a and b.
const NAME_A: &str = "300c 0603551d11 0405 30038201 61";
const NAME_B: &str = "300c 0603551d11 0405 30038201 62";

#[test]
fn extensions_are_read_in_the_order_sent() {
    let csr = with(&[request(oid::EXTENSION_REQUEST, &[NAME_A, KEY_USAGE])]).unwrap();
    let oids: Vec<_> = csr.extensions().iter().map(|one| one.oid).collect();
    assert_eq!(oids, [oid::SUBJECT_ALT_NAME, oid::KEY_USAGE]);
    assert_eq!(csr.extensions().key_usage(), Some(KeyUsage::DIGITAL_SIGNATURE));
    assert_eq!(csr.subject_alt_name(), Ok(vec![GeneralName::Dns("a".into())]));
    assert_eq!(csr.attributes(), [], "they are not repeated among the others");
}

#[test]
fn microsofts_earlier_attribute_means_the_same() {
    let csr = with(&[request(oid::MS_CERT_EXTENSIONS, &[NAME_A])]).unwrap();
    assert_eq!(csr.subject_alt_name(), Ok(vec![GeneralName::Dns("a".into())]));
    assert_eq!(csr.attributes(), []);
}

#[test]
fn an_empty_request_asks_for_nothing() {
    for empty in [request(oid::EXTENSION_REQUEST, &[]), attribute(oid::EXTENSION_REQUEST, &[])] {
        let csr = with(&[empty]).unwrap();
        assert!(csr.extensions().is_empty());
    }
}

#[test]
fn there_is_one_set_of_extensions_at_most() {
    let refused = Err(Rejected::DuplicateAttribute("extensionRequest").into());
    let (standard, microsoft) = (oid::EXTENSION_REQUEST, oid::MS_CERT_EXTENSIONS);
    for (first, second) in [
        (request(standard, &[NAME_A]), request(standard, &[NAME_B])),
        (request(standard, &[NAME_A]), request(microsoft, &[NAME_B])),
        (request(microsoft, &[NAME_A]), request(standard, &[NAME_B])),
        (request(standard, &[NAME_A]), request(standard, &[])),
        (request(standard, &[]), request(standard, &[NAME_B])),
        (attribute(standard, &[]), request(standard, &[NAME_B])),
    ] {
        assert_eq!(with(&[first, second]), refused);
    }
    let value = sequence(&[&hex(NAME_A)]);
    assert_eq!(with(&[attribute(standard, &[&value, &value])]), refused);
}

#[test]
fn each_extension_is_requested_once() {
    // RFC 5280 §4.2. Who decides and who issues might not look at the same one.
    let refused = Err(Rejected::DuplicateAttribute("requested extension").into());
    for all in [&[NAME_A, NAME_B][..], &[NAME_A, NAME_A], &[NAME_A, KEY_USAGE, NAME_B]] {
        assert_eq!(with(&[request(oid::EXTENSION_REQUEST, all)]), refused);
    }
}

#[test]
fn names_that_cannot_be_read_are_an_error_and_not_nothing() {
    // A CA must not issue for names that it cannot see.
    for value in ["3002 0500", "0500", "30 05 8201"] {
        let value = hex(value);
        let extension = sequence(&[&hex("0603551d11"), &tlv(4, &value)]);
        let csr = with(&[attribute(oid::EXTENSION_REQUEST, &[&sequence(&[&extension])])]).unwrap();
        assert!(matches!(csr.subject_alt_name(), Err(Error::Malformed(_))));
    }
}

#[test]
fn a_user_principal_name_is_read() {
    // As Windows writes it: otherName, 1.3.6.1.4.1.311.20.2.3, [0] EXPLICIT UTF8String.
    let upn = "a0 13 060a2b060104018237140203 a005 0c03 614062";
    let extension = sequence(&[&hex("0603551d11"), &tlv(4, &tlv(0x30, &hex(upn)))]);
    let csr = with(&[attribute(oid::EXTENSION_REQUEST, &[&sequence(&[&extension])])]).unwrap();
    assert_eq!(csr.subject_alt_name(), Ok(vec![GeneralName::Upn("a@b".into())]));
}
