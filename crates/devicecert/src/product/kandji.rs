//! Kandji (Iru): the SCEP library item.

use devicecert_mobileconfig::payload::Attribute;
use devicecert_pki::{GeneralName, Secret};
use devicecert_scep::Fingerprint;

use super::{RsaKeySize, Usage, certificate};
use crate::error::Error;
use crate::identity::{IdentityRequest, KeyType, RenewBefore, Scep};

const PRODUCT: &str = "Kandji";

/// The library item *SCEP*.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ScepItem {
    /// The identifier of the profile.
    pub identifier: String,
    /// *URL*.
    pub url: String,
    /// *Name*: what tells one CA of the server from another.
    pub name: Option<String>,
    /// *Challenge*.
    pub challenge: Option<Secret>,
    /// *Fingerprint*.
    pub fingerprint: Option<String>,
    /// *Subject*. The product puts `CN=$PROFILE_UUID` behind it, to find the certificate again;
    /// with more than two common names devices no longer choose the identity by themselves.
    pub subject: String,
    /// *Subject Alternative Name*, any number, such as the URI `deviceid:$DEVICE_ID`.
    pub alternative_names: Vec<GeneralName>,
    /// *Key Size*.
    pub key_size: RsaKeySize,
    /// *Key Usage*: both in a new item.
    pub key_usage: Usage,
    /// Whether every app may use the key.
    pub allow_all_apps_access: bool,
    /// Whether the key can be exported.
    pub key_is_extractable: bool,
    /// Automatic renewal, in days before the certificate ends.
    pub renewal_days: Option<u32>,
    /// Library items *Certificate* (PKCS #1) that go with it.
    pub certificates: Vec<Vec<u8>>,
}

impl ScepItem {
    /// An item with a key of 2048 bits that stays on the device.
    #[must_use]
    pub fn new(
        identifier: impl Into<String>,
        url: impl Into<String>,
        subject: impl Into<String>,
    ) -> Self {
        Self {
            identifier: identifier.into(),
            url: url.into(),
            name: None,
            challenge: None,
            fingerprint: None,
            subject: subject.into(),
            alternative_names: Vec::new(),
            key_size: RsaKeySize::Bits2048,
            key_usage: Usage::default(),
            allow_all_apps_access: false,
            key_is_extractable: false,
            renewal_days: None,
            certificates: Vec::new(),
        }
    }

    /// What the item asks for.
    ///
    /// # Errors
    /// [`Error`] for a subject, fingerprint or certificate that cannot be read.
    pub fn identity(&self) -> Result<IdentityRequest, Error> {
        let mut server = Scep::new(&self.url);
        server.ca_identifier.clone_from(&self.name);
        server.challenge.clone_from(&self.challenge);
        if let Some(fingerprint) = &self.fingerprint {
            server = server.ca(fingerprint.parse::<Fingerprint>()?);
        }
        let mut identity =
            IdentityRequest::new(&self.identifier, server).subject(self.subject.parse()?);
        identity.alternative_names.clone_from(&self.alternative_names);
        identity.key.kind = KeyType::Rsa(self.key_size.bits());
        identity.key.extractable = self.key_is_extractable;
        identity.key.all_apps_access = self.allow_all_apps_access;
        identity.usage = self.key_usage.into();
        identity.renewal.before = self.renewal_days.map(RenewBefore::Days);
        identity.renewal.marker = Some(Attribute::new("CN", "$PROFILE_UUID".into()));
        let file = |file: &Vec<u8>| certificate(PRODUCT, "Certificate", file);
        identity.trust = self.certificates.iter().map(file).collect::<Result<_, _>>()?;
        Ok(identity)
    }
}
