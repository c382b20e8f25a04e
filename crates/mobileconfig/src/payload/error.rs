//! Why a dictionary is not the payload it says it is.

use crate::plist::Kind;

/// A payload that cannot be read, or a part of one that cannot be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PayloadError {
    /// A key is missing that the payload cannot do without.
    #[error("the key {0:?} is missing")]
    Missing(&'static str),
    /// A key has a value of another type.
    #[error("the value of {key:?} is of type {found}, expected {expected}")]
    Type {
        /// The key.
        key: &'static str,
        /// The type that Apple's schema names.
        expected: &'static str,
        /// The type that stands there.
        found: Kind,
    },
    /// A key has a value that is not possible, or not together with those of other keys.
    #[error("the value of {key:?} is not possible: expected {expected}")]
    Value {
        /// The key.
        key: &'static str,
        /// What could stand there.
        expected: &'static str,
    },
    /// The dictionary is of another payload type.
    #[error("this payload is not of type {0}")]
    OtherType(&'static str),
    /// A text is no distinguished name.
    #[error("in the subject: expected {0}")]
    Subject(&'static str),
    /// A text is no distinguished name in the form of RFC 4514.
    #[error("in the subject: {0}")]
    Name(devicecert_pki::Error),
}
