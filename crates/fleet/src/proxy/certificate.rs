//! The row of a certificate that Fleet looks after.

use devicecert_pki::{Time, Validity};

use super::profile::ProfileUuid;
use super::slot::Slot;

/// What kind of CA a certificate comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CaType {
    /// NDES, or Okta in its place.
    Ndes,
    /// Smallstep.
    Smallstep,
    /// Any other SCEP server.
    CustomScep,
    /// DigiCert, which does not go through the proxy.
    DigiCert,
}

impl CaType {
    /// The type by the text in Fleet's rows; `None` for another text.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        Some(match text {
            "ndes" => Self::Ndes,
            "smallstep" => Self::Smallstep,
            "custom_scep_proxy" => Self::CustomScep,
            "digicert" => Self::DigiCert,
            _ => return None,
        })
    }

    /// The text in Fleet's rows.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::Ndes => "ndes",
            Self::Smallstep => "smallstep",
            Self::CustomScep => "custom_scep_proxy",
            Self::DigiCert => "digicert",
        }
    }
}

/// A certificate of a host: by whom and for what profile it is to be issued, and what is known of it.
///
/// A store holds one for each host, profile and CA.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ManagedCertificate {
    /// The UUID of the host.
    pub host: String,
    /// The profile that brings it.
    pub profile: ProfileUuid,
    /// The name of the CA; `None` if the device got it without the proxy.
    pub ca: Option<String>,
    /// What kind of CA; `None` if the device got it without the proxy.
    pub ca_type: Option<CaType>,
    /// When its challenge was fetched from the CA, if the CA makes one for each certificate.
    pub challenge_retrieved_at: Option<Time>,
    /// When it is valid, once that is known.
    pub validity: Option<Validity>,
    /// Its serial number in hexadecimal, once that is known.
    pub serial: Option<String>,
}

impl ManagedCertificate {
    /// One that is about to be asked for.
    #[must_use]
    pub fn new(slot: &Slot, ca_type: CaType) -> Self {
        let mut certificate = Self::unproxied(slot.host(), slot.profile().clone());
        certificate.ca = Some(slot.ca().to_owned());
        certificate.ca_type = Some(ca_type);
        certificate
    }

    /// One that a device got without the proxy, as it is seen later.
    #[must_use]
    pub fn unproxied(host: &str, profile: ProfileUuid) -> Self {
        Self {
            host: host.to_owned(),
            profile,
            ca: None,
            ca_type: None,
            challenge_retrieved_at: None,
            validity: None,
            serial: None,
        }
    }

    /// Sets when its challenge was fetched.
    #[must_use]
    pub const fn challenge_retrieved_at(mut self, at: Time) -> Self {
        self.challenge_retrieved_at = Some(at);
        self
    }

    /// Sets when it is valid, and its serial number in hexadecimal.
    #[must_use]
    pub fn issued(mut self, validity: Validity, serial: &str) -> Self {
        self.validity = Some(validity);
        self.serial = Some(serial.to_owned());
        self
    }
}
