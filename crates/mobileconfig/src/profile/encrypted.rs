//! Encrypted profiles: PayloadContent enveloped to one device (RFC 5652 §6).
//!
//! The array itself, as a property list, is the content of the message; the other keys of the
//! profile stay readable.

use devicecert_pki::cms::{EnvelopedData, Seal};
use devicecert_pki::{Certificate, Locked, Provider, Tolerance};

use super::Profile;
use crate::cms::undecryptable;
use crate::error::{Error, State};
use crate::limits::Limits;
use crate::plist::{Dictionary, Document, Value};

const CONTENT: &str = "PayloadContent";
const ENCRYPTED: &str = "EncryptedPayloadContent";
const FLAG: &str = "IsEncrypted";

impl Profile {
    /// This profile with its payloads enveloped to the identity certificate of one device. Sign
    /// afterwards what has to be signed.
    ///
    /// Nothing can be put in for a placeholder any more: fill templates first.
    ///
    /// # Errors
    /// [`State::NoContent`] if there is no PayloadContent array,
    /// [`Unsupported`](devicecert_pki::error::Unsupported) if the key of the device cannot receive:
    /// it has to be RSA.
    pub fn encrypted_to(
        &self,
        device: &Certificate,
        seal: Seal,
        provider: &dyn Provider,
    ) -> Result<Self, Error> {
        let root = self.root().ok_or(State::Root)?;
        let content = root.get(CONTENT).filter(|content| content.as_array().is_some());
        let content = Document::new(content.ok_or(State::NoContent)?.clone()).to_xml()?;
        let enveloped = seal.envelope(content.as_bytes(), device, provider)?;
        let mut encrypted = exchanged(root, CONTENT, ENCRYPTED, &Value::from(enveloped));
        encrypted.insert(FLAG, true);
        Ok(Self::from(Document::new(encrypted)))
    }

    /// The profile with its payloads readable, locked until the private key of the device unwraps
    /// the content key. `recipient` is the certificate that it was encrypted to.
    ///
    /// What comes out has no signature: check that of this profile before. As everywhere, whatever
    /// goes wrong once a private key was asked is one and the same error,
    /// [`Rejected::Undecryptable`](devicecert_pki::error::Rejected::Undecryptable), payloads that
    /// are no property list included.
    ///
    /// # Errors
    /// [`State::NotEncrypted`] if there is nothing to open; [`Pki`](Error::Pki) if the message is
    /// damaged or its algorithms are not supported.
    pub fn locked(
        &self,
        recipient: &Certificate,
        provider: &'static dyn Provider,
        tolerance: &Tolerance,
        limits: &Limits,
    ) -> Result<Locked<Self>, Error> {
        let message = self.encrypted_content().ok_or(State::NotEncrypted)?;
        let locked = EnvelopedData::parse(message, &limits.cms)?;
        let locked = locked.lock(recipient, provider, tolerance)?;
        let root = self.root().ok_or(State::Root)?.clone();
        let limits = limits.clone();
        Ok(locked.and_then(move |opened| {
            let opened = opened?;
            let content = Document::read(opened.expose(), &limits)
                .map(Document::into_root)
                .ok()
                .filter(|content| content.as_array().is_some())
                .ok_or_else(undecryptable)?;
            let mut root = exchanged(&root, ENCRYPTED, CONTENT, &content);
            root.remove(FLAG);
            // Written and read, so that all spans count in one text.
            let profile = Document::new(root).to_xml().map_err(|_| undecryptable())?;
            let document = Document::read_xml(profile.as_bytes(), &limits);
            Ok(Self::from(document.map_err(|_| undecryptable())?))
        }))
    }
}

/// `root` with `new` and its value in the place of `old`, and nowhere else.
fn exchanged(root: &Dictionary, old: &str, new: &str, value: &Value) -> Dictionary {
    let mut exchanged = Dictionary::new();
    for entry in root.entries().iter().filter(|entry| entry.key.value != new) {
        let (key, value) = match entry.key.value == old {
            true => (new.to_owned(), value.clone()),
            false => (entry.key.value.clone(), entry.value.value.clone()),
        };
        exchanged.push_unchecked(key.into(), value.into());
    }
    exchanged
}
