//! Private keys as files have them.

use devicecert_pki::asn1::{Reader, Writer, tag};
use devicecert_pki::error::KeyError;
use devicecert_pki::{KeyKind, PublicKey};

use crate::backends::{AWS_LC, BOTH, PAIRS, RUST, public_key, text};

/// Every file of a private key that OpenSSL wrote, and whose it is.
const FILES: [(&str, &str); 6] = [
    ("rsa2048.pkcs8.pem", "rsa2048"),
    ("rsa2048.pkcs1.pem", "rsa2048"),
    ("p256.pkcs8.pem", "p256"),
    ("p256.sec1.pem", "p256"),
    ("p384.pkcs8.pem", "p384"),
    ("p384.sec1.pem", "p384"),
];

#[test]
fn the_three_armours_of_openssl_are_read() {
    assert!(text("rsa2048.pkcs1.pem").starts_with("Private-Key: (2048 bit"));
    assert!(text("p256.sec1.pem").starts_with("-----BEGIN EC PARAMETERS-----"));
    for backend in BOTH {
        for (file, name) in FILES {
            let key = (backend.from_pem)(&text(file)).unwrap();
            assert_eq!(key.public(), &public_key(name), "{} {file}", backend.name);
        }
    }
}

#[test]
fn line_ends_and_text_around_the_armour_do_not_matter() {
    for backend in BOTH {
        for (file, name) in FILES {
            let windows =
                format!("Bag Attributes\r\n{}\r\ntrailing", text(file)).replace('\n', "\r\n");
            let key = (backend.from_pem)(&windows).unwrap();
            assert_eq!(key.public(), &public_key(name), "{} {file}", backend.name);
        }
    }
}

#[test]
fn what_one_backend_writes_the_other_reads() {
    for (from, to) in PAIRS {
        for name in ["rsa2048", "p256", "p384"] {
            let key = from.key(name);
            let again = (to.from_pkcs8_der)(key.der().expose()).unwrap();
            assert_eq!(again.public(), key.public(), "{} to {}", from.name, to.name);
            let pem = key.pem();
            let pem = core::str::from_utf8(pem.expose()).unwrap();
            assert!(pem.starts_with("-----BEGIN PRIVATE KEY-----\n"));
            assert!(pem.ends_with("-----END PRIVATE KEY-----\n"));
            assert_eq!((to.from_pem)(pem).unwrap().public(), key.public());
        }
    }
}

#[test]
fn rsa_keys_are_written_in_the_octets_of_openssl() {
    // PKCS #8 and PKCS #1 in DER leave no choice for an RSA key.
    let der = devicecert_pki::from_pem("PRIVATE KEY", &text("rsa2048.pkcs8.pem")).unwrap();
    for backend in BOTH {
        assert_eq!(backend.key("rsa2048").der().expose(), der[0], "{}", backend.name);
    }
}

/// The fields of a PrivateKeyInfo as they stand in a key that OpenSSL wrote.
fn private_key_info(name: &str) -> Vec<u8> {
    let der = devicecert_pki::from_pem("PRIVATE KEY", &text(&format!("{name}.pkcs8.pem"))).unwrap();
    Reader::new(&der[0]).expect(tag::SEQUENCE, "PrivateKeyInfo").unwrap().value.to_vec()
}

#[test]
fn attributes_that_windows_adds_to_pkcs8_are_passed_over() {
    // keyUsage as an attribute (RFC 5208 §5), the way CNG exports keys.
    let attributes =
        [0xa0, 0x0d, 0x30, 0x0b, 0x06, 0x03, 0x55, 0x1d, 0x0f, 0x31, 0x04, 0x03, 0x02, 0, 0x10];
    for backend in BOTH {
        for name in ["rsa2048", "p256", "p384"] {
            let fields = [private_key_info(name), attributes.to_vec()].concat();
            let der = Writer::build(|w| w.value(tag::SEQUENCE, &fields));
            let key = (backend.from_pkcs8_der)(&der).unwrap();
            assert_eq!(key.public(), &public_key(name), "{} {name}", backend.name);
        }
    }
}

