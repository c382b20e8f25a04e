//! How profiles name a CA certificate: every platform in a spelling of its own.

use std::fmt::Write as _;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use devicecert::crypto_rust::RustCrypto;
use devicecert::pki::algorithm::DigestAlgorithm;
use devicecert::pki::{Certificate, Error, Provider};
use devicecert::syncml::Thumbprint;

use super::finding::printable;

/// Whose spelling is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spelling {
    /// `CAFingerprint` of an Apple SCEP payload: base64 of SHA-256.
    Apple,
    /// `CAThumbprint` of Windows: SHA-1 in hexadecimal.
    Windows,
}

/// The fingerprints of certificates: one line each in the spelling asked for, or all there is to
/// say about each.
///
/// # Errors
/// If the backend lacks a digest.
pub fn fingerprint(
    certificates: &[Certificate],
    spelling: Option<Spelling>,
) -> Result<String, Error> {
    let mut text = String::new();
    for certificate in certificates {
        let der = certificate.as_der();
        let sha256 = RustCrypto.digest(DigestAlgorithm::Sha256, der)?;
        let apple = STANDARD.encode(&sha256);
        let windows = Thumbprint::of(der, &RustCrypto)?;
        // Writing to a string does not fail.
        let _ = match spelling {
            Some(Spelling::Apple) => writeln!(text, "{apple}"),
            Some(Spelling::Windows) => writeln!(text, "{windows}"),
            None => {
                let pairs: Vec<String> =
                    sha256.iter().map(|octet| format!("{octet:02X}")).collect();
                if !text.is_empty() {
                    text.push('\n');
                }
                writeln!(
                    text,
                    "{}\n\
                     \x20 Apple, CAFingerprint   <data>{apple}</data>\n\
                     \x20 Windows, CAThumbprint  {windows}\n\
                     \x20 Wi-Fi, TrustedRootCA   {}\n\
                     \x20 SHA-256, to compare    {}",
                    printable(&certificate.subject().to_string()),
                    windows.to_spaced(),
                    pairs.join(":"),
                )
            }
        };
    }
    Ok(text)
}
