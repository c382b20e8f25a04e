//! Signing a profile as it stands.

use devicecert::crypto_rust::RustCrypto;
use devicecert::mobileconfig::plist::{Dialect, Part, Text};
use devicecert::mobileconfig::{self, Limits, Profile, cms};
use devicecert::pki::{Certificate, Signer, Tolerance};

use super::file::is_for_windows;

/// Why a profile was not signed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NotSigned {
    /// SyncML has no signature.
    #[error("this is SyncML for Windows; signatures are for Apple profiles")]
    Windows,
    /// A signature around a signature is none for a device.
    #[error("it is signed already; sign the profile that it was made from")]
    Signed,
    /// The certificate is of another key.
    #[error("the certificate of {0} belongs to another key than the one given")]
    OtherKey(String),
    /// There is no certificate to sign with.
    #[error("no certificate")]
    NoCertificate,
    /// The profile cannot be read, or the key does not sign.
    #[error(transparent)]
    Profile(#[from] mobileconfig::Error),
}

/// A signed profile.
#[derive(Debug)]
pub struct Signed {
    /// The message, in DER.
    pub bytes: Vec<u8>,
    /// Placeholders of servers in it, each once: nothing can be put in for them any more.
    pub placeholders: Vec<String>,
}

/// Signs the bytes of a profile, whatever their layout, with the key of the first of
/// `certificates`; the others are those that lead from it to a root.
///
/// # Errors
/// [`NotSigned`]
pub fn sign(
    bytes: Vec<u8>,
    certificates: &[Certificate],
    key: &dyn Signer,
) -> Result<Signed, NotSigned> {
    if is_for_windows(&bytes) {
        return Err(NotSigned::Windows);
    }
    let profile = Profile::read(&bytes, &Limits::default())?;
    if profile.signature().is_some() {
        return Err(NotSigned::Signed);
    }
    let (signer, chain) = certificates.split_first().ok_or(NotSigned::NoCertificate)?;
    if signer.public_key() != key.public_key() {
        return Err(NotSigned::OtherKey(signer.subject().to_string()));
    }
    let mut placeholders = Vec::new();
    for node in profile.document().node().walk() {
        let parts = node.value().as_template().into_iter().flat_map(Text::parts);
        placeholders.extend(parts.filter_map(|part| match part {
            // A Mac resolves those of its own when it installs the profile.
            Part::Placeholder(one) if one.dialect != Dialect::Percent => Some(one.text.to_owned()),
            _ => None,
        }));
    }
    placeholders.sort();
    placeholders.dedup();
    let unsigned = cms::unsigned(bytes, signer.clone(), chain, &RustCrypto)?;
    let bytes = unsigned.sign(key).map_err(mobileconfig::Error::from)?;
    // What goes out was seen to be right.
    let written = Profile::read(&bytes, &Limits::default())?;
    if let Some(signature) = written.signature() {
        signature.verify(signer, &RustCrypto, &Tolerance::default())?;
    }
    Ok(Signed { bytes, placeholders })
}
