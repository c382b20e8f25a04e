//! The CAs that Fleet has.

use core::fmt;

use devicecert_pki::Secret;

use super::refusal::Refusal;
use crate::rules::Rules;

/// A CA as Fleet's database has it; what is not there was not configured.
#[derive(Clone, PartialEq, Eq)]
pub enum Authority {
    /// Hydrant, an EST server.
    Hydrant {
        /// Its URL, to which `/simpleenroll` is added.
        url: String,
        /// The user.
        client_id: Option<String>,
        /// The password.
        client_secret: Option<Secret>,
    },
    /// Any EST server.
    Est {
        /// Its URL, to which `/simpleenroll` is added.
        url: String,
        /// The user.
        username: Option<String>,
        /// The password.
        password: Option<Secret>,
    },
    /// NDES, or Okta in its place.
    Ndes {
        /// Where it speaks SCEP.
        scep_url: Option<String>,
        /// Where it hands out challenges.
        admin_url: Option<String>,
    },
    /// Any other: DigiCert, Smallstep, any SCEP server.
    Other,
}

/// A CA that certificates can be had from, and what for.
#[derive(Clone, PartialEq, Eq)]
pub enum Issuer {
    /// Over EST, with HTTP Basic authentication that is sent without being asked for.
    Est {
        /// Its URL, to which `/simpleenroll` is added.
        url: String,
        /// The user.
        username: String,
        /// The password.
        password: Secret,
    },
    /// Over SCEP, with the request as it is: it has its challengePassword, if one is needed.
    Scep {
        /// Where.
        url: String,
    },
}

impl Authority {
    pub(super) fn issuer(self, rules: Rules) -> Result<Issuer, Refusal> {
        match self {
            Self::Hydrant { url, client_id, client_secret } => {
                let username = client_id.ok_or(Refusal::NoUsername)?;
                let password = client_secret.ok_or(Refusal::NoClientSecret)?;
                Ok(Issuer::Est { url, username, password })
            }
            Self::Est { url, username, password } => {
                let username = username.ok_or(Refusal::NoUsername)?;
                let password = password.ok_or(Refusal::NoPassword)?;
                Ok(Issuer::Est { url, username, password })
            }
            Self::Ndes { scep_url, .. } if rules == Rules::Current => {
                scep_url.map(|url| Issuer::Scep { url }).ok_or(Refusal::NoScepUrl)
            }
            Self::Ndes { .. } | Self::Other => Err(Refusal::UnsupportedAuthority(rules)),
        }
    }
}

impl fmt::Debug for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Hydrant { .. } => "Hydrant",
            Self::Est { .. } => "Est",
            Self::Ndes { .. } => "Ndes",
            Self::Other => "Other",
        })
    }
}

impl fmt::Debug for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Est { url, .. } => {
                f.debug_struct("Est").field("url", url).finish_non_exhaustive()
            }
            Self::Scep { url } => f.debug_struct("Scep").field("url", url).finish(),
        }
    }
}
