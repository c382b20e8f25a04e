//! Intune: the SCEP, trusted certificate and imported PKCS certificate profiles.

use devicecert_mobileconfig::Profile;
use devicecert_mobileconfig::payload::{CertificateFormat, CertificatePayload, ProfileBuilder};
use devicecert_pki::{GeneralName, Provider, Secret};
use devicecert_syncml::{self as syncml, Document, Hash, Scope, Store, ValidFor, Write};

use super::{RsaKeySize, Usage, certificate};
use crate::error::Error;
use crate::identity::{
    IdentityRequest, KeyStorage, KeyType, ObjectIdentifier, Pkcs12, RenewBefore, Scep,
};

const PRODUCT: &str = "Intune";

/// The profile *SCEP certificate*.
///
/// Texts may hold the product's variables, such as `{{DeviceName}}`. The challenge is a signed
/// text that the product makes for every device.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ScepCertificate {
    /// The identifier of the profile, and the name of the certificate's node on Windows.
    pub identifier: String,
    /// *Certificate type*.
    pub certificate_type: CertificateType,
    /// *Subject name format*, such as `CN={{DeviceName}},O=Example`.
    pub subject_name_format: String,
    /// *Subject alternative name*. [`strong_mapping`] is one of them.
    pub alternative_names: Vec<GeneralName>,
    /// *Certificate validity period*: one year by default. iOS passes over it.
    pub validity: ValidFor,
    /// *Key storage provider (KSP)*; on Windows.
    pub key_storage: KeyStorageProvider,
    /// *Key usage*.
    pub key_usage: Usage,
    /// *Key size (bits)*.
    pub key_size: RsaKeySize,
    /// *Hash algorithm*: SHA-1, SHA-2 or both; on Windows.
    pub hash_algorithm: Hash,
    /// *Root Certificate*: the file of the trusted certificate profile. With an intermediate CA it
    /// must be the one that issues.
    pub root_certificate: Vec<u8>,
    /// *Extended key usage*: object identifiers; on Windows.
    pub extended_key_usage: Vec<ObjectIdentifier>,
    /// *Renewal threshold (%)*: what is left of the certificate's time when it is renewed; 20 by
    /// default.
    pub renewal_threshold: u8,
    /// *SCEP Server URLs*.
    pub server_urls: Vec<String>,
    /// *Allow all apps access to private key*; on macOS.
    pub allow_all_apps_access: bool,
    /// The challenge that the product puts in, or its placeholder.
    pub challenge: Option<Secret>,
}

/// *Certificate type*.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum CertificateType {
    /// *User*: for one user.
    #[default]
    User,
    /// *Device*: for the device.
    Device,
}

/// *Key storage provider (KSP)*.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyStorageProvider {
    /// *Enroll to Trusted Platform Module (TPM) KSP if present, otherwise Software KSP*.
    TpmIfPresent,
    /// *Enroll to Trusted Platform Module (TPM) KSP, otherwise fail*.
    Tpm,
    /// *Enroll to Windows Hello for Business, otherwise fail*.
    WindowsHello {
        /// The container, which the product names by itself.
        container: String,
    },
    /// *Enroll to Software KSP*.
    Software,
}

/// The profile *Trusted certificate*.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct TrustedCertificate {
    /// The identifier of the profile.
    pub identifier: String,
    /// *Certificate*: a `.cer` file.
    pub certificate: Vec<u8>,
    /// *Destination store*; on Windows.
    pub destination_store: DestinationStore,
}

/// *Destination store*.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum DestinationStore {
    /// *Computer certificate store - Root*.
    #[default]
    ComputerRoot,
    /// *Computer certificate store - Intermediate*.
    ComputerIntermediate,
    /// *User certificate store - Intermediate*.
    UserIntermediate,
}

/// The profile *PKCS imported certificate*: a key that was made elsewhere, for one user.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ImportedPfx {
    /// The identifier of the profile, and the name of the certificate's node on Windows.
    pub identifier: String,
    /// The file, PKCS #12 in DER.
    pub pfx: Secret,
    /// Its password.
    pub password: Secret,
    /// *Key storage provider (KSP)*; on Windows.
    pub key_storage: KeyStorageProvider,
}

/// The name that Windows' domain controllers find the account of a user or computer by (KB5014754),
/// as *Subject alternative name* of the kind *URI*.
///
/// The product's variable `{{OnPremisesSecurityIdentifier}}` stands for the identifier.
#[must_use]
pub fn strong_mapping(security_identifier: &str) -> GeneralName {
    GeneralName::Uri(format!("tag:microsoft.com,2022-09-14:sid:{security_identifier}"))
}

