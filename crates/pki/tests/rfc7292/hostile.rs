//! Damage of every kind: an error, never a panic, and never something else than was written.

use devicecert_crypto_rust::RustCrypto;
use devicecert_pki::asn1::{Reader, Writer, tag};
use devicecert_pki::error::Rejected;
use devicecert_pki::pkcs12::{Pkcs12, Profile};
use devicecert_pki::{Error, Limits, Secret};

use super::support::{device, file, open, sequence, write};

const FILES: [&str; 8] = [
    "openssl-modern.p12",
    "openssl-3des.p12",
    "openssl-plain.p12",
    "openssl-no-mac.p12",
    "openssl-no-protection.p12",
    "pk12util.p12",
    "certtool-null.p12",
    "pbmac1-sha256.p12",
];

/// Limits that a damaged count cannot make slow.
fn open_quickly(octets: &[u8]) -> Result<Pkcs12, Error> {
    let mut limits = Limits::default();
    limits.kdf_iterations = 40_000;
    Pkcs12::open(octets, &Secret::from("secret"), &RustCrypto, &limits)
}

#[test]
fn a_truncated_file_is_malformed() {
    for name in FILES {
        let octets = file(name);
        for length in 0..octets.len() {
            let read = open_quickly(&octets[..length]);
            assert!(matches!(read, Err(Error::Malformed(_))), "{name} {length}: {read:?}");
        }
        let longer = [&octets[..], b"\0"].concat();
        assert!(matches!(open_quickly(&longer), Err(Error::Malformed(_))), "{name}");
    }
}

#[test]
fn under_a_mac_every_changed_octet_is_noticed() {
    for name in ["openssl-modern.p12", "openssl-3des.p12", "pk12util.p12", "pbmac1-sha256.p12"] {
        let octets = file(name);
        let honest = open(&octets, "secret").unwrap();
        // Each costs a derivation, so one bit here and there is enough.
        for at in (0..octets.len()).step_by(7) {
            let mut changed = octets.clone();
            changed[at] ^= 1 << (at % 8);
            if let Ok(read) = open_quickly(&changed) {
                // Lengths in BER and unused parameters have several spellings.
                assert_eq!(read, honest, "{name} at {at}");
            }
        }
    }
}

#[test]
fn without_a_mac_a_changed_octet_does_no_more_than_change_the_content() {
    for name in ["openssl-no-mac.p12", "openssl-no-protection.p12"] {
        let octets = file(name);
        for at in 0..octets.len() {
            let mut changed = octets.clone();
            changed[at] ^= 0x41;
            let _ = open_quickly(&changed);
        }
    }
}

#[test]
fn a_mac_of_another_length_is_no_mac() {
    for profile in [Profile::Compat3Des, Profile::Aes256] {
        let octets = write(&device().profile(profile), "secret");
        let mut fields = Reader::new(&octets).sequence("PFX").unwrap();
        let version = fields.any("version").unwrap().raw;
        let safe = fields.any("authSafe").unwrap().raw;
        let mut mac = fields.sequence("macData").unwrap();
        let mut digest_info = mac.sequence("DigestInfo").unwrap();
        let algorithm = digest_info.any("digestAlgorithm").unwrap().raw;
        let digest = digest_info.any("digest").unwrap().value;
        let salt = mac.any("macSalt").unwrap().raw;
        let count = mac.any("iterations").unwrap().raw;
        for length in 0..digest.len() {
            let digest = Writer::build(|w| w.value(tag::OCTET_STRING, &digest[..length]));
            let mac = sequence(&[&sequence(&[algorithm, &digest]), salt, count]);
            let read = open(&sequence(&[version, safe, &mac]), "secret");
            assert_eq!(read, Err(Rejected::Password.into()), "{length}");
        }
    }
}
