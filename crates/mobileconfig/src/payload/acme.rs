//! `com.apple.security.acme`: the device makes a key, where it can in the Secure Enclave, and asks
//! an ACME server for a certificate.
//!
//! Source: `com.apple.security.acme.yaml`.

use super::Payload;
use super::alternative_names::AlternativeNames;
use super::error::PayloadError;
use super::fields::{Fields, Put};
use super::handle::IdentityHandle;
use super::key_usage::KeyUsage;
use super::subject::Subject;
use crate::plist::Dictionary;

const TYPE: &str = "com.apple.security.acme";

/// An ACME enrolment.
///
/// ```
/// use devicecert_mobileconfig::payload::{AcmeKey, AcmePayload, Attestation, EnclaveCurve};
/// use devicecert_mobileconfig::payload::{Payload, Subject};
///
/// let key = AcmeKey::SecureEnclave(EnclaveCurve::P384, Attestation::Required);
/// let subject = Subject::new().with("CN", "%SerialNumber%");
/// let acme = AcmePayload::new("https://ca.example/directory", "C02XYZ", key, subject);
/// assert_eq!(AcmePayload::read(&acme.to_dictionary()), Ok(acme));
/// ```
///
/// `HardwareBound` is written even when it is false: the payload is refused without it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AcmePayload {
    /// `DirectoryURL`, which must be https: TLS is all the trust there is.
    pub directory_url: String,
    /// `ClientIdentifier`: what the server knows the device by.
    pub client_identifier: String,
    /// `KeyType`, `KeySize`, `HardwareBound` and `Attest`, which only go together in some ways.
    pub key: AcmeKey,
    /// `Subject`
    pub subject: Subject,
    /// `SubjectAltName`
    pub alternative_names: AlternativeNames,
    /// `UsageFlags`
    pub usage: Option<KeyUsage>,
    /// `ExtendedKeyUsage`: object identifiers in dotted form.
    pub extended_key_usage: Vec<String>,
    /// `KeyIsExtractable`; no in a new payload. macOS assumes yes; others know no such key.
    pub key_is_extractable: bool,
    /// `AllowAllAppsAccess`, on macOS only.
    pub allow_all_apps_access: bool,
    /// Keys that have no field here, or a value that the field cannot hold. One of these wins over
    /// a field.
    pub other: Dictionary,
}

/// The keys that devices make.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AcmeKey {
    /// RSA, of this many bits: a multiple of 8 from 1024 to 4096. Never bound to the hardware.
    Rsa(u32),
    /// On an elliptic curve, in software.
    Ec(Curve),
    /// On an elliptic curve, made in the Secure Enclave and never leaving it.
    SecureEnclave(EnclaveCurve, Attestation),
}

/// A curve of NIST.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Curve {
    /// P-192; too short.
    P192,
    /// P-256.
    P256,
    /// P-384.
    P384,
    /// P-521 (not 512).
    P521,
}

/// A curve that the Secure Enclave has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EnclaveCurve {
    /// P-256.
    P256,
    /// P-384.
    P384,
}

/// Whether the device proves to the server what it is and where its key lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Attestation {
    /// It does.
    Required,
    /// It does not.
    None,
}

