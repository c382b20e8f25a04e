//! `com.apple.wifi.managed`: a wireless network.
//!
//! Source: `com.apple.wifi.managed.yaml`.

use devicecert_pki::Secret;

use super::Payload;
use super::eap::EapConfiguration;
use super::error::PayloadError;
use super::fields::{Fields, Put};
use super::handle::{IdentityHandle, PayloadHandle};
use crate::plist::{Array, Dictionary, Value};

const TYPE: &str = "com.apple.wifi.managed";

/// A wireless network.
///
/// There is no security type for enterprise networks: such a network has an
/// [`EapConfiguration`] beside its encryption.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct WifiPayload {
    /// `SSID_STR`: the name of the network. Only a Hotspot 2.0 network, with `DomainName`, has
    /// none.
    pub ssid: Option<String>,
    /// `HIDDEN_NETWORK`: whether it does not announce itself.
    pub hidden: bool,
    /// `AutoJoin`: whether to join without being asked.
    pub auto_join: bool,
    /// `EncryptionType`. Devices assume any.
    pub encryption: Encryption,
    /// `Password` of a personal network.
    pub password: Option<Secret>,
    /// `PayloadCertificateUUID`: the identity to show in EAP-TLS.
    pub identity: Option<IdentityHandle>,
    /// `EAPClientConfiguration`: what makes it an enterprise network.
    pub eap: Option<EapConfiguration>,
    /// `TLSCertificateRequired`, on macOS.
    pub certificate_required: Option<bool>,
    /// `SetupModes`: on macOS, when to join.
    pub setup_modes: Vec<SetupMode>,
    /// `DisableAssociationMACRandomization`: whether the network sees the address of the hardware.
    pub disable_mac_randomization: Option<bool>,
    /// Keys that have no field here, or a value that the field cannot hold. One of these wins over
    /// a field.
    pub other: Dictionary,
}

/// The values of `EncryptionType`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Encryption {
    /// WEP; broken.
    Wep,
    /// WPA or WPA2.
    Wpa,
    /// WPA2 or WPA3; WPA2 only before macOS 13.
    Wpa2,
    /// WPA3 only.
    Wpa3,
    /// Any of them.
    Any,
    /// An open network.
    None,
}

/// When a Mac joins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SetupMode {
    /// As soon as it runs; the identity must be in the System keychain.
    System,
    /// When somebody logs in.
    LoginWindow,
}

impl Encryption {
    const ALL: [Self; 6] = [Self::Wep, Self::Wpa, Self::Wpa2, Self::Wpa3, Self::Any, Self::None];

    /// As profiles write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Wep => "WEP",
            Self::Wpa => "WPA",
            Self::Wpa2 => "WPA2",
            Self::Wpa3 => "WPA3",
            Self::Any => "Any",
            Self::None => "None",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|encryption| encryption.name() == name)
    }
}

impl SetupMode {
    const ALL: [Self; 2] = [Self::System, Self::LoginWindow];

    /// As profiles write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::System => "System",
            Self::LoginWindow => "Loginwindow",
        }
    }

    pub(super) fn read_all(value: &Value) -> Option<Vec<Self>> {
        let mode = |item: &Value| {
            let name = item.as_str()?;
            Self::ALL.into_iter().find(|mode| mode.name() == name)
        };
        value.as_array()?.iter().map(mode).collect()
    }

    pub(super) fn put_all(modes: &[Self], payload: &mut Dictionary) {
        if !modes.is_empty() {
            payload.insert("SetupModes", modes.iter().map(|mode| mode.name()).collect::<Array>());
        }
    }
}

impl WifiPayload {
    /// A network that anybody may join.
    #[must_use]
    pub fn open(ssid: impl Into<String>) -> Self {
        Self {
            ssid: Some(ssid.into()),
            hidden: false,
            auto_join: true,
            encryption: Encryption::None,
            password: None,
            identity: None,
            eap: None,
            certificate_required: None,
            setup_modes: Vec::new(),
            disable_mac_randomization: None,
            other: Dictionary::new(),
        }
    }

    /// A network with one password for all.
    #[must_use]
    pub fn personal(
        ssid: impl Into<String>,
        encryption: Encryption,
        password: impl Into<Secret>,
    ) -> Self {
        Self { encryption, password: Some(password.into()), ..Self::open(ssid) }
    }

    /// A network that asks for a certificate.
    #[must_use]
    pub fn enterprise(
        ssid: impl Into<String>,
        encryption: Encryption,
        eap: EapConfiguration,
        identity: IdentityHandle,
    ) -> Self {
        Self { encryption, identity: Some(identity), eap: Some(eap), ..Self::open(ssid) }
    }

    /// Reads the dictionary of a payload. Absent keys get the value that a device assumes.
    ///
    /// # Errors
    /// [`PayloadError::OtherType`] if it is of another type.
    pub fn read(payload: &Dictionary) -> Result<Self, PayloadError> {
        let mut fields = Fields::of_payload(payload, TYPE)?;
        Ok(Self {
            ssid: fields.text("SSID_STR"),
            hidden: fields.boolean("HIDDEN_NETWORK").unwrap_or(false),
            auto_join: fields.boolean("AutoJoin").unwrap_or(true),
            encryption: fields
                .choice("EncryptionType", Encryption::from_name)
                .unwrap_or(Encryption::Any),
            password: fields.secret("Password"),
            identity: fields.uuid("PayloadCertificateUUID").map(IdentityHandle::from),
            eap: fields.dictionary("EAPClientConfiguration").map(EapConfiguration::read),
            certificate_required: fields.boolean("TLSCertificateRequired"),
            setup_modes: fields.value("SetupModes", SetupMode::read_all).unwrap_or_default(),
            disable_mac_randomization: fields.boolean("DisableAssociationMACRandomization"),
            other: fields.finish(),
        })
    }
}

impl Payload for WifiPayload {
    type Handle = PayloadHandle;

    fn payload_type(&self) -> &str {
        TYPE
    }

    fn to_dictionary(&self) -> Dictionary {
        let mut payload = super::of_type(TYPE);
        payload.put("SSID_STR", self.ssid.as_deref());
        payload.insert("HIDDEN_NETWORK", self.hidden);
        payload.insert("AutoJoin", self.auto_join);
        payload.insert("EncryptionType", self.encryption.name());
        payload.put_secret("Password", self.password.as_ref());
        payload.put(
            "PayloadCertificateUUID",
            self.identity.as_ref().map(|identity| identity.uuid().as_str()),
        );
        payload
            .put("EAPClientConfiguration", self.eap.as_ref().map(EapConfiguration::to_dictionary));
        payload.put("TLSCertificateRequired", self.certificate_required);
        SetupMode::put_all(&self.setup_modes, &mut payload);
        payload.put("DisableAssociationMACRandomization", self.disable_mac_randomization);
        payload.put_all(&self.other);
        payload
    }
}
