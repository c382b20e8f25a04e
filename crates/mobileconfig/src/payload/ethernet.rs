//! `com.apple.globalethernet.managed` and its kin: 802.1X on a cable.
//!
//! Apple's schema leaves the keys open ("relevant to 802.1X"); they are those of Wi-Fi.
//!
//! Source: the `com.apple.*ethernet.managed.yaml` family.

use super::Payload;
use super::eap::EapConfiguration;
use super::error::PayloadError;
use super::fields::{Fields, Put};
use super::handle::{IdentityHandle, PayloadHandle};
use super::wifi::SetupMode;
use crate::plist::Dictionary;

/// 802.1X on a cable. A device takes one payload for each interface.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct EthernetPayload {
    /// The payload type: which of the sockets is meant.
    pub interface: Interface,
    /// `EAPClientConfiguration`
    pub eap: EapConfiguration,
    /// `PayloadCertificateUUID`: the identity to show in EAP-TLS.
    pub identity: Option<IdentityHandle>,
    /// `TLSCertificateRequired`
    pub certificate_required: Option<bool>,
    /// `SetupModes`: when to join.
    pub setup_modes: Vec<SetupMode>,
    /// Keys that have no field here, or a value that the field cannot hold. One of these wins over
    /// a field.
    pub other: Dictionary,
}

/// The sockets that have a payload type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Interface {
    /// All of them: the only one that iOS has.
    Global,
    /// The first one.
    First,
    /// The first one with a cable in it.
    FirstActive,
    /// The second one.
    Second,
    /// The second one with a cable in it.
    SecondActive,
    /// The third one.
    Third,
    /// The third one with a cable in it.
    ThirdActive,
}

impl Interface {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Global,
        Self::First,
        Self::FirstActive,
        Self::Second,
        Self::SecondActive,
        Self::Third,
        Self::ThirdActive,
    ];

    /// The value of `PayloadType`.
    #[must_use]
    pub const fn payload_type(self) -> &'static str {
        match self {
            Self::Global => "com.apple.globalethernet.managed",
            Self::First => "com.apple.firstethernet.managed",
            Self::FirstActive => "com.apple.firstactiveethernet.managed",
            Self::Second => "com.apple.secondethernet.managed",
            Self::SecondActive => "com.apple.secondactiveethernet.managed",
            Self::Third => "com.apple.thirdethernet.managed",
            Self::ThirdActive => "com.apple.thirdactiveethernet.managed",
        }
    }

    /// The value of the key `Interface`, which Apple's own tools write beside the type.
    const fn name(self) -> Option<&'static str> {
        match self {
            Self::Global => None,
            Self::First => Some("FirstEthernet"),
            Self::FirstActive => Some("FirstActiveEthernet"),
            Self::Second => Some("SecondEthernet"),
            Self::SecondActive => Some("SecondActiveEthernet"),
            Self::Third => Some("ThirdEthernet"),
            Self::ThirdActive => Some("ThirdActiveEthernet"),
        }
    }
}

impl EthernetPayload {
    /// 802.1X with a certificate.
    #[must_use]
    pub fn new(interface: Interface, eap: EapConfiguration, identity: IdentityHandle) -> Self {
        Self {
            interface,
            eap,
            identity: Some(identity),
            certificate_required: None,
            setup_modes: Vec::new(),
            other: Dictionary::new(),
        }
    }

    /// Reads the dictionary of a payload.
    ///
    /// # Errors
    /// [`PayloadError`] if it is of another type or has no `EAPClientConfiguration`.
    pub fn read(payload: &Dictionary) -> Result<Self, PayloadError> {
        let found = Interface::ALL.into_iter().find_map(|interface| {
            Some((interface, Fields::of_payload(payload, interface.payload_type()).ok()?))
        });
        let (interface, mut fields) =
            found.ok_or(PayloadError::OtherType(Interface::Global.payload_type()))?;
        // Kept if it says something else than the type: Apple's own example has such a payload.
        fields.choice("Interface", |name| (Some(name) == interface.name()).then_some(()));
        Ok(Self {
            interface,
            eap: EapConfiguration::read(fields.required_dictionary("EAPClientConfiguration")?),
            identity: fields.uuid("PayloadCertificateUUID").map(IdentityHandle::from),
            certificate_required: fields.boolean("TLSCertificateRequired"),
            setup_modes: fields.value("SetupModes", SetupMode::read_all).unwrap_or_default(),
            other: fields.finish(),
        })
    }
}

impl Payload for EthernetPayload {
    type Handle = PayloadHandle;

    fn payload_type(&self) -> &str {
        self.interface.payload_type()
    }

    fn to_dictionary(&self) -> Dictionary {
        let mut payload = super::of_type(self.interface.payload_type());
        payload.put("Interface", self.interface.name());
        payload.insert("EAPClientConfiguration", self.eap.to_dictionary());
        payload.put(
            "PayloadCertificateUUID",
            self.identity.as_ref().map(|identity| identity.uuid().as_str()),
        );
        payload.put("TLSCertificateRequired", self.certificate_required);
        SetupMode::put_all(&self.setup_modes, &mut payload);
        payload.put_all(&self.other);
        payload
    }
}
