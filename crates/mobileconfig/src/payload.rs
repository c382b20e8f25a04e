//! Payloads as types: what to write, and what is written, without a key misspelt.
//!
//! A profile is put together by a [`ProfileBuilder`]. It gives a handle for every payload, and the
//! handle is what other payloads point with:
//!
//! ```
//! use devicecert_mobileconfig::payload::{
//!     CertificateFormat, CertificatePayload, EapConfiguration, Encryption, ProfileBuilder,
//!     ScepPayload, Subject, WifiPayload,
//! };
//! use devicecert_mobileconfig::Scope;
//!
//! # let radius_root = vec![0x30, 0];
//! let mut profile = ProfileBuilder::new("com.example.wifi", Scope::System);
//! let subject = Subject::new().with("CN", "%SerialNumber%");
//! let identity = profile.add("scep", ScepPayload::new("https://ca.example/scep", subject));
//! let anchor =
//!     profile.add("radius", CertificatePayload::new(CertificateFormat::Root, radius_root));
//! let eap = EapConfiguration::tls(vec![anchor], vec!["radius.example.com".into()]);
//! profile.add("wifi", WifiPayload::enterprise("Example", Encryption::Wpa2, eap, identity));
//! println!("{}", profile.build().to_xml()?);
//! # Ok::<(), devicecert_mobileconfig::Error>(())
//! ```
//!
//! What Apple's schema says of each key, and on which platform, is in [`SCHEMAS`].

mod acme;
mod alternative_names;
mod any;
mod builder;
mod certificate;
mod eap;
mod error;
mod ethernet;
pub(crate) mod fields;
mod handle;
mod ikev2;
mod key;
mod key_usage;
mod pkcs12;
mod platform;
mod preference;
mod scep;
mod schema;
mod subject;
mod table;
mod unmodelled;
mod vpn;
mod wifi;

pub use acme::{AcmeKey, AcmePayload, Attestation, Curve, EnclaveCurve};
pub use alternative_names::AlternativeNames;
pub use any::{AnyPayload, Common, OtherPayload};
pub use builder::ProfileBuilder;
pub use certificate::{CertificateFormat, CertificatePayload};
pub use eap::{EapConfiguration, EapType, TlsVersion};
pub use error::PayloadError;
pub use ethernet::{EthernetPayload, Interface};
pub use handle::{CertificateHandle, IdentityHandle, PayloadHandle, PayloadUuid};
pub use ikev2::{CertificateType, Ikev2, Ikev2Authentication, SecurityAssociation};
pub use key::{Allowed, Assumed, Key, Kind, Presence, find};
pub use key_usage::KeyUsage;
pub use pkcs12::Pkcs12Payload;
pub use platform::{Availability, Channels, Count, Enrollment, Platform, Support};
pub use preference::{CertificatePreference, IdentityPreference};
pub use scep::{RsaKeySize, ScepPayload};
pub use schema::{COMMON_KEYS, Openness, PROFILE_KEYS, Role, SCHEMAS, Schema, schema};
pub use subject::{Attribute, SHORT_NAMES, Subject, oid_of};
pub use unmodelled::{DELIBERATELY_ABSENT, is_deliberately_absent};
pub use vpn::VpnPayload;
pub use wifi::{Encryption, SetupMode, WifiPayload};

use crate::plist::Dictionary;

/// One payload of a profile.
pub trait Payload {
    /// What other payloads point at it with; its type says what they may do so for.
    type Handle: From<PayloadUuid>;

    /// The value of `PayloadType`.
    fn payload_type(&self) -> &str;

    /// Its own keys and `PayloadType`. Identifier, UUID and version come from the
    /// [`ProfileBuilder`].
    fn to_dictionary(&self) -> Dictionary;
}

/// A dictionary that says which payload it is.
fn of_type(payload_type: &str) -> Dictionary {
    let mut payload = Dictionary::new();
    payload.insert("PayloadType", payload_type);
    payload
}