#[test]
fn ec_keys_without_their_public_half_are_read() {
    // Java writes nothing but the two mandatory fields of ECPrivateKey (RFC 5915 §3).
    for backend in BOTH {
        for name in ["p256", "p384"] {
            let fields = private_key_info(name);
            let mut info = Reader::new(&fields);
            let version = info.any("version").unwrap().raw;
            let algorithm = info.any("privateKeyAlgorithm").unwrap().raw;
            let inner = info.expect(tag::OCTET_STRING, "privateKey").unwrap().value;
            let mut key = Reader::new(inner).sequence("ECPrivateKey").unwrap();
            let key_version = key.any("version").unwrap().raw;
            let scalar = key.any("privateKey").unwrap().raw;
            let key = Writer::build(|w| {
                w.value(tag::SEQUENCE, &[key_version, scalar].concat());
            });
            let der = Writer::build(|w| {
                w.sequence(|w| {
                    w.raw(&[version, algorithm].concat());
                    w.value(tag::OCTET_STRING, &key);
                });
            });
            let key = (backend.from_pkcs8_der)(&der).unwrap();
            assert_eq!(key.public(), &public_key(name), "{} {name}", backend.name);
        }
    }
}

#[test]
fn generated_keys_are_of_the_kind_asked_for_and_differ() {
    for backend in BOTH {
        for kind in [KeyKind::Rsa { bits: 2048 }, KeyKind::P256, KeyKind::P384] {
            let public = || -> PublicKey { (backend.generate)(kind).unwrap().public().clone() };
            let (one, other) = (public(), public());
            assert_eq!(one.kind(), kind, "{}", backend.name);
            assert_ne!(one, other, "{}", backend.name);
        }
    }
}

#[test]
fn rsa_keys_of_odd_sizes_and_unknown_kinds_are_not_generated() {
    let other = KeyKind::Other("1.3.101.112".parse().unwrap());
    for backend in BOTH {
        for bits in [0, 512, 1024, 2047, 2049, 8192, usize::MAX] {
            let refused = (backend.generate)(KeyKind::Rsa { bits });
            assert!(matches!(refused, Err(KeyError::Unusable(_))), "{} {bits}", backend.name);
        }
        assert!(matches!((backend.generate)(other), Err(KeyError::Unusable(_))));
    }
}

#[test]
fn rsa_keys_of_1024_bits_are_a_matter_of_the_rust_backend() {
    let pem = text("rsa1024.pkcs8.pem");
    assert_eq!((RUST.from_pem)(&pem).unwrap().public(), &public_key("rsa1024"));
    assert_eq!(
        (AWS_LC.from_pem)(&pem).err(),
        Some(KeyError::Unusable("an RSA private key must have 2048 to 8192 bits here"))
    );
}

#[test]
fn encrypted_foreign_public_and_damaged_keys_are_no_keys() {
    let damaged = text("p256.pkcs8.pem").replacen("MI", "NI", 1);
    let cut = text("rsa2048.pkcs8.pem").replace("-----END PRIVATE KEY-----", "");
    let public = devicecert_pki::to_pem("PRIVATE KEY", public_key("p256").as_der());
    let texts = [
        text("p256.encrypted.pem"),
        text("ed25519.pkcs8.pem"),
        devicecert_pki::to_pem("PUBLIC KEY", public_key("p256").as_der()),
        public,
        damaged,
        cut,
        String::new(),
    ];
    for backend in BOTH {
        for (at, text) in texts.iter().enumerate() {
            let outcome = (backend.from_pem)(text).err();
            assert_eq!(outcome, Some(KeyError::Encoding), "{} {at}", backend.name);
        }
    }
}

#[test]
fn keys_cut_short_or_changed_in_any_octet_never_panic() {
    for backend in BOTH {
        for name in ["p256", "p384"] {
            let key = backend.key(name);
            let der = key.der();
            let der = der.expose();
            for at in 0..der.len() {
                assert!((backend.from_pkcs8_der)(&der[..at]).is_err(), "{} {at}", backend.name);
                let mut changed = der.to_vec();
                changed[at] ^= 0x40;
                // The public key inside must go with the private one; what is left are octets
                // that mean nothing.
                if let Ok(changed) = (backend.from_pkcs8_der)(&changed) {
                    assert_eq!(changed.public().kind(), key.public().kind());
                }
            }
        }
    }
}

#[test]
fn debug_output_tells_the_kind_and_nothing_of_the_key() {
    for backend in BOTH {
        for (name, kind) in [("rsa2048", "Rsa { bits: 2048 }"), ("p256", "P256"), ("p384", "P384")]
        {
            let printed = format!("{:?}", backend.key(name));
            assert_eq!(printed, format!("PrivateKey {{ kind: {kind}, .. }}"));
        }
    }
}
