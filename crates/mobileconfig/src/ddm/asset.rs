//! Assets: where a device fetches a credential.
//!
//! Source: `credential.scep.yaml`, `credential.acme.yaml`, `credential.identity.yaml`,
//! `credential.certificate.yaml` of the declarative schemas.

use super::declaration::{AnyDeclaration, Declaration, DeclarationPayload};
use crate::payload::PayloadError;
use crate::payload::fields::{Fields, Put};
use crate::plist::Dictionary;

/// Where to fetch data, and how to know it again.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reference {
    /// `DataURL`, which must be https.
    pub data_url: String,
    /// `ContentType`: the media type of the data.
    pub content_type: Option<String>,
    /// `Size`: the number of bytes; devices do not look at the hash if it is 0.
    pub size: Option<u64>,
    /// `Hash-SHA-256`: the digest of the data.
    pub sha256: Option<String>,
    /// Keys that have no field here.
    pub other: Dictionary,
}

/// The values of `Authentication`'s `Type`: how the data is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Authentication {
    /// With the identity of the device, as the management server is asked.
    Mdm,
    /// With a plain request.
    None,
}

/// The values of `Accessible`: when the keychain item can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Accessible {
    /// As seldom as its users need.
    Default,
    /// From when the device was unlocked once.
    AfterFirstUnlock,
}

/// An identity: `com.apple.asset.credential.scep`, `.acme` or `.identity`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct IdentityAsset {
    /// The declaration type: what the document at the reference is.
    pub source: IdentitySource,
    /// `Reference`: to a JSON document.
    pub reference: Reference,
    /// `Authentication`
    pub authentication: Option<Authentication>,
    /// `Accessible`
    pub accessible: Option<Accessible>,
    /// Keys that have no field here.
    pub other: Dictionary,
}

/// Where an identity comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum IdentitySource {
    /// A SCEP server; the document is a [`ScepCredential`](super::ScepCredential).
    Scep,
    /// An ACME server; the document is an [`AcmeCredential`](super::AcmeCredential).
    Acme,
    /// A PKCS #12 file; the document is an [`IdentityCredential`](super::IdentityCredential).
    Pkcs12,
}

/// A certificate without its key: `com.apple.asset.credential.certificate`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CertificateAsset {
    /// `Reference`: to the certificate as DER (`application/pkcs1`) or PEM (`application/pem`).
    pub reference: Reference,
    /// `Authentication`
    pub authentication: Option<Authentication>,
    /// Keys that have no field here.
    pub other: Dictionary,
}

/// What configurations point at an [`IdentityAsset`] with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityAssetHandle(pub(super) String);

/// What configurations point at a [`CertificateAsset`] with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateAssetHandle(pub(super) String);

impl IdentityAssetHandle {
    /// The identifier of the declaration.
    #[must_use]
    pub fn identifier(&self) -> &str {
        &self.0
    }
}

impl CertificateAssetHandle {
    /// The identifier of the declaration.
    #[must_use]
    pub fn identifier(&self) -> &str {
        &self.0
    }
}

impl Reference {
    /// Data at this URL.
    #[must_use]
    pub fn new(data_url: impl Into<String>) -> Self {
        Self {
            data_url: data_url.into(),
            content_type: None,
            size: None,
            sha256: None,
            other: Dictionary::new(),
        }
    }

    fn read(mut fields: Fields) -> Result<Self, PayloadError> {
        Ok(Self {
            data_url: fields.required_text("DataURL")?,
            content_type: fields.text("ContentType"),
            size: fields.number("Size"),
            sha256: fields.text("Hash-SHA-256"),
            other: fields.finish(),
        })
    }

    fn to_dictionary(&self) -> Dictionary {
        let mut reference = Dictionary::new();
        reference.insert("DataURL", self.data_url.as_str());
        reference.put("ContentType", self.content_type.as_deref());
        reference.put("Size", self.size);
        reference.put("Hash-SHA-256", self.sha256.as_deref());
        reference.put_all(&self.other);
        reference
    }
}

impl Authentication {
    const fn name(self) -> &'static str {
        match self {
            Self::Mdm => "MDM",
            Self::None => "None",
        }
    }

    fn read(fields: &mut Fields) -> Option<Self> {
        let all = [Self::Mdm, Self::None];
        fields.value("Authentication", |value| {
            // A dictionary with more in it than a type is kept as it is.
            let dictionary = value.as_dictionary().filter(|dictionary| dictionary.len() == 1)?;
            let found = dictionary.get("Type")?.as_str()?;
            all.into_iter().find(|one| one.name() == found)
        })
    }

    fn to_dictionary(self) -> Dictionary {
        [("Type", self.name())].into_iter().collect()
    }
}

