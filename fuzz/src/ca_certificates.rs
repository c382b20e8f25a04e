//! GetCACert as a client reads it.

use devicecert_crypto_rust::RustCrypto;
use devicecert_pki::Limits;
use devicecert_pki::cms::Bundle;
use devicecert_scep::{CaCertificates, Fingerprint, Tolerance, Trust};

pub fn run(data: &[u8]) {
    let read = |body: &[u8], trust: &Trust| {
        let tolerance = Tolerance::default();
        CaCertificates::parse(body, trust, &RustCrypto, &tolerance, &Limits::default())
    };
    let Ok(found) = read(data, &Trust::OnFirstUse) else { return };
    assert!(found.all().contains(found.ca()));
    assert!(found.all().contains(found.encryption()));

    // Whoever knows the CA beforehand finds the same.
    let fingerprint = Fingerprint::of(found.ca(), &RustCrypto).unwrap();
    let pinned = read(data, &Trust::Fingerprint(fingerprint.clone())).unwrap();
    assert_eq!(pinned.ca(), found.ca());
    let spelt: Fingerprint = fingerprint.to_string().parse().unwrap();
    assert_eq!(spelt, fingerprint);

    // What counts, written again, is read as the same.
    let written = Bundle::new(found.all()).to_der();
    let trust = Trust::Certificates(vec![found.ca().clone()]);
    assert_eq!(read(&written, &trust).unwrap(), found);
}
