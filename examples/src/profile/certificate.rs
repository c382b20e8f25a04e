//! Certificates in files, whichever way they were exported.

use devicecert::pki::{Certificate, Limits, PemError, from_pem};

/// Why a file holds no certificate.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CertificateFault {
    /// Damaged, or none at all.
    #[error("{0}")]
    Content(#[from] devicecert::pki::Error),
    /// PEM without a certificate in it.
    #[error("{0}")]
    Pem(#[from] PemError),
}

/// Reads the certificates of a file: one in DER, or all of a PEM file.
///
/// # Errors
/// [`CertificateFault`]
pub fn read_certificates(bytes: &[u8]) -> Result<Vec<Certificate>, CertificateFault> {
    let limits = Limits::default();
    if bytes.first() == Some(&0x30) {
        return Ok(vec![Certificate::parse(bytes, &limits)?]);
    }
    let blocks = from_pem("CERTIFICATE", &String::from_utf8_lossy(bytes))?;
    Ok(blocks.iter().map(|der| Certificate::parse(der, &limits)).collect::<Result<_, _>>()?)
}
