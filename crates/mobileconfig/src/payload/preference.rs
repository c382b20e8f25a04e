//! `com.apple.security.identitypreference` and `.certificatepreference`: which certificate macOS
//! takes for a server or mailbox. They are for users, not for devices.
//!
//! Source: `com.apple.security.identitypreference.yaml`,
//! `com.apple.security.certificatepreference.yaml`.

use super::Payload;
use super::error::PayloadError;
use super::fields::{Fields, Put};
use super::handle::{CertificateHandle, IdentityHandle, PayloadHandle};
use crate::plist::Dictionary;

const IDENTITY: &str = "com.apple.security.identitypreference";
const CERTIFICATE: &str = "com.apple.security.certificatepreference";

/// The identity to show to a server.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct IdentityPreference {
    /// `Name`: a mailbox, host name, or whatever else names a service.
    pub name: String,
    /// `PayloadCertificateUUID`
    pub identity: IdentityHandle,
    /// Keys that have no field here.
    pub other: Dictionary,
}

/// The certificate to take for a mailbox.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CertificatePreference {
    /// `Name`: a mailbox, or another name for which a certificate is looked for.
    pub name: String,
    /// `PayloadCertificateUUID`
    pub certificate: CertificateHandle,
    /// Keys that have no field here.
    pub other: Dictionary,
}

macro_rules! preference {
    ($name:ident, $payload_type:ident, $field:ident, $handle:ident) => {
        impl $name {
            /// A preference.
            #[must_use]
            pub fn new(name: impl Into<String>, $field: $handle) -> Self {
                Self { name: name.into(), $field, other: Dictionary::new() }
            }

            /// Reads the dictionary of a payload.
            ///
            /// # Errors
            /// [`PayloadError`] if it is of another type or a key is missing.
            pub fn read(payload: &Dictionary) -> Result<Self, PayloadError> {
                let mut fields = Fields::of_payload(payload, $payload_type)?;
                Ok(Self {
                    name: fields.required_text("Name")?,
                    $field: $handle::from(fields.required_uuid("PayloadCertificateUUID")?),
                    other: fields.finish(),
                })
            }
        }

        impl Payload for $name {
            type Handle = PayloadHandle;

            fn payload_type(&self) -> &str {
                $payload_type
            }

            fn to_dictionary(&self) -> Dictionary {
                let mut payload = super::of_type($payload_type);
                payload.insert("Name", self.name.as_str());
                payload.insert("PayloadCertificateUUID", self.$field.uuid().as_str());
                payload.put_all(&self.other);
                payload
            }
        }
    };
}

preference!(IdentityPreference, IDENTITY, identity, IdentityHandle);
preference!(CertificatePreference, CERTIFICATE, certificate, CertificateHandle);
