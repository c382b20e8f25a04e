//! Section 4: files that OpenSSL, Java, NSS and GnuTLS wrote.

use devicecert_crypto_rust::PrivateKey;
use devicecert_pki::pkcs12::Pkcs12;
use devicecert_pki::{Certificate, Signer};

use super::support::{certificate, certificates, file, key, open};

/// Reads a file with the device's identity and returns it.
fn device(name: &str, password: &str) -> Pkcs12 {
    let read = open(&file(name), password).unwrap_or_else(|error| panic!("{name}: {error}"));
    let found = PrivateKey::from_pkcs8_der(read.key().expect(name).expose()).expect(name);
    assert_eq!(found.public_key(), key("device").public_key(), "{name}");
    assert_eq!(read.leaf(), Some(&certificate("device")), "{name}");
    assert_eq!(read.friendly_name(), Some("laptop-7"), "{name}");
    read
}

fn chain() -> Vec<Certificate> {
    certificates(&["device", "issuer", "root"])
}

#[test]
fn openssl() {
    for name in [
        "openssl-modern",
        "openssl-3des",
        "openssl-2des",
        "openssl-aes128-aes192",
        "openssl-pbes2-3des",
        "openssl-plain-certificates",
        "openssl-plain",
        "openssl-one-iteration",
        "openssl-no-mac",
        "openssl-no-mac-3des",
    ] {
        let read = device(&format!("{name}.p12"), "secret");
        assert_eq!(read.certificates(), chain(), "{name}");
        assert!(read.others().eq(&chain()[1..]), "{name}");
        assert_eq!(read.is_authenticated(), !name.contains("no-mac"), "{name}");
    }
}

#[test]
fn openssl_with_an_rsa_key() {
    let read = open(&file("openssl-rsa.p12"), "secret").unwrap();
    let found = PrivateKey::from_pkcs8_der(read.key().unwrap().expose()).unwrap();
    assert_eq!(found.public_key(), key("rsa").public_key());
    assert_eq!(read.leaf(), Some(&certificate("rsa")));
}

#[test]
fn openssl_without_any_protection_opens_with_every_password() {
    for password in ["", "whatever"] {
        let read = device("openssl-no-protection.p12", password);
        assert!(!read.is_authenticated());
    }
}

#[test]
fn java() {
    for name in ["keytool", "keytool-3des", "keytool-sha1", "keytool-sha384", "keytool-sha512"] {
        let read = device(&format!("{name}.p12"), "secret");
        assert_eq!(read.certificates(), chain(), "{name}");
        assert!(read.is_authenticated(), "{name}");
    }
}

#[test]
fn nss() {
    for name in ["pk12util", "pk12util-aes128", "pk12util-3des", "pk12util-plain-certificates"] {
        let octets = file(&format!("{name}.p12"));
        assert_eq!(octets[1], 0x80, "{name} has an indefinite length");
        let read = device(&format!("{name}.p12"), "secret");
        assert_eq!(read.certificates().len(), 3, "{name}");
        assert!(read.is_authenticated(), "{name}");
    }
}

#[test]
fn gnutls() {
    for name in ["certtool", "certtool-3des", "certtool-aes128", "certtool-sha512"] {
        let read = device(&format!("{name}.p12"), "secret");
        assert_eq!(read.certificates(), chain(), "{name}");
        assert!(read.is_authenticated(), "{name}");
    }
}

#[test]
fn certificates_without_a_key() {
    for name in ["openssl-certificates.p12", "keytool-certificates.p12"] {
        let read = open(&file(name), "secret").unwrap();
        let mut found = read.certificates().to_vec();
        found.sort_by_key(|certificate| certificate.subject().to_string());
        assert_eq!(found, certificates(&["issuer", "root"]), "{name}");
        assert_eq!((read.key(), read.leaf(), read.friendly_name()), (None, None, None), "{name}");
    }
}

#[test]
fn debug_shows_no_secret() {
    let read = device("openssl-modern.p12", "secret");
    let shown = format!("{read:?}");
    assert!(shown.contains("key: Some([redacted])"), "{shown}");
    let key = read.key().unwrap().expose();
    for octets in [format!("{key:?}"), format!("{:?}", &key[40..44])] {
        assert!(!shown.contains(octets.trim_matches(['[', ']'])), "{shown}");
    }
}
