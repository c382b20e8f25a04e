//! One error type, grouped by whose fault it is, and what of it the peer is told.

use devicecert_pki as pki;
use devicecert_pki::error::Unsupported;

use crate::attribute::{FailInfo, MessageType};

/// What went wrong in this crate.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Bytes, signatures, algorithms or keys.
    #[error(transparent)]
    Pki(#[from] pki::Error),
    /// The message is readable, but no pkiMessage of RFC 8894.
    #[error(transparent)]
    InvalidMessage(#[from] InvalidMessage),
    /// The HTTP request is none of SCEP.
    #[error(transparent)]
    InvalidOperation(#[from] InvalidOperation),
    /// The server's reply cannot be accepted.
    #[error(transparent)]
    UnacceptableReply(#[from] UnacceptableReply),
    /// The server refused the request.
    #[error("{0}")]
    Refused(Refusal),
    /// The caller asked for something that cannot be done.
    #[error(transparent)]
    Misuse(#[from] Misuse),
}

/// A message that is no pkiMessage, or none that may be sent here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidMessage {
    /// An attribute that RFC 8894 §3.2.1 requires is missing.
    #[error("the {name} attribute is missing (RFC 8894 section 3.2.1)")]
    Missing {
        /// Its name in the RFC.
        name: &'static str,
    },
    /// An attribute has a value that the RFC does not define.
    #[error("the {name} attribute has a value that RFC 8894 section 3.2.1 does not define")]
    Attribute {
        /// Its name in the RFC.
        name: &'static str,
    },
    /// A message of this type is not accepted here.
    #[error("a message of type {0} is not accepted here")]
    MessageType(MessageType),
    /// The message has no pkcsPKIEnvelope where its type needs one.
    #[error("the message has no pkcsPKIEnvelope")]
    NoEnvelope,
    /// The content of the message does not fit its messageType.
    #[error("the content of the message does not fit its messageType")]
    Content,
    /// A GetCert or GetCRL names a certificate of an issuer that has nothing to do with the CA.
    #[error("expected a certificate of the CA, found the name of another issuer")]
    Issuer,
}

/// An HTTP request that is no SCEP operation.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidOperation {
    /// There is no `operation` parameter.
    #[error("the operation parameter is missing (RFC 8894 section 4.1)")]
    Missing,
    /// The operation is unknown.
    #[error("the operation is none of RFC 8894 section 4")]
    Unknown,
    /// The HTTP method is neither GET nor POST.
    #[error("the HTTP method is neither GET nor POST")]
    Method,
    /// The `message` parameter or the body does not hold a message.
    #[error("at character {at} of the message: expected base64, found something else")]
    Base64 {
        /// Characters before the place that could not be read.
        at: usize,
    },
    /// There is no message at all.
    #[error("the message is missing")]
    NoMessage,
}

/// A reply that a client must not accept.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UnacceptableReply {
    /// The HTTP status tells of a failure.
    #[error("the server answered with HTTP status {0}")]
    HttpStatus(u16),
    /// The body is empty.
    #[error("the server answered with an empty body")]
    Empty,
    /// The reply belongs to another transaction.
    #[error("the reply has another transactionID than the request")]
    TransactionId,
    /// The reply answers another message.
    #[error("the reply's recipientNonce is not the senderNonce of the request")]
    RecipientNonce,
    /// None of the certificates is, or leads to, the CA that is trusted.
    #[error("none of the server's {found} certificates is the trusted CA: {expected}")]
    UntrustedCa {
        /// How many certificates the server sent.
        found: usize,
        /// What was looked for.
        expected: String,
    },
    /// The server sent no certificate that a request can be enveloped to.
    #[error("the server has no certificate that a request can be enveloped to")]
    NoEncryptionCertificate,
    /// The reply is signed with a certificate that the trusted CA did not issue.
    #[error("the reply is not signed by the CA or an RA of the CA")]
    Signer,
    /// No certificate in the reply has the key of the request.
    #[error("none of the certificates in the reply has the key of the request")]
    NoCertificateForKey,
    /// The issued certificate was not signed by the trusted CA.
    #[error("the issued certificate is not signed by the CA")]
    NotSignedByCa,
    /// The reply to a GetCert or GetCRL does not hold what was asked for, or not as the CA made it.
    #[error("the reply holds nothing of what was asked for that the CA has signed")]
    NotWhatWasAskedFor,
    /// A GetNextCACert reply has no certificate of a CA that the current CA has signed.
    #[error("the current CA vouches for no next CA in the reply")]
    NoNextCa,
    /// The server did not decide within the polls that were allowed.
    #[error("the request is still pending after {0} polls")]
    StillPending(u32),
}

/// Something the caller asked for that cannot be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Misuse {
    /// The URL cannot be used for SCEP.
    #[error("expected an http or https URL")]
    Url,
    /// The text is no fingerprint.
    #[error("expected a fingerprint: sha256: or sha1: with hexadecimal digits or base64")]
    Fingerprint,
    /// An answer was handed to an enrolment that did not ask for it.
    #[error("the enrolment did not ask for that")]
    UnexpectedAnswer,
    /// The saved state is damaged or from another version.
    #[error("the saved state is damaged or from another version")]
    Saved,
    /// A certificate was granted to a request that asked for none, or for another key.
    #[error("the certificate does not have the key of the request")]
    WrongCertificate,
    /// A certificate or CRL was handed out that the request did not ask for.
    #[error("the request did not ask for that")]
    NotAskedFor,
    /// The key cannot take part in SCEP: nothing can be enveloped to it.
    #[error("the key cannot receive enveloped messages; SCEP needs RSA, P-256 or P-384")]
    KeyCannotReceive,
    /// Messages are to be encrypted with single DES, which is never written (RFC 8894 §2.9).
    #[error("single DES is never written; choose another cipher")]
    SingleDes,
    /// Messages are to be enveloped to the challengePassword, and the request has none.
    #[error("there is no challengePassword to envelope the message to")]
    NoChallenge,
}

