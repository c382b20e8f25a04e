//! What goes wrong with NDES, in Fleet's words.

use devicecert_pki::error::LimitExceeded;

use super::ntlm;
use crate::error::{Misuse, PeerText, of_transport};
use crate::settings::{InvalidSetting, Wording};

/// What goes wrong with NDES. `Display` is Fleet's text where Fleet has one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The status is not 200: 401 if the credentials are wrong.
    #[error(
        "unexpected status code: {0}; could not retrieve the enrollment challenge password; invalid admin URL or credentials; please correct and try again"
    )]
    Status(u16),
    /// The page is not the admin page of NDES.
    #[error(
        "could not retrieve the enrollment challenge password; invalid admin URL or credentials; please correct and try again"
    )]
    NoChallenge,
    /// NDES keeps as many challenges as it may, and none was used or is too old.
    #[error(
        "the password cache is full; please increase the number of cached passwords in NDES; by default, NDES caches 5 passwords and they expire 60 minutes after they are created"
    )]
    CacheFull,
    /// The account may not enrol on behalf of others.
    #[error(
        "this account does not have sufficient permissions to enroll with SCEP. Please use a different account with NDES SCEP enroll permissions."
    )]
    InsufficientPermissions,
    /// The server asks for a way of authentication that is not at hand, or not allowed.
    #[error("the server offers no HTTP authentication that can be used: NTLM, or Basic over https")]
    NoScheme,
    /// The CA was not reached, or not in time. Made by [`unreachable`](Self::unreachable).
    #[error("{0}")]
    Unreachable(PeerText),
    /// The server's part in NTLM cannot be used.
    #[error(transparent)]
    Ntlm(#[from] ntlm::Error),
    /// The page or its challenge is longer than [`Limits`](crate::Limits) allow.
    #[error(transparent)]
    LimitExceeded(#[from] LimitExceeded),
    /// The caller asked for something that cannot be done.
    #[error(transparent)]
    Misuse(#[from] Misuse),
}

const POPULATE: &str = "Fleet couldn't populate $FLEET_VAR_NDES_SCEP_CHALLENGE.";

impl Error {
    /// The error of a request that had no response: what the HTTP library says of it.
    #[must_use]
    pub fn unreachable(error: &dyn core::error::Error) -> Self {
        Self::Unreachable(of_transport(error))
    }

    /// What Fleet shows in the details of a profile whose challenge could not be had.
    #[must_use]
    pub fn detail(&self, wording: Wording) -> String {
        match self {
            Self::Status(_) | Self::NoChallenge => {
                let page = match wording {
                    Wording::V1 => {
                        "Mobile Device Management > Simple Certificate Enrollment Protocol"
                    }
                    Wording::Current => "Certificate enrollment",
                };
                format!(
                    "Invalid NDES admin credentials. {POPULATE} Please update credentials in Settings > Integrations > {page}."
                )
            }
            Self::CacheFull => format!(
                "The NDES password cache is full. {POPULATE} Please increase the number of cached passwords in NDES and try again."
            ),
            Self::InsufficientPermissions => format!(
                "This account does not have sufficient permissions to enroll with SCEP. {POPULATE} Please update the account with NDES SCEP enroll permissions and try again."
            ),
            Self::NoScheme
            | Self::Unreachable(_)
            | Self::Ntlm(_)
            | Self::LimitExceeded(_)
            | Self::Misuse(_) => {
                format!("{POPULATE} {self}")
            }
        }
    }

    /// What an administrator is told whose settings failed the check: a challenge is really fetched.
    #[must_use]
    pub const fn setting(&self) -> InvalidSetting {
        match self {
            Self::CacheFull => InvalidSetting::NdesCacheFull,
            Self::InsufficientPermissions => InvalidSetting::NdesPermissions,
            Self::Status(_)
            | Self::NoChallenge
            | Self::NoScheme
            | Self::Unreachable(_)
            | Self::Ntlm(_)
            | Self::LimitExceeded(_)
            | Self::Misuse(_) => InvalidSetting::NdesAdminUrl,
        }
    }
}

/// Why a SCEP URL is refused when the settings are saved. Fleet asks it for the CA certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ScepUrlError {
    /// It is no URL that can be asked.
    #[error("creating SCEP client; invalid SCEP URL; please correct and try again")]
    Url,
    /// GetCACert failed.
    #[error(
        "could not retrieve CA certificate from SCEP URL; invalid SCEP URL; please correct and try again"
    )]
    GetCaCert,
    /// GetCACert brought no certificate.
    #[error("SCEP URL did not return a CA certificate")]
    NoCertificate,
}

impl ScepUrlError {
    /// What the administrator is told.
    #[must_use]
    pub const fn setting(&self) -> InvalidSetting {
        InvalidSetting::ScepUrl
    }
}
