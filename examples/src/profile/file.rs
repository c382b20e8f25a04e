//! From the bytes of a file to a profile of whichever kind.

use devicecert::crypto_rust::RustCrypto;
use devicecert::mobileconfig::{self, Profile as AppleProfile};
use devicecert::pki::{Certificate, Decryptor, Tolerance};
use devicecert::syncml;

use super::system::System;

/// A profile that was read.
#[derive(Debug)]
pub enum Profile {
    /// Apple's: a property list, with the signature that it came with.
    Apple(Box<AppleProfile>),
    /// SyncML for Windows, or the answer of a device.
    Windows(Box<syncml::Document>),
}

/// Why a file was not opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Unopened {
    /// It is for another system than was asked for.
    #[error("this is {found}, and not for {}", wanted.name())]
    OtherSystem {
        /// What the file is.
        found: &'static str,
        /// What was asked for.
        wanted: System,
    },
    /// It looks like an Apple profile and cannot be read.
    #[error(transparent)]
    Apple(mobileconfig::Error),
    /// It looks like SyncML and cannot be read.
    #[error(transparent)]
    Windows(syncml::Error),
    /// Its payloads are encrypted, and not to the key given.
    #[error("the encrypted payloads cannot be opened: {0}")]
    Sealed(mobileconfig::Error),
}

/// What opens encrypted payloads: the identity of the device they were encrypted to.
#[derive(Clone, Copy, Debug)]
pub struct Opener<'a> {
    /// Its certificate.
    pub certificate: &'a Certificate,
    /// Its private key.
    pub key: &'a dyn Decryptor,
}

/// Reads a profile: an XML or binary property list, signed or not, or SyncML.
///
/// # Errors
/// [`Unopened`]; what a device would not like about what can be read is for
/// [`check`](super::check).
pub fn open(
    bytes: &[u8],
    system: Option<System>,
    opener: Option<Opener<'_>>,
) -> Result<Profile, Unopened> {
    if is_for_windows(bytes) {
        if let Some(wanted) = system.filter(|system| *system != System::Windows) {
            return Err(Unopened::OtherSystem { found: "SyncML for Windows", wanted });
        }
        let document = syncml::Document::read_bytes(bytes, &syncml::Limits::default());
        return document.map(Box::new).map(Profile::Windows).map_err(Unopened::Windows);
    }
    if system == Some(System::Windows) {
        let found = "no SyncML: no element of it comes first";
        return Err(Unopened::OtherSystem { found, wanted: System::Windows });
    }
    let limits = mobileconfig::Limits::default();
    let mut profile = AppleProfile::read(bytes, &limits).map_err(Unopened::Apple)?;
    if let Some(opener) = opener.filter(|_| profile.encrypted_content().is_some()) {
        let tolerance = Tolerance::default();
        profile = profile
            .locked(opener.certificate, &RustCrypto, &tolerance, &limits)
            .and_then(|locked| Ok(locked.unlock(opener.key)?))
            .map_err(Unopened::Sealed)?;
    }
    Ok(Profile::Apple(Box::new(profile)))
}

/// Whether the first element of a text is one of SyncML.
pub(super) fn is_for_windows(bytes: &[u8]) -> bool {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        // What is wrong behind the beginning is for the reader to say.
        Err(error) => bytes
            .get(..error.valid_up_to())
            .and_then(|start| std::str::from_utf8(start).ok())
            .unwrap_or_default(),
    };
    let Some(name) = first_element(text.trim_start_matches('\u{feff}')) else { return false };
    let local = name.rsplit(':').next().unwrap_or(name);
    matches!(local, "SyncML" | "SyncBody") || syncml::Verb::from_name(local).is_some()
}

/// The name of the first element, behind declarations and comments.
fn first_element(text: &str) -> Option<&str> {
    let mut rest = text;
    loop {
        rest = rest.trim_start().strip_prefix('<')?;
        let end = match rest.as_bytes().first()? {
            b'!' if rest.starts_with("!--") => "-->",
            b'!' | b'?' => ">",
            _ => break,
        };
        rest = rest.split_once(end)?.1;
    }
    let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '/' | '>'))?;
    rest.get(..end)
}
