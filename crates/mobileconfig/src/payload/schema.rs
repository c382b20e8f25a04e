//! The payload types that are known, and what each of them is for.

use super::key::Key;
use super::platform::{Platform, Support};
use super::table;

/// What Apple's schema says of one payload type.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Schema {
    /// The value of `PayloadType`.
    pub payload_type: &'static str,
    /// What other payloads may point at it for.
    pub role: Role,
    /// Its own keys; those of every payload are [`COMMON_KEYS`].
    pub keys: &'static [Key],
    /// Whether keys outside the table are a mistake.
    pub openness: Openness,
    /// The platforms that take it.
    pub support: &'static [Support],
}

/// What a payload gives to others that point at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A private key with its certificate.
    Identity,
    /// A certificate to trust.
    Certificate,
    /// Nothing.
    None,
}

/// Whether the keys of the table are all there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Openness {
    /// They are: any other is not read by the device.
    Closed,
    /// Apple's schema allows any.
    Open,
}

/// The keys of a profile itself.
pub const PROFILE_KEYS: &[Key] = table::profile::PROFILE;

/// The keys that every payload has beside its own.
pub const COMMON_KEYS: &[Key] = table::profile::COMMON;

/// Every payload type with a table.
pub const SCHEMAS: &[Schema] = &[
    Schema::new("com.apple.security.scep", table::scep::KEYS, table::scep::SUPPORT).identity(),
    Schema::new("com.apple.security.acme", table::acme::KEYS, table::acme::SUPPORT).identity(),
    Schema::new("com.apple.security.pkcs12", table::pkcs12::KEYS, table::pkcs12::SUPPORT)
        .identity(),
    certificate("com.apple.security.root"),
    certificate("com.apple.security.pkcs1"),
    certificate("com.apple.security.pem"),
    Schema::new("com.apple.wifi.managed", table::wifi::KEYS, table::wifi::SUPPORT),
    ethernet("com.apple.globalethernet.managed", table::ethernet::GLOBAL_SUPPORT),
    ethernet("com.apple.firstethernet.managed", table::ethernet::SUPPORT),
    ethernet("com.apple.firstactiveethernet.managed", table::ethernet::SUPPORT),
    ethernet("com.apple.secondethernet.managed", table::ethernet::SUPPORT),
    ethernet("com.apple.secondactiveethernet.managed", table::ethernet::SUPPORT),
    ethernet("com.apple.thirdethernet.managed", table::ethernet::SUPPORT),
    ethernet("com.apple.thirdactiveethernet.managed", table::ethernet::SUPPORT),
    Schema::new("com.apple.vpn.managed", table::vpn::KEYS, table::vpn::SUPPORT),
    preference("com.apple.security.certificatepreference"),
    preference("com.apple.security.identitypreference"),
    Schema::new("com.apple.mdm", table::mdm::KEYS, table::mdm::SUPPORT),
    Schema::new(
        "com.apple.ADCertificate.managed",
        table::ad_certificate::KEYS,
        table::ad_certificate::SUPPORT,
    )
    .identity(),
    Schema::new(
        "com.apple.security.certificatetransparency",
        table::trust::TRANSPARENCY,
        table::trust::TRANSPARENCY_SUPPORT,
    ),
    Schema::new(
        "com.apple.security.certificaterevocation",
        table::trust::REVOCATION,
        table::trust::REVOCATION_SUPPORT,
    ),
    Schema::new(
        "com.apple.profileRemovalPassword",
        table::trust::REMOVAL_PASSWORD,
        table::trust::REMOVAL_PASSWORD_SUPPORT,
    ),
];

/// What is known of a payload type, if it is one of [`SCHEMAS`].
#[must_use]
pub fn schema(payload_type: &str) -> Option<&'static Schema> {
    SCHEMAS.iter().find(|schema| schema.payload_type == payload_type)
}

impl Schema {
    const fn new(
        payload_type: &'static str,
        keys: &'static [Key],
        support: &'static [Support],
    ) -> Self {
        Self { payload_type, role: Role::None, keys, openness: Openness::Closed, support }
    }

    const fn identity(self) -> Self {
        Self { role: Role::Identity, ..self }
    }

    /// What a platform does with the payload; nothing if it does not take it.
    #[must_use]
    pub fn support_on(&self, platform: Platform) -> Option<&'static Support> {
        self.support.iter().find(|support| support.platform == platform)
    }
}

const fn certificate(payload_type: &'static str) -> Schema {
    let schema = Schema::new(payload_type, table::certificate::KEYS, table::certificate::SUPPORT);
    Schema { role: Role::Certificate, ..schema }
}

const fn preference(payload_type: &'static str) -> Schema {
    Schema::new(payload_type, table::preference::KEYS, table::preference::SUPPORT)
}

/// The schema of these says `ANY`; the keys of Wi-Fi are what macOS writes there itself.
const fn ethernet(payload_type: &'static str, support: &'static [Support]) -> Schema {
    let schema = Schema::new(payload_type, table::ethernet::KEYS, support);
    Schema { openness: Openness::Open, ..schema }
}
