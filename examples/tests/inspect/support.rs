//! A CA and a device, and the messages that they send.

use std::sync::LazyLock;
use std::time::Duration;

use devicecert::crypto_rust::{PrivateKey, RustCrypto};
use devicecert::pki::asn1::{Writer, tag};
use devicecert::pki::cms::{Seal, SignedDataParams};
use devicecert::pki::{
    Attribute, Certificate, CertificateParams, Csr, CsrParams, Decryptor, KeyKind, Signer, Time,
    Validity,
};
use devicecert::scep::AttributeName;
use devicecert_examples::inspect::{Options, Report, look};

pub(crate) const NOW: Time = Time::from_unix(1_800_000_000);
pub(crate) const CHALLENGE: &str = "correct horse battery";

pub(crate) struct World {
    pub(crate) ca: Certificate,
    pub(crate) ca_key: PrivateKey,
    pub(crate) device: Certificate,
    pub(crate) device_key: PrivateKey,
    pub(crate) csr: Csr,
}

pub(crate) static WORLD: LazyLock<World> = LazyLock::new(|| {
    let ca_key = PrivateKey::generate(KeyKind::Rsa { bits: 2048 }).unwrap();
    let device_key = PrivateKey::generate(KeyKind::Rsa { bits: 2048 }).unwrap();
    let ca = CertificateParams::ca(
        "CN=Test CA".parse().unwrap(),
        ca_key.public_key().clone(),
        year(),
        &RustCrypto,
    )
    .unwrap()
    .unsigned(ca_key.public_key())
    .unwrap()
    .sign(&ca_key)
    .unwrap();
    let subject: devicecert::pki::Name = "CN=laptop-7,O=Example".parse().unwrap();
    let device = CertificateParams::self_signed(
        subject.clone(),
        device_key.public_key().clone(),
        year(),
        &RustCrypto,
    )
    .unwrap()
    .unsigned(device_key.public_key())
    .unwrap()
    .sign(&device_key)
    .unwrap();
    let csr = CsrParams::new(subject)
        .challenge(CHALLENGE)
        .unsigned(device_key.public_key())
        .unwrap()
        .sign(&device_key)
        .unwrap();
    World { ca, ca_key, device, device_key, csr }
});

pub(crate) fn year() -> Validity {
    Validity::lasting(NOW.before(Duration::from_secs(86_400)), Duration::from_secs(365 * 86_400))
}

pub(crate) fn shown(input: &[u8]) -> Report {
    look(input, Options { key: None, now: Some(NOW) })
}

pub(crate) fn opened(input: &[u8], key: &PrivateKey) -> Report {
    look(input, Options { key: Some(key as &dyn Decryptor), now: Some(NOW) })
}

pub(crate) fn attribute(name: AttributeName, tag: u8, value: &[u8]) -> Attribute {
    Attribute::new(name.oid(), Writer::build(|w| w.value(tag, value)))
}

/// A pkiMessage of the device, made different by `change`.
pub(crate) fn message(content: Vec<u8>, change: impl FnOnce(&mut SignedDataParams)) -> Vec<u8> {
    let world = &*WORLD;
    let mut params = SignedDataParams::new(world.device.clone(), content);
    params.certificates = vec![world.device.clone()];
    params.attributes = vec![
        attribute(AttributeName::MessageType, tag::PRINTABLE_STRING, b"19"),
        attribute(AttributeName::TransactionId, tag::PRINTABLE_STRING, b"0123ABCD"),
        attribute(AttributeName::SenderNonce, tag::OCTET_STRING, &[7; 16]),
    ];
    change(&mut params);
    params.unsigned(&RustCrypto).unwrap().sign(&world.device_key).unwrap()
}

pub(crate) fn envelope(content: &[u8], recipient: &Certificate) -> Vec<u8> {
    Seal::default().envelope(content, recipient, &RustCrypto).unwrap()
}

pub(crate) fn request() -> Vec<u8> {
    message(envelope(WORLD.csr.as_der(), &WORLD.ca), |_| {})
}

pub(crate) fn has(report: &Report, wanted: &[&str]) {
    for wanted in wanted {
        // Explanations are wrapped; where the lines end is not what is tested here.
        let flat = report.text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(flat.contains(wanted), "no {wanted:?} in:\n{}", report.text);
    }
}
