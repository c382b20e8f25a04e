//! Addigy: the SCEP payload.

use devicecert_pki::Secret;

use super::{Usage, certificate};
use crate::error::Error;
use crate::identity::{IdentityRequest, Scep, Subject};

const PRODUCT: &str = "Addigy";

/// The payload *SCEP*. The product does not renew what it brings.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ScepPayload {
    /// The identifier of the profile.
    pub identifier: String,
    /// *Payload Name*: what people see.
    pub payload_name: String,
    /// *URL*.
    pub url: String,
    /// *Subject*, in which variables are written `{{.User "user_name"}}`, each the whole value of
    /// its part. Empty if the CA is to name the device.
    pub subject: String,
    /// *Challenge*.
    pub challenge: Option<Secret>,
    /// *Key Usage*: *Signing & Encryption* in SecureW2's guide.
    pub key_usage: Usage,
    /// *Proxy SCEP Requests*.
    pub proxy: Proxy,
    /// *Certificate*: the CA, in PEM or DER. It is installed, and the server must have it.
    pub certificate: Option<Vec<u8>>,
}

/// *Proxy SCEP Requests*.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Proxy {
    /// Devices ask the server themselves.
    #[default]
    Off,
    /// Devices ask the product at this address, and it asks the server.
    Through(String),
}

impl ScepPayload {
    /// The payload without challenge and certificate.
    #[must_use]
    pub fn new(
        identifier: impl Into<String>,
        payload_name: impl Into<String>,
        url: impl Into<String>,
    ) -> Self {
        Self {
            identifier: identifier.into(),
            payload_name: payload_name.into(),
            url: url.into(),
            subject: String::new(),
            challenge: None,
            key_usage: Usage::default(),
            proxy: Proxy::default(),
            certificate: None,
        }
    }

    /// What the payload asks for.
    ///
    /// # Errors
    /// [`Error`] for a subject or certificate that cannot be read.
    pub fn identity(&self) -> Result<IdentityRequest, Error> {
        let url = match &self.proxy {
            Proxy::Off => &self.url,
            Proxy::Through(url) => url,
        };
        let mut server = Scep::new(url);
        server.challenge.clone_from(&self.challenge);
        let ca = self.certificate.as_ref();
        let ca = ca.map(|file| certificate(PRODUCT, "Certificate", file)).transpose()?;
        if let Some(ca) = &ca {
            server = server.ca(ca.clone());
        }
        let mut identity = IdentityRequest::new(&self.identifier, server);
        identity.subject = match self.subject.is_empty() {
            true => Subject::new(),
            false => self.subject.parse()?,
        };
        identity.display_name = Some(self.payload_name.clone());
        identity.usage = self.key_usage.into();
        identity.trust.extend(ca);
        Ok(identity)
    }
}
