//! RFC 5652 §5.3, SignerInfo.

use crate::support::certificate::Tbs;
use crate::support::signed::{Message, Signer};
use crate::support::{
    NULL, algorithm, attribute, certificate_of, limits, malformed, rsa, sequence, testdata, tlv,
    tolerant,
};
use devicecert_crypto_rust::RustCrypto;
use devicecert_pki::cms::{SignedData, SignerIdentifier, Verified};
use devicecert_pki::error::{Error, Found, Rejected, Unsupported};
use devicecert_pki::{Certificate, Tolerance, oid};

fn verify(signer: Signer) -> Result<Verified, Error> {
    verify_with(signer, &certificate_of("rsa"), &tolerant())
}

fn verify_with(
    signer: Signer,
    certificate: &Certificate,
    tolerance: &Tolerance,
) -> Result<Verified, Error> {
    Message::new([signer]).parse().verify(certificate, &RustCrypto, tolerance)
}

#[test]
fn the_signer_may_be_named_by_key_identifier() {
    let signed = SignedData::parse(&testdata("rfc5652/signed-ski.der"), &limits()).unwrap();
    let identifier = certificate_of("rsa").extensions().subject_key_identifier().unwrap().to_vec();
    let sid = signed.signer().unwrap().identifier();
    assert_eq!(sid, &SignerIdentifier::SubjectKeyIdentifier(identifier.clone()));
    let certificate = signed.signer_certificate(&limits(), &Tolerance::STRICT).unwrap();
    assert_eq!(certificate, certificate_of("rsa"));
    signed.verify(&certificate, &RustCrypto, &Tolerance::STRICT).unwrap();

    // The tag is IMPLICIT; explicit exists too.
    let explicit = tlv(0xa0, &tlv(4, &identifier));
    verify(Signer::with(|signer| signer.sid = explicit)).unwrap();
}

#[test]
fn a_certificate_without_key_identifier_is_not_meant_by_one() {
    let without = Tbs::new().parse().unwrap();
    for identifier in [&[][..], &[1, 2, 3]] {
        let signer = Signer::with(|signer| signer.sid = tlv(0x80, identifier));
        let error = verify_with(signer, &without, &tolerant());
        assert_eq!(error, Err(Rejected::NoSignerCertificate.into()));
    }
}

#[test]
fn another_certificate_is_refused_even_with_the_right_key() {
    let same_key = Tbs::new().parse().unwrap();
    for certificate in [&same_key, &certificate_of("ec"), &certificate_of("other")] {
        let error = verify_with(Signer::new(), certificate, &tolerant());
        assert_eq!(error, Err(Rejected::NoSignerCertificate.into()));
    }
}

#[test]
fn both_issuer_and_serial_number_decide() {
    let certificate = certificate_of("rsa");
    let named = |issuer: &[u8], serial: &[u8]| {
        let sid = sequence(&[issuer, &tlv(2, serial)]);
        verify_with(Signer::with(|signer| signer.sid = sid), &certificate, &Tolerance::STRICT)
    };
    let (issuer, serial) = (certificate.issuer().as_der(), certificate.serial());
    assert!(named(issuer, serial).is_ok());
    let error = Err(Rejected::NoSignerCertificate.into());
    assert_eq!(named(issuer, b"\x10\x02"), error);
    assert_eq!(named(issuer, b""), error);
    assert_eq!(named(certificate_of("ec").issuer().as_der(), serial), error);
    assert_eq!(named(b"\x30\x00", serial), error);
}

#[test]
fn a_respelt_issuer_is_found_only_where_that_is_tolerated() {
    let certificate = certificate_of("rsa");
    // The same with PrintableString in place of UTF8String.
    let respelt: Vec<u8> = {
        let mut der = certificate.issuer().as_der().to_vec();
        der.iter_mut().filter(|octet| **octet == 0x0c).for_each(|octet| *octet = 0x13);
        der
    };
    assert_ne!(respelt, certificate.issuer().as_der());
    let sid = sequence(&[&respelt, &tlv(2, certificate.serial())]);
    let signer = Signer::with(|signer| signer.sid = sid);
    assert!(verify_with(signer.clone(), &certificate, &tolerant()).is_ok());
    let strict = verify_with(signer.clone(), &certificate, &Tolerance::STRICT);
    assert_eq!(strict, Err(Rejected::NoSignerCertificate.into()));

    let signed = Message::new([signer]).parse();
    assert!(signed.signer_certificate(&limits(), &tolerant()).is_ok());
    let strict = signed.signer_certificate(&limits(), &Tolerance::STRICT);
    assert_eq!(strict, Err(Rejected::NoSignerCertificate.into()));
}

#[test]
fn zeros_in_front_of_a_serial_number_do_not_change_it() {
    let certificate = certificate_of("rsa");
    for padded in [&b"\x00\x10\x01"[..], b"\x00\x00\x00\x10\x01"] {
        let sid = sequence(&[certificate.issuer().as_der(), &tlv(2, padded)]);
        verify(Signer::with(|signer| signer.sid = sid)).unwrap();
    }
}

#[test]
fn a_serial_number_of_nothing_but_zeros_is_compared_in_one_go() {
    // A comparison that called itself for each octet would run out of stack.
    let certificate = certificate_of("rsa");
    let zeros = vec![0; 250_000];
    let sid = sequence(&[certificate.issuer().as_der(), &tlv(2, &zeros)]);
    let error = verify(Signer::with(|signer| signer.sid = sid));
    assert_eq!(error, Err(Rejected::NoSignerCertificate.into()));
}

