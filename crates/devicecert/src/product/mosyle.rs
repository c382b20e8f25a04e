//! Mosyle: the Multi-Cert profile, as SecureW2's guide has it filled in for Wi-Fi with EAP-TLS.

use devicecert_pki::{GeneralName, KeyUsage, Secret};
use devicecert_syncml::{Connect, WifiSecurity};

use super::{RsaKeySize, certificate};
use crate::error::Error;
use crate::identity::{EapTls, IdentityRequest, KeyType, Scep, Wifi};

const PRODUCT: &str = "Mosyle";

/// The profile: certificates, a SCEP enrolment and a wireless network that are bound together.
///
/// Texts may hold the product's variables, such as `%Email%`, if *Enable Variables for this
/// profile* is ticked.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct MultiCert {
    /// The identifier of the profile.
    pub identifier: String,
    /// *Profile Name*.
    pub name: String,
    /// *Certificate*: the root of the CA that issues to devices, in DER or PEM.
    pub root_ca: Vec<u8>,
    /// *Certificate*: the intermediate CA that issues to devices.
    pub intermediate_ca: Vec<u8>,
    /// *Certificate*: the roots that the RADIUS servers' certificates lead to; two in SecureW2's
    /// guide. They are the *Trust certificates* of the network.
    pub radius_roots: Vec<Vec<u8>>,
    /// *SCEP*, what the device is to enrol for.
    pub scep: ScepProfile,
    /// *WiFi*, what it is for.
    pub wifi: WifiProfile,
}

/// The part *SCEP*.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ScepProfile {
    /// *URL*, where *Server* is URL.
    pub url: String,
    /// *Subject*, from the picker of variables: every part starts with `/`, as in `/CN=%Email%`.
    pub subject: String,
    /// *Subject Alternative Name Type* and *Value*. SecureW2's guide has an RFC 822 name made of
    /// variables that are no mailbox.
    pub alternative_name: Option<GeneralName>,
    /// *Challenge*: the shared secret of SecureW2's gateway.
    pub challenge: Secret,
    /// *Key Size*: 2048 in the guide.
    pub key_size: RsaKeySize,
    /// *Use for signing*: ticked in the guide.
    pub use_for_signing: bool,
    /// *Use for encryption*: ticked in the guide.
    pub use_for_encryption: bool,
    /// *Allow access to all apps*: ticked in the guide.
    pub allow_access_to_all_apps: bool,
    /// *Create from Certificate*: the CA certificate that the fingerprint is made of.
    pub fingerprint_from: Option<Vec<u8>>,
}

/// The part *WiFi*: WPA2 Enterprise with the protocol TLS, *Identity Certificate* being *Use SCEP
/// profile*.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct WifiProfile {
    /// *SSID*.
    pub ssid: String,
    /// *Trusted Server Certificate Names*: `*.securew2.com` in the guide.
    pub trusted_server_names: Vec<String>,
    /// *Auto Join*: ticked in the guide.
    pub auto_join: bool,
    /// *Disable MAC Address Randomization*: ticked in the guide.
    pub disable_mac_randomization: bool,
}

impl MultiCert {
    /// A profile of these parts, without RADIUS roots.
    #[must_use]
    pub fn new(
        identifier: impl Into<String>,
        name: impl Into<String>,
        root_ca: Vec<u8>,
        intermediate_ca: Vec<u8>,
        scep: ScepProfile,
        wifi: WifiProfile,
    ) -> Self {
        Self {
            identifier: identifier.into(),
            name: name.into(),
            root_ca,
            intermediate_ca,
            radius_roots: Vec::new(),
            scep,
            wifi,
        }
    }

    /// What the profile asks for: one configuration with a payload for every certificate, one for
    /// SCEP and one for the network.
    ///
    /// # Errors
    /// [`Error`] for a subject or certificate that cannot be read, and a key that is for nothing.
    pub fn identity(&self) -> Result<IdentityRequest, Error> {
        let file = |file: &Vec<u8>| certificate(PRODUCT, "Certificate", file);
        let radius = self.radius_roots.iter().map(file).collect::<Result<Vec<_>, _>>()?;
        let mut server = Scep::new(&self.scep.url).challenge(self.scep.challenge.clone());
        if let Some(ca) = &self.scep.fingerprint_from {
            server = server.ca(certificate(PRODUCT, "Create from Certificate", ca)?);
        }
        let names = self.wifi.trusted_server_names.clone();
        let mut wifi = Wifi::new(&self.wifi.ssid, EapTls::new(radius, names));
        wifi.security = WifiSecurity::Wpa2Enterprise;
        wifi.connect = match self.wifi.auto_join {
            true => Connect::Automatically,
            false => Connect::Manually,
        };
        wifi.disable_mac_randomization = Some(self.wifi.disable_mac_randomization);

        let mut identity = IdentityRequest::new(&self.identifier, server)
            .subject(self.scep.subject.parse()?)
            .trust(file(&self.root_ca)?)
            .trust(file(&self.intermediate_ca)?)
            .consumer(wifi);
        identity.display_name = Some(self.name.clone());
        identity.alternative_names.extend(self.scep.alternative_name.clone());
        identity.key.kind = KeyType::Rsa(self.scep.key_size.bits());
        identity.key.all_apps_access = self.scep.allow_access_to_all_apps;
        identity.usage = self.scep.usage()?;
        Ok(identity)
    }
}

impl ScepProfile {
    /// The part as SecureW2's guide has it filled in.
    #[must_use]
    pub fn new(
        url: impl Into<String>,
        subject: impl Into<String>,
        challenge: impl Into<Secret>,
    ) -> Self {
        Self {
            url: url.into(),
            subject: subject.into(),
            alternative_name: None,
            challenge: challenge.into(),
            key_size: RsaKeySize::Bits2048,
            use_for_signing: true,
            use_for_encryption: true,
            allow_access_to_all_apps: true,
            fingerprint_from: None,
        }
    }

    fn usage(&self) -> Result<KeyUsage, Error> {
        match (self.use_for_signing, self.use_for_encryption) {
            (true, true) => Ok(KeyUsage::SIGN_AND_ENCIPHER),
            (true, false) => Ok(KeyUsage::DIGITAL_SIGNATURE),
            (false, true) => Ok(KeyUsage::KEY_ENCIPHERMENT),
            (false, false) => Err(Error::option(PRODUCT, "Use for signing", "one use at least")),
        }
    }
}

impl WifiProfile {
    /// The part as SecureW2's guide has it filled in, for servers with these names.
    #[must_use]
    pub fn new(ssid: impl Into<String>, trusted_server_names: Vec<String>) -> Self {
        Self {
            ssid: ssid.into(),
            trusted_server_names,
            auto_join: true,
            disable_mac_randomization: true,
        }
    }
}
