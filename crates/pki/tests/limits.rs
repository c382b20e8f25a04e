//! Every field of `Limits`, met and exceeded. `kdf_iterations` is for PKCS #12, and so is its test.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

mod support;

use devicecert_pki::cms::{Bundle, EnvelopedData, SignedData};
use devicecert_pki::{
    Certificate, Csr, Error, Extensions, Limits, PublicKey, Signer as _, ber, cms,
};
use support::certificate::{Tbs, extension};
use support::enveloped::Envelope;
use support::request::Info;
use support::signed::{Message, Signer};
use support::{attribute, exceeded, limits, oid_value, rsa, sequence, testdata, tlv};

fn with(change: impl FnOnce(&mut Limits)) -> Limits {
    let mut limits = limits();
    change(&mut limits);
    limits
}

fn unit<T>(result: Result<T, Error>) -> Result<(), Error> {
    result.map(|_| ())
}

#[test]
fn the_defaults_are_documented() {
    let limits = Limits::default();
    assert_eq!(limits.message_bytes, 262_144);
    assert_eq!((limits.depth, limits.values), (32, 65_536));
    assert_eq!((limits.certificates, limits.crls, limits.recipients), (16, 4, 16));
    assert_eq!((limits.attributes, limits.rsa_modulus_bits), (64, 8192));
}

#[test]
fn octets_of_a_message() {
    type Parse = fn(&[u8], &Limits) -> Result<(), Error>;
    let parsers: [(&str, &str, Parse); 7] = [
        ("rfc5652/signed-sha256.der", "the message (bytes)", |der, limits| {
            unit(SignedData::parse(der, limits))
        }),
        ("rfc5652/certs-only.der", "the message (bytes)", |der, limits| {
            unit(Bundle::parse(der, limits))
        }),
        ("rfc5652/enveloped-ski.der", "the message (bytes)", |der, limits| {
            unit(EnvelopedData::parse(der, limits))
        }),
        ("rfc5652/enveloped-ski.der", "the message (bytes)", |der, limits| {
            unit(ber::normalise(der, limits))
        }),
        ("rfc5652/enveloped-ski.der", "the message (bytes)", |der, limits| {
            unit(cms::content_type(der, limits))
        }),
        ("rfc5652/rsa.crt", "the certificate (bytes)", |der, limits| {
            unit(Certificate::parse(der, limits))
        }),
        ("rfc2986/full.der", "the certification request (bytes)", |der, limits| {
            unit(Csr::parse(der, limits))
        }),
    ];
    for (file, what, parse) in parsers {
        let der = testdata(file);
        let bytes = der.len();
        assert_eq!(parse(&der, &with(|limits| limits.message_bytes = bytes)), Ok(()), "{file}");
        let tight = with(|limits| limits.message_bytes = bytes - 1);
        assert_eq!(parse(&der, &tight), exceeded(what, bytes as u64 - 1, bytes as u64), "{file}");
    }
    // By default, too.
    let long = vec![0x30; 262_145];
    assert_eq!(unit(SignedData::parse(&long, &limits())), {
        exceeded("the message (bytes)", 262_144, 262_145)
    });
}

#[test]
fn nesting_of_values() {
    let der = Message::new([Signer::new()]).to_der();
    let parse = |depth| unit(SignedData::parse(&der, &with(|limits| limits.depth = depth)));
    let needed = (1..32).find(|depth| parse(*depth).is_ok()).unwrap();
    assert!((8..=12).contains(&needed), "{needed}");
    assert_eq!(parse(needed - 1), exceeded("nesting", needed as u64 - 1, needed as u64));
    // Certificates are not entered, so theirs does not count.
    let mut message = Message::new([Signer::new()]);
    let mut deep = vec![5, 0];
    for _ in 0..100 {
        deep = tlv(0x30, &deep);
    }
    message.certificates.push(deep);
    assert_eq!(unit(SignedData::parse(&message.to_der(), &limits())), Ok(()));
}

#[test]
fn number_of_values() {
    for der in [vec![0x30, 9, 5, 0, 5, 0, 0x30, 3, 2, 1, 0], {
        let ber = [0x30, 0x80, 5, 0, 5, 0, 0x30, 0x80, 2, 1, 0, 0, 0, 0, 0];
        ber.to_vec()
    }] {
        let normalise = |values| unit(ber::normalise(&der, &with(|limits| limits.values = values)));
        assert_eq!(normalise(5), Ok(()));
        assert_eq!(normalise(4), exceeded("values", 4, 5));
    }
}

#[test]
fn number_of_certificates() {
    let mut message = Message::new([Signer::new()]);
    message.certificates = vec![testdata("rfc5652/ec.crt"); 16];
    assert_eq!(unit(SignedData::parse(&message.to_der(), &limits())), Ok(()));
    message.certificates.push(testdata("rfc5652/rsa.crt"));
    let der = message.to_der();
    assert_eq!(unit(SignedData::parse(&der, &limits())), exceeded("certificates", 16, 17));
    assert_eq!(unit(Bundle::parse(&der, &limits())), exceeded("certificates", 16, 17));
    let more = with(|limits| limits.certificates = 17);
    assert_eq!(unit(SignedData::parse(&der, &more)), Ok(()));
}

#[test]
fn number_of_crls() {
    let mut message = Message::new([Signer::new()]);
    message.crls = vec![testdata("rfc5652/empty.crl"); 4];
    assert_eq!(unit(SignedData::parse(&message.to_der(), &limits())), Ok(()));
    message.crls.push(testdata("rfc5652/empty.crl"));
    let der = message.to_der();
    assert_eq!(unit(SignedData::parse(&der, &limits())), exceeded("CRLs", 4, 5));
    let none = with(|limits| limits.crls = 0);
    assert_eq!(unit(Bundle::parse(&der, &none)), exceeded("CRLs", 0, 1));
}

