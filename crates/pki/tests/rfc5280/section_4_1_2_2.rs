//! RFC 5280 §4.1.2.2, serialNumber.

use crate::support::certificate::{Oracle, accepted, refused};
use crate::support::tlv;
use devicecert_pki::error::Found;

fn serial(octets: &[u8]) -> Oracle {
    let (certificate, oracle) = accepted(|tbs| tbs.serial = tlv(2, octets));
    assert_eq!(certificate.serial(), octets, "as received");
    oracle
}

#[test]
fn serial_numbers_are_positive_and_have_at_most_20_octets() {
    assert_eq!(serial(&[1]), Oracle::Same);
    assert_eq!(serial(&[0x7f; 20]), Oracle::Same);
    assert_eq!(serial(&[&[0], &[0xff; 19][..]].concat()), Oracle::Same);
}

#[test]
fn serial_numbers_that_are_negative_or_zero_are_read() {
    assert_eq!(serial(&[0]), Oracle::Same);
    assert_eq!(serial(&[0xff]), Oracle::Same);
    assert_eq!(serial(&[0x80, 0, 1]), Oracle::Same);
}

#[test]
fn serial_numbers_of_any_length_are_read() {
    assert_eq!(serial(&[&[0], &[0xff; 20][..]].concat()), Oracle::Same, "21 octets");
    assert_eq!(serial(&[0x7f; 22]), Oracle::Refused);
    // sscep writes 32 characters.
    assert_eq!(serial(b"D41D8CD98F00B204E9800998ECF8427E"), Oracle::Refused);
    assert_eq!(serial(&[0x41; 40]), Oracle::Refused);
    assert_eq!(serial(&[0x41; 1000]), Oracle::Refused);
}

#[test]
fn serial_numbers_with_octets_too_many_are_read() {
    assert_eq!(serial(&[0, 1]), Oracle::Refused);
    assert_eq!(serial(&[0xff, 0xff]), Oracle::Refused);
}

#[test]
fn a_serial_number_without_octets_is_read() {
    assert_eq!(serial(&[]), Oracle::Refused);
}

#[test]
fn a_serial_number_is_an_integer() {
    assert_eq!(refused(|tbs| tbs.serial = tlv(4, &[1])), ("serialNumber", Found::Tag(4)));
}
