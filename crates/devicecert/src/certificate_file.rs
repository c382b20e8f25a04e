//! Certificates as people have them: in files.

use devicecert_pki::{Certificate, Limits, from_pem};

use crate::error::Error;

/// Reads the certificates of a file (`.cer`, `.crt`, `.pem`): one in DER, or any number in PEM.
///
/// ```
/// # use devicecert::pki::{CertificateParams, KeyKind, Limits, Signer, Time, Validity, to_pem};
/// # use devicecert::crypto_rust::{PrivateKey, RustCrypto};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let key = PrivateKey::generate(KeyKind::P256)?;
/// # let time = Validity::lasting(Time::from(std::time::SystemTime::now()), core::time::Duration::from_secs(60));
/// # let ca = CertificateParams::self_signed("CN=CA".parse()?, key.public_key().clone(), time, &RustCrypto)?
/// #     .unsigned(key.public_key())?.sign(&key)?;
/// let pem = to_pem("CERTIFICATE", ca.as_der());
/// let limits = Limits::default();
/// assert_eq!(devicecert::certificates(pem.as_bytes(), &limits)?, [ca.clone()]);
/// assert_eq!(devicecert::certificates(ca.as_der(), &limits)?, [ca]);
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`PemError`](devicecert_pki::PemError) if it is neither, [`Pki`](Error::Pki) if what is in it is
/// no certificate or exceeds `limits`, which bound each certificate.
pub fn certificates(file: &[u8], limits: &Limits) -> Result<Vec<Certificate>, Error> {
    // A SEQUENCE; no text begins with `0` and is PEM.
    if file.first() == Some(&0x30) {
        return Ok(vec![Certificate::parse(file, limits)?]);
    }
    let text = String::from_utf8_lossy(file);
    let blocks = from_pem("CERTIFICATE", &text)?;
    blocks.iter().map(|der| Ok(Certificate::parse(der, limits)?)).collect()
}
