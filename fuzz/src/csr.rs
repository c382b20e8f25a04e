//! Certification requests: read, written from what was read, read again.

use devicecert_crypto_rust::RustCrypto;
use devicecert_pki::{Csr, CsrParams, Limits, Tolerance};

pub fn run(data: &[u8]) {
    let limits = Limits::default();
    let Ok(csr) = Csr::parse(data, &limits) else { return };
    assert_eq!(csr.as_der(), data);
    let _ = csr.subject_alt_name();
    let _ = csr.verify(&RustCrypto, &Tolerance::default());
    assert_silent(&csr);

    let mut params = CsrParams::new(csr.subject().clone());
    params.challenge_password = csr.challenge_password().cloned();
    params.extensions = csr.extensions().iter().cloned().collect();
    // Keys that cannot sign have no request.
    let Ok(unsigned) = params.unsigned(csr.public_key()) else { return };
    let again = unsigned.attach(&[1; 64]).unwrap();
    assert_eq!(again.subject(), csr.subject());
    assert_eq!(again.public_key(), csr.public_key());
    assert_eq!(again.challenge_password(), csr.challenge_password());
    assert_eq!(again.extensions(), csr.extensions());
    assert_silent(&again);
}

/// What `Debug` shows is known to the last character, and the challenge is not in it.
fn assert_silent(csr: &Csr) {
    let expected = format!(
        "Csr {{ subject: {:?}, public_key: {:?}, challenge_password: {}, .. }}",
        csr.subject(),
        csr.public_key().kind(),
        if csr.challenge_password().is_some() { "Some([redacted])" } else { "None" },
    );
    assert_eq!(format!("{csr:?}"), expected);
}
