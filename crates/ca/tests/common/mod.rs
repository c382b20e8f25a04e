//! Keys, requests, certificates and responses for every test.

#![allow(dead_code, reason = "each test program uses a part of it")]

use std::sync::LazyLock;
use std::time::Duration;

use devicecert_ca::{Limits, digicert};
use devicecert_crypto_rust::{PrivateKey, RustCrypto};
use devicecert_pki::algorithm::DigestAlgorithm;
use devicecert_pki::{
    Certificate, CertificateParams, Csr, KeyKind, Secret, Signer, Time, Validity, to_pem,
};
use http::Response;

pub(crate) const NOW: Time = Time::from_unix(1_757_435_578);

pub(crate) static KEY: LazyLock<PrivateKey> =
    LazyLock::new(|| PrivateKey::generate(KeyKind::P256).unwrap());
pub(crate) static OTHER_KEY: LazyLock<PrivateKey> =
    LazyLock::new(|| PrivateKey::generate(KeyKind::P256).unwrap());

pub(crate) fn limits() -> Limits {
    Limits::default()
}

/// A certificate of a CA for this key.
pub(crate) fn certificate_for(key: &PrivateKey) -> Certificate {
    certificate_signed_with(key, DigestAlgorithm::Sha256)
}

pub(crate) fn certificate_signed_with(key: &PrivateKey, digest: DigestAlgorithm) -> Certificate {
    let validity = Validity::lasting(NOW, Duration::from_secs(86_400));
    let ca = CertificateParams::self_signed(
        "CN=Example CA,O=Example".parse().unwrap(),
        OTHER_KEY.public_key().clone(),
        validity,
        &RustCrypto,
    );
    let ca = ca.unwrap().unsigned(OTHER_KEY.public_key()).unwrap().sign(&*OTHER_KEY).unwrap();
    let mut params = CertificateParams::new(
        ca.subject().clone(),
        "CN=C02XK1".parse().unwrap(),
        key.public_key().clone(),
        validity,
        &RustCrypto,
    )
    .unwrap();
    params.serial = vec![0x0a, 0xbc];
    params.digest = digest;
    params.unsigned(ca.public_key()).unwrap().sign(&*OTHER_KEY).unwrap()
}

pub(crate) fn pem(certificate: &Certificate) -> String {
    to_pem("CERTIFICATE", certificate.as_der())
}

/// What DigiCert is asked with.
pub(crate) fn csr() -> Csr {
    let params = digicert::csr_params("C02XK1").unwrap();
    params.unsigned(KEY.public_key()).unwrap().sign(&*KEY).unwrap()
}

pub(crate) const TOKEN: &str = "01_a-very-secret-token";

/// Settings of DigiCert ONE with nothing wrong in them.
pub(crate) fn digicert_settings(url: &str) -> digicert::Settings {
    let mut settings = digicert::Settings::new("WIFI", url);
    settings.api_token = Secret::from(TOKEN);
    settings.profile_id = "cc80e3d1-3b52-4a1f-9a4b-2b9f3c8e1d40".into();
    settings.certificate_common_name = "$FLEET_VAR_HOST_HARDWARE_SERIAL".into();
    settings.certificate_user_principal_names = vec!["$FLEET_VAR_HOST_END_USER_EMAIL_IDP".into()];
    settings.certificate_seat_id = "${FLEET_VAR_HOST_END_USER_EMAIL_IDP}".into();
    settings
}

pub(crate) fn digicert() -> digicert::Account {
    digicert_settings("https://one.digicert.com/").account().unwrap()
}

pub(crate) fn response(status: u16, body: impl AsRef<[u8]>) -> Response<Vec<u8>> {
    Response::builder().status(status).body(body.as_ref().to_vec()).unwrap()
}

/// The octets of a text of hexadecimal digits, whatever white space is between them.
pub(crate) fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter(|digit| !digit.is_ascii_whitespace()).collect();
    let pairs = digits.chunks(2).map(|pair| std::str::from_utf8(pair).unwrap());
    pairs.map(|pair| u8::from_str_radix(pair, 16).unwrap()).collect()
}

/// As Windows writes it: no byte order mark.
pub(crate) fn utf16le(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}
