//! RFC 5280 §4, certificates as they are issued.

use crate::support::certificate::{Oracle, x509_cert};
use crate::support::{
    OCTET, PREDICTABLE, certificate_of, ec, hex, limits, other, rsa, testdata, tolerant,
};
use devicecert_crypto_rust::{PrivateKey, RustCrypto};
use devicecert_pki::algorithm::DigestAlgorithm;
use devicecert_pki::error::Misuse;
use devicecert_pki::{
    Certificate, CertificateParams, Error, Extension, GeneralName, KeyUsage, Name, Provider,
    Signer, Time, Validity, oid,
};
use std::time::Duration;

/// From 2026 to 2055, across the end of UTCTime.
fn validity() -> Validity {
    Validity {
        not_before: Time::from_unix(1_767_225_600),
        not_after: Time::from_unix(2_682_374_400),
    }
}

fn name(text: &str) -> Name {
    text.parse().unwrap()
}

fn issue(params: &CertificateParams, key: &PrivateKey) -> Certificate {
    let certificate = params.unsigned(key.public_key()).unwrap().sign(key).unwrap();
    assert_eq!(certificate.is_signed_by(key.public_key(), &RustCrypto, &tolerant()), Ok(()));
    certificate
}

fn ca_params() -> CertificateParams {
    let key = rsa().public_key().clone();
    CertificateParams::ca(name("CN=Device CA,O=Example"), key, validity(), &PREDICTABLE).unwrap()
}

fn ca() -> Certificate {
    issue(&ca_params(), rsa())
}

fn end_entity(key: &PrivateKey) -> CertificateParams {
    let subject = name("CN=device 7,O=Example");
    let key = key.public_key().clone();
    CertificateParams::end_entity(&ca(), subject, key, validity(), &PREDICTABLE).unwrap()
}

#[test]
fn what_openssl_verified_is_what_is_issued() {
    assert_eq!(ca().as_der(), testdata("rfc5280/ours-ca.crt"));
    let mut params = end_entity(other());
    params.extensions.push(Extension::extended_key_usage(&[oid::CLIENT_AUTH]));
    let names = [GeneralName::Dns("device7.example.com".into())];
    params.extensions.push(Extension::subject_alt_name(&names, false).unwrap());
    assert_eq!(issue(&params, rsa()).as_der(), testdata("rfc5280/ours-end-entity.crt"));
}

#[test]
fn what_is_issued_is_der() {
    let subject = name("CN=device 7,O=Example");
    let self_signed = CertificateParams::self_signed(
        subject.clone(),
        rsa().public_key().clone(),
        validity(),
        &RustCrypto,
    );
    let bare = CertificateParams::new(
        subject.clone(),
        subject,
        rsa().public_key().clone(),
        validity(),
        &RustCrypto,
    );
    for params in [ca_params(), end_entity(ec()), self_signed.unwrap(), bare.unwrap()] {
        assert_eq!(x509_cert(issue(&params, rsa()).as_der()), Oracle::Same);
        assert_eq!(x509_cert(issue(&params, ec()).as_der()), Oracle::Same);
    }
}

#[test]
fn dates_from_2050_on_are_generalized_time() {
    let der = ca().as_der().to_vec();
    let validity = [&hex("3020 170d")[..], b"260101000000Z", &hex("180f"), b"20550101000000Z"];
    let validity = validity.concat();
    assert!(der.windows(validity.len()).any(|window| window == validity));
}

#[test]
fn a_ca_may_answer_scep_itself() {
    let ca = ca();
    assert!(ca.is_ca() && ca.is_self_issued());
    let constraints = ca.extensions().get(oid::BASIC_CONSTRAINTS).unwrap();
    assert!(constraints.critical);
    assert_eq!(constraints.value, hex("3003 0101ff"));
    let usage = KeyUsage::SIGN_AND_ENCIPHER | KeyUsage::KEY_CERT_SIGN | KeyUsage::CRL_SIGN;
    assert_eq!(ca.extensions().key_usage(), Some(usage));
    // RFC 5280 §4.2.1.2 method 1: SHA-1 of the key bits.
    let identifier = RustCrypto.digest(DigestAlgorithm::Sha1, rsa().public_key().key_bits());
    assert_eq!(ca.extensions().subject_key_identifier(), identifier.ok().as_deref());
    // OpenSSL's `subjectKeyIdentifier=hash` of the same key.
    let openssl = certificate_of("rsa");
    assert_eq!(
        ca.extensions().subject_key_identifier(),
        openssl.extensions().subject_key_identifier()
    );
}

