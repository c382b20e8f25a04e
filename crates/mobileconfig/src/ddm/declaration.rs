//! A declaration: its names and what it declares.
//!
//! Source: `declarationbase.yaml` of the declarative schemas.

use super::DeclarationError;
use super::asset::{CertificateAsset, IdentityAsset, IdentitySource};
use super::configuration::{
    InteractiveLegacyProfile, LegacyProfile, SecurityCertificate, SecurityIdentity,
};
use super::json;
use crate::payload::PayloadError;
use crate::payload::fields::Fields;
use crate::plist::Dictionary;

/// A declaration.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Declaration {
    /// `Identifier`: what others point at it with; at most 64 bytes.
    pub identifier: String,
    /// `ServerToken`: differs after each change; at most 64 bytes.
    pub server_token: String,
    /// `Type` and `Payload`: what is declared.
    pub payload: AnyDeclaration,
}

/// What can stand in a [`Declaration`].
pub trait DeclarationPayload {
    /// The value of `Type`.
    fn declaration_type(&self) -> &str;

    /// The value of `Payload`.
    fn to_dictionary(&self) -> Dictionary;
}

/// What a [`Declaration`] declares.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AnyDeclaration {
    /// `com.apple.asset.credential.scep`, `.acme` or `.identity`
    IdentityAsset(IdentityAsset),
    /// `com.apple.asset.credential.certificate`
    CertificateAsset(CertificateAsset),
    /// `com.apple.configuration.security.identity`
    SecurityIdentity(SecurityIdentity),
    /// `com.apple.configuration.security.certificate`
    SecurityCertificate(SecurityCertificate),
    /// `com.apple.configuration.legacy`
    LegacyProfile(LegacyProfile),
    /// `com.apple.configuration.legacy.interactive`
    InteractiveLegacyProfile(InteractiveLegacyProfile),
    /// Any other.
    Other(OtherDeclaration),
}

/// A declaration without a type of its own here.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OtherDeclaration {
    /// The value of `Type`.
    pub declaration_type: String,
    /// The value of `Payload`.
    pub keys: Dictionary,
}

impl Declaration {
    /// A declaration.
    #[must_use]
    pub fn new(
        identifier: impl Into<String>,
        server_token: impl Into<String>,
        payload: impl Into<AnyDeclaration>,
    ) -> Self {
        Self {
            identifier: identifier.into(),
            server_token: server_token.into(),
            payload: payload.into(),
        }
    }

    /// Reads JSON. A declaration of an unknown type is kept as it is.
    ///
    /// # Errors
    /// [`DeclarationError`] if it is no JSON object, larger than the default
    /// [`Limits`](crate::Limits), or a required key is missing.
    pub fn read(text: &str) -> Result<Self, DeclarationError> {
        let mut fields = Fields::new(&json::read(text)?);
        let kind = fields.required_text("Type")?;
        let keys = fields.required_dictionary("Payload")?.finish();
        Ok(Self {
            identifier: fields.required_text("Identifier")?,
            server_token: fields.required_text("ServerToken")?,
            payload: AnyDeclaration::read(&kind, keys)?,
        })
    }

    /// Writes JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut declaration = Dictionary::new();
        declaration.insert("Type", self.payload.declaration_type());
        declaration.insert("Identifier", self.identifier.as_str());
        declaration.insert("ServerToken", self.server_token.as_str());
        declaration.insert("Payload", self.payload.to_dictionary());
        json::write(&declaration)
    }
}

impl OtherDeclaration {
    /// A declaration of any type.
    #[must_use]
    pub fn new(declaration_type: impl Into<String>, keys: Dictionary) -> Self {
        Self { declaration_type: declaration_type.into(), keys }
    }
}

impl From<OtherDeclaration> for AnyDeclaration {
    fn from(other: OtherDeclaration) -> Self {
        Self::Other(other)
    }
}

impl AnyDeclaration {
    fn read(kind: &str, keys: Dictionary) -> Result<Self, PayloadError> {
        if let Some(source) = IdentitySource::from_declaration_type(kind) {
            return IdentityAsset::read(source, &keys).map(Self::IdentityAsset);
        }
        match kind {
            "com.apple.asset.credential.certificate" => {
                CertificateAsset::read(&keys).map(Self::CertificateAsset)
            }
            SecurityIdentity::TYPE => SecurityIdentity::read(&keys).map(Self::SecurityIdentity),
            SecurityCertificate::TYPE => {
                SecurityCertificate::read(&keys).map(Self::SecurityCertificate)
            }
            LegacyProfile::TYPE => LegacyProfile::read(&keys).map(Self::LegacyProfile),
            InteractiveLegacyProfile::TYPE => {
                InteractiveLegacyProfile::read(&keys).map(Self::InteractiveLegacyProfile)
            }
            _ => Ok(Self::Other(OtherDeclaration::new(kind, keys))),
        }
    }

    fn inner(&self) -> &dyn DeclarationPayload {
        match self {
            Self::IdentityAsset(payload) => payload,
            Self::CertificateAsset(payload) => payload,
            Self::SecurityIdentity(payload) => payload,
            Self::SecurityCertificate(payload) => payload,
            Self::LegacyProfile(payload) => payload,
            Self::InteractiveLegacyProfile(payload) => payload,
            Self::Other(payload) => payload,
        }
    }
}

impl DeclarationPayload for AnyDeclaration {
    fn declaration_type(&self) -> &str {
        self.inner().declaration_type()
    }

    fn to_dictionary(&self) -> Dictionary {
        self.inner().to_dictionary()
    }
}

impl DeclarationPayload for OtherDeclaration {
    fn declaration_type(&self) -> &str {
        &self.declaration_type
    }

    fn to_dictionary(&self) -> Dictionary {
        self.keys.clone()
    }
}
