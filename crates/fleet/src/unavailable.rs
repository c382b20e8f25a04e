//! Why there is no value for a variable, in Fleet's words.

use crate::variable::{Destination, Fixed, OfCa, Variable};

/// Why a host gets no value for a variable.
///
/// [`message`](Self::message) is what Fleet shows beside the profile that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unavailable {
    /// The host, or its user, has no such thing, or an empty one.
    NoValue,
    /// There is no CA of that name any more.
    NoSuchCa,
    /// NDES is not configured.
    NoNdes,
    /// The licence of the server does not include it.
    NoLicense,
    /// Not exactly one host has this UUID.
    Hosts {
        /// How many have.
        found: usize,
        /// The UUID.
        uuid: String,
    },
    /// There is no such variable.
    Unknown,
}

impl Unavailable {
    /// The reason as Fleet tells it, byte for byte where Fleet has a text for it.
    #[must_use]
    pub fn message(&self, variable: &Variable, destination: Destination) -> String {
        let name = variable.full_name();
        let windows = destination == Destination::WindowsProfile;
        match self {
            Self::NoValue => no_value(variable, destination),
            Self::NoSuchCa => match variable {
                // Fleet's text has the name without `FLEET_VAR_`.
                Variable::OfCa(kind, ca) => format!(
                    "Fleet couldn't populate ${}{ca} because {ca} certificate authority doesn't exist.",
                    kind.prefix()
                ),
                _ => couldnt(&name),
            },
            Self::NoNdes if windows => {
                "NDES is not configured. Fleet couldn't populate $FLEET_VAR_NDES_SCEP_CHALLENGE."
                    .to_owned()
            }
            Self::NoNdes => "NDES SCEP Proxy is not configured. Please configure in Settings > \
                 Integrations > Certificates."
                .to_owned(),
            Self::NoLicense => match variable {
                Variable::OfCa(OfCa::DigicertData | OfCa::DigicertPassword, _) => {
                    "DigiCert integration requires a Fleet Premium license.".to_owned()
                }
                Variable::OfCa(OfCa::CustomScepChallenge | OfCa::CustomScepProxyUrl, _) => {
                    "Custom SCEP integration requires a Fleet Premium license.".to_owned()
                }
                Variable::OfCa(OfCa::SmallstepScepChallenge | OfCa::SmallstepScepProxyUrl, _) => {
                    "Smallstep SCEP integration requires a Fleet Premium license.".to_owned()
                }
                Variable::Fixed(Fixed::NdesScepChallenge | Fixed::NdesScepProxyUrl) => {
                    "NDES SCEP Proxy requires a Fleet Premium license.".to_owned()
                }
                _ => crate::rules::NO_LICENSE.to_owned(),
            },
            Self::Hosts { found, uuid } => match variable {
                Variable::Fixed(Fixed::HostHardwareSerial) if windows => format!(
                    "Found {found} hosts with UUID {uuid}. Profile variable substitution for \
                     $FLEET_VAR_HOST_HARDWARE_SERIAL requires exactly one host"
                ),
                Variable::Fixed(Fixed::HostHardwareSerial | Fixed::HostPlatform) => {
                    format!("Unexpected number of hosts ({found}) for UUID {uuid}.")
                }
                // With the blank at its end.
                _ => format!("Unexpected number of hosts ({found}) for UUID {uuid}. "),
            },
            Self::Unknown => {
                format!("Unknown Fleet variable ${name} found in profile. Please update or remove.")
            }
        }
    }
}

fn couldnt(name: &str) -> String {
    format!("Fleet couldn't populate ${name}.")
}

fn no_value(variable: &Variable, destination: Destination) -> String {
    let couldnt = couldnt(&variable.full_name());
    let reason = match variable {
        Variable::Fixed(Fixed::HostEndUserIdpUsername | Fixed::HostEndUserIdpUsernameLocalPart) => {
            "There is no IdP username for this host."
        }
        Variable::Fixed(Fixed::HostEndUserIdpGroups) => "There are no IdP groups for this host.",
        Variable::Fixed(Fixed::HostEndUserIdpDepartment) => {
            "There is no IdP department for this host."
        }
        Variable::Fixed(Fixed::HostEndUserIdpFullName) => {
            "There is no IdP full name for this host."
        }
        Variable::Fixed(Fixed::HostHardwareSerial) => "There is no serial number for this host.",
        Variable::Fixed(Fixed::HostEndUserEmailIdp) => {
            let link = match destination {
                Destination::AppleProfile => {
                    " [Learn more](https://fleetdm.com/learn-more-about/idp-email)"
                }
                _ => "",
            };
            return format!("There is no IdP email for this host. {couldnt}{link}");
        }
        _ => return couldnt,
    };
    format!("{reason} {couldnt}")
}