#[test]
fn an_end_entity_is_none_and_points_to_its_issuer() {
    let (ca, certificate) = (ca(), issue(&end_entity(other()), rsa()));
    assert_eq!(certificate.issuer(), ca.subject());
    assert!(!certificate.is_ca());
    assert_eq!(certificate.extensions().get(oid::BASIC_CONSTRAINTS).unwrap().value, hex("3000"));
    let authority = &certificate.extensions().get(oid::AUTHORITY_KEY_IDENTIFIER).unwrap().value;
    let identifier = ca.extensions().subject_key_identifier().unwrap();
    assert_eq!(*authority, [&hex("3016 8014")[..], identifier].concat());
    assert_eq!(certificate.extensions().key_usage(), Some(KeyUsage::SIGN_AND_ENCIPHER));
    // A key that cannot be enveloped to is not said to encipher.
    let certificate = issue(&end_entity(ec()), rsa());
    assert_eq!(certificate.extensions().key_usage(), Some(KeyUsage::DIGITAL_SIGNATURE));
}

#[test]
fn without_extensions_it_is_version_1() {
    let mut params = ca_params();
    params.extensions.clear();
    let certificate = issue(&params, rsa());
    assert!(certificate.extensions().is_empty());
    // RFC 5280 §4.1.2.1; DER leaves the default out, so serialNumber comes first.
    assert_eq!(certificate.as_der()[8], 2);
    assert_eq!(ca().as_der()[8..13], hex("a003 020102"));
}

#[test]
fn names_are_issued_octet_by_octet() {
    // A multi-valued RDN out of the order of DER, a TeletexString, a length longer than needed:
    // as somebody asked for it, and as the device will look for it.
    for odd in [
        "3016 3114 3008 060355040a 0c0179 3008 0603550403 0c0178",
        "300d 310b 3009 0603550403 1402fc41",
        "300d 310b 3009 0603550403 0c810178",
    ] {
        let odd = hex(odd);
        let mut params = end_entity(other());
        params.subject = Name::parse(&odd).unwrap();
        let certificate = issue(&params, rsa());
        assert_eq!(certificate.subject().as_der(), odd);
        assert!(certificate.as_der().windows(odd.len()).any(|window| window == odd));
    }
}

#[test]
fn another_writer_would_change_the_name() {
    // That is why we issue with our own: x509-cert sorts the RDN when it writes it.
    let mut params = end_entity(other());
    let unsorted = hex("3016 3114 3008 060355040a 0c0179 3008 0603550403 0c0178");
    params.subject = Name::parse(&unsorted).unwrap();
    assert_eq!(x509_cert(issue(&params, rsa()).as_der()), Oracle::Altered);
}

#[test]
fn serial_numbers_are_positive_and_fit_20_octets() {
    let issued = |serial: &[u8]| {
        let mut params = end_entity(other());
        params.serial = serial.to_vec();
        let signed = params.unsigned(rsa().public_key())?.sign(rsa());
        signed.map(|certificate| certificate.serial().to_vec())
    };
    assert_eq!(issued(&[1]), Ok(vec![1]));
    assert_eq!(issued(&[0, 0, 1]), Ok(vec![1]), "zeros in front are left out");
    assert_eq!(issued(&[0x80]), Ok(vec![0, 0x80]), "and one is put in to keep it positive");
    assert_eq!(issued(&[0x7f; 20]), Ok(vec![0x7f; 20]));
    assert_eq!(issued(&[&[0], &[0xff; 19][..]].concat()).unwrap().len(), 20);
    // With the zero that makes these positive they have 21 octets.
    for wrong in [&[0xff; 20][..], &[0x80; 20], &[0x7f; 21], &[0], &[0; 20], &[]] {
        let error = issued(wrong);
        assert!(matches!(error, Err(Error::Misuse(Misuse::Value(_)))), "{wrong:?}: {error:?}");
    }
}

#[test]
fn a_serial_number_is_drawn_and_has_128_bits() {
    let drawn = || {
        let key = rsa().public_key().clone();
        CertificateParams::new(name("CN=a"), name("CN=b"), key, validity(), &RustCrypto).unwrap()
    };
    let (one, two) = (drawn().serial, drawn().serial);
    assert_ne!(one, two);
    for serial in [one, two] {
        assert_eq!(serial.len(), 16);
        assert!((0x40..0x80).contains(&serial[0]), "positive, and never shorter");
    }
    let mut first = vec![OCTET; 16];
    first[0] |= 0x40;
    assert_eq!(ca_params().serial, first);
}

#[test]
fn the_digest_can_be_chosen() {
    for digest in [DigestAlgorithm::Sha1, DigestAlgorithm::Sha384, DigestAlgorithm::Sha512] {
        for key in [rsa(), ec()] {
            let mut params = ca_params();
            params.digest = digest;
            let certificate = issue(&params, key);
            let algorithm = key.public_key().signature_algorithm(digest).unwrap();
            assert_eq!(certificate.signature_algorithm(), &algorithm.identifier().unwrap());
        }
    }
}

#[test]
fn an_issued_certificate_is_read_back_from_its_octets() {
    let certificate = ca();
    assert_eq!(Certificate::parse(certificate.as_der(), &limits()), Ok(certificate.clone()));
    assert_eq!(certificate.validity(), validity());
    assert!(certificate.validity().contains(validity().not_after));
    let ten = Validity::lasting(validity().not_before, Duration::from_secs(10));
    assert!(!ten.contains(validity().not_after));
}
