//! Configurations that install certificates, identities and whole profiles.
//!
//! Source: `security.certificate.yaml`, `security.identity.yaml`, `legacy.yaml`,
//! `legacy.interactive.yaml` of the declarative schemas.

use super::asset::{CertificateAssetHandle, IdentityAssetHandle};
use super::declaration::{AnyDeclaration, DeclarationPayload};
use crate::payload::PayloadError;
use crate::payload::fields::{Fields, Put};
use crate::plist::Dictionary;

/// `com.apple.configuration.security.certificate`: installs a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SecurityCertificate {
    /// `CredentialAssetReference`
    pub asset: CertificateAssetHandle,
    /// Keys that have no field here.
    pub other: Dictionary,
}

/// `com.apple.configuration.security.identity`: installs an identity.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SecurityIdentity {
    /// `CredentialAssetReference`
    pub asset: IdentityAssetHandle,
    /// `AllowAllAppsAccess`, on macOS only.
    pub allow_all_apps_access: bool,
    /// `KeyIsExtractable`; no in a new configuration. macOS assumes yes; others know no such key.
    pub key_is_extractable: bool,
    /// Keys that have no field here.
    pub other: Dictionary,
}

/// `com.apple.configuration.legacy`: installs a profile.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LegacyProfile {
    /// `ProfileURL`: https, on the management server.
    pub profile_url: String,
    /// Keys that have no field here.
    pub other: Dictionary,
}

/// `com.apple.configuration.legacy.interactive`: offers a profile to the user.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InteractiveLegacyProfile {
    /// `ProfileURL`: https, on the management server.
    pub profile_url: String,
    /// `VisibleName`: what the user sees.
    pub visible_name: String,
    /// Keys that have no field here.
    pub other: Dictionary,
}

impl SecurityCertificate {
    pub(super) const TYPE: &str = "com.apple.configuration.security.certificate";

    /// Installs this certificate.
    #[must_use]
    pub const fn new(asset: CertificateAssetHandle) -> Self {
        Self { asset, other: Dictionary::new() }
    }

    pub(super) fn read(keys: &Dictionary) -> Result<Self, PayloadError> {
        let mut fields = Fields::new(keys);
        Ok(Self {
            asset: CertificateAssetHandle(fields.required_text("CredentialAssetReference")?),
            other: fields.finish(),
        })
    }
}

impl SecurityIdentity {
    pub(super) const TYPE: &str = "com.apple.configuration.security.identity";

    /// Installs this identity, whose key cannot be exported.
    #[must_use]
    pub const fn new(asset: IdentityAssetHandle) -> Self {
        Self {
            asset,
            allow_all_apps_access: false,
            key_is_extractable: false,
            other: Dictionary::new(),
        }
    }

    pub(super) fn read(keys: &Dictionary) -> Result<Self, PayloadError> {
        let mut fields = Fields::new(keys);
        Ok(Self {
            asset: IdentityAssetHandle(fields.required_text("CredentialAssetReference")?),
            allow_all_apps_access: fields.boolean("AllowAllAppsAccess").unwrap_or(false),
            key_is_extractable: fields.boolean("KeyIsExtractable").unwrap_or(true),
            other: fields.finish(),
        })
    }
}

impl LegacyProfile {
    pub(super) const TYPE: &str = "com.apple.configuration.legacy";

    /// Installs the profile at this URL.
    #[must_use]
    pub fn new(profile_url: impl Into<String>) -> Self {
        Self { profile_url: profile_url.into(), other: Dictionary::new() }
    }

    pub(super) fn read(keys: &Dictionary) -> Result<Self, PayloadError> {
        let mut fields = Fields::new(keys);
        Ok(Self { profile_url: fields.required_text("ProfileURL")?, other: fields.finish() })
    }
}

impl InteractiveLegacyProfile {
    pub(super) const TYPE: &str = "com.apple.configuration.legacy.interactive";

    /// Offers the profile at this URL under this name.
    #[must_use]
    pub fn new(profile_url: impl Into<String>, visible_name: impl Into<String>) -> Self {
        Self {
            profile_url: profile_url.into(),
            visible_name: visible_name.into(),
            other: Dictionary::new(),
        }
    }

    pub(super) fn read(keys: &Dictionary) -> Result<Self, PayloadError> {
        let mut fields = Fields::new(keys);
        Ok(Self {
            profile_url: fields.required_text("ProfileURL")?,
            visible_name: fields.required_text("VisibleName")?,
            other: fields.finish(),
        })
    }
}

impl DeclarationPayload for SecurityCertificate {
    fn declaration_type(&self) -> &str {
        Self::TYPE
    }

    fn to_dictionary(&self) -> Dictionary {
        let mut keys = Dictionary::new();
        keys.insert("CredentialAssetReference", self.asset.identifier());
        keys.put_all(&self.other);
        keys
    }
}

impl DeclarationPayload for SecurityIdentity {
    fn declaration_type(&self) -> &str {
        Self::TYPE
    }

    fn to_dictionary(&self) -> Dictionary {
        let mut keys = Dictionary::new();
        keys.insert("CredentialAssetReference", self.asset.identifier());
        keys.insert("AllowAllAppsAccess", self.allow_all_apps_access);
        keys.insert("KeyIsExtractable", self.key_is_extractable);
        keys.put_all(&self.other);
        keys
    }
}

impl DeclarationPayload for LegacyProfile {
    fn declaration_type(&self) -> &str {
        Self::TYPE
    }

    fn to_dictionary(&self) -> Dictionary {
        let mut keys = Dictionary::new();
        keys.insert("ProfileURL", self.profile_url.as_str());
        keys.put_all(&self.other);
        keys
    }
}

impl DeclarationPayload for InteractiveLegacyProfile {
    fn declaration_type(&self) -> &str {
        Self::TYPE
    }

    fn to_dictionary(&self) -> Dictionary {
        let mut keys = Dictionary::new();
        keys.insert("ProfileURL", self.profile_url.as_str());
        keys.insert("VisibleName", self.visible_name.as_str());
        keys.put_all(&self.other);
        keys
    }
}

impl From<SecurityCertificate> for AnyDeclaration {
    fn from(configuration: SecurityCertificate) -> Self {
        Self::SecurityCertificate(configuration)
    }
}

impl From<SecurityIdentity> for AnyDeclaration {
    fn from(configuration: SecurityIdentity) -> Self {
        Self::SecurityIdentity(configuration)
    }
}

impl From<LegacyProfile> for AnyDeclaration {
    fn from(configuration: LegacyProfile) -> Self {
        Self::LegacyProfile(configuration)
    }
}

impl From<InteractiveLegacyProfile> for AnyDeclaration {
    fn from(configuration: InteractiveLegacyProfile) -> Self {
        Self::InteractiveLegacyProfile(configuration)
    }
}