#[test]
fn absent_and_null_parameters_of_the_digest_are_the_same() {
    for parameters in [NULL, b""] {
        let digest = algorithm(oid::SHA256, parameters);
        verify(Signer::with(|signer| signer.digest = digest)).unwrap();
    }
    let odd = algorithm(oid::SHA256, &[0x30, 0]);
    let error = verify(Signer::with(|signer| signer.digest = odd));
    let unsupported = Unsupported::Parameters { what: "the digest algorithm", oid: oid::SHA256 };
    assert_eq!(error, Err(unsupported.into()));
}

#[test]
fn an_unknown_digest_is_unsupported() {
    let sha3 = const_oid::ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.8");
    let unknown = algorithm(sha3, b"");
    let mut message = Message::new([Signer::with(|signer| signer.digest = unknown.clone())]);
    message.digests = vec![unknown];
    let error = message.parse().verify(&certificate_of("rsa"), &RustCrypto, &tolerant());
    let unsupported = Unsupported::Algorithm { what: "the digest algorithm", oid: sha3 };
    assert_eq!(error, Err(unsupported.into()));
}

#[test]
fn rsa_may_be_named_with_or_without_its_digest() {
    for (oid, parameters) in [
        (oid::RSA_ENCRYPTION, NULL),
        (oid::RSA_ENCRYPTION, b""),
        (oid::SHA256_WITH_RSA, NULL),
        (oid::SHA256_WITH_RSA, b""),
    ] {
        let named = algorithm(oid, parameters);
        let verified = verify(Signer::with(|signer| signer.algorithm = named));
        assert!(verified.is_ok(), "{oid} {parameters:?}: {verified:?}");
    }
}

#[test]
fn a_signature_algorithm_with_another_digest_is_refused() {
    let named = algorithm(oid::SHA512_WITH_RSA, NULL);
    let error = verify(Signer::with(|signer| signer.algorithm = named));
    let what = "the signature algorithm";
    let unsupported = Unsupported::Parameters { what, oid: oid::SHA512_WITH_RSA };
    assert_eq!(error, Err(unsupported.into()));

    let dsa = const_oid::ObjectIdentifier::new_unwrap("1.2.840.10040.4.3");
    let error = verify(Signer::with(|signer| signer.algorithm = algorithm(dsa, b"")));
    assert_eq!(error, Err(Unsupported::Algorithm { what, oid: dsa }.into()));
}

#[test]
fn the_version_fits_the_identifier() {
    // §5.3: 1 for issuerAndSerialNumber, 3 for subjectKeyIdentifier, for which PKCS #7 has 1 too.
    let refused = Err(Rejected::Version("SignerInfo").into());
    let identifier = certificate_of("rsa").extensions().subject_key_identifier().unwrap().to_vec();
    for (version, by_serial, by_key) in [(1, true, true), (3, false, true), (0, false, false)] {
        let named = Signer::with(|signer| signer.version = version);
        let by_key_identifier = Signer { sid: tlv(0x80, &identifier), ..named.clone() };
        for (signer, right) in [(named, by_serial), (by_key_identifier, by_key)] {
            let expected = if right { Ok(()) } else { refused.clone() };
            assert_eq!(verify(signer).map(drop), expected, "{version}");
        }
    }
}

#[test]
fn unsigned_attributes_decide_nothing() {
    let unsigned = tlv(0xa1, &attribute(oid::MESSAGE_DIGEST, &[&tlv(4, b"another digest")]));
    let verified = verify(Signer::with(|signer| signer.unsigned_attributes = unsigned)).unwrap();
    let digest = verified.attribute(oid::MESSAGE_DIGEST, "messageDigest").unwrap().unwrap();
    assert_eq!(digest.value.len(), 32);
}

#[test]
fn what_the_signer_says_is_shown_as_sent() {
    let info = Message::new([Signer::new()]).parse();
    let info = info.signer().unwrap();
    let certificate = certificate_of("rsa");
    assert_eq!(info.identifier(), &SignerIdentifier::of(&certificate));
    assert_eq!(info.identifier().to_string(), "issuer CN=RSA signer,O=Example, serial number 1001");
    assert_eq!(info.digest_algorithm().oid, oid::SHA256);
    assert_eq!(info.signature_algorithm().oid, oid::RSA_ENCRYPTION);
    let types: Vec<_> = info.unverified_attributes().iter().map(|one| one.oid).collect();
    assert_eq!(types, [oid::CONTENT_TYPE, oid::MESSAGE_DIGEST]);
}

#[test]
fn a_damaged_signer_is_refused() {
    let right = Signer::new().to_der(rsa());
    let mut message = Message::new([]);
    for (damaged, expected, found) in [
        ([&right[..], &[0x31, 0]].concat(), "SignerInfo", Found::Tag(0x31)),
        (vec![0x30, 0], "the version of SignerInfo", Found::End),
        (
            sequence(&[&[2, 1, 1], &[0x31, 0]]),
            "issuerAndSerialNumber or subjectKeyIdentifier",
            Found::Tag(0x31),
        ),
    ] {
        message.signers = vec![damaged];
        let error = malformed(SignedData::parse(&message.to_der(), &limits()));
        assert_eq!((error.1, error.2), (expected, found));
    }
    let longer = tlv(0x30, &[&right[4..], &[5, 0]].concat());
    message.signers = vec![longer];
    let error = malformed(SignedData::parse(&message.to_der(), &limits()));
    assert_eq!((error.1, error.2), ("the end of SignerInfo", Found::Trailing(2)));
}
