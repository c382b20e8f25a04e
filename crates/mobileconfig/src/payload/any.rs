//! A payload of whatever type.

use super::Payload;
use super::acme::AcmePayload;
use super::certificate::CertificatePayload;
use super::error::PayloadError;
use super::ethernet::EthernetPayload;
use super::fields::Fields;
use super::handle::{PayloadHandle, PayloadUuid};
use super::pkcs12::Pkcs12Payload;
use super::preference::{CertificatePreference, IdentityPreference};
use super::scep::ScepPayload;
use super::vpn::VpnPayload;
use super::wifi::WifiPayload;
use crate::plist::{Dictionary, Value};

/// A payload that was read.
///
/// ```
/// use devicecert_mobileconfig::payload::AnyPayload;
/// use devicecert_mobileconfig::plist::Dictionary;
///
/// let payload: Dictionary = [("PayloadType", "com.example.unheard-of")].into_iter().collect();
/// let AnyPayload::Other(other) = AnyPayload::read(&payload) else { panic!() };
/// assert_eq!(other.payload_type, "com.example.unheard-of");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AnyPayload {
    /// `com.apple.security.scep`
    Scep(Box<ScepPayload>),
    /// `com.apple.security.acme`
    Acme(Box<AcmePayload>),
    /// `com.apple.security.pkcs12`
    Pkcs12(Box<Pkcs12Payload>),
    /// `com.apple.security.root`, `.pkcs1` or `.pem`
    Certificate(Box<CertificatePayload>),
    /// `com.apple.wifi.managed`
    Wifi(Box<WifiPayload>),
    /// `com.apple.globalethernet.managed` and its kin
    Ethernet(Box<EthernetPayload>),
    /// `com.apple.vpn.managed` with IKEv2
    Vpn(Box<VpnPayload>),
    /// `com.apple.security.identitypreference`
    IdentityPreference(Box<IdentityPreference>),
    /// `com.apple.security.certificatepreference`
    CertificatePreference(Box<CertificatePreference>),
    /// Any other, and those that their type cannot hold, such as one without a required key.
    Other(Box<OtherPayload>),
}

/// A payload without a type of its own: its keys, as they are.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OtherPayload {
    /// The value of `PayloadType`; empty if there is none.
    pub payload_type: String,
    /// All its keys but those that every payload has, and `PayloadType`.
    pub keys: Dictionary,
}

/// The keys that every payload has.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Common {
    /// `PayloadIdentifier`
    pub identifier: String,
    /// `PayloadUUID`: what other payloads point at this one with.
    pub uuid: PayloadUuid,
    /// `PayloadDisplayName`
    pub display_name: Option<String>,
    /// `PayloadDescription`
    pub description: Option<String>,
    /// `PayloadOrganization`
    pub organization: Option<String>,
}

impl AnyPayload {
    /// Reads the dictionary of a payload. One that its type cannot hold is kept as it is: why, the
    /// `read` of that type tells.
    #[must_use]
    pub fn read(payload: &Dictionary) -> Self {
        fn boxed<T>(
            read: Result<T, PayloadError>,
            wrap: impl FnOnce(Box<T>) -> AnyPayload,
        ) -> Option<AnyPayload> {
            read.ok().map(Box::new).map(wrap)
        }
        boxed(ScepPayload::read(payload), Self::Scep)
            .or_else(|| boxed(AcmePayload::read(payload), Self::Acme))
            .or_else(|| boxed(Pkcs12Payload::read(payload), Self::Pkcs12))
            .or_else(|| boxed(CertificatePayload::read(payload), Self::Certificate))
            .or_else(|| boxed(WifiPayload::read(payload), Self::Wifi))
            .or_else(|| boxed(EthernetPayload::read(payload), Self::Ethernet))
            .or_else(|| boxed(VpnPayload::read(payload), Self::Vpn))
            .or_else(|| boxed(IdentityPreference::read(payload), Self::IdentityPreference))
            .or_else(|| boxed(CertificatePreference::read(payload), Self::CertificatePreference))
            .unwrap_or_else(|| Self::Other(Box::new(OtherPayload::read(payload))))
    }
}

impl Payload for AnyPayload {
    type Handle = PayloadHandle;

    fn payload_type(&self) -> &str {
        match self {
            Self::Scep(payload) => payload.payload_type(),
            Self::Acme(payload) => payload.payload_type(),
            Self::Pkcs12(payload) => payload.payload_type(),
            Self::Certificate(payload) => payload.payload_type(),
            Self::Wifi(payload) => payload.payload_type(),
            Self::Ethernet(payload) => payload.payload_type(),
            Self::Vpn(payload) => payload.payload_type(),
            Self::IdentityPreference(payload) => payload.payload_type(),
            Self::CertificatePreference(payload) => payload.payload_type(),
            Self::Other(payload) => payload.payload_type(),
        }
    }

    fn to_dictionary(&self) -> Dictionary {
        match self {
            Self::Scep(payload) => payload.to_dictionary(),
            Self::Acme(payload) => payload.to_dictionary(),
            Self::Pkcs12(payload) => payload.to_dictionary(),
            Self::Certificate(payload) => payload.to_dictionary(),
            Self::Wifi(payload) => payload.to_dictionary(),
            Self::Ethernet(payload) => payload.to_dictionary(),
            Self::Vpn(payload) => payload.to_dictionary(),
            Self::IdentityPreference(payload) => payload.to_dictionary(),
            Self::CertificatePreference(payload) => payload.to_dictionary(),
            Self::Other(payload) => payload.to_dictionary(),
        }
    }
}

impl OtherPayload {
    /// A payload with these keys.
    #[must_use]
    pub fn new(payload_type: impl Into<String>, keys: Dictionary) -> Self {
        Self { payload_type: payload_type.into(), keys }
    }

    /// Reads the dictionary of any payload.
    #[must_use]
    pub fn read(payload: &Dictionary) -> Self {
        let payload_type = payload.get("PayloadType").and_then(Value::as_str).unwrap_or_default();
        Self::new(payload_type, Fields::without_common(payload).finish())
    }
}

impl Payload for OtherPayload {
    type Handle = PayloadHandle;

    fn payload_type(&self) -> &str {
        &self.payload_type
    }

    fn to_dictionary(&self) -> Dictionary {
        let mut payload = super::of_type(&self.payload_type);
        for (key, value) in self.keys.iter() {
            payload.insert(key, value.clone());
        }
        payload
    }
}

impl Common {
    /// Reads them from the dictionary of a payload, or of a profile.
    ///
    /// # Errors
    /// [`PayloadError`] if `PayloadIdentifier` or `PayloadUUID` is missing or no text.
    pub fn read(payload: &Dictionary) -> Result<Self, PayloadError> {
        let mut fields = Fields::new(payload);
        Ok(Self {
            identifier: fields.required_text("PayloadIdentifier")?,
            uuid: fields.required_uuid("PayloadUUID")?,
            display_name: fields.text("PayloadDisplayName"),
            description: fields.text("PayloadDescription"),
            organization: fields.text("PayloadOrganization"),
        })
    }
}
