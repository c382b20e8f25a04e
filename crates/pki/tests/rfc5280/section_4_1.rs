//! RFC 5280 §4.1, the frame of a certificate.

use crate::support::certificate::{Oracle, Tbs, accepted, refused, x509_cert};
use crate::support::{certificate_of, hex, limits, malformed, testdata, tlv};
use devicecert_pki::algorithm::DigestAlgorithm;
use devicecert_pki::error::Found;
use devicecert_pki::{Certificate, KeyKind, KeyUsage, oid};

#[test]
fn certificates_of_openssl_are_read() {
    let certificate = certificate_of("rsa");
    assert_eq!(certificate.as_der(), testdata("rfc5652/rsa.crt"));
    assert_eq!(certificate.serial(), [0x10, 0x01]);
    assert_eq!(certificate.subject().to_string(), "CN=RSA signer,O=Example");
    assert!(certificate.is_self_issued());
    assert!(certificate.is_ca());
    assert_eq!(certificate.public_key().kind(), KeyKind::Rsa { bits: 2048 });
    assert_eq!(certificate.signature_algorithm().oid, oid::SHA256_WITH_RSA);
    assert!(certificate.permits(KeyUsage::SIGN_AND_ENCIPHER));
    assert!(!certificate.permits(KeyUsage::KEY_CERT_SIGN));
    assert_eq!(certificate_of("ec").public_key().kind(), KeyKind::P256);
}

#[test]
fn the_right_certificate_is_right() {
    let (certificate, oracle) = accepted(|_| {});
    assert_eq!(oracle, Oracle::Same);
    assert_eq!(certificate.subject().to_string(), "CN=odd,O=Example");
    assert!(!certificate.is_ca());
}

#[test]
fn certificates_are_equal_octet_by_octet() {
    assert_eq!(certificate_of("rsa"), certificate_of("rsa"));
    assert_ne!(certificate_of("rsa"), certificate_of("ec"));
    let debug = format!("{:?}", certificate_of("rsa"));
    assert!(debug.contains("CN=RSA signer"), "{debug}");
}

#[test]
fn octets_behind_a_certificate_are_refused() {
    let right = Tbs::new().to_der();
    let length = right.len();
    let behind = [&right[..], &[0]].concat();
    let expected = (length, "Certificate", Found::Trailing(1));
    assert_eq!(malformed(Certificate::parse(&behind, &limits())), expected);

    // Inside the frame as well.
    let inside = tlv(0x30, &[&right[4..], &[5, 0]].concat());
    let expected = (length, "the end of Certificate", Found::Trailing(2));
    assert_eq!(malformed(Certificate::parse(&inside, &limits())), expected);

    let inside = refused(|tbs| tbs.unique_ids = hex("0500"));
    assert_eq!(inside.0, "the end of TBSCertificate");
}

#[test]
fn a_frame_with_a_length_longer_than_needed_is_read() {
    let right = Tbs::new().to_der();
    let longer = [&hex("3084 0000")[..], &right[2..]].concat();
    assert_eq!(x509_cert(&longer), Oracle::Refused);
    let certificate = Certificate::parse(&longer, &limits()).unwrap();
    assert_eq!(certificate.as_der(), longer);
    let (key, provider) = (certificate.public_key(), &devicecert_crypto_rust::RustCrypto);
    assert_eq!(certificate.is_signed_by(key, provider, &Default::default()), Ok(()));
}

#[test]
fn an_indefinite_length_is_the_business_of_ber() {
    let right = Tbs::new().to_der();
    let indefinite = [&hex("3080")[..], &right[4..], &[0, 0]].concat();
    let expected = (0, "Certificate", Found::Value("an indefinite length"));
    assert_eq!(malformed(Certificate::parse(&indefinite, &limits())), expected);
}

#[test]
fn unique_identifiers_are_passed_over() {
    let (_, oracle) = accepted(|tbs| tbs.unique_ids = hex("8102 00aa 8202 00bb"));
    assert_eq!(oracle, Oracle::Same);
    accepted(|tbs| tbs.unique_ids = hex("8202 00bb"));
}

#[test]
fn damage_says_where() {
    let read = |der: &[u8]| malformed(Certificate::parse(der, &limits()));
    assert_eq!(read(b""), (0, "Certificate", Found::End));
    assert_eq!(read(&hex("3100")), (0, "Certificate", Found::Tag(0x31)));
    assert_eq!(read(&hex("3000")), (2, "TBSCertificate", Found::End));
    let missing = |change: fn(&mut Tbs)| refused(change);
    assert_eq!(missing(|tbs| tbs.serial.clear()), ("serialNumber", Found::Tag(0x30)));
    assert_eq!(missing(|tbs| tbs.not_before.clear()), ("notAfter", Found::End));
    let key = missing(|tbs| tbs.public_key.clear());
    assert_eq!(key, ("subjectPublicKeyInfo", Found::Tag(0xa3)));
    // A name that is not where it should be: validity stands in its place.
    assert_eq!(missing(|tbs| tbs.issuer.clear()).0, "a RelativeDistinguishedName");
}

#[test]
fn the_fingerprint_is_that_of_openssl() {
    // openssl x509 -inform DER -in ec.crt -noout -fingerprint -sha256 is the digest of the file.
    let certificate = certificate_of("rsa");
    for digest in DigestAlgorithm::ALL {
        let provider = &devicecert_crypto_rust::RustCrypto;
        let fingerprint = certificate.fingerprint(digest, provider).unwrap();
        assert_eq!(fingerprint.len(), digest.output_len());
    }
    let sha256 = certificate
        .fingerprint(DigestAlgorithm::Sha256, &devicecert_crypto_rust::RustCrypto)
        .unwrap();
    assert_eq!(sha256, hex(FINGERPRINT));
}

const FINGERPRINT: &str = "a2c170c521ac1aa9e4e2db45db6a98d5096fc0c77c966a4d9e8d1aa425772d2f";
