//! The folder in which `scep-client` replaces a key and its certificate.

use std::path::Path;
use std::time::Duration;

use devicecert::crypto_rust::{PrivateKey, RustCrypto};
use devicecert::pki::{Certificate, CertificateParams, KeyKind, Signer, Time, Validity};
use devicecert_examples::client::IdentityFiles;
use devicecert_examples::files::{read_certificate, write_certificates};
use devicecert_examples::keys::{Backend, Key, write_key};

/// A key, and a certificate for it.
fn identity() -> (PrivateKey, Certificate) {
    let key = PrivateKey::generate(KeyKind::Rsa { bits: 2048 }).unwrap();
    let now = Time::from(std::time::SystemTime::now());
    let validity = Validity::lasting(now, Duration::from_secs(86_400));
    let public = key.public_key().clone();
    let subject = "CN=laptop-7".parse().unwrap();
    let params = CertificateParams::self_signed(subject, public, validity, &RustCrypto).unwrap();
    let certificate = params.unsigned(key.public_key()).unwrap().sign(&key).unwrap();
    (key, certificate)
}

fn files_in(folder: &Path) -> IdentityFiles {
    let [new_key, key, certificate] =
        ["device.key.new", "device.key", "device.pem"].map(|name| folder.join(name));
    IdentityFiles { new_key, key, certificate }
}

fn key_in(path: &Path) -> Box<dyn Key> {
    Backend::Rust.load_file(path).unwrap()
}

#[test]
fn a_key_whose_certificate_was_in_place_before_a_kill_gets_its_place_in_the_next_run() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let ((old_key, _), (new_key, new_certificate)) = (identity(), identity());
    write_key(&at("device.key"), &old_key).unwrap();
    write_key(&at("device.key.new"), &new_key).unwrap();
    write_certificates(&at("device.pem"), std::slice::from_ref(&new_certificate)).unwrap();
    files_in(folder.path()).finish(Backend::Rust).unwrap();
    assert_eq!(key_in(&at("device.key")).public_key(), new_certificate.public_key());
    assert!(!at("device.key.new").exists());
    // There is nothing left to do.
    files_in(folder.path()).finish(Backend::Rust).unwrap();
    assert_eq!(key_in(&at("device.key")).public_key(), new_certificate.public_key());
}

#[test]
fn a_key_that_has_no_certificate_yet_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let ((old_key, old_certificate), (new_key, _)) = (identity(), identity());
    write_key(&at("device.key"), &old_key).unwrap();
    write_key(&at("device.key.new"), &new_key).unwrap();
    write_certificates(&at("device.pem"), std::slice::from_ref(&old_certificate)).unwrap();
    files_in(folder.path()).finish(Backend::Rust).unwrap();
    assert_eq!(key_in(&at("device.key")).public_key(), old_certificate.public_key());
    assert_eq!(key_in(&at("device.key.new")).public_key(), new_key.public_key());
}

#[test]
fn a_certificate_is_put_in_place_with_its_key() {
    let folder = tempfile::tempdir().unwrap();
    let (key, certificate) = identity();
    let files = files_in(folder.path());
    files.finish(Backend::Rust).unwrap();
    write_key(&files.new_key, &key).unwrap();
    files.put(std::slice::from_ref(&certificate)).unwrap();
    assert_eq!(read_certificate(&files.certificate).unwrap(), certificate);
    assert_eq!(key_in(&files.key).public_key(), key.public_key());
    assert!(!files.new_key.exists());
}
