//! Certificates: read, issued again with what was read, read again.

use devicecert_crypto_rust::RustCrypto;
use devicecert_pki::{Certificate, CertificateParams, KeyUsage, Limits, Time, Tolerance};

/// The first and last second of the years that have four digits.
const FOUR_DIGITS: std::ops::RangeInclusive<i64> = -62_167_219_200..=253_402_300_799;

pub fn run(data: &[u8]) {
    let limits = Limits::default();
    let Ok(certificate) = Certificate::parse(data, &limits) else { return };
    assert_eq!(certificate.as_der(), data);
    look_at(&certificate);

    let mut params = CertificateParams::new(
        certificate.issuer().clone(),
        certificate.subject().clone(),
        certificate.public_key().clone(),
        certificate.validity(),
        &RustCrypto,
    )
    .unwrap();
    params.extensions = certificate.extensions().iter().cloned().collect();
    // Negative, padded and endless serial numbers are read and not written.
    let is_written = matches!(certificate.serial(), [1..0x80, rest @ ..] if rest.len() < 20);
    if is_written {
        params.serial = certificate.serial().to_vec();
    }
    let Ok(unsigned) = params.unsigned(certificate.public_key()) else { return };
    let again = unsigned.attach(&[1; 64]).unwrap();
    assert_eq!(again.serial(), params.serial);
    assert_eq!(again.issuer(), certificate.issuer());
    assert_eq!(again.subject(), certificate.subject());
    assert_eq!(again.public_key(), certificate.public_key());
    assert_eq!(again.extensions(), certificate.extensions());
    let is_writable = |time: Time| FOUR_DIGITS.contains(&time.unix());
    let validity = certificate.validity();
    if is_writable(validity.not_before) && is_writable(validity.not_after) {
        assert_eq!(again.validity(), validity);
    }
}

fn look_at(certificate: &Certificate) {
    let extensions = certificate.extensions();
    let _ = (extensions.key_usage(), extensions.basic_constraints());
    let _ = (extensions.extended_key_usage(), extensions.subject_alt_name());
    let _ = extensions.subject_key_identifier();
    let _ = (certificate.is_ca(), certificate.permits(KeyUsage::DIGITAL_SIGNATURE));
    let own_key = certificate.public_key();
    let _ = certificate.is_signed_by(own_key, &RustCrypto, &Tolerance::default());
    let validity = certificate.validity();
    let _ = format!("{certificate:?} {} {}", validity.not_before, validity.not_after);
}
