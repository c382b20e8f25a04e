//! Workspace ONE: a certificate authority with the protocol SCEP, a request template, and the
//! payload that brings both to a device.

use devicecert_pki::{GeneralName, Secret};
use devicecert_syncml::Scope;

use super::{RsaKeySize, Usage, certificate};
use crate::error::Error;
use crate::identity::{IdentityRequest, Key, KeyStorage, KeyType, RenewBefore, Retry, Scep};

const PRODUCT: &str = "Workspace ONE";

/// *Certificate Authority* with *Protocol* SCEP.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CertificateAuthority {
    /// *SCEP URL*.
    pub url: String,
    /// *Challenge Type* and *Static Challenge*; of a dynamic challenge, which the server gets for
    /// every device, the text that it is put in for. (*SCEP Challenge Length* is for the server
    /// too.)
    pub challenge: Option<Secret>,
    /// The certificate of the CA, which the product knows it by.
    pub certificate: Option<Vec<u8>>,
    /// *Max Retries When Pending*, and *Retry Timeout*, the pause in between. Without them devices
    /// have their own habits.
    pub retry: Option<Retry>,
}

/// *Request Template*.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RequestTemplate {
    /// *Subject Name*, such as `CN={DeviceUuid}`.
    pub subject_name: String,
    /// *Private Key Length*.
    pub private_key_length: RsaKeySize,
    /// *Private Key Type*: signing, encryption or both.
    pub private_key_type: Usage,
    /// *SAN Type*, any number, such as the URI `deviceid://{DeviceUuid}`.
    pub alternative_names: Vec<GeneralName>,
    /// *Automatic Certificate Renewal* and *Auto Renewal Period (days)*.
    pub auto_renewal_days: Option<u32>,
}

/// *Key Location* of the payload *Credentials* for Windows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyLocation {
    /// *TPM If Present*.
    TpmIfPresent,
    /// *TPM Required*.
    TpmRequired,
    /// *Software*.
    #[default]
    Software,
    /// *Passport*: Windows Hello for Business.
    Passport {
        /// The container, which the product names by itself.
        container: String,
    },
}

/// *Certificate Store* of the payload *Credentials* for Windows, or *User* and *Device* profiles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum CertificateStore {
    /// *Computer*.
    #[default]
    Computer,
    /// *User*.
    User,
}

/// The payload *SCEP* for macOS, or *Credentials* for Windows.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Payload {
    /// The identifier of the profile, and the name of the certificate's node on Windows.
    pub identifier: String,
    /// *Certificate Authority*.
    pub authority: CertificateAuthority,
    /// *Certificate Template*.
    pub template: RequestTemplate,
    /// *Key Location*; on Windows.
    pub key_location: KeyLocation,
    /// *Certificate Store*.
    pub certificate_store: CertificateStore,
}

impl CertificateAuthority {
    /// An authority without challenge, which nothing is known of but its address.
    #[must_use]
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: url.into(), challenge: None, certificate: None, retry: None }
    }
}

impl RequestTemplate {
    /// A template for a key of 2048 bits, for both uses.
    #[must_use]
    pub fn new(subject_name: impl Into<String>) -> Self {
        Self {
            subject_name: subject_name.into(),
            private_key_length: RsaKeySize::Bits2048,
            private_key_type: Usage::default(),
            alternative_names: Vec::new(),
            auto_renewal_days: None,
        }
    }
}

impl Payload {
    /// The certificate of a computer, with its key in software.
    #[must_use]
    pub fn new(
        identifier: impl Into<String>,
        authority: CertificateAuthority,
        template: RequestTemplate,
    ) -> Self {
        Self {
            identifier: identifier.into(),
            authority,
            template,
            key_location: KeyLocation::default(),
            certificate_store: CertificateStore::default(),
        }
    }

    /// What the payload asks for.
    ///
    /// # Errors
    /// [`Error`] for a subject or certificate that cannot be read.
    pub fn identity(&self) -> Result<IdentityRequest, Error> {
        let Self { authority, template, .. } = self;
        let mut server = Scep::new(&authority.url);
        server.retry = authority.retry;
        server.challenge.clone_from(&authority.challenge);
        if let Some(file) = &authority.certificate {
            server = server.ca(certificate(PRODUCT, "Certificate Authority", file)?);
        }
        let mut identity = IdentityRequest::new(&self.identifier, server)
            .subject(template.subject_name.parse()?)
            .scope(self.certificate_store.into());
        identity.key = Key::default();
        identity.key.kind = KeyType::Rsa(template.private_key_length.bits());
        identity.key.storage = self.key_location.clone().into();
        identity.usage = template.private_key_type.into();
        identity.alternative_names.clone_from(&template.alternative_names);
        identity.renewal.before = template.auto_renewal_days.map(RenewBefore::Days);
        Ok(identity)
    }
}

impl From<CertificateStore> for Scope {
    fn from(store: CertificateStore) -> Self {
        match store {
            CertificateStore::Computer => Self::Device,
            CertificateStore::User => Self::User,
        }
    }
}

impl From<KeyLocation> for KeyStorage {
    fn from(location: KeyLocation) -> Self {
        match location {
            KeyLocation::TpmIfPresent => Self::TpmIfPresent,
            KeyLocation::TpmRequired => Self::Tpm,
            KeyLocation::Software => Self::Software,
            KeyLocation::Passport { container } => Self::WindowsHello { container, prompt: None },
        }
    }
}
