//! What can go wrong for the caller of the API.

use core::fmt;

use devicecert_pki as pki;
use devicecert_pki::PeerText;
use devicecert_pki::error::LimitExceeded;

use super::refusal::Refusal;

/// What went wrong with a call.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Fleet said no.
    #[error("Fleet refused with HTTP status {status}{}", Reasons(.reasons))]
    Refused {
        /// The HTTP status.
        status: u16,
        /// Why, in Fleet's words; none if the body is not Fleet's.
        reasons: Vec<Reason>,
        /// After how many seconds it may be tried again, if Fleet says.
        retry_after: Option<u64>,
    },
    /// The response is not Fleet's, or no certificate for this request.
    #[error(transparent)]
    InvalidAnswer(#[from] InvalidAnswer),
    /// The caller asked for something that cannot be done.
    #[error(transparent)]
    Misuse(#[from] Misuse),
}

/// Why Fleet said no.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// One of the texts that never change.
    Known(Refusal),
    /// Anything else.
    Other(PeerText),
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(refusal) => refusal.fmt(f),
            Self::Other(text) => text.fmt(f),
        }
    }
}

struct Reasons<'a>(&'a [Reason]);

impl fmt::Display for Reasons<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, reason) in self.0.iter().enumerate() {
            write!(f, "{}{reason}", if index == 0 { ": " } else { "; " })?;
        }
        Ok(())
    }
}

/// A response that is not what the API says.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidAnswer {
    /// It is longer than [`Limits`](crate::Limits) allow.
    #[error(transparent)]
    LimitExceeded(#[from] LimitExceeded),
    /// It is not the JSON that was expected. What stands there instead is not told: it may be a
    /// secret.
    #[error("line {line}, column {column}: expected JSON of another shape")]
    Json {
        /// The line, from 1; 0 if the place is not known.
        line: usize,
        /// The column in bytes, from 1; 0 if the place is not known.
        column: usize,
    },
    /// The certificate is in no armour that is known.
    #[error("expected a certificate or a PKCS #7 message in PEM armour, found neither")]
    NoPem,
    /// What is in the armour is damaged.
    #[error("the PEM armour is damaged, or what it holds is neither certificate nor PKCS #7")]
    Damaged,
    /// What is in the armour cannot be read.
    #[error(transparent)]
    Pki(#[from] pki::Error),
    /// None of the certificates has the key of the request.
    #[error("none of the {0} certificates in the response has the key of the request")]
    NoCertificateForKey(usize),
}

/// Something the caller asked for that cannot be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Misuse {
    /// A URL cannot be used.
    #[error("expected an http or https URL without user, password, query and fragment")]
    Url,
    /// The token cannot be sent in an HTTP header.
    #[error("the API token is empty, or has characters that an HTTP header cannot carry")]
    Token,
}
