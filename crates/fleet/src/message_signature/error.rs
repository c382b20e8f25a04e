//! Why a request is not signed, or not believed, and what its sender is told.

use devicecert_pki as pki;
use devicecert_pki::error::LimitExceeded;
use devicecert_pki::{KeyKind, PeerText};
use http::header::{CONTENT_TYPE, HeaderValue, X_CONTENT_TYPE_OPTIONS};
use http::{Response, StatusCode};

/// What went wrong with a signed request. `Display` is what Fleet's server answers.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is no signature where one is required.
    #[error("missing required HTTP message signature: path={path}")]
    Missing {
        /// Where the request went.
        path: PeerText,
    },
    /// The signature, or the key that it names, must not be believed.
    #[error("failed to verify request signature: {0}")]
    Rejected(#[from] Rejected),
    /// A request cannot be signed.
    #[error("the request cannot be signed: {0}")]
    Unsignable(Rejected),
    /// A digest cannot be made, or a signature not be told right from wrong.
    #[error(transparent)]
    Pki(#[from] pki::Error),
}

/// Why a signed request must not be believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Rejected {
    /// A field is longer than [`Limits::header_bytes`](crate::Limits::header_bytes).
    #[error(transparent)]
    LimitExceeded(#[from] LimitExceeded),
    /// A field is no structured field (RFC 9651).
    #[error("{field}, at byte {at}: expected {expected}")]
    Malformed {
        /// Which field.
        field: &'static str,
        /// Octets before the place.
        at: usize,
        /// What may stand there.
        expected: &'static str,
    },
    /// A field is a structured field, but not of the types that RFC 9421 has for the signature.
    #[error("{field}, in the member \"sig1\": expected {expected}")]
    Unexpected {
        /// Which field.
        field: &'static str,
        /// What its member has to have.
        expected: &'static str,
    },
    /// A field that must be there once is not there, or is there several times.
    #[error("expected one {field}, found {found}")]
    FieldCount {
        /// Which field.
        field: &'static str,
        /// How often it is there.
        found: usize,
    },
    /// A field has no signature with the label `sig1`.
    #[error("{0} has no member \"sig1\"")]
    NoSignature(&'static str),
    /// A component is not covered that must be.
    #[error("the signature does not cover \"{0}\"")]
    NotCovered(&'static str),
    /// A component is covered that cannot be derived here, or is not there.
    #[error("the signature covers \"{0}\", which is not known here or not in the request")]
    Component(PeerText),
    /// A component is covered twice (RFC 9421 §2.5).
    #[error("the signature covers \"{0}\" twice")]
    RepeatedComponent(PeerText),
    /// A parameter is not there that must be.
    #[error("the signature has no parameter \"{0}\"")]
    NoParameter(&'static str),
    /// A parameter is there that must not be: `alg`, for the key says which it is.
    #[error("the signature has the parameter \"alg\"")]
    Algorithm,
    /// A parameter is not known.
    #[error("the signature has the unknown parameter \"{0}\"")]
    Parameter(PeerText),
    /// The `keyid` is no serial number of at most 64 bits.
    #[error("the keyid is not the serial number of a certificate: at most 64 bits in hexadecimal")]
    KeyId,
    /// There is no host identity certificate with this serial number, or it is another one.
    #[error("no host identity certificate has this keyid")]
    UnknownKey,
    /// The key is of a kind that does not sign here.
    #[error("expected a key on P-256 or P-384, found {0}")]
    Key(KeyKind),
    /// The host identity certificate has ended, or not begun.
    #[error("the host identity certificate is not valid now")]
    NotValid,
    /// The signature is older than the window allows.
    #[error("the signature was created {seconds} s ago; at most {limit} s are allowed")]
    Old {
        /// Its age.
        seconds: u64,
        /// What [`Window`](super::Window) allows.
        limit: u64,
    },
    /// The signature is from a time to come.
    #[error("the signature was created {seconds} s in the future; at most {limit} s are allowed")]
    Ahead {
        /// How far ahead it is.
        seconds: u64,
        /// What [`Window`](super::Window) allows.
        limit: u64,
    },
    /// The signature has expired by its own word.
    #[error("the signature has expired")]
    Expired,
    /// `Content-Digest` has none of the digests that are read here.
    #[error("Content-Digest has neither sha-256 nor sha-512")]
    NoDigest,
    /// `Content-Digest` is not that of the body.
    #[error("Content-Digest is not that of the body")]
    Digest,
    /// A component has octets that would make two messages look alike when they are signed.
    #[error("{0} has control characters")]
    ControlCharacter(&'static str),
    /// The request does not say which server it is for.
    #[error("the request has no Host")]
    NoHost,
    /// The request was signed for another server.
    #[error("the request is signed for the host {0}, which is not this server")]
    OtherHost(PeerText),
    /// The signature is wrong.
    #[error("the signature is wrong")]
    Signature,
}

impl Error {
    /// The response, as Fleet sends it: 401 and the text, or 500 if the fault is not the sender's.
    #[must_use]
    pub fn to_http(&self) -> Response<Vec<u8>> {
        let (status, text) = match self {
            Self::Missing { .. } | Self::Rejected(_) => {
                (StatusCode::UNAUTHORIZED, self.to_string())
            }
            Self::Unsignable(_) | Self::Pki(_) => {
                (StatusCode::INTERNAL_SERVER_ERROR, "internal error".to_owned())
            }
        };
        let mut response = Response::new(format!("{text}\n").into_bytes());
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        response
    }
}
