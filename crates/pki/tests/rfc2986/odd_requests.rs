//! Certification requests that exist and should not: of each, everything that is read, whether a
//! certificate can be issued for it, and what `x509-cert` makes of it.

use std::time::Duration;

use crate::support::certificate::Oracle::{self, Altered, Refused, Same};
use crate::support::request::Info;
use crate::support::{
    attribute, certificate_of, hex, limits, malformed, rsa, sequence, tlv, tolerant,
};
use const_oid::ObjectIdentifier;
use devicecert_crypto_rust::RustCrypto;
use devicecert_pki::error::{Found, Rejected};
use devicecert_pki::{
    CertificateParams, Csr, Error, GeneralName, KeyKind, KeyUsage, Secret, Signer, Time, Tolerance,
    Validity, oid,
};
use x509_cert::request::CertReq;

/// What is read of a request.
#[derive(Debug, PartialEq)]
struct Read {
    subject: String,
    key: KeyKind,
    challenge: Option<Secret>,
    /// Each with its criticality, in the order sent.
    extensions: Vec<(ObjectIdentifier, bool)>,
    key_usage: Option<KeyUsage>,
    /// `None` where they cannot be read.
    names: Option<Vec<GeneralName>>,
    /// The other attributes, in the order sent.
    attributes: Vec<ObjectIdentifier>,
}

impl Read {
    fn of(csr: &Csr) -> Self {
        Self {
            subject: csr.subject().to_string(),
            key: csr.public_key().kind(),
            challenge: csr.challenge_password().cloned(),
            extensions: csr.extensions().iter().map(|one| (one.oid, one.critical)).collect(),
            key_usage: csr.extensions().key_usage(),
            names: csr.subject_alt_name().ok(),
            attributes: csr.attributes().iter().map(|one| one.oid).collect(),
        }
    }

    /// What [`Info::new`] says.
    fn usual() -> Self {
        Self {
            subject: "CN=device 7,O=Example".to_owned(),
            key: KeyKind::Rsa { bits: 2048 },
            challenge: None,
            extensions: Vec::new(),
            key_usage: None,
            names: Some(Vec::new()),
            attributes: Vec::new(),
        }
    }
}

/// A request that is odd in one thing is read otherwise in that alone; its octets and signature are
/// those received, and a certificate has its subject and key octet by octet.
fn check(
    name: &str,
    change: impl FnOnce(&mut Info),
    differs: impl FnOnce(&mut Read),
    oracle: Oracle,
) {
    let der = Info::with(change).to_der();
    let csr = Csr::parse(&der, &limits()).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!(csr.as_der(), der, "{name}");
    assert_eq!(csr.verify(&RustCrypto, &Tolerance::STRICT), Ok(()), "{name}");
    let mut expected = Read::usual();
    differs(&mut expected);
    assert_eq!(Read::of(&csr), expected, "{name}");
    assert_eq!(Oracle::of::<CertReq>(&der), oracle, "{name}");

    let ca = certificate_of("rsa");
    let validity = Validity::lasting(Time::from_unix(1_800_000_000), Duration::from_secs(86_400));
    let (subject, key) = (csr.subject().clone(), csr.public_key().clone());
    let params = CertificateParams::end_entity(&ca, subject, key, validity, &RustCrypto).unwrap();
    let issued = params.unsigned(rsa().public_key()).unwrap().sign(rsa()).unwrap();
    assert_eq!(issued.subject().as_der(), csr.subject().as_der(), "{name}");
    assert_eq!(issued.public_key().as_der(), csr.public_key().as_der(), "{name}");
    let signed = issued.is_signed_by(ca.public_key(), &RustCrypto, &tolerant());
    assert_eq!(signed, Ok(()), "{name}");
}

fn with_attributes(
    name: &str,
    attributes: &[Vec<u8>],
    differs: impl FnOnce(&mut Read),
    oracle: Oracle,
) {
    check(name, |info| info.attributes = Some(attributes.to_vec()), differs, oracle);
}

#[test]
fn versions() {
    check("version 1", |info| info.version = hex("020101"), |_| {}, Refused);
    check("version 2, Apple in 2016", |info| info.version = hex("020102"), |_| {}, Refused);
    check("a version without octets", |info| info.version = hex("0200"), |_| {}, Refused);
}

#[test]
fn challenges() {
    for (name, encoding, text) in [
        ("IA5String", "1603 402a5f", "@*_"),
        ("BMPString", "1e06 007000fc0071", "püq"),
        ("PrintableString with @, * and _", "1305 61402a5f62", "a@*_b"),
        ("UTF8String", "0c04 70c3bc71", "püq"),
        ("TeletexString", "1403 70fc71", "püq"),
        ("UniversalString", "1c08 00000070000000fc", "pü"),
        ("NumericString", "1203 313233", "123"),
        ("OCTET STRING", "0403 616263", "abc"),
    ] {
        let challenge = attribute(oid::CHALLENGE_PASSWORD, &[&hex(encoding)]);
        let read = |read: &mut Read| read.challenge = Some(Secret::from(text));
        // The oracle does not know the tag of UniversalString.
        let oracle = if name == "UniversalString" { Refused } else { Same };
        with_attributes(name, &[challenge], read, oracle);
    }
    let empty_set = attribute(oid::CHALLENGE_PASSWORD, &[]);
    with_attributes("an empty SET", &[empty_set], |_| {}, Same);
    let empty_text = attribute(oid::CHALLENGE_PASSWORD, &[&hex("1300")]);
    with_attributes("an empty text", &[empty_text], |_| {}, Same);
}

