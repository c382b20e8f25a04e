//! One error type, grouped by whose fault it is, and what of it a client is told.

use devicecert_pki as pki;
use devicecert_pki::error::LimitExceeded;
use http::StatusCode;

use crate::cmc::FailInfo;
use crate::operation::Operation;
use crate::refusal::Refusal;

/// What went wrong in this crate.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Bytes, signatures, algorithms or keys.
    #[error(transparent)]
    Pki(#[from] pki::Error),
    /// The peer's message exceeds a limit of [`Limits`](crate::Limits).
    #[error(transparent)]
    LimitExceeded(#[from] LimitExceeded),
    /// A body is not in the encoding that RFC 8951 §3 asks for.
    #[error(transparent)]
    InvalidBody(#[from] InvalidBody),
    /// A body can be read, but is no message of EST.
    #[error(transparent)]
    InvalidMessage(#[from] InvalidMessage),
    /// A client's request is none of EST, or may not be granted.
    #[error(transparent)]
    InvalidRequest(#[from] InvalidRequest),
    /// A server's reply cannot be accepted.
    #[error(transparent)]
    UnacceptableReply(#[from] UnacceptableReply),
    /// The server refused.
    #[error("{0}")]
    Refused(Box<Refusal>),
    /// The caller asked for something that cannot be done.
    #[error(transparent)]
    Misuse(#[from] Misuse),
}

/// A body that is not base64 of DER (RFC 8951 §3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidBody {
    /// There is none.
    #[error("the body is empty")]
    Empty,
    /// A character that base64 does not have, or not there.
    #[error("at byte {at} of the body: expected base64 (RFC 8951 section 3), found something else")]
    Base64 {
        /// Octets of the body before the place.
        at: usize,
    },
    /// The base64 ends in the middle of a group of four.
    #[error("the base64 of the body ends in the middle of a group")]
    Padding,
    /// DER where base64 is due.
    #[error("the body is binary where base64 is due (RFC 8951 section 3)")]
    Binary,
    /// PEM where base64 is due.
    #[error("the body is in PEM armour where bare base64 is due (RFC 8951 section 3)")]
    Pem,
    /// PEM armour that does not end, or several blocks.
    #[error("the PEM armour of the body does not end, or there are several blocks")]
    Armour,
    /// BER where DER is due.
    #[error("the message is BER where DER is due")]
    Ber,
}

/// A message that can be read, but is none of RFC 7030.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidMessage {
    /// A certs-only message has a content or a signer (RFC 5272 §4.1).
    #[error("the certs-only message has a content or signers")]
    NotCertsOnly,
    /// A certificate stands where a certs-only message is due.
    #[error("a bare certificate stands where a certs-only message is due")]
    BareCertificate,
    /// The Content-Type of a multipart body has no boundary, or one that RFC 2046 forbids.
    #[error("the Content-Type has no boundary, or one that RFC 2046 section 5.1.1 forbids")]
    Boundary,
    /// A multipart body has no part, or does not end where it should.
    #[error("the multipart body {0}")]
    Multipart(&'static str),
    /// The parts are not one private key and one certificate (RFC 7030 §4.4.2).
    #[error(
        "expected one part with a private key and one with certificates, found {keys} and {certificates}"
    )]
    Parts {
        /// Parts that hold a private key.
        keys: usize,
        /// Parts that hold certificates.
        certificates: usize,
    },
    /// What should be a private key is none.
    #[error("expected a PKCS#8 private key, found something else")]
    PrivateKey,
    /// A private key in a form that is only taken with [`Tolerance::bare_private_key`].
    ///
    /// [`Tolerance::bare_private_key`]: crate::Tolerance::bare_private_key
    #[error("expected a PKCS#8 private key, found an RSAPrivateKey or ECPrivateKey")]
    BarePrivateKey,
    /// CSR attributes break a rule of RFC 9908.
    #[error("the CSR attributes {0}")]
    CsrAttrs(&'static str),
    /// A CMC message breaks a rule of RFC 5272.
    #[error("the CMC message {0}")]
    Cmc(&'static str),
    /// An attribute of the request breaks the rule of the RFC that defines it.
    #[error("the {0} attribute of the request is not as its RFC defines it")]
    Attribute(&'static str),
}

/// A request that is no EST request, or one that must be refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidRequest {
    /// The path is not below the server's, or names no operation.
    #[error("the path names no EST operation (RFC 7030 section 3.2.2)")]
    Path,
    /// The label is none (RFC 7030 §3.2.2).
    #[error("the label is empty, too long, or the name of an operation (RFC 7030 section 3.2.2)")]
    Label,
    /// The operation wants another method.
    #[error("{operation} wants {}", operation.method())]
    Method {
        /// The operation that the path names.
        operation: Operation,
    },
    /// The Content-Type is not the operation's.
    #[error("expected Content-Type {expected}")]
    ContentType {
        /// The one that is due.
        expected: &'static str,
    },
    /// The request is not linked to the TLS session though that is required (RFC 7030 §3.5).
    #[error(
        "the request is not linked to this TLS session, which is required here (RFC 7030 section 3.5)"
    )]
    NotLinked,
    /// The request is linked to another TLS session, or to none that this server can tell.
    #[error("the proof of possession is linked to another TLS session (RFC 7030 section 3.5)")]
    LinkedElsewhere,
    /// `simplereenroll` without a certificate that could be renewed.
    #[error("a re-enrolment needs the certificate that is to be renewed (RFC 7030 section 3.3.2)")]
    NoCertificate,
    /// Authorization cannot be read.
    #[error("the Authorization header field is damaged")]
    Authorization,
    /// A key is to be encrypted, and nothing says with what (RFC 7030 §4.4.1).
    #[error(
        "the key is to be encrypted, but the request lacks sMIMECapabilities or names two keys"
    )]
    KeyEncryption,
}

/// A reply that a client must not accept.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UnacceptableReply {
    /// The HTTP status is none that the operation has.
    #[error("the server answered with HTTP status {0}")]
    HttpStatus(u16),
    /// The Content-Type is another than the operation's.
    #[error("expected Content-Type {expected}, found {found}")]
    ContentType {
        /// The one that is due.
        expected: &'static str,
        /// What the server sent, escaped.
        found: String,
    },
    /// The server wants the client to go to another origin, or a place that cannot be read.
    #[error(
        "the server redirects to another origin: a person has to agree (RFC 7030 section 3.2.1)"
    )]
    Redirect,
    /// The server wants a pause without saying how long.
    #[error(
        "the server answered 202 without a Retry-After that can be read (RFC 7030 section 4.2.3)"
    )]
    RetryAfter,
    /// The server wants a longer pause than is allowed.
    #[error("the server wants a pause of {seconds} seconds; at most {limit} are allowed")]
    LongPause {
        /// What the server asks for.
        seconds: u64,
        /// What [`Limits::retry_after`](crate::Limits::retry_after) allows.
        limit: u64,
    },
    /// The server wants authentication that is not at hand, or not of a known kind.
    #[error("the server wants HTTP authentication that is not at hand")]
    Unauthorised,
    /// There is no certificate at all.
    #[error("the server sent no certificate")]
    NoCertificate,
    /// There are further certificates beside the issued one (RFC 7030 §4.2.3).
    #[error("expected the issued certificate alone, found {0} certificates")]
    FurtherCertificates(usize),
    /// No certificate has the key of the request.
    #[error("none of the certificates in the reply has the key of the request")]
    NoCertificateForKey,
    /// The issued certificate does not lead to a trust anchor.
    #[error("the issued certificate does not lead to a trust anchor: {0}")]
    Path(#[from] crate::path::PathError),
    /// None of the certificates is the one that is trusted.
    #[error("none of the server's {0} certificates is the trusted CA")]
    UntrustedCa(usize),
    /// The trusted certificate cannot be a trust anchor.
    #[error("the trusted certificate is no self-signed CA certificate")]
    NotAnAnchor,
    /// The key was to be encrypted and came in the clear (RFC 7030 §4.4.2), or the other way.
    #[error("the private key is not protected as it was asked for")]
    KeyProtection,
    /// The generated key is not the certificate's.
    #[error("the generated private key does not belong to the certificate")]
    WrongKey,
    /// A CMC response that answers another request.
    #[error("the {0} of the CMC response is not that of the request")]
    Nonce(&'static str),
    /// The server did not decide within the requests that were allowed.
    #[error("the request is still pending after {0} requests")]
    StillPending(u32),
}

/// Something the caller asked for that cannot be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Misuse {
    /// The URL cannot be used for EST.
    #[error("expected an https URL without user, query and fragment")]
    Url,
    /// The label is none (RFC 7030 §3.2.2).
    #[error("a label is one path segment of 1 to 128 characters and not the name of an operation")]
    Label,
    /// An answer was handed to an enrolment that did not ask for it.
    #[error("the enrolment did not ask for that")]
    UnexpectedAnswer,
    /// The saved state is damaged or from another version.
    #[error("the saved state is damaged or from another version")]
    Saved,
    /// A certificate was granted for another key.
    #[error("the certificate does not have the key of the request")]
    WrongCertificate,
    /// A CSR that is signed cannot be linked any more.
    #[error("a request that is signed already cannot be linked to a TLS session")]
    AlreadySigned,
    /// A channel binding of the wrong length.
    #[error("channel binding data has 12 octets (tls-unique) or 32 (tls-exporter)")]
    ChannelBinding,
    /// ChangeSubjectName without a name (RFC 6402 §2.8).
    #[error("a ChangeSubjectName needs a subject or an alternative name")]
    NoName,
    /// User name or realm has characters that HTTP authentication cannot carry.
    #[error("a user name or realm has characters that HTTP authentication cannot carry")]
    Credentials,
    /// A renewal with other names than the certificate's.
    #[error("a renewal has the names of the certificate (RFC 7030 section 4.2.2)")]
    OtherNames,
    /// A generated key cannot be protected so, or not as the client asked.
    #[error("the generated key cannot be protected so, or not as the client asked")]
    KeyProtection,
    /// A status that tells of no refusal.
    #[error("a refusal has an HTTP status between 400 and 599")]
    Status,
    /// CSR attributes that contradict RFC 9908.
    #[error("the CSR attributes {0}")]
    CsrAttrs(&'static str),
    /// A CMC message that cannot be made.
    #[error("a body part identifier of CMC is between 1 and 4294967295, and its own")]
    BodyPart,
}

/// What a client is told of an error: the HTTP status.
impl From<&Error> for StatusCode {
    fn from(error: &Error) -> Self {
        match error {
            Error::InvalidRequest(invalid) => match invalid {
                InvalidRequest::Path => Self::NOT_FOUND,
                InvalidRequest::Label
                | InvalidRequest::Authorization
                | InvalidRequest::NotLinked
                | InvalidRequest::LinkedElsewhere
                | InvalidRequest::KeyEncryption => Self::BAD_REQUEST,
                InvalidRequest::Method { .. } => Self::METHOD_NOT_ALLOWED,
                InvalidRequest::ContentType { .. } => Self::UNSUPPORTED_MEDIA_TYPE,
                InvalidRequest::NoCertificate => Self::FORBIDDEN,
            },
            Error::LimitExceeded(_) => Self::PAYLOAD_TOO_LARGE,
            Error::Pki(
                pki::Error::Malformed(_)
                | pki::Error::Unsupported(_)
                | pki::Error::Rejected(_)
                | pki::Error::LimitExceeded(_),
            )
            | Error::InvalidBody(_)
            | Error::InvalidMessage(_) => Self::BAD_REQUEST,
            Error::Pki(_) | Error::UnacceptableReply(_) | Error::Refused(_) | Error::Misuse(_) => {
                Self::INTERNAL_SERVER_ERROR
            }
        }
    }
}

/// The same in the words of CMC (RFC 5272 §6.1.4).
impl From<&Error> for FailInfo {
    fn from(error: &Error) -> Self {
        match error {
            Error::InvalidRequest(InvalidRequest::LinkedElsewhere) => Self::PopFailed,
            Error::InvalidRequest(InvalidRequest::NotLinked) => Self::PopRequired,
            Error::InvalidRequest(
                InvalidRequest::Authorization | InvalidRequest::NoCertificate,
            ) => Self::BadIdentity,
            Error::Pki(pki::Error::Unsupported(_)) => Self::BadAlg,
            Error::Pki(pki::Error::Rejected(_)) => Self::BadMessageCheck,
            Error::Pki(pki::Error::Malformed(_) | pki::Error::LimitExceeded(_))
            | Error::LimitExceeded(_)
            | Error::InvalidBody(_)
            | Error::InvalidMessage(_)
            | Error::InvalidRequest(_) => Self::BadRequest,
            Error::Pki(_) | Error::UnacceptableReply(_) | Error::Refused(_) | Error::Misuse(_) => {
                Self::InternalCaError
            }
        }
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}
