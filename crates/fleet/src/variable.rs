//! The variables that Fleet fills in.
//!
//! | spelling | name |
//! |---|---|
//! | `$FLEET_VAR_NAME`, `${FLEET_VAR_NAME}` | ASCII letters, digits and `_`, as many as there are |
//! | `$FLEET_SECRET_NAME`, `${FLEET_SECRET_NAME}` | the same |
//! | `$FLEET_HOST_VITAL_7`, `${FLEET_HOST_VITAL_7}` | a number above 0; otherwise it is text |
//! | `$FLEET_HOST_SECRET_NAME`, `${FLEET_HOST_SECRET_NAME}` | as the first |
//!
//! A backslash or another `$` before a variable does not make text of it.

mod meant;
mod scan;
mod table;

pub(crate) use meant::meant;
pub(crate) use scan::unfinished;
pub use scan::{Occurrence, Occurrences, Spelling, occurrences};
pub use table::{Destination, Row, rows};

use core::fmt;

use crate::rules::Rules;

/// A variable, by its name.
///
/// ```
/// use devicecert_fleet::{Fixed, OfCa, Variable};
///
/// assert_eq!(Variable::from_name("HOST_UUID"), Variable::Fixed(Fixed::HostUuid));
/// let challenge = Variable::from_name("CUSTOM_SCEP_CHALLENGE_WIFI");
/// assert_eq!(challenge, Variable::OfCa(OfCa::CustomScepChallenge, "WIFI".to_owned()));
/// assert_eq!(challenge.to_string(), "$FLEET_VAR_CUSTOM_SCEP_CHALLENGE_WIFI");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Variable {
    /// `$FLEET_VAR_…`, a name that is always the same.
    Fixed(Fixed),
    /// `$FLEET_VAR_…` with the name of a CA behind it; the name may be empty, and then no CA has it.
    OfCa(OfCa, String),
    /// `$FLEET_SECRET_…`: a text that an administrator keeps on the server.
    Secret(String),
    /// `$FLEET_HOST_VITAL_…`: a custom vital of the host, by its number.
    HostVital(u64),
    /// `$FLEET_HOST_SECRET_…`: what Fleet fills in for itself, as a recovery lock password. A
    /// profile has no business with it.
    HostSecret(String),
    /// Any other `$FLEET_VAR_…`.
    Unknown(String),
}

/// A variable whose name is always the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Fixed {
    /// The hardware UUID, or the enrolment id of a device enrolled by its user.
    HostUuid,
    /// The serial number.
    HostHardwareSerial,
    /// `macos`, `ios`, `ipados`, `windows` or `android`.
    HostPlatform,
    /// The e-mail address at the identity provider; the older way to ask for the user.
    HostEndUserEmailIdp,
    /// userName at the identity provider.
    HostEndUserIdpUsername,
    /// The same up to its first `@`.
    HostEndUserIdpUsernameLocalPart,
    /// The groups at the identity provider, between commas.
    HostEndUserIdpGroups,
    /// The department at the identity provider.
    HostEndUserIdpDepartment,
    /// Given and family name at the identity provider.
    HostEndUserIdpFullName,
    /// A one-time password of NDES, fetched for this host.
    NdesScepChallenge,
    /// The address of the SCEP proxy for NDES.
    NdesScepProxyUrl,
    /// The mark by which a certificate is found again, `fleet-` and the UUID of the profile.
    ScepRenewalId,
    /// The same by its newer name.
    CertificateRenewalId,
    /// The UUID of the profile, as name of the certificate's node.
    ScepWindowsCertificateId,
}

/// A variable whose name ends with that of a CA.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum OfCa {
    /// A PKCS #12 file in base64.
    DigicertData,
    /// The password of that file.
    DigicertPassword,
    /// The challenge of a SCEP CA.
    CustomScepChallenge,
    /// The address of the SCEP proxy, with a one-time passcode in it.
    CustomScepProxyUrl,
    /// A challenge from Smallstep's webhook.
    SmallstepScepChallenge,
    /// The address of the SCEP proxy for Smallstep.
    SmallstepScepProxyUrl,
    /// A PKCS #12 file in base64, of a trial that Fleet never released.
    EjbcaData,
    /// The password of that file.
    EjbcaPassword,
}

