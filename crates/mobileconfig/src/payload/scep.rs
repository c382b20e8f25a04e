//! `com.apple.security.scep`: the device makes a key and asks a SCEP server for a certificate.
//!
//! Source: `com.apple.security.scep.yaml`.

use core::fmt;
use core::time::Duration;

use devicecert_pki::Secret;

use super::Payload;
use super::alternative_names::AlternativeNames;
use super::error::PayloadError;
use super::fields::{Fields, Put};
use super::handle::IdentityHandle;
use super::key_usage::KeyUsage;
use super::subject::Subject;
use crate::plist::{Dictionary, Value};

const TYPE: &str = "com.apple.security.scep";

/// A SCEP enrolment.
///
/// ```
/// use devicecert_mobileconfig::payload::{Payload, ScepPayload, Subject};
///
/// let subject = Subject::new().with("CN", "%SerialNumber%");
/// let mut scep = ScepPayload::new("https://ca.example/scep", subject);
/// scep.challenge = Some("$FLEET_VAR_NDES_SCEP_CHALLENGE".into());
/// let written = scep.to_dictionary();
/// assert_eq!(ScepPayload::read(&written), Ok(scep));
/// ```
///
/// What a device assumes when a key is absent is seldom what one wants (a key of 1024 bits that
/// anybody may export), so those keys are always written.
///
/// `Debug` shows no more of the URL than the server: that of a proxy may let in whoever knows it.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ScepPayload {
    /// `URL`
    pub url: String,
    /// `Name`: tells one CA of the server from another.
    pub name: Option<String>,
    /// `Subject`. Without one macOS does not use the certificate for device management.
    pub subject: Subject,
    /// `SubjectAltName`
    pub alternative_names: AlternativeNames,
    /// `Challenge`: the password that the server wants to see, or its placeholder.
    pub challenge: Option<Secret>,
    /// `Keysize`; 2048 in a new payload. Devices assume 1024.
    pub key_size: RsaKeySize,
    /// `Key Usage`; both in a new payload. Devices assume none.
    pub key_usage: KeyUsage,
    /// `CAFingerprint`: the digest of the CA certificate, by its length of 32 SHA-256, of 20
    /// SHA-1, of 16 MD5. Octets, not their hexadecimal text.
    pub ca_fingerprint: Option<Vec<u8>>,
    /// `Retries`: how often to ask again while the answer is pending. Devices assume 3.
    pub retries: u32,
    /// `RetryDelay`: whole seconds between one such question and the next. Devices assume 10.
    pub retry_delay: Duration,
    /// `KeyIsExtractable`; no in a new payload. Devices assume yes.
    pub key_is_extractable: bool,
    /// `AllowAllAppsAccess`: whether every app may use the key without asking.
    pub allow_all_apps_access: bool,
    /// Keys of the dictionary `PayloadContent` that have no field here, or a value that the field
    /// cannot hold. One of these wins over a field.
    pub other_content: Dictionary,
    /// The same for the payload itself.
    pub other: Dictionary,
}

/// The sizes of key that SCEP payloads know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RsaKeySize {
    /// 1024 bits: too short since long ago.
    Bits1024,
    /// 2048 bits.
    Bits2048,
    /// 4096 bits.
    Bits4096,
}

impl RsaKeySize {
    /// The number of bits.
    #[must_use]
    pub const fn bits(self) -> u32 {
        match self {
            Self::Bits1024 => 1024,
            Self::Bits2048 => 2048,
            Self::Bits4096 => 4096,
        }
    }

    fn from_bits(bits: i64) -> Option<Self> {
        let sizes = [Self::Bits1024, Self::Bits2048, Self::Bits4096];
        sizes.into_iter().find(|size| i64::from(size.bits()) == bits)
    }
}

impl ScepPayload {
    /// An enrolment with a key of 2048 bits for signing and encryption that stays on the device.
    #[must_use]
    pub fn new(url: impl Into<String>, subject: Subject) -> Self {
        Self {
            url: url.into(),
            name: None,
            subject,
            alternative_names: AlternativeNames::new(),
            challenge: None,
            key_size: RsaKeySize::Bits2048,
            key_usage: KeyUsage::SIGNING_AND_ENCRYPTION,
            ca_fingerprint: None,
            retries: 3,
            retry_delay: Duration::from_secs(10),
            key_is_extractable: false,
            allow_all_apps_access: false,
            other_content: Dictionary::new(),
            other: Dictionary::new(),
        }
    }

