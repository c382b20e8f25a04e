//! RFC 9579: PBMAC1 instead of the MAC of PKCS #12. `testdata/rfc7292/pbmac1.py` made the files.

use devicecert_pki::Error;
use devicecert_pki::error::{Rejected, Unsupported};

use super::support::{certificate, file, find, open};

#[test]
fn section_4_pbmac1_is_verified() {
    for name in ["pbmac1-sha256.p12", "pbmac1-sha512.p12", "pbmac1-sha1-sha384.p12"] {
        let octets = file(name);
        let read = open(&octets, "secret").unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(read.is_authenticated(), "{name}");
        assert_eq!(read.leaf(), Some(&certificate("device")), "{name}");
        assert_eq!(open(&octets, "wrong"), Err(Rejected::Password.into()), "{name}");

        let mut changed = octets.clone();
        let salt_that_nobody_uses = find(&octets, b"NOT USED");
        changed[salt_that_nobody_uses] ^= 1;
        assert!(open(&changed, "secret").is_ok(), "{name}");
        changed[salt_that_nobody_uses - 4] ^= 1; // in the MAC
        assert_eq!(open(&changed, "secret"), Err(Rejected::Password.into()), "{name}");
    }
}

#[test]
fn section_9_short_keys_are_refused() {
    let mut octets = file("pbmac1-sha256.p12");
    // iterationCount 2048, keyLength 32.
    let length = find(&octets, &[2, 2, 8, 0, 2, 1, 32]) + 6;
    for short in [0, 1, 19, 65, 127] {
        octets[length] = short;
        let read = open(&octets, "secret");
        assert!(
            matches!(read, Err(Error::Unsupported(Unsupported::Parameters { .. }))),
            "{short}: {read:?}"
        );
    }
    octets[length] = 20;
    assert_eq!(open(&octets, "secret"), Err(Rejected::Password.into()));
}
