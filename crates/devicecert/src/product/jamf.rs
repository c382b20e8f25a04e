//! Jamf Pro: the SCEP and ACME payloads of a configuration profile.

use core::time::Duration;

use devicecert_mobileconfig::payload::{Attestation, Curve};
use devicecert_mobileconfig::plist::Text;
use devicecert_pki::{GeneralName, KeyUsage, Secret};
use devicecert_scep::Fingerprint;

use super::RsaKeySize;
use crate::error::Error;
use crate::identity::{Acme, Attribute, IdentityRequest, KeyStorage, KeyType, RenewBefore, Scep};

const PRODUCT: &str = "Jamf Pro";

/// The payload *SCEP*.
///
/// *Use the External Certificate Authority settings to enable Jamf Pro as SCEP proxy* is for the
/// server: it puts its own address in for [`url`](Self::url), and keeps the challenge.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ScepPayload {
    /// The identifier of the profile.
    pub identifier: String,
    /// *URL*.
    pub url: String,
    /// *Name*: what tells one CA of the server from another.
    pub name: Option<String>,
    /// *Redistribute Profile*: days before the certificate ends. The server then finds it by
    /// `CN=$PROFILE_IDENTIFIER`, which becomes the last part of the subject.
    pub redistribute_days: Option<u32>,
    /// *Subject*, such as `CN=$JSSID,OU=Devices`.
    pub subject: String,
    /// *Subject Alternative Name Type* and *Value*: None, RFC 822 Name, DNS Name or URI.
    pub alternative_name: Option<GeneralName>,
    /// *NT Principal Name*.
    pub nt_principal_name: Option<String>,
    /// *Challenge Type*.
    pub challenge: Challenge,
    /// *Retries*: 3 in a new payload.
    pub retries: u32,
    /// *Retry Delay*, in seconds: 10 in a new payload.
    pub retry_delay_seconds: u32,
    /// *Certificate Expiration Notification Threshold*, in days, on a Mac: 14 in a new
    /// payload.
    pub notification_days: Option<u32>,
    /// *Key Size*.
    pub key_size: RsaKeySize,
    /// *Use as digital signature*.
    pub use_as_digital_signature: bool,
    /// *Use for key encipherment*.
    pub use_for_key_encipherment: bool,
    /// *Fingerprint*, in hexadecimal.
    pub fingerprint: Option<String>,
    /// *Allow export from keychain*.
    pub allow_export: bool,
    /// *Allow all apps access*.
    pub allow_all_apps_access: bool,
}

/// Where the challenge comes from.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Challenge {
    /// *None*.
    None,
    /// *Static*.
    Static(Secret),
    /// *Dynamic*: a webhook (`SCEPChallenge`) is asked for every device, and its answer put in for
    /// this text.
    Dynamic(String),
    /// *Dynamic-Microsoft CA*: the page of NDES is asked for every device, and its answer put in
    /// for this text.
    DynamicMicrosoftCa(String),
}

/// The payload *ACME Certificate*.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AcmePayload {
    /// The identifier of the profile.
    pub identifier: String,
    /// *Directory URL*.
    pub directory_url: String,
    /// *Client Identifier*: `$SERIALNUMBER` in most guides.
    pub client_identifier: String,
    /// *Subject*.
    pub subject: String,
    /// *Key Size* and *Key Type*: 384 and ECSECPrimeRandom in most guides.
    pub key: KeyType,
    /// *Hardware Bound*.
    pub hardware_bound: bool,
    /// *Attest*.
    pub attest: bool,
}

