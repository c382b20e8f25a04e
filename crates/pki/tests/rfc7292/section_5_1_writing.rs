//! Section 5.1: what is written.

use devicecert_crypto_rust::RustCrypto;
use devicecert_pki::asn1::{Reader, Tlv, tag};
use devicecert_pki::error::{KeyError, Misuse};
use devicecert_pki::pkcs12::{Pkcs12Params, Profile};
use devicecert_pki::{Error, KeyKind, Secret};

use super::support::{certificates, device, file, find, hex, open, self_signed, write};

const PROFILES: [Profile; 2] = [Profile::Compat3Des, Profile::Aes256];

#[test]
fn what_is_written_is_read() {
    for profile in PROFILES {
        let params = device().profile(profile);
        let read = open(&write(&params, "secret"), "secret").unwrap();
        assert_eq!(read.key(), Some(&params.key), "{profile:?}");
        assert_eq!(read.certificates(), params.certificates, "{profile:?}");
        assert_eq!(read.leaf(), params.certificates.first(), "{profile:?}");
        assert_eq!(read.friendly_name(), Some("laptop-7"), "{profile:?}");
        assert!(read.is_authenticated());
    }
}

#[test]
fn every_kind_of_key_is_carried() {
    for kind in [KeyKind::Rsa { bits: 2048 }, KeyKind::P256, KeyKind::P384] {
        let (key, certificate) = self_signed(kind, "CN=device");
        let params = Pkcs12Params::new(key.to_pkcs8_der().unwrap(), [certificate.clone()]);
        for profile in PROFILES {
            let read = open(&write(&params.clone().profile(profile), "x"), "x").unwrap();
            assert_eq!(read.key(), Some(&params.key));
            assert_eq!(read.leaf(), Some(&certificate));
            assert_eq!(read.friendly_name(), None);
        }
    }
}

#[test]
fn friendly_names_are_any_text() {
    for name in ["", "a", "Gerät № 7", "😀 laptop", "日本語", "\u{10ffff}"] {
        let read = open(&write(&device().friendly_name(name), "x"), "x").unwrap();
        assert_eq!(read.friendly_name(), Some(name));
    }
}

/// The values in the SEQUENCE at the start of `octets`.
fn fields(octets: &[u8]) -> Vec<Tlv<'_>> {
    let mut reader = Reader::new(octets).sequence("a sequence").unwrap();
    let mut all = Vec::new();
    while !reader.is_empty() {
        all.push(reader.any("a field").unwrap());
    }
    all
}

#[test]
fn the_compatible_profile_is_what_old_devices_import() {
    let octets = write(&device(), "secret");
    let pfx = fields(&octets);
    assert_eq!(pfx.len(), 3);
    let mac = fields(pfx[2].raw);
    // SHA-1 with NULL, then the MAC of 20 octets.
    let digest_info = hex("3021 3009 06052b0e03021a 0500 0414");
    assert!(mac[0].raw.starts_with(&digest_info));
    // A salt of 8 octets, 2048 iterations.
    assert_eq!((mac[1].tag, mac[1].value.len()), (tag::OCTET_STRING, 8));
    assert_eq!(mac[2].raw, hex("02020800"));
    // pbeWithSHAAnd3-KeyTripleDES-CBC with a salt of 8 octets and 2048 iterations, twice.
    let pbe = hex("301c 060a2a864886f70d010c0103 300e 0408");
    let places: Vec<_> =
        octets.windows(pbe.len()).enumerate().filter(|(_, window)| *window == pbe).collect();
    assert_eq!(places.len(), 2);
    let salt = |at: usize| &octets[at + pbe.len()..at + pbe.len() + 8];
    for (at, _) in &places {
        assert_eq!(octets[at + pbe.len() + 8..at + pbe.len() + 12], hex("02020800"));
    }
    assert_ne!(salt(places[0].0), salt(places[1].0));
    assert_ne!(salt(places[0].0), mac[1].value);
}

#[test]
fn the_modern_profile_is_what_openssl_writes_today() {
    let octets = write(&device().profile(Profile::Aes256).iterations(10_000), "secret");
    let mac = fields(fields(&octets)[2].raw);
    assert!(mac[0].raw.starts_with(&hex("3031 300d 0609608648016503040201 0500 0420")));
    assert_eq!((mac[1].value.len(), mac[2].raw), (8, &hex("02022710")[..]));
    // PBES2, PBKDF2, 10 000 iterations, hmacWithSHA256 with NULL, aes256-CBC.
    let at = find(&octets, &hex("06092a864886f70d01050d"));
    let pbes2 = fields(&octets[at + 11..]);
    let kdf = fields(fields(pbes2[0].raw)[1].raw);
    assert_eq!((kdf[0].tag, kdf[0].value.len()), (tag::OCTET_STRING, 16));
    assert_eq!(kdf[1].raw, hex("02022710"));
    assert_eq!(kdf[2].raw, hex("300c 06082a864886f70d0209 0500"));
    let cipher = fields(pbes2[1].raw);
    assert_eq!(cipher[0].raw, hex("060960864801650304012a"));
    assert_eq!(cipher[1].value.len(), 16);
}

#[test]
fn each_file_has_its_own_salts() {
    for profile in PROFILES {
        let params = device().profile(profile);
        assert_ne!(write(&params, "secret"), write(&params, "secret"));
    }
}

#[test]
fn neither_key_nor_certificates_are_in_the_clear() {
    for profile in PROFILES {
        let octets = write(&device().profile(profile), "secret");
        let key = file("device.pkcs8");
        let leaf = file("device.cert");
        for secret in [&key[36..52], &leaf[20..36]] {
            assert!(!octets.windows(secret.len()).any(|window| window == secret));
        }
    }
}

#[test]
fn nothing_is_written_that_cannot_be_used() {
    let key = || Secret::new(file("device.pkcs8"));
    let password = Secret::from("x");
    let misuse = |params: Pkcs12Params| match params.to_der(&password, &RustCrypto) {
        Err(Error::Misuse(Misuse::Value(what))) => what,
        other => panic!("{other:?}"),
    };
    assert_eq!(
        misuse(Pkcs12Params::new(key(), [])),
        "a PKCS #12 file needs the certificate of its key"
    );
    for strangers in [["issuer", "device"], ["rsa", "device"]] {
        assert_eq!(
            misuse(Pkcs12Params::new(key(), certificates(&strangers))),
            "the key is not that of the first certificate"
        );
    }
    for iterations in [0, 1, 999, 600_001, u32::MAX] {
        assert_eq!(
            misuse(device().iterations(iterations)),
            "a PKCS #12 file is written with 1000 to 600000 iterations"
        );
    }
    for damaged in [&b""[..], b"0", &file("device.pkcs8")[1..], &file("device.cert")] {
        let key = Secret::new(damaged.to_vec());
        let params = Pkcs12Params::new(key, certificates(&["device"]));
        assert_eq!(params.to_der(&password, &RustCrypto), Err(KeyError::Encoding.into()));
    }
}

#[test]
fn debug_shows_no_secret() {
    let shown = format!("{:?}", device());
    assert!(shown.contains("key: [redacted]"), "{shown}");
}