    /// Reads the dictionary of a payload. Absent keys get the value that a device assumes.
    ///
    /// # Errors
    /// [`PayloadError`] if it is of another type, or `PayloadContent` or `URL` is missing.
    pub fn read(payload: &Dictionary) -> Result<Self, PayloadError> {
        let mut fields = Fields::of_payload(payload, TYPE)?;
        let mut content = fields.required_dictionary("PayloadContent")?;
        // Its only value; there is nothing to choose.
        content.choice("Key Type", |kind| (kind == "RSA").then_some(()));
        let fingerprint = |value: &Value| value.as_data().map(<[u8]>::to_vec);
        Ok(Self {
            url: content.required_text("URL")?,
            name: content.text("Name"),
            subject: content.value("Subject", Subject::from_value).unwrap_or_default(),
            alternative_names: content
                .dictionary("SubjectAltName")
                .map(AlternativeNames::read)
                .unwrap_or_default(),
            challenge: content.secret("Challenge"),
            key_size: content
                .value("Keysize", |value| value.as_integer().and_then(RsaKeySize::from_bits))
                .unwrap_or(RsaKeySize::Bits1024),
            key_usage: content.number("Key Usage").map_or(KeyUsage::UNSPECIFIED, KeyUsage),
            ca_fingerprint: content.value("CAFingerprint", fingerprint),
            retries: content.number("Retries").unwrap_or(3),
            retry_delay: Duration::from_secs(content.number("RetryDelay").unwrap_or(10)),
            key_is_extractable: content.boolean("KeyIsExtractable").unwrap_or(true),
            allow_all_apps_access: content.boolean("AllowAllAppsAccess").unwrap_or(false),
            other_content: content.finish(),
            other: fields.finish(),
        })
    }
}

impl fmt::Debug for ScepPayload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Who adds a field has to think of it here.
        let Self {
            url,
            name,
            subject,
            alternative_names,
            challenge,
            key_size,
            key_usage,
            ca_fingerprint,
            retries,
            retry_delay,
            key_is_extractable,
            allow_all_apps_access,
            other_content,
            other,
        } = self;
        f.debug_struct("ScepPayload")
            .field("url", &server(url))
            .field("name", name)
            .field("subject", subject)
            .field("alternative_names", alternative_names)
            .field("challenge", challenge)
            .field("key_size", key_size)
            .field("key_usage", key_usage)
            .field("ca_fingerprint", ca_fingerprint)
            .field("retries", retries)
            .field("retry_delay", retry_delay)
            .field("key_is_extractable", key_is_extractable)
            .field("allow_all_apps_access", allow_all_apps_access)
            .field("other_content", other_content)
            .field("other", other)
            .finish()
    }
}

/// The URL up to its path, without user and password.
fn server(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    match scheme {
        "" => host.to_owned(),
        scheme => format!("{scheme}://{host}"),
    }
}

impl Payload for ScepPayload {
    type Handle = IdentityHandle;

    fn payload_type(&self) -> &str {
        TYPE
    }

    fn to_dictionary(&self) -> Dictionary {
        let mut content = Dictionary::new();
        content.insert("URL", self.url.as_str());
        content.put("Name", self.name.as_deref());
        if !self.subject.is_empty() {
            content.insert("Subject", self.subject.to_value());
        }
        content.put("SubjectAltName", self.alternative_names.to_dictionary());
        content.put_secret("Challenge", self.challenge.as_ref());
        content.insert("Key Type", "RSA");
        content.insert("Keysize", self.key_size.bits());
        content.insert("Key Usage", self.key_usage.0);
        content.put("CAFingerprint", self.ca_fingerprint.as_deref());
        content.insert("Retries", self.retries);
        content.insert("RetryDelay", self.retry_delay.as_secs());
        content.insert("KeyIsExtractable", self.key_is_extractable);
        content.insert("AllowAllAppsAccess", self.allow_all_apps_access);
        content.put_all(&self.other_content);
        let mut payload = super::of_type(TYPE);
        payload.insert("PayloadContent", content);
        payload.put_all(&self.other);
        payload
    }
}
