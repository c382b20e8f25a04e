//! Section 4: what is not read, and how that is said.

use devicecert_crypto_rust::RustCrypto;
use devicecert_pki::error::{Found, LimitExceeded, Malformed, Rejected, Unsupported};
use devicecert_pki::pkcs12::{Pkcs12, Profile};
use devicecert_pki::{Error, Limits, Secret};

use super::support::{device, file, find, hex, open, write};

fn unsupported(name: &str) -> String {
    match open(&file(name), "secret") {
        Err(Error::Unsupported(Unsupported::Algorithm { oid, .. })) => oid.to_string(),
        other => panic!("{name}: {other:?}"),
    }
}

#[test]
fn rc2_is_named() {
    // pbeWithSHAAnd40BitRC2-CBC over the certificates.
    assert_eq!(unsupported("openssl-legacy.p12"), "1.2.840.113549.1.12.1.6");
    assert_eq!(unsupported("keytool-legacy.p12"), "1.2.840.113549.1.12.1.6");
}

#[test]
fn sha_224_is_named() {
    // hmacWithSHA224, id-sha224.
    assert_eq!(unsupported("keytool-sha224.p12"), "1.2.840.113549.2.8");
    assert_eq!(unsupported("keytool-mac-sha224.p12"), "2.16.840.1.101.3.4.2.4");
}

#[test]
fn public_key_integrity_is_named() {
    // The same file, its authSafe called signedData.
    let mut octets = file("openssl-modern.p12");
    let data = hex("06092a864886f70d010701");
    let at = find(&octets, &data);
    octets[at + data.len() - 1] = 2;
    match open(&octets, "secret") {
        Err(Error::Unsupported(Unsupported::Algorithm { oid, .. })) => {
            assert_eq!(oid.to_string(), "1.2.840.113549.1.7.2");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn two_keys_are_one_too_many() {
    assert_eq!(open(&file("keytool-two-keys.p12"), "secret"), Err(Rejected::KeyCount(2).into()));
}

#[test]
fn other_versions_are_refused() {
    let mut octets = file("openssl-modern.p12");
    let at = find(&octets, &[2, 1, 3]);
    octets[at + 2] = 4;
    let malformed = Malformed {
        offset: at,
        expected: "version 3 of PFX",
        found: Found::Value("another version"),
    };
    assert_eq!(open(&octets, "secret"), Err(malformed.into()));
}

#[test]
fn certificates_are_limited() {
    let mut limits = Limits::default();
    limits.certificates = 2;
    let (octets, password) = (file("openssl-modern.p12"), Secret::from("secret"));
    let read = Pkcs12::open(&octets, &password, &RustCrypto, &limits);
    let exceeded = LimitExceeded { what: "certificates", limit: 2, found: 3 };
    assert_eq!(read, Err(exceeded.into()));
}

#[test]
fn iterations_are_limited_for_the_whole_file() {
    let password = Secret::from("secret");
    for profile in [Profile::Compat3Des, Profile::Aes256] {
        let octets = write(&device().profile(profile).iterations(1000), "secret");
        let mut limits = Limits::default();
        // MAC, certificates, key.
        limits.kdf_iterations = 3000;
        assert!(Pkcs12::open(&octets, &password, &RustCrypto, &limits).is_ok());
        limits.kdf_iterations = 2999;
        let what = "key derivation iterations";
        let exceeded = LimitExceeded { what, limit: 2999, found: 3000 };
        assert_eq!(
            Pkcs12::open(&octets, &password, &RustCrypto, &limits),
            Err(exceeded.into()),
            "{profile:?}"
        );
    }
}

#[test]
fn a_file_that_asks_for_years_is_refused_at_once() {
    for (name, iterations) in [("openssl-modern.p12", "02020800"), ("keytool.p12", "02022710")] {
        let octets = file(name);
        let count = hex(iterations);
        let places: Vec<_> = octets
            .windows(count.len())
            .enumerate()
            .filter_map(|(at, window)| (window == count).then_some(at))
            .collect();
        // The one of the MAC stands last; it is the only one that is not under the MAC.
        let at = *places.last().unwrap();
        for bomb in ["02023fff", "0204 7fffffff", "0205 00ffffffff", "0206 00ffffffffff"] {
            let bomb = hex(bomb);
            let read = open(&respelt(&octets, at, count.len(), &bomb), "secret");
            match read {
                // Few enough to be tried: the MAC is another one.
                Err(Error::Rejected(Rejected::Password)) => assert_eq!(bomb.len(), 4),
                Err(Error::LimitExceeded(LimitExceeded { what, limit, .. })) => {
                    assert_eq!((what, limit), ("key derivation iterations", 6_000_000));
                }
                other => panic!("{name} {bomb:02x?}: {other:?}"),
            }
        }
        let zero = respelt(&octets, at, count.len(), &[2, 1, 0]);
        assert!(matches!(open(&zero, "secret"), Err(Error::Malformed(_))), "{name}");
        let negative = respelt(&octets, at, count.len(), &[2, 1, 0x80]);
        assert!(matches!(open(&negative, "secret"), Err(Error::Malformed(_))), "{name}");
    }
}

/// The file with another value at the end of its macData.
fn respelt(octets: &[u8], at: usize, length: usize, value: &[u8]) -> Vec<u8> {
    use devicecert_pki::asn1::{Reader, Writer, tag};
    assert_eq!(at + length, octets.len(), "the count is the last value");
    let mut fields = Reader::new(octets).sequence("PFX").unwrap();
    let version = fields.any("version").unwrap();
    let auth_safe = fields.any("authSafe").unwrap();
    let mac = fields.any("macData").unwrap();
    let kept = &mac.value[..mac.value.len() - length];
    Writer::build(|w| {
        w.sequence(|w| {
            w.raw(version.raw);
            w.raw(auth_safe.raw);
            w.value(tag::SEQUENCE, &[kept, value].concat());
        });
    })
}
