//! What an administrator enters about a CA, and Fleet's words for what is wrong with it.

use core::fmt;

use crate::error::PeerText;

/// The kinds of CA whose names an administrator chooses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CaKind {
    /// DigiCert ONE.
    DigiCert,
    /// Hydrant, which is an EST server.
    Hydrant,
    /// Any SCEP server.
    CustomScep,
    /// Smallstep.
    Smallstep,
    /// Any EST server.
    CustomEst,
}

impl fmt::Display for CaKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::DigiCert => "DigiCert",
            Self::Hydrant => "Hydrant",
            Self::CustomScep => "custom SCEP",
            Self::Smallstep => "Smallstep",
            Self::CustomEst => "custom EST",
        })
    }
}

/// The name of a CA as it ends a variable: `$FLEET_VAR_DIGICERT_DATA_NAME`.
///
/// ```
/// use devicecert_ca::{CaName, InvalidSetting};
///
/// let name: CaName = "WIFI".parse()?;
/// assert_eq!(name.as_str(), "WIFI");
/// assert_eq!("my-wifi".parse::<CaName>(), Err(InvalidSetting::NameCharacters));
/// # Ok::<(), InvalidSetting>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CaName(String);

impl CaName {
    /// The most characters of a name.
    pub const MAX: usize = 255;

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Checks that no other CA of this kind has this name. CAs of different kinds may share one.
    ///
    /// # Errors
    /// [`InvalidSetting::NameTaken`].
    pub fn check_unused<'a>(
        &self,
        kind: CaKind,
        others: impl IntoIterator<Item = &'a Self>,
    ) -> Result<(), InvalidSetting> {
        match others.into_iter().any(|other| other == self) {
            true => Err(InvalidSetting::NameTaken { name: self.clone(), kind }),
            false => Ok(()),
        }
    }
}

impl core::str::FromStr for CaName {
    type Err = InvalidSetting;

    /// White space around the name is dropped.
    ///
    /// # Errors
    /// The first rule that the name breaks.
    fn from_str(text: &str) -> Result<Self, InvalidSetting> {
        let name = text.trim();
        if name == "NDES" {
            return Err(InvalidSetting::NameReserved);
        }
        if name.is_empty() {
            return Err(InvalidSetting::NameEmpty);
        }
        if name.chars().count() > Self::MAX {
            return Err(InvalidSetting::NameTooLong);
        }
        match name.bytes().all(|octet| octet.is_ascii_alphanumeric() || octet == b'_') {
            true => Ok(Self(name.to_owned())),
            false => Err(InvalidSetting::NameCharacters),
        }
    }
}

