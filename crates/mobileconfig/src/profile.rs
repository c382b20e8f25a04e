//! Profiles as wholes: read from whatever they come in, written, signed, encrypted.

mod encrypted;
mod top_level;

pub use top_level::Scope;

use devicecert_pki::error::LimitExceeded;
use devicecert_pki::{Certificate, Provider, Unsigned};

use crate::cms::{self, Signature};
use crate::error::{Error, State};
use crate::limits::Limits;
use crate::plist::{Array, Dictionary, Document, Value};

/// A configuration profile: a property list, and the signature that it came with.
///
/// Anything that is a property list can be one: whether it is a good one is for the checks to say,
/// and they have to see the bad ones.
///
/// ```
/// use devicecert_mobileconfig::{Limits, Profile};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut profile = Profile::new("com.example.wifi", "7D1B…");
/// profile.set("PayloadDisplayName", "Wi-Fi");
/// let bytes = profile.to_xml()?;
///
/// let profile = Profile::read(bytes.as_bytes(), &Limits::default())?;
/// assert_eq!(profile.display_name(), Some("Wi-Fi"));
/// assert_eq!(profile.payloads().count(), 0);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    document: Document,
    signature: Option<Signature>,
}

impl Profile {
    /// A profile without payloads: its type, version, identifier and UUID.
    #[must_use]
    pub fn new(identifier: impl Into<String>, uuid: impl Into<String>) -> Self {
        let mut root = Dictionary::new();
        root.insert("PayloadContent", Array::new());
        root.insert("PayloadIdentifier", identifier.into());
        root.insert("PayloadType", "Configuration");
        root.insert("PayloadUUID", uuid.into());
        root.insert("PayloadVersion", 1);
        Self::from(Document::new(root))
    }

    /// Reads a profile: an XML or binary property list, or a CMS message (DER, BER, PEM or base64)
    /// around one.
    ///
    /// The signature is kept and not checked; see [`signature`](Self::signature). Encrypted
    /// payloads stay so until [`locked`](Self::locked) opens them.
    ///
    /// # Errors
    /// [`Malformed`](crate::error::Malformed) and [`Pki`](Error::Pki) if it is none of these,
    /// [`LimitExceeded`] if it is too much.
    pub fn read(bytes: &[u8], limits: &Limits) -> Result<Self, Error> {
        LimitExceeded::check("the profile (bytes)", limits.bytes, bytes.len())?;
        let text = bytes.trim_ascii_start();
        if !cms::looks_like_cms(text) {
            return Ok(Self::from(Document::read(bytes, limits)?));
        }
        let (content, signature) = cms::open(text, limits)?;
        let document = Document::read(&content, limits)?;
        Ok(Self { document, signature: Some(signature) })
    }

    /// The property list. Spans count in the content of the message if there is a signature.
    #[must_use]
    pub const fn document(&self) -> &Document {
        &self.document
    }

    /// The property list, to be changed. The signature is taken away.
    pub fn document_mut(&mut self) -> &mut Document {
        self.signature = None;
        &mut self.document
    }

    /// The signature that the profile came with.
    #[must_use]
    pub const fn signature(&self) -> Option<&Signature> {
        self.signature.as_ref()
    }

    /// Writes the profile as XML, without its signature.
    ///
    /// # Errors
    /// [`Unwritable`](crate::error::Unwritable), which names the value.
    pub fn to_xml(&self) -> Result<String, Error> {
        self.document.to_xml()
    }

    /// Writes the profile as a signed message; what is missing is the signature. See
    /// [`cms::unsigned`] for the certificates, and to sign the bytes of a file as they are.
    ///
    /// Nothing can be put in for a placeholder any more: fill templates first.
    ///
    /// ```
    /// # use devicecert_crypto_rust::{PrivateKey, RustCrypto};
    /// # use devicecert_mobileconfig::{Limits, Profile};
    /// # use devicecert_pki::{CertificateParams, KeyKind, Signer, Time, Tolerance, Validity};
    /// # use std::time::{Duration, SystemTime};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let key = PrivateKey::generate(KeyKind::P256)?;
    /// # let validity = Validity::lasting(Time::from(SystemTime::now()), Duration::from_secs(60));
    /// # let certificate = CertificateParams::self_signed(
    /// #     "CN=MDM".parse()?, key.public_key().clone(), validity, &RustCrypto,
    /// # )?.unsigned(key.public_key())?.sign(&key)?;
    /// # let chain = [];
    /// let profile = Profile::new("com.example.wifi", "7D1B…");
    /// let signed = profile.unsigned(certificate.clone(), &chain, &RustCrypto)?.sign(&key)?;
    ///
    /// let received = Profile::read(&signed, &Limits::default())?;
    /// let signature = received.signature().ok_or("not signed")?;
    /// signature.verify(&certificate, &RustCrypto, &Tolerance::default())?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`to_xml`](Self::to_xml) and [`cms::unsigned`].
    pub fn unsigned(
        &self,
        signer: Certificate,
        chain: &[Certificate],
        provider: &dyn Provider,
    ) -> Result<Unsigned<Vec<u8>>, Error> {
        cms::unsigned(self.to_xml()?.into_bytes(), signer, chain, provider)
    }

    /// Sets a top-level key. The signature is taken away.
    ///
    /// Does nothing if the root is no dictionary.
    pub fn set(&mut self, key: impl Into<String>, value: impl Into<Value>) {
        if let Some(root) = self.document_mut().root_mut().as_dictionary_mut() {
            root.insert(key, value);
        }
    }

    /// Appends a payload to PayloadContent, which is made if it is not there. The signature is
    /// taken away.
    ///
    /// # Errors
    /// [`State`] if the root is no dictionary or PayloadContent is no array.
    pub fn push(&mut self, payload: Dictionary) -> Result<(), Error> {
        let root = self.document_mut().root_mut().as_dictionary_mut().ok_or(State::Root)?;
        if !root.contains_key("PayloadContent") {
            root.insert("PayloadContent", Array::new());
        }
        let content = root.get_mut("PayloadContent").and_then(Value::as_array_mut);
        content.ok_or(State::NoContent)?.push(payload);
        Ok(())
    }
}

impl From<Document> for Profile {
    fn from(document: Document) -> Self {
        Self { document, signature: None }
    }
}