impl AcmeKey {
    /// `KeyType`
    #[must_use]
    pub const fn key_type(self) -> &'static str {
        match self {
            Self::Rsa(_) => "RSA",
            Self::Ec(_) | Self::SecureEnclave(..) => "ECSECPrimeRandom",
        }
    }

    /// `KeySize`
    #[must_use]
    pub const fn key_size(self) -> u32 {
        match self {
            Self::Rsa(bits) => bits,
            Self::Ec(Curve::P192) => 192,
            Self::Ec(Curve::P256) | Self::SecureEnclave(EnclaveCurve::P256, _) => 256,
            Self::Ec(Curve::P384) | Self::SecureEnclave(EnclaveCurve::P384, _) => 384,
            Self::Ec(Curve::P521) => 521,
        }
    }

    /// `HardwareBound`
    #[must_use]
    pub const fn is_hardware_bound(self) -> bool {
        matches!(self, Self::SecureEnclave(..))
    }

    /// `Attest`
    #[must_use]
    pub const fn is_attested(self) -> bool {
        matches!(self, Self::SecureEnclave(_, Attestation::Required))
    }

    pub(crate) fn put(self, payload: &mut Dictionary) {
        payload.insert("KeyType", self.key_type());
        payload.insert("KeySize", self.key_size());
        payload.insert("HardwareBound", self.is_hardware_bound());
        payload.insert("Attest", self.is_attested());
    }

    fn read(fields: &mut Fields) -> Result<Self, PayloadError> {
        let kind = fields.required_text("KeyType")?;
        let size: u32 = fields.required_number("KeySize")?;
        let bound = fields.required_boolean("HardwareBound")?;
        let attested = fields.boolean("Attest").unwrap_or(false);
        Self::of(&kind, size, bound, attested)
    }

    /// The key that four keys of a payload describe together.
    pub(crate) fn of(
        kind: &str,
        size: u32,
        hardware_bound: bool,
        attested: bool,
    ) -> Result<Self, PayloadError> {
        let value = |key, expected| Err(PayloadError::Value { key, expected });
        let attestation = if attested { Attestation::Required } else { Attestation::None };
        match (kind, size, hardware_bound) {
            (_, _, false) if attested => value("Attest", "false, as HardwareBound is false"),
            ("RSA", _, true) => value("HardwareBound", "false, as KeyType is RSA"),
            ("RSA", 1024..=4096, false) if size.is_multiple_of(8) => Ok(Self::Rsa(size)),
            ("RSA", ..) => value("KeySize", "a multiple of 8 from 1024 to 4096"),
            ("ECSECPrimeRandom", 256, true) => {
                Ok(Self::SecureEnclave(EnclaveCurve::P256, attestation))
            }
            ("ECSECPrimeRandom", 384, true) => {
                Ok(Self::SecureEnclave(EnclaveCurve::P384, attestation))
            }
            ("ECSECPrimeRandom", _, true) => value("KeySize", "256 or 384, as in the enclave"),
            ("ECSECPrimeRandom", 192, false) => Ok(Self::Ec(Curve::P192)),
            ("ECSECPrimeRandom", 256, false) => Ok(Self::Ec(Curve::P256)),
            ("ECSECPrimeRandom", 384, false) => Ok(Self::Ec(Curve::P384)),
            ("ECSECPrimeRandom", 521, false) => Ok(Self::Ec(Curve::P521)),
            ("ECSECPrimeRandom", ..) => value("KeySize", "192, 256, 384 or 521"),
            _ => value("KeyType", "RSA or ECSECPrimeRandom"),
        }
    }
}

impl AcmePayload {
    /// An enrolment with a key that stays on the device.
    #[must_use]
    pub fn new(
        directory_url: impl Into<String>,
        client_identifier: impl Into<String>,
        key: AcmeKey,
        subject: Subject,
    ) -> Self {
        Self {
            directory_url: directory_url.into(),
            client_identifier: client_identifier.into(),
            key,
            subject,
            alternative_names: AlternativeNames::new(),
            usage: None,
            extended_key_usage: Vec::new(),
            key_is_extractable: false,
            allow_all_apps_access: false,
            other: Dictionary::new(),
        }
    }

    /// Reads the dictionary of a payload. Absent keys get the value that a device assumes.
    ///
    /// # Errors
    /// [`PayloadError`] if it is of another type, a required key is missing, or the keys that
    /// describe the private key contradict each other.
    pub fn read(payload: &Dictionary) -> Result<Self, PayloadError> {
        let mut fields = Fields::of_payload(payload, TYPE)?;
        Ok(Self {
            directory_url: fields.required_text("DirectoryURL")?,
            client_identifier: fields.required_text("ClientIdentifier")?,
            key: AcmeKey::read(&mut fields)?,
            subject: fields.value("Subject", Subject::from_value).unwrap_or_default(),
            alternative_names: fields
                .dictionary("SubjectAltName")
                .map(AlternativeNames::read)
                .unwrap_or_default(),
            usage: fields.number("UsageFlags").map(KeyUsage),
            extended_key_usage: fields.texts("ExtendedKeyUsage").unwrap_or_default(),
            key_is_extractable: fields.boolean("KeyIsExtractable").unwrap_or(true),
            allow_all_apps_access: fields.boolean("AllowAllAppsAccess").unwrap_or(false),
            other: fields.finish(),
        })
    }
}

impl Payload for AcmePayload {
    type Handle = IdentityHandle;

    fn payload_type(&self) -> &str {
        TYPE
    }

    fn to_dictionary(&self) -> Dictionary {
        let mut payload = super::of_type(TYPE);
        payload.insert("DirectoryURL", self.directory_url.as_str());
        payload.insert("ClientIdentifier", self.client_identifier.as_str());
        self.key.put(&mut payload);
        payload.insert("Subject", self.subject.to_value());
        payload.put("SubjectAltName", self.alternative_names.to_dictionary());
        payload.put("UsageFlags", self.usage.map(|usage| usage.0));
        payload.put_texts("ExtendedKeyUsage", &self.extended_key_usage);
        payload.insert("KeyIsExtractable", self.key_is_extractable);
        payload.insert("AllowAllAppsAccess", self.allow_all_apps_access);
        payload.put_all(&self.other);
        payload
    }
}
