//! `com.apple.security.pkcs12`: a private key and its certificate, made elsewhere.
//!
//! Source: `com.apple.security.pkcs12.yaml`.

use devicecert_pki::Secret;

use super::Payload;
use super::error::PayloadError;
use super::fields::{Fields, Put};
use super::handle::IdentityHandle;
use crate::plist::{Dictionary, Scalar};

const TYPE: &str = "com.apple.security.pkcs12";

/// An identity in a PKCS #12 file.
///
/// ```
/// use devicecert_mobileconfig::payload::{Payload, Pkcs12Payload};
/// use devicecert_mobileconfig::plist::Text;
///
/// // What a management server puts in later is written as a placeholder.
/// let data = Text::from("$FLEET_VAR_DIGICERT_DATA_CA");
/// let pkcs12 = Pkcs12Payload::new(data, "$FLEET_VAR_DIGICERT_PASSWORD_CA");
/// assert_eq!(Pkcs12Payload::read(&pkcs12.to_dictionary()), Ok(pkcs12));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Pkcs12Payload {
    /// `PayloadContent`: the file.
    pub content: Scalar<Vec<u8>>,
    /// `Password`. Without it a person has to type it, which an unattended device cannot wait for.
    pub password: Option<Secret>,
    /// `PayloadCertificateFileName`
    pub file_name: Option<String>,
    /// `KeyIsExtractable`; no in a new payload. macOS assumes yes; others know no such key.
    pub key_is_extractable: bool,
    /// `AllowAllAppsAccess`, on macOS only.
    pub allow_all_apps_access: bool,
    /// Keys that have no field here, or a value that the field cannot hold. One of these wins over
    /// a field.
    pub other: Dictionary,
}

impl Pkcs12Payload {
    /// An identity whose key cannot be exported from the keychain.
    #[must_use]
    pub fn new(content: impl Into<Scalar<Vec<u8>>>, password: impl Into<Secret>) -> Self {
        Self {
            content: content.into(),
            password: Some(password.into()),
            file_name: None,
            key_is_extractable: false,
            allow_all_apps_access: false,
            other: Dictionary::new(),
        }
    }

    /// Reads the dictionary of a payload. Absent keys get the value that a device assumes.
    ///
    /// # Errors
    /// [`PayloadError`] if it is of another type, or `PayloadContent` is missing or no data.
    pub fn read(payload: &Dictionary) -> Result<Self, PayloadError> {
        let mut fields = Fields::of_payload(payload, TYPE)?;
        Ok(Self {
            content: fields.required_data("PayloadContent")?,
            password: fields.secret("Password"),
            file_name: fields.text("PayloadCertificateFileName"),
            key_is_extractable: fields.boolean("KeyIsExtractable").unwrap_or(true),
            allow_all_apps_access: fields.boolean("AllowAllAppsAccess").unwrap_or(false),
            other: fields.finish(),
        })
    }
}

impl Payload for Pkcs12Payload {
    type Handle = IdentityHandle;

    fn payload_type(&self) -> &str {
        TYPE
    }

    fn to_dictionary(&self) -> Dictionary {
        let mut payload = super::of_type(TYPE);
        payload.put("PayloadCertificateFileName", self.file_name.as_deref());
        payload.insert("PayloadContent", self.content.clone());
        payload.put_secret("Password", self.password.as_ref());
        payload.insert("KeyIsExtractable", self.key_is_extractable);
        payload.insert("AllowAllAppsAccess", self.allow_all_apps_access);
        payload.put_all(&self.other);
        payload
    }
}
