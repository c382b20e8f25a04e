//! What several sections need.

use core::num::NonZeroU32;
use core::time::Duration;

use devicecert_crypto_rust::{PrivateKey, RustCrypto};
use devicecert_pki::asn1::{Reader, Writer, tag};
use devicecert_pki::pkcs12::{Pkcs12, Pkcs12Params};
use devicecert_pki::{
    Certificate, CertificateParams, Error, KeyKind, Limits, Secret, Signer, Time, Validity,
};

pub(crate) fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text
        .chars()
        .filter(|character| !character.is_whitespace())
        .map(|character| character.to_digit(16).expect("a hexadecimal digit") as u8)
        .collect();
    digits.chunks(2).map(|pair| (pair[0] << 4) | pair[1]).collect()
}

pub(crate) fn count(iterations: u32) -> NonZeroU32 {
    NonZeroU32::new(iterations).unwrap()
}

/// A file that `testdata/rfc7292/make.sh` made.
pub(crate) fn file(name: &str) -> Vec<u8> {
    let path = format!("{}/../../testdata/rfc7292/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

pub(crate) fn certificate(name: &str) -> Certificate {
    Certificate::parse(&file(&format!("{name}.cert")), &Limits::default()).unwrap()
}

pub(crate) fn certificates(names: &[&str]) -> Vec<Certificate> {
    names.iter().map(|name| certificate(name)).collect()
}

/// A key that `testdata/rfc7292/make.sh` made.
pub(crate) fn key(name: &str) -> PrivateKey {
    PrivateKey::from_pkcs8_der(&file(&format!("{name}.pkcs8"))).unwrap()
}

pub(crate) fn open(file: &[u8], password: &str) -> Result<Pkcs12, Error> {
    Pkcs12::open(file, &Secret::from(password), &RustCrypto, &Limits::default())
}

/// The identity that most tests write.
pub(crate) fn device() -> Pkcs12Params {
    let key = Secret::new(file("device.pkcs8"));
    Pkcs12Params::new(key, certificates(&["device", "issuer", "root"])).friendly_name("laptop-7")
}

pub(crate) fn write(params: &Pkcs12Params, password: &str) -> Vec<u8> {
    params.to_der(&Secret::from(password), &RustCrypto).unwrap()
}

/// A new key and a certificate of it.
pub(crate) fn self_signed(kind: KeyKind, name: &str) -> (PrivateKey, Certificate) {
    let key = PrivateKey::generate(kind).unwrap();
    let validity = Validity::lasting(Time::from_unix(1_800_000_000), Duration::from_secs(86_400));
    let public = key.public_key().clone();
    let certificate =
        CertificateParams::self_signed(name.parse().unwrap(), public, validity, &RustCrypto)
            .unwrap()
            .unsigned(key.public_key())
            .unwrap()
            .sign(&key)
            .unwrap();
    (key, certificate)
}

/// Where `wanted` stands for the first time.
pub(crate) fn find(octets: &[u8], wanted: &[u8]) -> usize {
    octets.windows(wanted.len()).position(|window| window == wanted).expect("it is there")
}

/// The SEQUENCE of these encodings.
pub(crate) fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    Writer::build(|w| w.value(tag::SEQUENCE, &parts.concat()))
}

/// The same file without its macData.
pub(crate) fn without_mac(octets: &[u8]) -> Vec<u8> {
    let mut fields = Reader::new(octets).sequence("PFX").unwrap();
    let version = fields.any("version").unwrap().raw;
    let auth_safe = fields.any("authSafe").unwrap().raw;
    fields.any("macData").unwrap();
    sequence(&[version, auth_safe])
}
