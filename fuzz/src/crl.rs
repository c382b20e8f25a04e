//! CRLs: read, issued again with what was read, read again.

use devicecert_crypto_rust::RustCrypto;
use devicecert_pki::{Crl, CrlParams, CrlReason, Limits, RevokedCertificate, Time, Tolerance};

use crate::world;

/// The first and last second of the years that have four digits.
const FOUR_DIGITS: std::ops::RangeInclusive<i64> = -62_167_219_200..=253_402_300_799;

pub fn run(data: &[u8]) {
    let limits = Limits::default();
    let Ok(crl) = Crl::parse(data, &limits) else { return };
    assert_eq!(crl.as_der(), data);
    let _ = format!("{crl:?} {:?}", crl.number());
    believe(&crl);

    let world = world::real();
    let ca = world.authority.ca();
    let mut params = CrlParams::new(ca, 1, crl.this_update(), crl.this_update());
    params.issuer = crl.issuer().clone();
    params.next_update = crl.next_update().unwrap_or(crl.this_update());
    params.revoked = crl.unverified_entries().to_vec();
    params.extensions = crl.extensions().iter().cloned().collect();
    let Ok(unsigned) = params.unsigned(ca.public_key()) else { return };
    let again = unsigned.attach(&[1; 64]).unwrap();
    assert_eq!(again.issuer(), crl.issuer());
    assert_eq!(again.extensions(), crl.extensions());
    assert_eq!(entries(&again), entries(&crl));
    if FOUR_DIGITS.contains(&crl.this_update().unix()) {
        assert_eq!(again.this_update(), crl.this_update());
    }
}

/// Only what the CA signed is believed, and then every entry is found.
fn believe(crl: &Crl) {
    let world = world::real();
    let ca = world.authority.ca();
    let verified = crl.verify(ca, crl.this_update(), &RustCrypto, &Tolerance::default());
    if let Ok(verified) = verified {
        assert_eq!(verified.crl().issuer(), ca.subject());
        let serial = world.issued.serial();
        let listed = verified.entries().iter().any(|entry| entry.serial == serial);
        let found = verified.revocation(&world.issued).unwrap();
        assert!(!listed || found.is_some());
    }
}

fn entries(crl: &Crl) -> Vec<(&[u8], Time, Option<CrlReason>)> {
    crl.unverified_entries().iter().map(as_written).collect()
}

fn as_written(entry: &RevokedCertificate) -> (&[u8], Time, Option<CrlReason>) {
    let unix = entry.date.unix().clamp(*FOUR_DIGITS.start(), *FOUR_DIGITS.end());
    let reason = entry.reason.filter(|reason| *reason != CrlReason::Unspecified);
    (&entry.serial, Time::from_unix(unix), reason)
}
