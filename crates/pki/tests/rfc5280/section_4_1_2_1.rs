//! RFC 5280 §4.1.2.1, version.

use crate::support::certificate::{Oracle, accepted, extension, refused};
use crate::support::hex;
use devicecert_pki::KeyUsage;
use devicecert_pki::error::Found;

#[test]
fn version_1_has_neither_version_nor_extensions() {
    let (certificate, oracle) = accepted(|tbs| {
        tbs.version.clear();
        tbs.extensions = None;
    });
    assert_eq!(oracle, Oracle::Same);
    assert!(certificate.extensions().is_empty());
    assert!(!certificate.is_ca());
    // §4.2.1.3: without keyUsage there is no restriction.
    assert!(certificate.permits(KeyUsage::SIGN_AND_ENCIPHER));
    assert!(certificate.permits(KeyUsage::KEY_CERT_SIGN));
}

#[test]
fn version_1_may_be_written_out() {
    // DER leaves the default out.
    let (_, oracle) = accepted(|tbs| {
        tbs.version = hex("a003 020100");
        tbs.extensions = None;
    });
    assert_eq!(oracle, Oracle::Altered);
}

#[test]
fn version_1_with_extensions_has_extensions() {
    let key_usage = extension("0603551d0f", b"", &[3, 2, 7, 0x80]);
    let (certificate, oracle) = accepted(|tbs| {
        tbs.version.clear();
        tbs.extensions = Some(vec![key_usage]);
    });
    assert_eq!(oracle, Oracle::Same);
    assert_eq!(certificate.extensions().key_usage(), Some(KeyUsage::DIGITAL_SIGNATURE));
    assert!(!certificate.permits(KeyUsage::KEY_ENCIPHERMENT));
}

#[test]
fn version_4_is_read_like_3() {
    for version in ["a003 020103", "a003 0201ff", "a004 02020100", "a002 0200", "a000"] {
        let (_, oracle) = accepted(|tbs| tbs.version = hex(version));
        assert_eq!(oracle, Oracle::Refused, "{version}");
    }
}

#[test]
fn a_version_without_its_tag_is_taken_for_the_serial_number() {
    let found = refused(|tbs| tbs.version = hex("020102"));
    assert_eq!(found, ("signature", Found::Tag(2)));
}
