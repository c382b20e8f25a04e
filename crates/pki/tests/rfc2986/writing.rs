//! RFC 2986 §4, requests as they are written.

use crate::support::{ec, hex, limits, malformed, rsa, testdata, tlv, tolerant};
use devicecert_crypto_rust::RustCrypto;
use devicecert_pki::algorithm::DigestAlgorithm;
use devicecert_pki::error::{Error, Found, Misuse, Unsupported};
use devicecert_pki::{
    Csr, CsrParams, Extension, GeneralName, KeyUsage, Name, PublicKey, Secret, Signer, oid,
};
use x509_cert::der::{Decode, Encode};
use x509_cert::request::CertReq;

fn name() -> Name {
    "CN=device 7,O=Example".parse().unwrap()
}

fn write(params: &CsrParams) -> Csr {
    params.unsigned(rsa().public_key()).unwrap().sign(rsa()).unwrap()
}

fn decode(csr: &Csr) -> CertReq {
    let decoded = CertReq::from_der(csr.as_der()).unwrap();
    assert_eq!(decoded.to_der().unwrap(), csr.as_der(), "it is DER");
    decoded
}

/// Everything that a request can ask for.
fn full() -> CsrParams {
    let mut params = CsrParams::new(name())
        .challenge("one-time password")
        .alt_name(GeneralName::Dns("device7.example.com".into()))
        .alt_name(GeneralName::Email("device7@example.com".into()))
        .alt_name(GeneralName::Uri("urn:example:device:7".into()))
        .alt_name(GeneralName::Ip("192.0.2.7".parse().unwrap()))
        .alt_name(GeneralName::Ip("2001:db8::7".parse().unwrap()))
        .alt_name(GeneralName::RegisteredId(const_oid::ObjectIdentifier::new_unwrap("1.2.3.4")))
        .alt_name(GeneralName::Directory(name()))
        .alt_name(GeneralName::Upn("device7@example.com".into()));
    params.key_usage = Some(KeyUsage::SIGN_AND_ENCIPHER);
    params.extended_key_usage = vec![oid::CLIENT_AUTH];
    params
}

#[test]
fn what_openssl_verified_is_what_is_written() {
    assert_eq!(write(&full()).as_der(), testdata("rfc2986/ours-full.der"));
    assert_eq!(write(&CsrParams::new(Name::empty())).as_der(), testdata("rfc2986/ours-empty.der"));
}

#[test]
fn it_is_what_openssl_writes() {
    // Signatures of RSA with PKCS #1 v1.5 are the same whoever makes them.
    assert_eq!(write(&CsrParams::new(name())).as_der(), testdata("rfc2986/plain.der"));

    // OpenSSL was told to write the challenge as UTF8String, so only the rest can be compared.
    let ours = write(&full());
    let theirs = Csr::parse(&testdata("rfc2986/full.der"), &limits()).unwrap();
    assert_eq!(ours.extensions(), theirs.extensions());
    assert_eq!(ours.challenge_password(), theirs.challenge_password());
    assert_eq!(ours.subject().as_der(), theirs.subject().as_der());
}

#[test]
fn without_attributes_there_is_an_empty_set_of_them() {
    let csr = write(&CsrParams::new(name()));
    // Behind the public key: [0], required by RFC 2986 §4.1, with nothing in it.
    let key_and_attributes = [rsa().public_key().as_der(), &hex("a000")].concat();
    let info = csr.as_der();
    assert!(info.windows(key_and_attributes.len()).any(|window| window == key_and_attributes));
    let decoded = decode(&csr);
    assert_eq!(decoded.info.version, x509_cert::request::Version::V1);
    assert_eq!(decoded.info.attributes.len(), 0);
    assert_eq!(decoded.info.subject.to_der().unwrap(), name().as_der());
    assert_eq!(decoded.info.public_key.to_der().unwrap(), rsa().public_key().as_der());
    assert_eq!(decoded.algorithm.oid, oid::SHA256_WITH_RSA);
}

#[test]
fn an_extension_request_is_never_empty() {
    // RFC 5280 §4.1: Extensions ::= SEQUENCE SIZE (1..MAX) OF Extension.
    let types = |params: &CsrParams| {
        let decoded = decode(&write(params));
        decoded.info.attributes.iter().map(|attribute| attribute.oid).collect::<Vec<_>>()
    };
    let mut params = CsrParams::new(name());
    assert_eq!(types(&params), []);
    params.challenge_password = Some(Secret::from("x"));
    assert_eq!(types(&params), [oid::CHALLENGE_PASSWORD]);
    params.key_usage = Some(KeyUsage::DIGITAL_SIGNATURE);
    assert_eq!(types(&params), [oid::CHALLENGE_PASSWORD, oid::EXTENSION_REQUEST]);
    params.challenge_password = None;
    assert_eq!(types(&params), [oid::EXTENSION_REQUEST]);
}

/// The encoding of the challengePassword that another reader finds.
fn challenge(text: &str) -> Vec<u8> {
    let decoded = decode(&write(&CsrParams::new(name()).challenge(text)));
    let attribute = decoded.info.attributes.get(0).unwrap();
    assert_eq!(attribute.oid, oid::CHALLENGE_PASSWORD);
    assert_eq!(attribute.values.len(), 1);
    attribute.values.get(0).unwrap().to_der().unwrap()
}

