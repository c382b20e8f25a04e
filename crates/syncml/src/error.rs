//! One error type, grouped by whose fault it is: the text, its size, the caller.

use devicecert_pki as pki;
use devicecert_pki::error::LimitExceeded;
use devicecert_xml::Found;

use crate::place::Place;
use crate::thumbprint::NotAThumbprint;

/// What went wrong in this crate.
///
/// That a device would refuse a document is no error but a [`Finding`](crate::Finding).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The text is not well-formed XML, or has what this crate never reads.
    #[error(transparent)]
    Malformed(#[from] Malformed),
    /// The text exceeds a bound of [`Limits`](crate::Limits).
    #[error(transparent)]
    LimitExceeded(#[from] LimitExceeded),
    /// A distinguished name that Windows cannot read.
    #[error(transparent)]
    Name(#[from] NameFault),
    /// A list of alternative names that Windows cannot read.
    #[error(transparent)]
    AltName(#[from] AltNameFault),
    /// A text that is no SHA-1 thumbprint.
    #[error(transparent)]
    Thumbprint(#[from] NotAThumbprint),
    /// The caller asked for something that cannot be written.
    #[error(transparent)]
    Misuse(#[from] Misuse),
    /// A certificate or digest.
    #[error(transparent)]
    Pki(#[from] pki::Error),
}

/// A text that is not well-formed: where, what was expected, what was found.
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

/// A subject that Windows cannot read, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("at byte {offset} of the name: expected {expected}, found {found}")]
pub struct NameFault {
    /// Bytes before the place that cannot be read.
    pub offset: usize,
    /// What may stand there.
    pub expected: &'static str,
    /// What stands there.
    pub found: &'static str,
}

/// A list of alternative names that Windows cannot read, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("at byte {offset} of the alternative names: expected {expected}, found {found}")]
pub struct AltNameFault {
    /// Bytes before the entry that cannot be read.
    pub offset: usize,
    /// What may stand there.
    pub expected: &'static str,
    /// What stands there.
    pub found: &'static str,
}

/// Something the caller asked for that cannot be written for a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Misuse {
    /// A character that XML 1.0 cannot carry in any spelling.
    #[error("the character U+{0:04X} cannot be written in XML")]
    Character(u32),
    /// A text that is no address of a node.
    #[error("expected a LocURI such as ./Device/Vendor/MSFT/WiFi, found {found}")]
    LocUri {
        /// What is wrong with it.
        found: &'static str,
    },
    /// A value that the node cannot take.
    #[error("{node}: expected {expected}")]
    Value {
        /// The node of the CSP.
        node: &'static str,
        /// What it can take.
        expected: &'static str,
    },
    /// Two settings that exclude or need each other.
    #[error("{node}: {rule}")]
    Combination {
        /// The node of the CSP.
        node: &'static str,
        /// How they depend on each other.
        rule: &'static str,
    },
    /// A document that is no fragment, or no message, where one is needed.
    #[error("expected {expected}")]
    Form {
        /// The form that is needed.
        expected: &'static str,
    },
}
