//! RFC 5280 §4.1.2.7, subjectPublicKeyInfo, with the keys of RFC 3279 §2.3 and RFC 5480.

use crate::support::certificate::{Tbs, accepted};
use crate::support::{algorithm, ec, hex, limits, malformed, rsa, sequence, testdata, tlv};
use const_oid::ObjectIdentifier;
use devicecert_pki::algorithm::{DigestAlgorithm, SignatureAlgorithm};
use devicecert_pki::error::{Error, Found, Unsupported};
use devicecert_pki::{KeyKind, PublicKey, Signer, oid};

fn read(der: &[u8]) -> PublicKey {
    PublicKey::parse(der, &limits()).unwrap()
}

/// A SubjectPublicKeyInfo.
fn spki(algorithm: &[u8], key: &[u8]) -> Vec<u8> {
    sequence(&[algorithm, &tlv(3, &[&[0], key].concat())])
}

fn rsa_with(modulus: &[u8]) -> Vec<u8> {
    spki(&algorithm(oid::RSA_ENCRYPTION, &[5, 0]), &sequence(&[&tlv(2, modulus), &[2, 1, 3]]))
}

#[test]
fn keys_of_openssl_are_recognised() {
    for (name, kind, shown) in [
        ("rsa2048", KeyKind::Rsa { bits: 2048 }, "RSA 2048"),
        ("rsa1024", KeyKind::Rsa { bits: 1024 }, "RSA 1024"),
        ("p256", KeyKind::P256, "EC P-256"),
        ("p384", KeyKind::P384, "EC P-384"),
    ] {
        let der = testdata(&format!("openssl/{name}.spki.der"));
        let key = read(&der);
        assert_eq!((key.kind(), key.as_der()), (kind, &der[..]));
        assert_eq!(key.kind().to_string(), shown);
        assert!(der.ends_with(key.key_bits()));
    }
    assert_eq!(read(&testdata("openssl/p256.spki.der")).key_bits().len(), 65);
}

#[test]
fn the_bits_of_a_modulus_are_counted_without_zeros_in_front() {
    for (modulus, bits) in [
        (hex("00ff"), 8),
        (hex("01"), 1),
        (hex("0080"), 8),
        (hex("7f"), 7),
        (hex("0000000100"), 9),
        (hex("00"), 0),
        (hex(""), 0),
        (vec![0x7f; 128], 1023),
    ] {
        assert_eq!(read(&rsa_with(&modulus)).kind(), KeyKind::Rsa { bits }, "{modulus:02x?}");
    }
}

#[test]
fn keys_nobody_can_use_are_carried() {
    let ed25519 = "1.3.101.112";
    let secp521r1 = "1.3.132.0.35";
    let pss = "1.2.840.113549.1.1.10";
    let ec = "1.2.840.10045.2.1";
    let named = |oid: &str, parameters: &[u8]| {
        spki(&algorithm(ObjectIdentifier::new_unwrap(oid), parameters), &[4, 1, 2, 3])
    };
    for (der, expected) in [
        (named(ed25519, b""), ed25519),
        (named(ec, &hex("06052b81040023")), secp521r1),
        (named(pss, b""), pss),
        // RFC 5480 §2.1.1 forbids these three, and somebody has them.
        (named(ec, b""), ec),
        (named(ec, &hex("0500")), ec),
        (named(ec, &hex("3003 020101")), ec),
    ] {
        let key = read(&der);
        let oid = ObjectIdentifier::new_unwrap(expected);
        assert_eq!(key.kind(), KeyKind::Other(oid));
        assert_eq!(key.kind().to_string(), format!("a key of algorithm {expected}"));
        let what = "the public key algorithm";
        let unsupported = Err(Unsupported::Algorithm { what, oid }.into());
        assert_eq!(key.signature_algorithm(DigestAlgorithm::Sha256), unsupported);
        assert!(!key.can_receive());

        let (certificate, _) = accepted(|tbs| tbs.public_key = der.clone());
        assert_eq!(certificate.public_key(), &key);
    }
}

#[test]
fn a_key_is_the_same_however_its_parameters_are_spelt() {
    let modulus = sequence(&[&tlv(2, &[0x7f; 128]), &[2, 1, 3]]);
    let [null, absent] =
        [&[5, 0][..], b""].map(|none| read(&spki(&algorithm(oid::RSA_ENCRYPTION, none), &modulus)));
    assert_ne!(null.as_der(), absent.as_der());
    assert_eq!(null, absent);
    let both = std::collections::HashSet::from([null.clone(), absent]);
    assert_eq!(both.len(), 1);
    assert_ne!(null, read(&rsa_with(&[0x7e; 128])));
    assert_ne!(rsa().public_key(), ec().public_key());
    assert_eq!(format!("{null:?}"), "PublicKey(RSA 1023)");
}

#[test]
fn a_key_says_how_it_signs_and_whether_it_receives() {
    let digest = DigestAlgorithm::Sha384;
    let signs = |key: &PublicKey| key.signature_algorithm(digest).unwrap();
    assert_eq!(signs(rsa().public_key()), SignatureAlgorithm::RsaPkcs1(digest));
    assert_eq!(signs(ec().public_key()), SignatureAlgorithm::Ecdsa(digest));
    assert!(rsa().public_key().can_receive());
    assert!(ec().public_key().can_receive());
}

#[test]
fn damage_says_where() {
    let read = |der: &[u8]| malformed(PublicKey::parse(der, &limits()));
    assert_eq!(read(&hex("3100")), (0, "SubjectPublicKeyInfo", Found::Tag(0x31)));
    assert_eq!(read(&hex("3000")), (2, "the algorithm of a public key", Found::End));
    let rsa = algorithm(oid::RSA_ENCRYPTION, &[5, 0]);
    let no_key = spki(&rsa, &[]);
    assert_eq!(read(&no_key), (20, "RSAPublicKey", Found::End));
    let unused = sequence(&[&rsa, &tlv(3, &[1, 0])]);
    let found = Found::Value("a BIT STRING with unused bits");
    assert_eq!(read(&unused), (17, "subjectPublicKey", found));
    let no_modulus = spki(&rsa, &sequence(&[&[4, 0]]));
    assert_eq!(read(&no_modulus), (22, "the modulus", Found::Tag(4)));
    let behind = sequence(&[&rsa, &hex("0303 00 3000"), &[5, 0]]);
    assert_eq!(read(&behind).1, "the end of SubjectPublicKeyInfo");

    // In a certificate the place is that in the certificate.
    let der = Tbs::with(|tbs| tbs.public_key = no_modulus.clone()).to_der();
    let at = der.windows(no_modulus.len()).position(|window| window == no_modulus).unwrap();
    let error = devicecert_pki::Certificate::parse(&der, &limits()).unwrap_err();
    let Error::Malformed(error) = error else { panic!("{error:?}") };
    assert_eq!(error.offset, at + 22);
}
