//! PKCS #12 files: read, written from what was read, read again.
//!
//! The first octet says with which cryptography, password and profile; the rest is the file.

use devicecert_crypto_rust::RustCrypto;
use devicecert_pki::pkcs12::{Pkcs12, Pkcs12Params, Profile};
use devicecert_pki::{Limits, Provider, Secret};

use crate::transparent::{REPEATING, Transparent};

/// In the first octet.
pub const REAL: u8 = 0x80;
pub const EMPTY_PASSWORD: u8 = 1;
pub const AES: u8 = 2;

pub fn password(first: u8) -> Secret {
    Secret::from(if first & EMPTY_PASSWORD == 0 { "secret" } else { "" })
}

pub fn provider(first: u8) -> &'static dyn Provider {
    if first & REAL == 0 { &Transparent } else { &REPEATING }
}

pub fn profile(first: u8) -> Profile {
    if first & AES == 0 { Profile::Compat3Des } else { Profile::Aes256 }
}

pub fn run(data: &[u8]) {
    let Some((&first, file)) = data.split_first() else { return };
    let (password, provider) = (password(first), provider(first));
    let mut limits = Limits::default();
    limits.kdf_iterations = 10_000;
    let Ok(read) = Pkcs12::open(file, &password, provider, &limits) else { return };
    assert_silent(&read);
    let leaf = read.leaf().into_iter();
    assert_eq!(leaf.count() + read.others().count(), read.certificates().len());

    let (Some(key), Some(leaf)) = (read.key(), read.leaf()) else { return };
    let chain: Vec<_> = core::iter::once(leaf).chain(read.others()).cloned().collect();
    let mut params =
        Pkcs12Params::new(key.clone(), chain.clone()).profile(profile(first)).iterations(1000);
    params.friendly_name = read.friendly_name().map(str::to_owned);
    let written = params.to_der(&password, provider).unwrap();
    // A long name is written twice, in two octets a character.
    if written.len() > limits.message_bytes {
        return;
    }
    let again = Pkcs12::open(&written, &password, provider, &limits).unwrap();
    assert!(again.is_authenticated());
    assert_eq!(again.key(), read.key());
    assert_eq!(again.certificates(), chain);
    assert_eq!(again.leaf(), read.leaf());
    assert_eq!(again.friendly_name(), read.friendly_name());

    if first & REAL != 0 {
        let wrong = Secret::from("wrong");
        assert!(Pkcs12::open(&written, &wrong, &RustCrypto, &limits).is_err());
    }
}

fn assert_silent(read: &Pkcs12) {
    let key = if read.key().is_some() { "Some([redacted])" } else { "None" };
    assert!(format!("{read:?}").starts_with(&format!("Pkcs12 {{ key: {key}, certificates: ")));
}