/// Why a server refuses, in a FAILURE CertRep.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Refusal {
    /// For programs.
    pub fail_info: FailInfo,
    /// For people. What a server sends here is shown as it is: escape it.
    pub text: Option<String>,
}

impl Refusal {
    /// A refusal without a text.
    #[must_use]
    pub const fn new(fail_info: FailInfo) -> Self {
        Self { fail_info, text: None }
    }

    /// Adds a text for people (failInfoText).
    #[must_use]
    pub fn because(mut self, text: impl Into<String>) -> Self {
        self.text = Some(text.into());
        self
    }
}

impl core::fmt::Display for Refusal {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "the server refused: failInfo {}", self.fail_info)?;
        match &self.text {
            Some(text) => write!(f, ", failInfoText \"{}\"", text.escape_debug()),
            None => Ok(()),
        }
    }
}

/// What a peer is told of an error found before or while checking its signature.
///
/// Everything that is found later, in the envelope or with the private key, is told as
/// `badMessageCheck`, an envelope that is missing included; in a GetCert or GetCRL, as `badCertId`.
impl From<&Error> for FailInfo {
    fn from(error: &Error) -> Self {
        match error {
            Error::Pki(pki::Error::Unsupported(unsupported)) => match unsupported {
                Unsupported::Algorithm { .. }
                | Unsupported::Parameters { .. }
                | Unsupported::Legacy(_)
                | Unsupported::Backend(_)
                | Unsupported::PublicKey(_) => Self::BadAlg,
                _ => Self::BadRequest,
            },
            Error::InvalidMessage(InvalidMessage::NoEnvelope) => Self::BadMessageCheck,
            Error::InvalidMessage(_) => Self::BadRequest,
            Error::Pki(_)
            | Error::InvalidOperation(_)
            | Error::UnacceptableReply(_)
            | Error::Refused(_)
            | Error::Misuse(_) => Self::BadMessageCheck,
        }
    }
}
