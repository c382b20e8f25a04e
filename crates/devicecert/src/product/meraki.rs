//! Meraki Systems Manager: a custom SCEP certificate.

use devicecert_pki::{GeneralName, Secret};

use super::{RsaKeySize, Usage, certificate};
use crate::error::Error;
use crate::identity::{IdentityRequest, KeyType, Scep};

const PRODUCT: &str = "Meraki Systems Manager";

/// The payload *SCEP Certificate*. The product does not renew what it brings.
///
/// Texts may hold the product's variables, such as `$OWNEREMAIL` and `$DEVICESERIAL`.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ScepCertificate {
    /// The identifier of the profile.
    pub identifier: String,
    /// Its name: what people see.
    pub name: String,
    /// The subject, such as `CN=$OWNEREMAIL`.
    pub subject_name: String,
    /// Subject alternative names.
    pub alternative_names: Vec<GeneralName>,
    /// The size of the key.
    pub key_size: RsaKeySize,
    /// What the key is for.
    pub key_usage: Usage,
    /// The server that is asked.
    pub provider: CaProvider,
}

/// The server that is asked: any but the CA of Systems Manager itself, which others cannot write a
/// profile for.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CaProvider {
    /// Its address.
    pub url: String,
    /// The challenge, the same for all devices.
    pub challenge: Option<Secret>,
    /// The certificate of the CA, in PEM or DER.
    pub certificate: Option<Vec<u8>>,
}

impl CaProvider {
    /// A server without challenge, whose CA is not pinned.
    #[must_use]
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: url.into(), challenge: None, certificate: None }
    }
}

impl ScepCertificate {
    /// A certificate for a key of 2048 bits, for both uses.
    #[must_use]
    pub fn new(
        identifier: impl Into<String>,
        name: impl Into<String>,
        subject_name: impl Into<String>,
        provider: CaProvider,
    ) -> Self {
        Self {
            identifier: identifier.into(),
            name: name.into(),
            subject_name: subject_name.into(),
            alternative_names: Vec::new(),
            key_size: RsaKeySize::Bits2048,
            key_usage: Usage::default(),
            provider,
        }
    }

    /// What the payload asks for.
    ///
    /// # Errors
    /// [`Error`] for a subject or certificate that cannot be read.
    pub fn identity(&self) -> Result<IdentityRequest, Error> {
        let mut server = Scep::new(&self.provider.url);
        server.challenge.clone_from(&self.provider.challenge);
        if let Some(file) = &self.provider.certificate {
            server = server.ca(certificate(PRODUCT, "CA certificate", file)?);
        }
        let mut identity =
            IdentityRequest::new(&self.identifier, server).subject(self.subject_name.parse()?);
        identity.display_name = Some(self.name.clone());
        identity.alternative_names.clone_from(&self.alternative_names);
        identity.key.kind = KeyType::Rsa(self.key_size.bits());
        identity.usage = self.key_usage.into();
        Ok(identity)
    }
}
