//! The PKCS #12 file and its password, for the two variables of a profile.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use devicecert_ca::{Identity, Pkcs12Password};
use devicecert_crypto_rust::{PrivateKey, RustCrypto};
use devicecert_pki::pkcs12::Pkcs12;
use devicecert_pki::{Limits, Signer};

use crate::common::{KEY, certificate_for};

fn identity() -> Identity {
    let key = KEY.to_pkcs8_der().unwrap();
    let password = Pkcs12Password::from_random(*b"0123456789");
    Identity::new(certificate_for(&KEY), key, password, &RustCrypto).unwrap()
}

#[test]
fn the_password_has_sixteen_characters_from_ten_random_bytes() {
    let password = Pkcs12Password::from_random(*b"0123456789");
    assert_eq!(password.as_secret().expose(), b"MDEyMzQ1Njc4OQ==");
}

#[test]
fn the_data_opens_with_the_password_and_holds_key_and_leaf_only() {
    let identity = identity();
    let file = STANDARD.decode(identity.data().expose()).unwrap();
    let password = identity.password.as_secret();
    let read = Pkcs12::open(&file, password, &RustCrypto, &Limits::default()).unwrap();
    assert_eq!(read.certificates().len(), 1);
    let key = PrivateKey::from_pkcs8_der(read.key().unwrap().expose()).unwrap();
    assert_eq!(key.public_key(), KEY.public_key());
    assert_eq!(read.leaf().unwrap().public_key(), KEY.public_key());
}

#[test]
fn both_bags_are_pbe_sha1_3des_of_2048_iterations() {
    // 1.2.840.113549.1.12.1.3, then a salt of 8 octets and 2048.
    let pbe = b"\x06\x0a\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x01\x03\x30\x0e\x04\x08";
    let identity = identity();
    let file = identity.pkcs12.expose();
    let places: Vec<_> = (0..file.len()).filter(|at| file[*at..].starts_with(pbe)).collect();
    assert!(!places.is_empty());
    for at in places {
        let iterations = &file[at + pbe.len() + 8..][..4];
        assert_eq!(iterations, b"\x02\x02\x08\x00");
    }
}
