//! Certificates in files: DER and PEM are told apart by what is in them.

use devicecert::pki::{Limits, PemError};
use devicecert::{Error, certificates};

use crate::support::{RADIUS, RADIUS_PEM, certificate, file};

#[test]
fn der_and_pem_give_the_same_certificate() {
    let limits = Limits::default();
    assert_eq!(certificates(&file(RADIUS), &limits).unwrap(), [certificate(RADIUS)]);
    assert_eq!(certificates(&file(RADIUS_PEM), &limits).unwrap(), [certificate(RADIUS)]);
}

#[test]
fn a_file_with_text_around_its_blocks_has_as_many_certificates_as_blocks() {
    let found = certificates(&file("rfc7468/two-with-text.pem"), &Limits::default()).unwrap();
    assert_eq!(found.len(), 2);
}

#[test]
fn what_is_neither_is_no_certificate() {
    let found = certificates(b"\xff\xfeM\0", &Limits::default());
    assert_eq!(found, Err(Error::Pem(PemError::Missing("CERTIFICATE"))));
    assert!(matches!(certificates(&[0x30, 0x00], &Limits::default()), Err(Error::Pki(_))));
    assert!(certificates(b"", &Limits::default()).is_err());
}
