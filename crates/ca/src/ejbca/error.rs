//! What goes wrong with EJBCA, in Fleet's words.

use devicecert_pki as pki;

use crate::error::{InvalidAnswer, PeerText, of_transport};

/// What goes wrong with EJBCA. `Display` is Fleet's text where Fleet has one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Status 401 or 403.
    #[error(
        "EJBCA rejected the Fleet client certificate (likely revoked, expired, or not bound to a role with sufficient access)"
    )]
    ClientCertificate,
    /// Status 404.
    #[error("EJBCA reports the CA or profile name does not exist")]
    NotFound,
    /// Status 422.
    #[error("EJBCA end-entity profile rejected the CSR: {0}")]
    CsrRejected(PeerText),
    /// Any other status, with what EJBCA says.
    #[error("{message} (HTTP status {status})")]
    Status {
        /// The status.
        status: u16,
        /// EJBCA's `error_message`; it may be empty.
        message: PeerText,
    },
    /// EJBCA says that it is not well.
    #[error("the status of EJBCA is not OK: {0}")]
    NotOk(PeerText),
    /// The certificate came in another format than was ordered.
    #[error("expected a certificate in the format DER, found the format {0}")]
    ResponseFormat(PeerText),
    /// There is no certificate in the answer.
    #[error("EJBCA sent no certificate")]
    NoCertificate,
    /// What EJBCA sent is no certificate.
    #[error("EJBCA's certificate cannot be read: {0}")]
    Certificate(#[source] pki::Error),
    /// The certificate has another key than the request.
    #[error("the certificate does not have the key of the request")]
    OtherKey,
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
