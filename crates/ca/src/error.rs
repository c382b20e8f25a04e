//! What can go wrong with every CA. Each module has an error of its own around these.

use core::fmt;

use devicecert_pki as pki;
pub use devicecert_pki::PeerText;
use devicecert_pki::error::LimitExceeded;

use crate::limits::Limits;
use crate::settings::InvalidSetting;
use crate::{digicert, ejbca, intune, ndes, smallstep};

/// What went wrong in this crate, whichever CA it was.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// DigiCert ONE.
    #[error(transparent)]
    DigiCert(#[from] digicert::Error),
    /// NDES, or Okta in its place.
    #[error(transparent)]
    Ndes(#[from] ndes::Error),
    /// Smallstep.
    #[error(transparent)]
    Smallstep(#[from] smallstep::Error),
    /// Intune.
    #[error(transparent)]
    Intune(#[from] intune::Error),
    /// EJBCA.
    #[error(transparent)]
    Ejbca(#[from] ejbca::Error),
    /// What an administrator entered.
    #[error(transparent)]
    Setting(#[from] InvalidSetting),
    /// The caller asked for something that cannot be done.
    #[error(transparent)]
    Misuse(#[from] Misuse),
}

/// A response that is not what the CA's interface says.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidAnswer {
    /// It is longer than [`Limits`] allow.
    #[error(transparent)]
    LimitExceeded(#[from] LimitExceeded),
    /// It is not the JSON that was expected.
    ///
    /// What stands there instead is not told: it may be a secret.
    #[error("line {line}, column {column}: expected {expected}, found {found}")]
    Json {
        /// What was expected.
        expected: &'static str,
        /// What was found.
        found: JsonFault,
        /// The line, from 1; 0 if the place is not known.
        line: usize,
        /// The column in bytes, from 1; 0 if the place is not known.
        column: usize,
    },
    /// What should be base64 is not.
    #[error("{0} is not base64")]
    Base64(&'static str),
}

/// In what way a text is not the JSON that was expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum JsonFault {
    /// It ends too early.
    End,
    /// It is no JSON.
    Syntax,
    /// It is not UTF-8, as JSON between systems must be (RFC 8259 §8.1).
    Encoding,
    /// It is JSON of another shape.
    Shape,
}

impl fmt::Display for JsonFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::End => "the end of the response",
            Self::Syntax => "something that is no JSON",
            Self::Encoding => "octets that are not UTF-8",
            Self::Shape => "JSON of another shape",
        })
    }
}

/// Something the caller asked for that cannot be done.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Misuse {
    /// A URL cannot be used.
    #[error("expected an http or https URL without user, password and fragment")]
    Url,
    /// A text cannot be sent in an HTTP header.
    #[error("{0} has characters that an HTTP header cannot carry")]
    Header(&'static str),
    /// The user name of HTTP Basic authentication ends at its first colon (RFC 7617 §2).
    #[error("a user name with a colon cannot be sent by HTTP Basic authentication")]
    ColonInUsername,
    /// A text must not be empty.
    #[error("{0} is empty")]
    Empty(&'static str),
    /// A text is too long.
    #[error("{what} has {found} characters, and the most is {limit}")]
    TooLong {
        /// What is too long.
        what: &'static str,
        /// The most characters.
        limit: usize,
        /// How many there are.
        found: usize,
    },
    /// An answer was handed in that nobody asked for.
    #[error("nothing was asked for that this could answer")]
    UnexpectedAnswer,
    /// A certificate, name or file could not be made.
    #[error(transparent)]
    Pki(#[from] pki::Error),
}

/// What the caller's HTTP library says.
pub(crate) fn of_transport(error: &dyn core::error::Error) -> PeerText {
    PeerText::new(&error.to_string(), &[], Limits::default().text_characters)
}