impl Fixed {
    /// The name behind `FLEET_VAR_`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::HostUuid => "HOST_UUID",
            Self::HostHardwareSerial => "HOST_HARDWARE_SERIAL",
            Self::HostPlatform => "HOST_PLATFORM",
            Self::HostEndUserEmailIdp => "HOST_END_USER_EMAIL_IDP",
            Self::HostEndUserIdpUsername => "HOST_END_USER_IDP_USERNAME",
            Self::HostEndUserIdpUsernameLocalPart => "HOST_END_USER_IDP_USERNAME_LOCAL_PART",
            Self::HostEndUserIdpGroups => "HOST_END_USER_IDP_GROUPS",
            Self::HostEndUserIdpDepartment => "HOST_END_USER_IDP_DEPARTMENT",
            Self::HostEndUserIdpFullName => "HOST_END_USER_IDP_FULL_NAME",
            Self::NdesScepChallenge => "NDES_SCEP_CHALLENGE",
            Self::NdesScepProxyUrl => "NDES_SCEP_PROXY_URL",
            Self::ScepRenewalId => "SCEP_RENEWAL_ID",
            Self::CertificateRenewalId => "CERTIFICATE_RENEWAL_ID",
            Self::ScepWindowsCertificateId => "SCEP_WINDOWS_CERTIFICATE_ID",
        }
    }
}

impl OfCa {
    /// The name behind `FLEET_VAR_`, up to that of the CA, with the `_` between them.
    #[must_use]
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::DigicertData => "DIGICERT_DATA_",
            Self::DigicertPassword => "DIGICERT_PASSWORD_",
            Self::CustomScepChallenge => "CUSTOM_SCEP_CHALLENGE_",
            Self::CustomScepProxyUrl => "CUSTOM_SCEP_PROXY_URL_",
            Self::SmallstepScepChallenge => "SMALLSTEP_SCEP_CHALLENGE_",
            Self::SmallstepScepProxyUrl => "SMALLSTEP_SCEP_PROXY_URL_",
            Self::EjbcaData => "EJBCA_DATA_",
            Self::EjbcaPassword => "EJBCA_PASSWORD_",
        }
    }
}

impl Variable {
    /// The variable with this name behind `FLEET_VAR_`.
    #[must_use]
    pub fn from_name(name: &str) -> Self {
        let mut known = rows().iter();
        let found = known.find_map(|row| match row.kind {
            table::Kind::Fixed(fixed) if fixed.name() == name => Some(Self::Fixed(fixed)),
            table::Kind::OfCa(kind) => {
                name.strip_prefix(kind.prefix()).map(|ca| Self::OfCa(kind, ca.to_owned()))
            }
            _ => None,
        });
        found.unwrap_or_else(|| Self::Unknown(name.to_owned()))
    }

    /// The name behind the `$`.
    #[must_use]
    pub fn full_name(&self) -> String {
        match self {
            Self::Fixed(fixed) => format!("FLEET_VAR_{}", fixed.name()),
            Self::OfCa(kind, ca) => format!("FLEET_VAR_{}{ca}", kind.prefix()),
            Self::Secret(name) => format!("FLEET_SECRET_{name}"),
            Self::HostVital(id) => format!("FLEET_HOST_VITAL_{id}"),
            Self::HostSecret(name) => format!("FLEET_HOST_SECRET_{name}"),
            Self::Unknown(name) => format!("FLEET_VAR_{name}"),
        }
    }

    /// Whether its value must not be seen by anybody but the device.
    ///
    /// The address of the proxy counts for that too: it has a passcode in it.
    #[must_use]
    pub const fn is_secret(&self) -> bool {
        match self {
            Self::Fixed(fixed) => {
                matches!(fixed, Fixed::NdesScepChallenge | Fixed::NdesScepProxyUrl)
            }
            Self::OfCa(..) | Self::Secret(_) | Self::HostSecret(_) => true,
            Self::HostVital(_) | Self::Unknown(_) => false,
        }
    }

    /// Whether it comes from a CA, and so has to be all of the text of an element.
    #[must_use]
    pub const fn is_of_a_ca(&self) -> bool {
        match self {
            Self::Fixed(fixed) => {
                matches!(fixed, Fixed::NdesScepChallenge | Fixed::NdesScepProxyUrl)
            }
            Self::OfCa(..) => true,
            Self::Secret(_) | Self::HostVital(_) | Self::HostSecret(_) | Self::Unknown(_) => false,
        }
    }

    /// Whether it is the mark by which a certificate is found again, by either name.
    #[must_use]
    pub const fn is_renewal_id(&self) -> bool {
        matches!(self, Self::Fixed(Fixed::ScepRenewalId | Fixed::CertificateRenewalId))
    }

    /// Whether Fleet takes it in such a document.
    #[must_use]
    pub fn may_stand(&self, destination: Destination, rules: Rules) -> bool {
        rows()
            .iter()
            .any(|row| row.kind.is_of(self) && row.destinations(rules).contains(&destination))
    }
}

/// `$FLEET_VAR_HOST_UUID`
impl fmt::Display for Variable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "${}", self.full_name())
    }
}
