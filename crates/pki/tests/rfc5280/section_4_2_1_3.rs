//! RFC 5280 §4.2.1.3, keyUsage: bits and their names.

use crate::support::certificate::{accepted, extension};
use crate::support::hex;
use devicecert_pki::{Extension, KeyUsage, oid};

const NAMES: [&str; 9] = [
    "digitalSignature",
    "nonRepudiation",
    "keyEncipherment",
    "dataEncipherment",
    "keyAgreement",
    "keyCertSign",
    "cRLSign",
    "encipherOnly",
    "decipherOnly",
];

fn read(value: &[u8]) -> KeyUsage {
    let extension = extension("0603551d0f", b"", value);
    let (certificate, _) = accepted(|tbs| tbs.extensions = Some(vec![extension]));
    certificate.extensions().key_usage().unwrap()
}

#[test]
fn every_bit_has_its_name_and_its_der() {
    // X.690 §11.2.2: zero bits at the end are left out.
    for (bit, name) in NAMES.into_iter().enumerate() {
        let octets = (0x8000_u16 >> bit).to_be_bytes();
        let value = match bit {
            0..8 => vec![3, 2, 7 - bit as u8, octets[0]],
            _ => vec![3, 3, 7, octets[0], octets[1]],
        };
        let usage = read(&value);
        assert_eq!(usage.names().collect::<Vec<_>>(), [name]);
        let written = Extension::key_usage(usage);
        assert_eq!(written, Extension { oid: oid::KEY_USAGE, critical: true, value });
    }
}

#[test]
fn all_bits_together_have_all_names() {
    let all = read(&hex("0303 07 ff80"));
    assert_eq!(all.names().collect::<Vec<_>>(), NAMES);
    assert_eq!(Extension::key_usage(all).value, hex("0303 07 ff80"));
    assert_eq!(read(&hex("0301 00")).names().count(), 0);
}

#[test]
fn constants_are_what_they_are_called() {
    let both = KeyUsage::DIGITAL_SIGNATURE | KeyUsage::KEY_ENCIPHERMENT;
    assert_eq!(both, KeyUsage::SIGN_AND_ENCIPHER);
    // What `openssl req -addext keyUsage=digitalSignature,keyEncipherment` writes.
    assert_eq!(Extension::key_usage(both).value, hex("0302 05 a0"));
    for (usage, name) in [
        (KeyUsage::DIGITAL_SIGNATURE, "digitalSignature"),
        (KeyUsage::KEY_ENCIPHERMENT, "keyEncipherment"),
        (KeyUsage::KEY_CERT_SIGN, "keyCertSign"),
        (KeyUsage::CRL_SIGN, "cRLSign"),
    ] {
        assert_eq!(usage.names().collect::<Vec<_>>(), [name]);
    }
}

#[test]
fn a_set_contains_its_parts() {
    let both = KeyUsage::SIGN_AND_ENCIPHER;
    assert!(both.contains(KeyUsage::DIGITAL_SIGNATURE));
    assert!(both.contains(both));
    assert!(!both.contains(KeyUsage::KEY_CERT_SIGN));
    assert!(!KeyUsage::DIGITAL_SIGNATURE.contains(both));
    assert!(!both.contains(KeyUsage::DIGITAL_SIGNATURE | KeyUsage::CRL_SIGN));
}

#[test]
fn a_wrong_count_of_unused_bits_does_not_matter() {
    for count in 0..=8 {
        assert_eq!(read(&[3, 2, count, 0xa0]), KeyUsage::SIGN_AND_ENCIPHER);
    }
}