#[test]
fn attributes() {
    check("no attributes at all", |info| info.attributes = None, |_| {}, Refused);
    let unknown = ["1.2.9", "1.2.3", "1.2.7"].map(ObjectIdentifier::new_unwrap);
    let unsorted = unknown.map(|oid| attribute(oid, &[&[5, 0]]));
    let kept = |read: &mut Read| read.attributes = unknown.to_vec();
    with_attributes("out of order", &unsorted, kept, Altered);
    let [one, ..] = unknown;
    let empty = |read: &mut Read| read.attributes = vec![one];
    with_attributes("an empty SET of values", &[attribute(one, &[])], empty, Same);
    let twice = |read: &mut Read| read.attributes = vec![one, one];
    let same = attribute(one, &[&[5, 0]]);
    with_attributes("one of them twice", &[same.clone(), same], twice, Same);
}

#[test]
fn requested_extensions() {
    let request = |oid, extensions: &[&str]| {
        let extensions: Vec<Vec<u8>> = extensions.iter().map(|one| hex(one)).collect();
        attribute(oid, &[&tlv(0x30, &extensions.concat())])
    };
    let standard = |extensions: &[&str]| [request(oid::EXTENSION_REQUEST, extensions)];
    with_attributes("none of them, x509-cert", &standard(&[]), |_| {}, Same);
    let no_value = attribute(oid::EXTENSION_REQUEST, &[]);
    with_attributes("an empty SET", &[no_value], |_| {}, Same);

    const DNS: &str = "300c 0603551d11 0405 30038201 61";
    let dns = |read: &mut Read| {
        read.extensions = vec![(oid::SUBJECT_ALT_NAME, false)];
        read.names = Some(vec![GeneralName::Dns("a".into())]);
    };
    with_attributes("Microsoft's type", &[request(oid::MS_CERT_EXTENSIONS, &[DNS])], dns, Same);
    let usage = |critical| {
        move |read: &mut Read| {
            read.extensions = vec![(oid::KEY_USAGE, critical)];
            read.key_usage = Some(KeyUsage::DIGITAL_SIGNATURE);
        }
    };
    // The oracle keeps what stands in an attribute as it came.
    let written_out = standard(&["300e 0603551d0f 010100 0404 03020780"]);
    with_attributes("critical FALSE written out", &written_out, usage(false), Same);
    let as_1 = standard(&["300e 0603551d0f 010101 0404 03020780"]);
    with_attributes("critical TRUE as 1", &as_1, usage(true), Same);
    let names = |names: Option<Vec<GeneralName>>| {
        move |read: &mut Read| {
            read.extensions = vec![(oid::SUBJECT_ALT_NAME, false)];
            read.names = names;
        }
    };
    let address = standard(&["3010 0603551d11 0409 3007 8705 0102030405"]);
    let odd = vec![GeneralName::Other(hex("8705 0102030405"))];
    with_attributes("an address of 5 octets", &address, names(Some(odd)), Same);
    let none = standard(&["300b 0603551d11 0404 3002 0500"]);
    with_attributes("names that are none", &none, names(None), Same);
}

#[test]
fn subjects() {
    for (name, encoding, text, oracle) in [
        ("empty", "3000", "", Same),
        (
            "out of order",
            "3016 3114 3008 060355040a 0c0179 3008 0603550403 0c0178",
            "O=y+CN=x",
            Altered,
        ),
        ("BMPString", "300d 310b 3009 0603550403 1e0200fc", "CN=ü", Same),
        ("UniversalString", "300f 310d 300b 0603550403 1c04000000fc", "CN=ü", Refused),
        ("no UTF-8", "300c 310a 3008 0603550403 0c01ff", "CN=#0c01ff", Same),
    ] {
        let subject = hex(encoding);
        check(name, |info| info.subject = subject, |read| read.subject = text.to_owned(), oracle);
    }
}

#[test]
fn keys() {
    let bare = sequence(&[
        &hex("300b 06092a864886f70d010101"),
        &tlv(3, &[&[0], rsa().public_key().key_bits()].concat()),
    ]);
    check("RSA without parameters", |info| info.public_key = bare, |_| {}, Same);
}

/// What cannot be told apart, or ends elsewhere than it says, is refused.
#[test]
fn refusals() {
    let twice = |attributes: &[Vec<u8>], name| {
        let error = Info::with_attributes(attributes).parse().unwrap_err();
        assert_eq!(error, Error::from(Rejected::DuplicateAttribute(name)));
    };
    let challenge = attribute(oid::CHALLENGE_PASSWORD, &[&hex("130161")]);
    twice(&[challenge.clone(), challenge], "challengePassword");
    let two_values = attribute(oid::CHALLENGE_PASSWORD, &[&hex("130161"), &hex("130162")]);
    twice(&[two_values], "challengePassword");
    let request = |oid| attribute(oid, &[&[0x30, 0]]);
    let both = [request(oid::EXTENSION_REQUEST), request(oid::MS_CERT_EXTENSIONS)];
    twice(&both, "extensionRequest");

    let number = attribute(oid::CHALLENGE_PASSWORD, &[&hex("020105")]);
    let (_, expected, found) = malformed(Info::with_attributes(&[number]).parse());
    assert_eq!((expected, found), ("a character string", Found::Tag(2)));
    let right = Info::new().to_der();
    let trailing = [&right[..], &[0]].concat();
    let found = (right.len(), "CertificationRequest", Found::Trailing(1));
    assert_eq!(malformed(Csr::parse(&trailing, &limits())), found);
}
