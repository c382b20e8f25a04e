//! One error type, grouped by whose fault it is: the profile, its size, the host, the device.

use devicecert_pki::error::LimitExceeded;
use devicecert_xml::Found;

use crate::place::Place;
use crate::template::{Misplaced, Unfilled};

/// What went wrong in this crate.
///
/// That Fleet would refuse a profile is no error but a [`Finding`](crate::Finding).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The profile is not well-formed.
    #[error(transparent)]
    Malformed(#[from] Malformed),
    /// The profile exceeds a bound of [`Limits`](crate::Limits).
    #[error(transparent)]
    LimitExceeded(#[from] LimitExceeded),
    /// A variable stands where nothing can be filled in.
    #[error(transparent)]
    Misplaced(#[from] Misplaced),
    /// A host has no value for a variable, or one that cannot stand there.
    #[error(transparent)]
    Unfilled(#[from] Unfilled),
    /// A request is not signed as it must be.
    #[error(transparent)]
    MessageSignature(#[from] crate::message_signature::Error),
    /// Fleet gave no certificate.
    #[error(transparent)]
    RequestCertificate(#[from] crate::request_certificate::Error),
}

/// A profile that is not well-formed: where, what was expected, what was found.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("at {place}: expected {expected}, found {found}")]
pub struct Malformed {
    /// The place that could not be read.
    pub place: Place,
    /// What may stand there.
    pub expected: &'static str,
    /// What stands there.
    pub found: Found,
}
