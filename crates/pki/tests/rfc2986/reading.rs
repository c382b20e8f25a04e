//! RFC 2986 §4.1, requests as they are read: more than the standard allows, where that exists.

use crate::support::request::Info;
use crate::support::{attribute, hex, limits, malformed, sequence, testdata, tlv, tolerant};
use const_oid::ObjectIdentifier;
use devicecert_crypto_rust::RustCrypto;
use devicecert_pki::error::Found;
use devicecert_pki::{Csr, GeneralName, KeyKind, KeyUsage, Name, Secret, Tolerance, oid};
use x509_cert::der::{Decode, Encode};
use x509_cert::request::CertReq;

fn by_openssl(name: &str) -> Csr {
    Csr::parse(&testdata(&format!("rfc2986/{name}.der")), &limits()).unwrap()
}

#[test]
fn requests_of_openssl_are_read() {
    let csr = by_openssl("full");
    csr.verify(&RustCrypto, &Tolerance::STRICT).unwrap();
    assert_eq!(csr.as_der(), testdata("rfc2986/full.der"));
    assert_eq!(csr.subject().to_string(), "CN=device 7,O=Example");
    assert_eq!(csr.public_key().kind(), KeyKind::Rsa { bits: 2048 });
    assert_eq!(csr.challenge_password(), Some(&Secret::from("one-time password")));
    assert_eq!(csr.extensions().key_usage(), Some(KeyUsage::SIGN_AND_ENCIPHER));
    assert!(csr.extensions().get(oid::KEY_USAGE).unwrap().critical);
    assert_eq!(csr.extensions().extended_key_usage(), Some(vec![oid::CLIENT_AUTH]));
    assert_eq!(
        csr.subject_alt_name().unwrap(),
        [
            GeneralName::Dns("device7.example.com".into()),
            GeneralName::Email("device7@example.com".into()),
            GeneralName::Uri("urn:example:device:7".into()),
            GeneralName::Ip("192.0.2.7".parse().unwrap()),
            GeneralName::Ip("2001:db8::7".parse().unwrap()),
            GeneralName::RegisteredId(ObjectIdentifier::new_unwrap("1.2.3.4")),
            GeneralName::Directory("CN=device 7,O=Example".parse().unwrap()),
            GeneralName::Upn("device7@example.com".into()),
        ]
    );
    assert_eq!(csr.signature_algorithm().oid, oid::SHA256_WITH_RSA);
}

#[test]
fn a_plain_request_asks_for_nothing() {
    let csr = by_openssl("plain");
    csr.verify(&RustCrypto, &Tolerance::STRICT).unwrap();
    assert_eq!(csr.challenge_password(), None);
    assert!(csr.extensions().is_empty());
    assert_eq!(csr.subject_alt_name(), Ok(Vec::new()));
    assert_eq!(csr.attributes(), []);
}

#[test]
fn the_version_is_not_looked_at() {
    // One Apple client sends 2, others 1, where RFC 2986 has 0.
    for version in [hex("020101"), hex("020102"), hex("0202ffff"), hex("0200")] {
        let csr = Info::with(|info| info.version = version).parse().unwrap();
        csr.verify(&RustCrypto, &tolerant()).unwrap();
    }
}

#[test]
fn attributes_may_be_missing_altogether() {
    let info = Info::with(|info| info.attributes = None);
    assert!(CertReq::from_der(&info.to_der()).is_err(), "others refuse that");
    let csr = info.parse().unwrap();
    csr.verify(&RustCrypto, &tolerant()).unwrap();
    assert_eq!(csr.attributes(), []);
}

#[test]
fn unsorted_attributes_are_read_in_the_order_sent() {
    let oids = ["1.2.9", "1.2.3", "1.2.7"].map(ObjectIdentifier::new_unwrap);
    let info = Info::with_attributes(&oids.map(|oid| attribute(oid, &[&[5, 0]])));
    let der = info.to_der();
    assert_ne!(CertReq::from_der(&der).unwrap().to_der().unwrap(), der, "others sort them");

    let csr = info.parse().unwrap();
    assert_eq!(csr.attributes().iter().map(|one| one.oid).collect::<Vec<_>>(), oids);
    assert_eq!(csr.attributes()[0].values, [hex("0500")]);
    // The signature is over the octets as sent.
    csr.verify(&RustCrypto, &Tolerance::STRICT).unwrap();
}

#[test]
fn other_attributes_are_kept_whatever_they_hold() {
    let unknown = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.311.13.2.3");
    let values: [&[u8]; 3] = [&hex("160a 31302e302e31393034352e"), &hex("0500"), &hex("3000")];
    for values in [&values[..1], &values[..], &[]] {
        let values: Vec<&[u8]> = values.iter().copied().filter(|one| one.len() < 12).collect();
        let twice = [attribute(unknown, &values), attribute(unknown, &values)];
        let csr = Info::with_attributes(&twice).parse().unwrap();
        assert_eq!(csr.attributes().len(), 2);
        assert_eq!(csr.attributes()[1].values, values);
    }
}

#[test]
fn an_empty_subject_is_a_subject() {
    let csr = Info::with(|info| info.subject = vec![0x30, 0]).parse().unwrap();
    assert_eq!(csr.subject(), &Name::empty());
}

#[test]
fn damage_says_where() {
    let read = |der: &[u8]| malformed(Csr::parse(der, &limits()));
    assert_eq!(read(&hex("3100")), (0, "CertificationRequest", Found::Tag(0x31)));
    assert_eq!(read(&hex("3000")), (2, "CertificationRequestInfo", Found::End));
    let right = Info::new().to_der();
    let behind = [&right[..], &[0]].concat();
    assert_eq!(read(&behind), (right.len(), "CertificationRequest", Found::Trailing(1)));
    // An attribute that is none, at its place in the whole request.
    let bad = Info::with_attributes(&[tlv(0x31, &[])]).to_der();
    let at = bad.windows(4).rposition(|window| window == hex("a0023100")).unwrap() + 2;
    assert_eq!(read(&bad), (at, "Attribute", Found::Tag(0x31)));
    // Something else behind the attributes.
    let info = Info::with(|info| info.attributes = None);
    let info = Info { public_key: [&info.public_key[..], &[5, 0]].concat(), ..info };
    assert_eq!(read(&info.to_der()).1, "the end of CertificationRequestInfo");
    // Extensions with damage inside.
    let request = attribute(oid::EXTENSION_REQUEST, &[&sequence(&[&[5, 0]])]);
    let bad = Info::with_attributes(&[request]).to_der();
    let at = bad.windows(4).rposition(|window| window == hex("30020500")).unwrap() + 2;
    assert_eq!(read(&bad), (at, "Extension", Found::Tag(5)));
}

#[test]
fn a_signature_fills_whole_octets() {
    let mut der = Info::new().to_der();
    let at = der.len() - 257;
    assert_eq!(der[at], 0, "the count of unused bits");
    der[at] = 1;
    let error = malformed(Csr::parse(&der, &limits()));
    assert_eq!(error.2, Found::Value("a BIT STRING with unused bits"));
}