impl ScepPayload {
    /// The payload as it is shown, with URL and subject filled in.
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
            redistribute_days: None,
            subject: subject.into(),
            alternative_name: None,
            nt_principal_name: None,
            challenge: Challenge::None,
            retries: 3,
            retry_delay_seconds: 10,
            notification_days: Some(14),
            key_size: RsaKeySize::Bits2048,
            use_as_digital_signature: true,
            use_for_key_encipherment: true,
            fingerprint: None,
            allow_export: false,
            allow_all_apps_access: false,
        }
    }

    /// What the payload asks for.
    ///
    /// # Errors
    /// [`Error`] for a subject or fingerprint that cannot be read, and a key that is for nothing.
    pub fn identity(&self) -> Result<IdentityRequest, Error> {
        let delay = Duration::from_secs(self.retry_delay_seconds.into());
        let mut server = Scep::new(&self.url).retry(self.retries, delay);
        server.ca_identifier.clone_from(&self.name);
        server.challenge = self.challenge()?;
        if let Some(fingerprint) = &self.fingerprint {
            server = server.ca(fingerprint.parse::<Fingerprint>()?);
        }
        let mut identity =
            IdentityRequest::new(&self.identifier, server).subject(self.subject.parse()?);
        identity.alternative_names.extend(self.alternative_name.clone());
        identity.alternative_names.extend(self.nt_principal_name.clone().map(GeneralName::Upn));
        identity.key.kind = KeyType::Rsa(self.key_size.bits());
        identity.key.extractable = self.allow_export;
        identity.key.all_apps_access = self.allow_all_apps_access;
        identity.usage = match (self.use_as_digital_signature, self.use_for_key_encipherment) {
            (true, true) => KeyUsage::SIGN_AND_ENCIPHER,
            (true, false) => KeyUsage::DIGITAL_SIGNATURE,
            (false, true) => KeyUsage::KEY_ENCIPHERMENT,
            (false, false) => {
                let expected = "one use at least";
                return Err(Error::option(PRODUCT, "Use as digital signature", expected));
            }
        };
        if let Some(days) = self.redistribute_days {
            identity.renewal.before = Some(RenewBefore::Days(days));
            identity.renewal.marker = Some(Attribute::new("CN", "$PROFILE_IDENTIFIER".into()));
        }
        identity.renewal.notice_days = self.notification_days;
        Ok(identity)
    }

    fn challenge(&self) -> Result<Option<Secret>, Error> {
        match &self.challenge {
            Challenge::None => Ok(None),
            Challenge::Static(secret) => Ok(Some(secret.clone())),
            Challenge::Dynamic(text) | Challenge::DynamicMicrosoftCa(text) => {
                match Text::from(text.as_str()).has_placeholder() {
                    true => Ok(Some(Secret::from(text.as_str()))),
                    false => Err(Error::option(PRODUCT, "Challenge", "a placeholder")),
                }
            }
        }
    }
}

impl AcmePayload {
    /// A key on P-384 in the Secure Enclave, attested, for the device that has this serial number.
    #[must_use]
    pub fn new(
        identifier: impl Into<String>,
        directory_url: impl Into<String>,
        subject: impl Into<String>,
    ) -> Self {
        Self {
            identifier: identifier.into(),
            directory_url: directory_url.into(),
            client_identifier: "$SERIALNUMBER".into(),
            subject: subject.into(),
            key: KeyType::Ec(Curve::P384),
            hardware_bound: true,
            attest: true,
        }
    }

    /// What the payload asks for.
    ///
    /// # Errors
    /// [`Error`] for a subject that cannot be read, and attestation of a key that is not in the
    /// hardware.
    pub fn identity(&self) -> Result<IdentityRequest, Error> {
        let server = Acme::new(&self.directory_url, &self.client_identifier);
        let mut identity =
            IdentityRequest::new(&self.identifier, server).subject(self.subject.parse()?);
        identity.key.kind = self.key;
        identity.key.storage = match (self.hardware_bound, self.attest) {
            (true, true) => KeyStorage::SecureEnclave(Attestation::Required),
            (true, false) => KeyStorage::SecureEnclave(Attestation::None),
            (false, false) => KeyStorage::Software,
            (false, true) => {
                let expected = "off, as Hardware Bound is off";
                return Err(Error::option(PRODUCT, "Attest", expected));
            }
        };
        Ok(identity)
    }
}
