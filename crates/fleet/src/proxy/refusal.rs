//! What a device is told instead of an answer of the CA.

use devicecert_pki::PeerText;
use http::header::{CONTENT_TYPE, HeaderValue, X_CONTENT_TYPE_OPTIONS};
use http::{Response, StatusCode};

use super::profile::ProfileStatus;
use super::slot::Slot;

/// What a device is told of an error that is none of its business. Fleet's own text is not known.
pub(super) const GENERIC: &str = "Internal Server Error";

/// What a device is told if the CA does not answer in time.
pub(super) const TIMED_OUT: &str = "request timed out";

/// What a device sent, as an answer repeats it.
pub(super) fn shown(text: &str) -> PeerText {
    PeerText::new(text, &[], 256)
}

/// Why the proxy does not pass a request on. [`Display`](core::fmt::Display) is the text for the
/// device, which is Fleet's where nothing else is said. None has a passcode in it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// 404: the path is none of the proxy. Whoever serves other paths too looks there.
    #[error("404 page not found")]
    NotFound,
    /// 405: the method is neither GET nor POST. A device is told so without a text, as Go does.
    #[error("method not allowed")]
    MethodNotAllowed,
    /// 400: no `operation`.
    #[error("missing operation")]
    MissingOperation,
    /// 400: an `operation` that the proxy does not pass on, GetNextCACert among them.
    #[error("operation not implemented")]
    UnknownOperation,
    /// 400: no `message`, or an empty one, where it holds the pkiMessage.
    #[error("missing PKIOperation message")]
    MissingMessage,
    /// 400: the `message` is not percent-encoded as it should be.
    #[error("invalid PKIOperation message: {0}")]
    InvalidMessage(PeerText),
    /// 400: the `message` is not base64.
    #[error("failed to base64 decode message: illegal base64 data at input byte {offset}: {text}")]
    NotBase64 {
        /// The first octet that is not base64.
        offset: usize,
        /// The message.
        text: PeerText,
    },
    /// 400: the `message` of another operation is longer than the name of a CA can be. Fleet has no
    /// such bound, and no text for it.
    #[error("message too long")]
    MessageTooLong,
    /// 400: the path does not say what for.
    #[error("invalid identifier in URL path")]
    InvalidIdentifier,
    /// 400: the profile is for no platform that is served.
    #[error(
        "invalid profile UUID (only Apple, Windows, and Android config profiles are supported): {0}"
    )]
    InvalidProfile(PeerText),
    /// 400: the number of a template of Android is none.
    #[error("invalid Android certificate template ID: {0}")]
    InvalidTemplate(PeerText),
    /// 400: nobody expects a certificate there.
    #[error("unknown identifier in URL path")]
    UnknownIdentifier,
    /// 400: the profile is not on its way to the host.
    #[error(
        "profile status ({status}) is not 'pending' for host:{host} profile:{profile}",
        host = slot.host(), profile = slot.profile()
    )]
    NotPending {
        /// The status that it has.
        status: ProfileStatus,
        /// Whose it is.
        slot: Slot,
    },
    /// 400: the profile is being removed. Fleet refuses that of Windows; with what text is not known.
    #[error("profile is being removed for host:{host} profile:{profile}",
        host = slot.host(), profile = slot.profile()
    )]
    BeingRemoved {
        /// Whose it is.
        slot: Slot,
    },
    /// 400: the CA is not configured, or not any more.
    #[error("SCEP proxy is not configured")]
    NotConfigured,
    /// 400: the CA has forgotten the challenge by now. The profile is sent again with a new one.
    #[error("challenge password has expired")]
    ChallengeExpired,
    /// 400: the passcode is missing, wrong, used or too old. The profile is sent again with a new
    /// one.
    #[error("custom scep challenge failed")]
    PasscodeFailed,
}

impl Refusal {
    /// The HTTP status.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            _ => StatusCode::BAD_REQUEST,
        }
    }

    /// The response for the device.
    #[must_use]
    pub fn to_response(&self) -> Response<Vec<u8>> {
        match self {
            Self::MethodNotAllowed => {
                let mut response = Response::default();
                *response.status_mut() = self.status();
                response
            }
            _ => error(self.status(), &self.to_string()),
        }
    }
}

/// A response as Go's `http.Error` writes it.
pub(super) fn error(status: StatusCode, text: &str) -> Response<Vec<u8>> {
    let mut response = Response::new(format!("{text}\n").into_bytes());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}
