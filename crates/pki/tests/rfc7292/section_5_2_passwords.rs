//! Section 5.2: passwords, and what is said of wrong ones.

use devicecert_crypto_rust::RustCrypto;
use devicecert_pki::error::{Misuse, Rejected};
use devicecert_pki::pkcs12::{Pkcs12, Profile};
use devicecert_pki::{Error, Limits, Secret};

use super::support::{certificate, device, file, open, without_mac, write};

const PROFILES: [Profile; 2] = [Profile::Compat3Des, Profile::Aes256];
const UNICODE: &str = "Schlüssel € 😀";

#[test]
fn non_ascii_and_astral_characters_are_what_openssl_makes_of_them() {
    for name in ["openssl-unicode.p12", "openssl-unicode-3des.p12"] {
        let read = open(&file(name), UNICODE).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(read.leaf(), Some(&certificate("device")));
        assert_eq!(open(&file(name), "Schlüssel € ?"), Err(Rejected::Password.into()));
    }
}

#[test]
fn every_password_comes_back() {
    let long = "x".repeat(1000);
    for profile in PROFILES {
        for password in ["", " ", "a", "secret", UNICODE, "\u{10ffff}", "with\0zero", &long] {
            let file = write(&device().profile(profile), password);
            assert!(open(&file, password).is_ok(), "{profile:?} {password:?}");
            let other = format!("{password}x");
            assert_eq!(open(&file, &other), Err(Rejected::Password.into()), "{password:?}");
        }
    }
}

#[test]
fn an_empty_password_is_spelt_in_two_ways() {
    for name in [
        "openssl-empty.p12",
        "openssl-empty-3des.p12",
        // These two disagree about whether there is a zero behind it.
        "certtool-empty.p12",
        "certtool-null.p12",
    ] {
        let read = open(&file(name), "").unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(read.leaf(), Some(&certificate("device")), "{name}");
        assert_eq!(open(&file(name), "x"), Err(Rejected::Password.into()), "{name}");
    }
}

#[test]
fn a_wrong_password_is_told_from_everything_else() {
    for name in [
        "openssl-modern",
        "openssl-3des",
        "openssl-plain",
        "openssl-no-mac",
        "openssl-no-mac-3des",
        "keytool",
        "keytool-3des",
        "keytool-sha512",
        "pk12util",
        "pk12util-3des",
        "certtool",
        "pbmac1-sha256",
    ] {
        for wrong in ["", "Secret", "secret ", UNICODE] {
            let read = open(&file(&format!("{name}.p12")), wrong);
            assert_eq!(read, Err(Rejected::Password.into()), "{name} {wrong:?}");
        }
    }
}

#[test]
fn without_a_mac_every_wrong_password_is_a_wrong_password() {
    // One wrong key in 256 leaves a padding that looks right.
    for octets in [file("openssl-no-mac.p12"), without_mac(&file("openssl-3des.p12"))] {
        assert!(open(&octets, "secret").is_ok());
        for at in 0..600 {
            let read = open(&octets, &format!("wrong {at}"));
            assert_eq!(read, Err(Rejected::Password.into()), "{at}");
        }
    }
}

#[test]
fn a_password_that_is_no_text_is_the_callers_mistake() {
    let password = Secret::new(vec![0xff, 0xfe]);
    let limits = Limits::default();
    let read = Pkcs12::open(&file("openssl-modern.p12"), &password, &RustCrypto, &limits);
    assert!(matches!(read, Err(Error::Misuse(Misuse::Value(_)))), "{read:?}");
    let written = device().to_der(&password, &RustCrypto);
    assert!(matches!(written, Err(Error::Misuse(Misuse::Value(_)))), "{written:?}");
}