#[test]
fn a_challenge_is_a_printable_string_where_its_alphabet_suffices() {
    let alphabet = "ABCXYZabcxyz0189 '()+,-./:=?";
    assert_eq!(challenge(alphabet), tlv(0x13, alphabet.as_bytes()));
    for text in ["*", "@", "_", "&", "a*b", "ü", "\"", "<", ";", "!", "\n", "~"] {
        assert_eq!(challenge(text), tlv(0x0c, text.as_bytes()), "{text:?}");
    }
    let long = "x".repeat(1000);
    assert_eq!(challenge(&long), tlv(0x13, long.as_bytes()));
}

#[test]
fn a_challenge_is_text_and_not_empty() {
    for octets in [&b""[..], b"\xff", b"abc\xc3"] {
        let params = CsrParams::new(name()).challenge(Secret::new(octets.to_vec()));
        let error = params.unsigned(rsa().public_key()).unwrap_err();
        assert!(matches!(error, Error::Misuse(Misuse::Value(_))), "{octets:?}: {error:?}");
    }
}

#[test]
fn alternative_names_are_critical_where_the_subject_is_empty() {
    // RFC 5280 §4.2.1.6
    for (subject, critical) in [(Name::empty(), true), (name(), false)] {
        let csr = write(&CsrParams::new(subject).alt_name(GeneralName::Dns("a.example".into())));
        assert_eq!(csr.extensions().get(oid::SUBJECT_ALT_NAME).unwrap().critical, critical);
    }
}

#[test]
fn names_that_cannot_be_encoded_are_refused() {
    for alt_name in [
        GeneralName::Dns(String::new()),
        GeneralName::Dns("zürich.example".into()),
        GeneralName::Email("a@b\nc".into()),
        GeneralName::Upn(String::new()),
        GeneralName::Other(hex("0c0161")),
    ] {
        let error = CsrParams::new(name()).alt_name(alt_name).unsigned(rsa().public_key());
        assert!(matches!(error, Err(Error::Misuse(Misuse::Value(_)))), "{error:?}");
    }
}

#[test]
fn further_extensions_come_last_and_as_given() {
    let mut params = CsrParams::new(name());
    params.key_usage = Some(KeyUsage::DIGITAL_SIGNATURE);
    let oid = const_oid::ObjectIdentifier::new_unwrap("1.3.6.1.4.1.311.20.2");
    let template = Extension { oid, critical: false, value: hex("1e08 0055007300650072") };
    params.extensions = vec![template.clone()];
    let csr = write(&params);
    let all: Vec<_> = csr.extensions().iter().cloned().collect();
    assert_eq!(all, [Extension::key_usage(KeyUsage::DIGITAL_SIGNATURE), template]);
}

#[test]
fn every_digest_and_kind_of_key_signs() {
    for digest in [
        DigestAlgorithm::Sha1,
        DigestAlgorithm::Sha256,
        DigestAlgorithm::Sha384,
        DigestAlgorithm::Sha512,
    ] {
        for key in [rsa(), ec()] {
            let mut params = CsrParams::new(name());
            params.digest = digest;
            let csr = params.unsigned(key.public_key()).unwrap().sign(key).unwrap();
            csr.verify(&RustCrypto, &tolerant()).unwrap();
            let decoded = decode(&csr);
            let algorithm = key.public_key().signature_algorithm(digest).unwrap();
            let identifier = algorithm.identifier().unwrap();
            assert_eq!(decoded.algorithm.oid, identifier.oid);
            // RFC 4055 §5: NULL for RSA. RFC 5758 §3.2: absent for ECDSA.
            let is_rsa = key.public_key() == rsa().public_key();
            assert_eq!(decoded.algorithm.parameters.is_some(), is_rsa);
        }
    }
}

#[test]
fn a_key_that_cannot_sign_gets_no_request() {
    // Ed25519 (RFC 8410 §10.1)
    let spki = hex("302a300506032b657003210019bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5
        c38ad703166e1");
    let key = PublicKey::parse(&spki, &limits()).unwrap();
    let what = "the public key algorithm";
    let oid = const_oid::ObjectIdentifier::new_unwrap("1.3.101.112");
    let error = CsrParams::new(name()).unsigned(&key).unwrap_err();
    assert_eq!(error, Unsupported::Algorithm { what, oid }.into());
}

#[test]
fn the_request_comes_back_as_it_can_be_read() {
    let csr = write(&full());
    assert_eq!(Csr::parse(csr.as_der(), &limits()), Ok(csr.clone()));
    assert_eq!(csr.subject(), &name());
    assert_eq!(csr.public_key(), rsa().public_key());
    assert_eq!(csr.challenge_password(), Some(&Secret::from("one-time password")));
    assert_eq!(csr.subject_alt_name().unwrap(), full().subject_alt_name);
    assert_eq!(csr.extensions().key_usage(), Some(KeyUsage::SIGN_AND_ENCIPHER));
    assert_eq!(csr.extensions().extended_key_usage(), Some(vec![oid::CLIENT_AUTH]));
    assert_eq!(csr.attributes(), []);
    assert_eq!(malformed(Csr::parse(b"", &limits())).2, Found::End);
}