#[test]
fn number_of_recipients() {
    let parse = |count, kind: &[u8], limits: &Limits| {
        let recipients = vec![kind.to_vec(); count];
        let envelope = Envelope::with(|envelope| envelope.recipients = recipients);
        unit(EnvelopedData::parse(&envelope.to_der(), limits))
    };
    let ours = Envelope::with(|_| {}).recipients[0].clone();
    for kind in [&ours[..], &tlv(0xa4, &[5, 0])] {
        assert_eq!(parse(16, kind, &limits()), Ok(()));
        assert_eq!(parse(17, kind, &limits()), exceeded("recipients", 16, 17));
        let fewer = with(|limits| limits.recipients = 1);
        assert_eq!(parse(2, kind, &fewer), exceeded("recipients", 1, 2));
    }
}

#[test]
fn iterations_of_a_password_recipient() {
    // OpenSSL asks for 2048.
    let der = testdata("rfc3211/aes128.der");
    let what = "iterations of a password recipient";
    let most = with(|limits| limits.recipient_iterations = 2048);
    assert_eq!(unit(EnvelopedData::parse(&der, &most)), Ok(()));
    let fewer = with(|limits| limits.recipient_iterations = 2047);
    assert_eq!(unit(EnvelopedData::parse(&der, &fewer)), exceeded(what, 2047, 2048));
}

#[test]
fn number_of_signers() {
    let signer = Signer::new().to_der(rsa());
    let parse = |count| {
        let mut message = Message::new([]);
        message.signers = vec![signer.clone(); count];
        unit(SignedData::parse(&message.to_der(), &limits()))
    };
    assert_eq!(parse(16), Ok(()));
    assert_eq!(parse(17), exceeded("signers", 16, 17));
}

#[test]
fn number_of_attributes() {
    let unknown = const_oid::ObjectIdentifier::new_unwrap("1.2.3");
    let attributes = |count| vec![attribute(unknown, &[&[5, 0]]); count];

    let request = |count| unit(Info::with_attributes(&attributes(count)).parse());
    assert_eq!(request(64), Ok(()));
    assert_eq!(request(65), exceeded("attributes", 64, 65));

    let message = |count| {
        let signer = Signer::with(|signer| *signer.attributes() = attributes(count));
        unit(SignedData::parse(&Message::new([signer]).to_der(), &limits()))
    };
    assert_eq!(message(64), Ok(()));
    assert_eq!(message(65), exceeded("attributes", 64, 65));
}

#[test]
fn number_of_extensions() {
    let extensions = |count: u8| -> Vec<Vec<u8>> {
        (0..count).map(|arc| extension(&format!("06022a{arc:02x}"), b"", &[5, 0])).collect()
    };
    let certificate =
        |count| unit(Tbs::with(|tbs| tbs.extensions = Some(extensions(count))).parse());
    assert_eq!(certificate(64), Ok(()));
    assert_eq!(certificate(65), exceeded("extensions", 64, 65));

    let request = |count| {
        let value = tlv(0x30, &extensions(count).concat());
        let oid = devicecert_pki::oid::EXTENSION_REQUEST;
        unit(Info::with_attributes(&[attribute(oid, &[&value])]).parse())
    };
    assert_eq!(request(64), Ok(()));
    assert_eq!(request(65), exceeded("extensions", 64, 65));
}

#[test]
fn number_of_alternative_names() {
    // Not a field: nobody has a reason to ask for more.
    let names = |count| {
        let value = tlv(0x30, &[0x82, 1, b'a'].repeat(count));
        let names = extension("0603551d11", b"", &value);
        let certificate = Tbs::with(|tbs| tbs.extensions = Some(vec![names])).parse().unwrap();
        certificate.extensions().subject_alt_name().map(|names| names.len())
    };
    assert_eq!(names(Extensions::MAX_NAMES), Ok(256));
    assert_eq!(names(Extensions::MAX_NAMES + 1), exceeded("alternative names", 256, 257));
}

#[test]
fn bits_of_an_rsa_modulus() {
    let key = |octets: usize| {
        let modulus = tlv(2, &[&[0], &vec![0xff; octets][..]].concat());
        let bits = tlv(3, &[&[0], &sequence(&[&modulus, &[2, 1, 3]])[..]].concat());
        let rsa = devicecert_pki::oid::RSA_ENCRYPTION;
        sequence(&[&sequence(&[&oid_value(rsa), &[5, 0]]), &bits])
    };
    let parse = |octets, limits: &Limits| unit(PublicKey::parse(&key(octets), limits));
    let what = "the RSA modulus (bits)";
    assert_eq!(parse(1024, &limits()), Ok(()));
    assert_eq!(parse(1025, &limits()), exceeded(what, 8192, 8200));
    let small = with(|limits| limits.rsa_modulus_bits = 2047);
    let rsa = rsa().public_key().as_der();
    assert_eq!(unit(PublicKey::parse(rsa, &small)), exceeded(what, 2047, 2048));
    // In a certificate and in a request as well.
    let large = key(1025);
    let certificate = Tbs::with(|tbs| tbs.public_key = large.clone());
    assert_eq!(unit(certificate.parse()), exceeded(what, 8192, 8200));
    let request = Info::with(|info| info.public_key = large);
    assert_eq!(unit(request.parse()), exceeded(what, 8192, 8200));
}