impl ScepCertificate {
    /// The profile as it is shown, with server, subject and CA filled in.
    #[must_use]
    pub fn new(
        identifier: impl Into<String>,
        server_url: impl Into<String>,
        subject_name_format: impl Into<String>,
        root_certificate: Vec<u8>,
    ) -> Self {
        Self {
            identifier: identifier.into(),
            certificate_type: CertificateType::default(),
            subject_name_format: subject_name_format.into(),
            alternative_names: Vec::new(),
            validity: ValidFor::Years(1),
            key_storage: KeyStorageProvider::TpmIfPresent,
            key_usage: Usage::default(),
            key_size: RsaKeySize::Bits2048,
            hash_algorithm: Hash::Sha2,
            root_certificate,
            extended_key_usage: vec![devicecert_pki::oid::CLIENT_AUTH],
            renewal_threshold: 20,
            server_urls: vec![server_url.into()],
            allow_all_apps_access: false,
            challenge: None,
        }
    }

    /// What the profile asks for.
    ///
    /// # Errors
    /// [`Error`] for a subject or certificate that cannot be read.
    pub fn identity(&self) -> Result<IdentityRequest, Error> {
        let ca = certificate(PRODUCT, "Root Certificate", &self.root_certificate)?;
        let mut server = Scep::new("").ca(ca);
        server.server_urls.clone_from(&self.server_urls);
        server.challenge.clone_from(&self.challenge);
        let mut identity = IdentityRequest::new(&self.identifier, server)
            .subject(self.subject_name_format.parse()?)
            .scope(self.certificate_type.into());
        identity.alternative_names.clone_from(&self.alternative_names);
        identity.validity = Some(self.validity);
        identity.key.storage = self.key_storage.clone().into();
        identity.key.kind = KeyType::Rsa(self.key_size.bits());
        identity.key.all_apps_access = self.allow_all_apps_access;
        identity.usage = self.key_usage.into();
        identity.hash = Some(self.hash_algorithm);
        identity.purposes.clone_from(&self.extended_key_usage);
        identity.renewal.before = Some(RenewBefore::Percent(self.renewal_threshold));
        Ok(identity)
    }
}

impl TrustedCertificate {
    /// A certificate for the root store of the computer.
    #[must_use]
    pub fn new(identifier: impl Into<String>, certificate: Vec<u8>) -> Self {
        let destination_store = DestinationStore::default();
        Self { identifier: identifier.into(), certificate, destination_store }
    }

    /// The profile for Apple's devices, which know no stores: a root is trusted, an intermediate
    /// is kept.
    ///
    /// # Errors
    /// [`Error`] for a certificate that cannot be read.
    pub fn to_mobileconfig(&self) -> Result<Profile, Error> {
        let certificate = certificate(PRODUCT, "Certificate", &self.certificate)?;
        let (name, format) = match certificate.is_self_issued() {
            true => ("root", CertificateFormat::Root),
            false => ("intermediate", CertificateFormat::Pkcs1),
        };
        let mut builder =
            ProfileBuilder::new(&self.identifier, devicecert_mobileconfig::Scope::System);
        builder.add(name, CertificatePayload::of(format, &certificate));
        Ok(builder.build())
    }

    /// The command for Windows.
    ///
    /// # Errors
    /// [`Error`] for a certificate that cannot be read, or an error of the backend for its digest.
    pub fn to_syncml(&self, write: Write, provider: &dyn Provider) -> Result<Document, Error> {
        let certificate = certificate(PRODUCT, "Certificate", &self.certificate)?;
        let (scope, store) = match self.destination_store {
            DestinationStore::ComputerRoot => (Scope::Device, Store::Root),
            DestinationStore::ComputerIntermediate => (Scope::Device, Store::Intermediate),
            DestinationStore::UserIntermediate => (Scope::User, Store::Intermediate),
        };
        let der = certificate.as_der();
        let trusted = syncml::TrustedCertificate::new(scope, store, der, provider)?;
        Ok(Document::fragment(&[trusted.operation(write)?])?)
    }
}

impl ImportedPfx {
    /// A file for a user, with its key in the TPM if there is one.
    #[must_use]
    pub fn new(identifier: impl Into<String>, pfx: Secret, password: impl Into<Secret>) -> Self {
        let key_storage = KeyStorageProvider::TpmIfPresent;
        Self { identifier: identifier.into(), pfx, password: password.into(), key_storage }
    }

    /// What the profile asks for.
    #[must_use]
    pub fn identity(&self) -> IdentityRequest {
        let file = Pkcs12::new(self.pfx.clone(), self.password.clone());
        let mut identity = IdentityRequest::new(&self.identifier, file).scope(Scope::User);
        identity.key.storage = self.key_storage.clone().into();
        identity
    }
}

impl From<CertificateType> for Scope {
    fn from(kind: CertificateType) -> Self {
        match kind {
            CertificateType::User => Self::User,
            CertificateType::Device => Self::Device,
        }
    }
}

impl From<KeyStorageProvider> for KeyStorage {
    fn from(provider: KeyStorageProvider) -> Self {
        match provider {
            KeyStorageProvider::TpmIfPresent => Self::TpmIfPresent,
            KeyStorageProvider::Tpm => Self::Tpm,
            KeyStorageProvider::WindowsHello { container } => {
                Self::WindowsHello { container, prompt: None }
            }
            KeyStorageProvider::Software => Self::Software,
        }
    }
}
