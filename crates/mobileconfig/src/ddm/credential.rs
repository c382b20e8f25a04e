//! The documents that assets point at.
//!
//! Source: `credentials/scep.yaml`, `credentials/acme.yaml`, `credentials/identity.yaml` of the
//! declarative schemas. Their keys are those of the payloads, without who may use the private key:
//! that is said by the configuration.

use devicecert_pki::Secret;

use super::DeclarationError;
use super::json;
use crate::payload::fields::{Fields, Put};
use crate::payload::{AcmePayload, Payload, PayloadError, ScepPayload};
use crate::plist::{Dictionary, Scalar, Text};

/// `com.apple.credential.scep`: what a SCEP payload says, as a document.
///
/// `key_is_extractable` and `allow_all_apps_access` of the payload have no place in it and are not
/// written; read, they are as in a new payload.
///
/// ```
/// use devicecert_mobileconfig::ddm::ScepCredential;
/// use devicecert_mobileconfig::payload::{ScepPayload, Subject};
///
/// let subject = Subject::new().with("CN", "laptop-7");
/// let credential = ScepCredential(ScepPayload::new("https://ca.example/scep", subject));
/// assert_eq!(ScepCredential::read(&credential.to_json()), Ok(credential));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScepCredential(pub ScepPayload);

/// `com.apple.credential.acme`: what an ACME payload says, as a document.
///
/// `key_is_extractable` and `allow_all_apps_access` of the payload have no place in it and are not
/// written; read, they are as in a new payload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AcmeCredential(pub AcmePayload);

/// `com.apple.credential.identity`: a PKCS #12 file and its password, which must be there.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct IdentityCredential {
    /// `Password`
    pub password: Secret,
    /// `Identity`: the file.
    pub identity: Scalar<Vec<u8>>,
    /// Keys that have no field here.
    pub other: Dictionary,
}

/// Keys of payloads that documents do not have.
const OF_THE_CONFIGURATION: [&str; 2] = ["KeyIsExtractable", "AllowAllAppsAccess"];

/// The payload types that read the keys.
const SCEP: &str = "com.apple.security.scep";
const ACME: &str = "com.apple.security.acme";

impl ScepCredential {
    /// Reads JSON.
    ///
    /// # Errors
    /// [`DeclarationError`] if it is no JSON object or `URL` is missing.
    pub fn read(text: &str) -> Result<Self, DeclarationError> {
        let mut content = json::read(text)?;
        json::decode_data(&mut content, "CAFingerprint");
        let mut payload = Dictionary::new();
        payload.insert("PayloadType", SCEP);
        payload.insert("PayloadContent", content);
        let payload = ScepPayload::read(&payload)?;
        Ok(Self(ScepPayload { key_is_extractable: false, ..payload }))
    }

    /// Writes JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        let payload = self.0.to_dictionary();
        let content = payload.get("PayloadContent").and_then(|content| content.as_dictionary());
        json::write(&without(content.cloned().unwrap_or_default(), &OF_THE_CONFIGURATION))
    }
}

impl AcmeCredential {
    /// Reads JSON.
    ///
    /// # Errors
    /// [`DeclarationError`] if it is no JSON object, a required key is missing, or the keys that
    /// describe the private key contradict each other.
    pub fn read(text: &str) -> Result<Self, DeclarationError> {
        let mut payload = json::read(text)?;
        payload.insert("PayloadType", ACME);
        let payload = AcmePayload::read(&payload)?;
        Ok(Self(AcmePayload { key_is_extractable: false, ..payload }))
    }

    /// Writes JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        let payload = without(self.0.to_dictionary(), &OF_THE_CONFIGURATION);
        json::write(&without(payload, &["PayloadType"]))
    }
}

fn without(mut dictionary: Dictionary, keys: &[&str]) -> Dictionary {
    for key in keys {
        dictionary.remove(key);
    }
    dictionary
}

impl IdentityCredential {
    /// A file and its password.
    #[must_use]
    pub fn new(identity: impl Into<Scalar<Vec<u8>>>, password: impl Into<Secret>) -> Self {
        Self { password: password.into(), identity: identity.into(), other: Dictionary::new() }
    }

    /// Reads JSON. An `Identity` that is a placeholder stays one.
    ///
    /// # Errors
    /// [`DeclarationError`] if it is no JSON object or a key is missing.
    pub fn read(text: &str) -> Result<Self, DeclarationError> {
        let mut keys = json::read(text)?;
        json::decode_data(&mut keys, "Identity");
        let mut fields = Fields::new(&keys);
        let template = |text: String| Scalar::Template(Text::from(text));
        let is_template = |value: &crate::plist::Value| value.as_template().is_some();
        let identity = match keys.get("Identity").is_some_and(is_template) {
            true => fields.required_text("Identity").map(template)?,
            false => fields.required_data("Identity")?,
        };
        Ok(Self {
            password: fields.secret("Password").ok_or(PayloadError::Missing("Password"))?,
            identity,
            other: fields.finish(),
        })
    }

    /// Writes JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut keys = Dictionary::new();
        keys.put_secret("Password", Some(&self.password));
        keys.insert("Identity", self.identity.clone());
        keys.put_all(&self.other);
        json::write(&keys)
    }
}
