//! One error type for the compositions of this crate, grouped by whose fault it is.

use core::fmt;

use devicecert_ca as ca;
use devicecert_est as est;
use devicecert_fleet as fleet;
use devicecert_mobileconfig as mobileconfig;
use devicecert_pki as pki;
use devicecert_scep as scep;
use devicecert_syncml as syncml;

use crate::delivery::{EstCaError, Undelivered};

/// What went wrong in this crate.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A platform cannot do what is asked for, and leaving it out would give something else.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// An option of a product has a value that the product does not take.
    #[error(transparent)]
    Product(#[from] ProductError),
    /// A value that no profile for Apple's devices can hold.
    #[error(transparent)]
    Apple(#[from] mobileconfig::Error),
    /// A value that no SyncML for Windows can hold.
    #[error(transparent)]
    Windows(#[from] syncml::Error),
    /// A fingerprint that is none.
    #[error(transparent)]
    Scep(#[from] scep::Error),
    /// Names, certificates, algorithms.
    #[error(transparent)]
    Pki(#[from] pki::Error),
    /// A file that looks like PEM and is none.
    #[error(transparent)]
    Pem(#[from] pki::PemError),
    /// A host that cannot have a profile.
    #[error(transparent)]
    Undelivered(#[from] Undelivered),
    /// A CA that speaks neither SCEP nor EST: its settings, its requests.
    #[error(transparent)]
    Ca(#[from] ca::Error),
    /// A CA that speaks EST.
    #[error(transparent)]
    Est(#[from] est::Error),
    /// An EST CA that does not pass the check of its settings.
    #[error(transparent)]
    EstCa(#[from] EstCaError),
    /// A profile with variables.
    #[error(transparent)]
    Fleet(#[from] fleet::Error),
    /// A host or profile that the SCEP proxy cannot be asked about.
    #[error(transparent)]
    Slot(#[from] fleet::proxy::InvalidSlot),
    /// A URL of the server that the SCEP proxy cannot be found at.
    #[error(transparent)]
    ServerUrl(#[from] fleet::proxy::InvalidServerUrl),
    /// The caller asked for something that cannot be done.
    #[error(transparent)]
    Misuse(#[from] Misuse),
}

/// Something that the caller of a [`Delivery`](crate::Delivery) asked for and that cannot be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Misuse {
    /// An answer was handed in that nobody asked for.
    #[error("nothing was asked for that this could answer")]
    UnexpectedAnswer,
    /// A saved delivery is damaged, or of another host, profile or version.
    #[error("not a saved delivery of this profile to this host, or of another version")]
    Saved,
}

/// Where an identity is written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Platform {
    /// A configuration profile.
    Apple,
    /// SyncML.
    Windows,
    /// A certification request, made by whoever has the key.
    Csr,
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Apple => "a profile for Apple's devices",
            Self::Windows => "SyncML for Windows",
            Self::Csr => "a certification request",
        })
    }
}

/// Something in an identity that a platform cannot do, and cannot do without.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RequestError {
    /// The platform needs a value that is not there.
    #[error("{platform} needs {what}")]
    Missing {
        /// Which platform.
        platform: Platform,
        /// The value.
        what: &'static str,
    },
    /// The platform has no such thing, and nothing near it.
    #[error("{platform} cannot have {what}: expected {expected}")]
    Impossible {
        /// Which platform.
        platform: Platform,
        /// What was asked for.
        what: &'static str,
        /// What can be.
        expected: &'static str,
    },
    /// A placeholder stands where nobody will fill it in any more.
    #[error("{what} of {platform} has a placeholder, which nobody fills in any more")]
    Placeholder {
        /// Which platform.
        platform: Platform,
        /// The value it stands in.
        what: &'static str,
    },
}

/// An option of a product that has another form than the product takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{product}, {option}: expected {expected}")]
#[non_exhaustive]
pub struct ProductError {
    /// The product.
    pub product: &'static str,
    /// The option, by its label.
    pub option: &'static str,
    /// What it takes.
    pub expected: &'static str,
}

impl Error {
    pub(crate) const fn missing(platform: Platform, what: &'static str) -> Self {
        Self::Request(RequestError::Missing { platform, what })
    }

    pub(crate) const fn impossible(
        platform: Platform,
        what: &'static str,
        expected: &'static str,
    ) -> Self {
        Self::Request(RequestError::Impossible { platform, what, expected })
    }

    pub(crate) const fn option(
        product: &'static str,
        option: &'static str,
        expected: &'static str,
    ) -> Self {
        Self::Product(ProductError { product, option, expected })
    }
}

/// The errors of the parts of a profile are errors of profiles.
impl From<mobileconfig::payload::PayloadError> for Error {
    fn from(cause: mobileconfig::payload::PayloadError) -> Self {
        Self::Apple(cause.into())
    }
}

/// The errors of settings and requests are errors of CAs.
macro_rules! ca {
    ($($cause:ident),*) => {
        $(impl From<ca::$cause> for Error {
            fn from(cause: ca::$cause) -> Self {
                Self::Ca(cause.into())
            }
        })*
    };
}

ca!(InvalidSetting, Misuse);

/// The errors of the parts of SyncML are errors of SyncML.
macro_rules! windows {
    ($($cause:ident),*) => {
        $(impl From<syncml::$cause> for Error {
            fn from(cause: syncml::$cause) -> Self {
                Self::Windows(cause.into())
            }
        })*
    };
}

windows!(NameFault, AltNameFault, NotAThumbprint);
