//! The CA of the examples: what it certifies, and what not.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

mod intune;
mod rollover;
mod scep_client;
mod store;

use std::time::Duration;

use devicecert::crypto_rust::{PrivateKey, RustCrypto};
use devicecert::pki::{
    CertificateParams, CsrParams, Extension, GeneralName, KeyKind, KeyUsage, Signer, Time,
    Validity, oid,
};
use devicecert_examples::server::Wanted;

#[test]
fn what_a_request_wishes_to_be_is_not_certified() {
    let key = PrivateKey::generate(KeyKind::P256).unwrap();
    let public = key.public_key();
    let now = Time::from(std::time::SystemTime::now());
    let validity = Validity::lasting(now, Duration::from_secs(86_400));
    let ca = CertificateParams::ca("CN=CA".parse().unwrap(), public.clone(), validity, &RustCrypto);
    let ca = ca.unwrap().unsigned(public).unwrap().sign(&key).unwrap();

    let mut wish = CsrParams::new("CN=laptop-7".parse().unwrap());
    wish.subject_alt_name = vec![GeneralName::Dns("laptop-7.example".into())];
    wish.key_usage = Some(KeyUsage::KEY_CERT_SIGN | KeyUsage::CRL_SIGN);
    wish.extended_key_usage = vec![oid::SERVER_AUTH, oid::CMC_RA];
    // CA:TRUE
    let value = vec![0x30, 3, 1, 1, 0xff];
    wish.extensions.push(Extension { oid: oid::BASIC_CONSTRAINTS, critical: true, value });
    let csr = wish.unsigned(public).unwrap().sign(&key).unwrap();

    let day = Duration::from_secs(86_400);
    let issued = Wanted::of(&csr).unwrap().certificate(&ca, now, day, None, &RustCrypto).unwrap();
    let issued = issued.sign(&key).unwrap();
    assert!(!issued.is_ca());
    let usage = issued.extensions().key_usage().unwrap();
    assert!(!usage.contains(KeyUsage::KEY_CERT_SIGN) && !usage.contains(KeyUsage::CRL_SIGN));
    assert_eq!(issued.extensions().extended_key_usage().unwrap(), [oid::CLIENT_AUTH]);
    let names = issued.extensions().subject_alt_name().unwrap();
    assert_eq!(names, [GeneralName::Dns("laptop-7.example".into())]);
}
