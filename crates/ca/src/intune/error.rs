//! What goes wrong with Intune.

use super::Code;
use crate::error::{InvalidAnswer, PeerText, of_transport};

/// What goes wrong with Intune. Every error forbids to issue.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The HTTP status is none of success.
    #[error("Intune answered with HTTP status {0}")]
    Status(u16),
    /// Intune refuses the request.
    #[error("Intune refused the request: {code}{}{description}", separator(.description))]
    Refused {
        /// Why.
        code: Code,
        /// The same for people; it may be empty.
        description: PeerText,
    },
    /// No token was issued.
    #[error("no token was issued: {error}{}{description}", separator(.description))]
    NoToken {
        /// The error code of RFC 6749 §5.2.
        error: PeerText,
        /// The same for people; it may be empty.
        description: PeerText,
    },
    /// The tenant has no such service: Intune is not set up there, or the app may not see it.
    #[error("the tenant has no service named ScepRequestValidationFEService")]
    NoService,
    /// The service's URL is not https, so no token is sent there.
    #[error("the URL of the tenant's service is not https")]
    ServiceUrl,
    /// The CA was not reached, or not in time. Made by [`unreachable`](Self::unreachable).
    #[error("{0}")]
    Unreachable(PeerText),
    /// The answer cannot be read.
    #[error(transparent)]
    InvalidAnswer(#[from] InvalidAnswer),
}

impl Error {
    /// The error of a request that had no response: what the HTTP library says of it.
    #[must_use]
    pub fn unreachable(error: &dyn core::error::Error) -> Self {
        Self::Unreachable(of_transport(error))
    }
}

fn separator(description: &PeerText) -> &'static str {
    match description.is_empty() {
        true => "",
        false => ": ",
    }
}
