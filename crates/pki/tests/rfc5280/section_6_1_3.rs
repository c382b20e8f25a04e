//! RFC 5280 §6.1.3 (a)(1), the signature of a certificate.

use crate::support::certificate::Tbs;
use crate::support::{
    algorithm, certificate_of, ec, hex, legacy, limits, other, rsa, sequence, tolerant,
};
use devicecert_crypto_rust::RustCrypto;
use devicecert_pki::error::{Rejected, Unsupported};
use devicecert_pki::{Certificate, Error, PublicKey, Signer, Tolerance, oid};

fn check(der: &[u8], issuer: &PublicKey) -> Result<(), Error> {
    let certificate = Certificate::parse(der, &limits()).unwrap();
    certificate.is_signed_by(issuer, &RustCrypto, &tolerant())
}

const WRONG: Error = Error::Rejected(Rejected::Signature("the certificate"));

#[test]
fn certificates_of_openssl_are_signed_by_their_own_keys() {
    for (name, key) in [("rsa", rsa()), ("ec", ec()), ("other", other())] {
        assert_eq!(check(certificate_of(name).as_der(), key.public_key()), Ok(()), "{name}");
    }
    assert_eq!(check(certificate_of("rsa").as_der(), other().public_key()), Err(WRONG));
}

#[test]
fn every_part_of_a_certificate_is_signed() {
    let right = Tbs::new().to_der();
    assert_eq!(check(&right, rsa().public_key()), Ok(()));
    let last = right.len() - 1;
    let of = |part: &[u8]| {
        right.windows(part.len()).position(|window| window == part).unwrap() + part.len() - 1
    };
    let places = [of(&[2, 1, 42]), of(b"260101000000"), of(b"odd"), of(&[3, 2, 5, 0xa0]), last];
    for at in places {
        let mut changed = right.clone();
        changed[at] ^= 1;
        assert_eq!(check(&changed, rsa().public_key()), Err(WRONG), "{at}");
    }
}

/// A certificate whose two signature algorithms have another last octet, or only the outer one.
fn signed_with(last: u8, inner_too: bool) -> Vec<u8> {
    let mut der = Tbs::new().to_der();
    let known = oid::SHA256_WITH_RSA.as_bytes();
    let found = |window: &[u8]| window == known;
    let inner = der.windows(known.len()).position(found).unwrap();
    let outer = der.windows(known.len()).rposition(found).unwrap();
    assert!(inner < outer);
    der[outer + known.len() - 1] = last;
    if inner_too {
        der[inner + known.len() - 1] = last;
    }
    der
}

#[test]
fn both_signature_algorithms_are_the_same() {
    // §4.1.1.2. Only the inner one is signed, so the outer could be anybody's.
    for last in [13, 0x7f] {
        assert_eq!(check(&signed_with(last, false), rsa().public_key()), Err(WRONG));
    }
    assert_eq!(check(&signed_with(11, true), rsa().public_key()), Ok(()), "nothing changed");
    // The outer one without its NULL: the octets that are signed are as they were.
    let right = Tbs::new().to_der();
    let tbs = &right[4..right.len() - 261 - 15];
    let outer = algorithm(oid::SHA256_WITH_RSA, b"");
    let without_null = sequence(&[tbs, &outer, &right[right.len() - 261..]]);
    assert_eq!(check(&without_null, rsa().public_key()), Err(WRONG));
}

#[test]
fn an_unknown_signature_algorithm_can_be_read_but_not_checked() {
    let what = "the signature algorithm";
    let oid = const_oid::ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.127");
    let error = check(&signed_with(0x7f, true), rsa().public_key());
    assert_eq!(error, Err(Unsupported::Algorithm { what, oid }.into()));
    // SHA-512 instead of SHA-256: known, and wrong.
    assert_eq!(check(&signed_with(13, true), rsa().public_key()), Err(WRONG));
}

#[test]
fn md5_is_only_checked_where_legacy_algorithms_are_allowed() {
    let certificate = Certificate::parse(&signed_with(4, true), &limits()).unwrap();
    let check = |tolerance: &Tolerance| {
        certificate.is_signed_by(rsa().public_key(), &RustCrypto, tolerance)
    };
    assert_eq!(check(&tolerant()), Err(Unsupported::Legacy("MD5").into()));
    assert_eq!(check(&legacy()), Err(WRONG));
}

#[test]
fn a_key_that_does_not_fit_cannot_tell() {
    let error = check(&Tbs::new().to_der(), ec().public_key());
    assert!(matches!(error, Err(Error::Unsupported(Unsupported::PublicKey(_)))), "{error:?}");
    let unknown = hex("302a300506032b657003210019bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0
        c5c38ad703166e1");
    let unknown = PublicKey::parse(&unknown, &limits()).unwrap();
    let error = check(&Tbs::new().to_der(), &unknown);
    assert!(matches!(error, Err(Error::Unsupported(_))), "{error:?}");
}
