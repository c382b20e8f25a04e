//! `com.apple.vpn.managed`: a virtual private network, with IKEv2 and certificates.
//!
//! Source: `com.apple.vpn.managed.yaml`.

use super::Payload;
use super::error::PayloadError;
use super::fields::{Fields, Put};
use super::handle::PayloadHandle;
use super::ikev2::Ikev2;
use crate::plist::Dictionary;

const TYPE: &str = "com.apple.vpn.managed";

/// A virtual private network with IKEv2. Networks of other kinds are
/// [`OtherPayload`](super::OtherPayload)s.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct VpnPayload {
    /// `UserDefinedName`: what people see.
    pub name: String,
    /// `IKEv2`
    pub ikev2: Ikev2,
    /// Keys that have no field here, such as `DNS` and `Proxies`. One of these wins over a field.
    pub other: Dictionary,
}

impl VpnPayload {
    /// A network.
    #[must_use]
    pub fn new(name: impl Into<String>, ikev2: Ikev2) -> Self {
        Self { name: name.into(), ikev2, other: Dictionary::new() }
    }

    /// Reads the dictionary of a payload.
    ///
    /// # Errors
    /// [`PayloadError`] if it is of another type, is for another kind of network than IKEv2, or a
    /// required key is missing.
    pub fn read(payload: &Dictionary) -> Result<Self, PayloadError> {
        let mut fields = Fields::of_payload(payload, TYPE)?;
        fields
            .choice("VPNType", |kind| (kind == "IKEv2").then_some(()))
            .ok_or(PayloadError::Value { key: "VPNType", expected: "IKEv2" })?;
        Ok(Self {
            name: fields.required_text("UserDefinedName")?,
            ikev2: Ikev2::read(fields.required_dictionary("IKEv2")?)?,
            other: fields.finish(),
        })
    }
}

impl Payload for VpnPayload {
    type Handle = PayloadHandle;

    fn payload_type(&self) -> &str {
        TYPE
    }

    fn to_dictionary(&self) -> Dictionary {
        let mut payload = super::of_type(TYPE);
        payload.insert("UserDefinedName", self.name.as_str());
        payload.insert("VPNType", "IKEv2");
        payload.insert("IKEv2", self.ikev2.to_dictionary());
        payload.put_all(&self.other);
        payload
    }
}