impl Accessible {
    const fn name(self) -> &'static str {
        match self {
            Self::Default => "Default",
            Self::AfterFirstUnlock => "AfterFirstUnlock",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        [Self::Default, Self::AfterFirstUnlock].into_iter().find(|one| one.name() == name)
    }
}

impl IdentitySource {
    const ALL: [Self; 3] = [Self::Scep, Self::Acme, Self::Pkcs12];

    /// The declaration type.
    #[must_use]
    pub const fn declaration_type(self) -> &'static str {
        match self {
            Self::Scep => "com.apple.asset.credential.scep",
            Self::Acme => "com.apple.asset.credential.acme",
            Self::Pkcs12 => "com.apple.asset.credential.identity",
        }
    }

    pub(super) fn from_declaration_type(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|source| source.declaration_type() == name)
    }
}

impl IdentityAsset {
    /// An identity whose document the management server gives to this device only.
    #[must_use]
    pub fn new(source: IdentitySource, reference: Reference) -> Self {
        let content_type = Some("application/json".to_owned());
        Self {
            source,
            reference: Reference { content_type, ..reference },
            authentication: Some(Authentication::Mdm),
            accessible: None,
            other: Dictionary::new(),
        }
    }

    /// The declaration, and the handle for configurations to point at it.
    #[must_use]
    pub fn declare(
        self,
        identifier: impl Into<String>,
        server_token: impl Into<String>,
    ) -> (Declaration, IdentityAssetHandle) {
        let identifier = identifier.into();
        let handle = IdentityAssetHandle(identifier.clone());
        (Declaration::new(identifier, server_token, self), handle)
    }

    pub(super) fn read(source: IdentitySource, keys: &Dictionary) -> Result<Self, PayloadError> {
        let mut fields = Fields::new(keys);
        Ok(Self {
            source,
            reference: Reference::read(fields.required_dictionary("Reference")?)?,
            authentication: Authentication::read(&mut fields),
            accessible: fields.choice("Accessible", Accessible::from_name),
            other: fields.finish(),
        })
    }
}

impl CertificateAsset {
    /// A certificate.
    #[must_use]
    pub const fn new(reference: Reference) -> Self {
        Self { reference, authentication: None, other: Dictionary::new() }
    }

    /// The declaration, and the handle for configurations to point at it.
    #[must_use]
    pub fn declare(
        self,
        identifier: impl Into<String>,
        server_token: impl Into<String>,
    ) -> (Declaration, CertificateAssetHandle) {
        let identifier = identifier.into();
        let handle = CertificateAssetHandle(identifier.clone());
        (Declaration::new(identifier, server_token, self), handle)
    }

    pub(super) fn read(keys: &Dictionary) -> Result<Self, PayloadError> {
        let mut fields = Fields::new(keys);
        Ok(Self {
            reference: Reference::read(fields.required_dictionary("Reference")?)?,
            authentication: Authentication::read(&mut fields),
            other: fields.finish(),
        })
    }
}

impl DeclarationPayload for IdentityAsset {
    fn declaration_type(&self) -> &str {
        self.source.declaration_type()
    }

    fn to_dictionary(&self) -> Dictionary {
        let mut asset = Dictionary::new();
        asset.insert("Reference", self.reference.to_dictionary());
        asset.put("Authentication", self.authentication.map(Authentication::to_dictionary));
        asset.put("Accessible", self.accessible.map(Accessible::name));
        asset.put_all(&self.other);
        asset
    }
}

impl DeclarationPayload for CertificateAsset {
    fn declaration_type(&self) -> &str {
        "com.apple.asset.credential.certificate"
    }

    fn to_dictionary(&self) -> Dictionary {
        let mut asset = Dictionary::new();
        asset.insert("Reference", self.reference.to_dictionary());
        asset.put("Authentication", self.authentication.map(Authentication::to_dictionary));
        asset.put_all(&self.other);
        asset
    }
}

impl From<IdentityAsset> for AnyDeclaration {
    fn from(asset: IdentityAsset) -> Self {
        Self::IdentityAsset(asset)
    }
}

impl From<CertificateAsset> for AnyDeclaration {
    fn from(asset: CertificateAsset) -> Self {
        Self::CertificateAsset(asset)
    }
}