impl fmt::Display for CaName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Something that an administrator entered and that cannot be used.
///
/// `Display` is Fleet's text; [`api_text`](Self::api_text) is what its API answers.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidSetting {
    /// The one name that is taken: there is one NDES, and it is called that.
    #[error("CA name cannot be NDES")]
    NameReserved,
    /// No name.
    #[error("CA name cannot be empty")]
    NameEmpty,
    /// A name of more than [`CaName::MAX`] characters.
    #[error("CA name cannot be longer than 255 characters")]
    NameTooLong,
    /// A name that could not end a variable.
    #[error(
        "Invalid characters in the \"name\" field. Only letters, numbers and underscores allowed."
    )]
    NameCharacters,
    /// A name that another CA of the same kind has.
    #[error(
        "\"{name}\" name is already used by another {kind} certificate authority. Please choose a different name and try again."
    )]
    NameTaken {
        /// The name.
        name: CaName,
        /// Of which kind both are.
        kind: CaKind,
    },
    /// There is one NDES already.
    #[error(". Only a single NDES CA can be added.")]
    SecondNdes,
    /// A request to add a CA without one in it.
    #[error("A certificate authority must be specified")]
    NoCa,
    /// A request to add more than one CA.
    #[error("Only one certificate authority can be created at a time")]
    SeveralCas,
    /// The server has no key to encrypt what it stores about CAs.
    #[error(
        "Private key must be configured. Learn more: https://fleetdm.com/learn-more-about/fleet-server-private-key"
    )]
    NoServerPrivateKey,

    /// A URL of DigiCert that is none.
    #[error("Invalid DigiCert URL. Please correct and try again.")]
    DigiCertUrl,
    /// A URL of DigiCert with another scheme.
    #[error("DigiCert URL scheme must be https or http")]
    DigiCertUrlScheme,
    /// An API token that is empty, cannot be sent, or is the mask that is shown in its place.
    #[error("Invalid API token. Please correct and try again.")]
    DigiCertApiToken,
    /// No profile GUID.
    #[error("Invalid profile GUID. Please correct and try again.")]
    DigiCertProfileId,
    /// No common name.
    #[error("CA Common Name (CN) cannot be empty")]
    DigiCertCommonNameEmpty,
    /// A variable that the common name cannot have.
    #[error("FLEET_VAR_{0} is not allowed in CA Common Name (CN)")]
    DigiCertCommonNameVariable(String),
    /// No seat ID.
    #[error("CA Seat ID cannot be empty")]
    DigiCertSeatIdEmpty,
    /// A variable that the seat ID cannot have.
    #[error("FLEET_VAR_{0} is not allowed in DigiCert Seat ID")]
    DigiCertSeatIdVariable(String),
    /// Several user principal names.
    #[error("Currently, only one item can be added to certificate_user_principal_names.")]
    DigiCertSeveralUpns,
    /// A user principal name that is there and empty.
    #[error("DigiCert certificate_user_principal_name cannot be empty if specified")]
    DigiCertUpnEmpty,
    /// A variable that the user principal name cannot have.
    #[error("FLEET_VAR_{0} is not allowed in CA User Principal Name")]
    DigiCertUpnVariable(String),
    /// The profile could not be verified; the text is that of the error.
    #[error("Could not verify DigiCert profile ID: {0}. Please correct and try again.")]
    DigiCertProfile(PeerText),

    /// A SCEP URL that does not answer with a CA certificate.
    #[error("Invalid SCEP URL. Please correct and try again.")]
    ScepUrl,
    /// The password cache of NDES is full.
    #[error(
        "The NDES password cache is full. Please increase the number of cached passwords in NDES and try again."
    )]
    NdesCacheFull,
    /// The account may not fetch challenges.
    #[error("Insufficient permissions for NDES SCEP admin URL. Please correct and try again.")]
    NdesPermissions,
    /// No challenge can be fetched.
    #[error("Invalid NDES SCEP admin URL or credentials. Please correct and try again.")]
    NdesAdminUrl,

    /// A SCEP URL of Smallstep that is none.
    #[error("Invalid Smallstep SCEP URL. Please correct and try again.")]
    SmallstepScepUrl,
    /// No user name.
    #[error("Smallstep username cannot be empty")]
    SmallstepUsername,
    /// No password.
    #[error("Smallstep password cannot be empty")]
    SmallstepPassword,
    /// No challenge can be fetched.
    #[error("Invalid challenge URL or credentials. Please correct and try again.")]
    SmallstepChallenge,
}

impl InvalidSetting {
    /// What Fleet's API answers to a request to add such a CA.
    #[must_use]
    pub fn api_text(&self) -> String {
        format!("Couldn't add certificate authority. {self}")
    }
}

/// The one CA of a request to add one.
///
/// # Errors
/// [`InvalidSetting::NoCa`] or [`InvalidSetting::SeveralCas`].
pub fn exactly_one<T>(cas: impl IntoIterator<Item = T>) -> Result<T, InvalidSetting> {
    let mut cas = cas.into_iter();
    match (cas.next(), cas.next()) {
        (Some(ca), None) => Ok(ca),
        (None, _) => Err(InvalidSetting::NoCa),
        (Some(_), Some(_)) => Err(InvalidSetting::SeveralCas),
    }
}

/// Which of Fleet's releases a text is worded like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Wording {
    /// Those of the end of 2025.
    V1,
    /// Those since July 2026.
    #[default]
    Current,
}
