//! One error type, grouped by whose fault it is: the bytes, the peer, the key, or the caller.

use core::fmt;

use devicecert_pki as pki;
use devicecert_pki::error::LimitExceeded;

use crate::ddm::DeclarationError;
use crate::payload::PayloadError;
use crate::plist::{KeyPath, Kind, Position, Span};

/// What went wrong in this crate.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The bytes are no property list, or none that can be believed.
    #[error(transparent)]
    Malformed(#[from] Box<Malformed>),
    /// The bytes exceed a limit of [`Limits`](crate::Limits).
    #[error(transparent)]
    LimitExceeded(#[from] LimitExceeded),
    /// A value cannot be written.
    #[error(transparent)]
    Unwritable(#[from] Box<Unwritable>),
    /// The profile is not in the state that the operation needs.
    #[error(transparent)]
    State(#[from] State),
    /// A dictionary is not the payload that it was read as.
    #[error(transparent)]
    Payload(#[from] PayloadError),
    /// A text is not the declaration or credential that it was read as.
    #[error(transparent)]
    Declaration(#[from] DeclarationError),
    /// Signatures, envelopes, certificates, algorithms or keys.
    #[error(transparent)]
    Pki(#[from] pki::Error),
}

/// Bytes that are no property list: where, what was expected, what was found.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub struct Malformed {
    /// Bytes before the place that could not be read. In a signed profile they count from the
    /// start of the content.
    pub offset: usize,
    /// The line and column of that place; `None` in a binary property list.
    pub position: Option<Position>,
    /// The value that was being read.
    pub key_path: KeyPath,
    /// What could stand there.
    pub expected: &'static str,
    /// What stands there.
    pub found: Found,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.position {
            Some(position) => write!(f, "{position}")?,
            None => write!(f, "byte {}", self.offset)?,
        }
        if !self.key_path.is_root() {
            write!(f, " ({})", self.key_path)?;
        }
        write!(f, ": expected {}, found {}", self.expected, self.found)
    }
}

/// What a reader met instead of what it expected.
///
/// Texts from the input are short, and never from a place where a secret may stand.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Found {
    /// The input ends here.
    #[error("the end of the input")]
    End,
    /// A byte that cannot stand here.
    #[error("the byte 0x{0:02x}")]
    Byte(u8),
    /// A character that XML does not have (XML 1.0 §2.2).
    #[error("the character U+{:04X}", *(.0) as u32)]
    Character(char),
    /// The start of an element.
    #[error("<{0}>")]
    Element(String),
    /// The end of an element.
    #[error("</{0}>")]
    EndTag(String),
    /// A reference that stands for nothing.
    #[error("&{0};")]
    Entity(String),
    /// Characters in a place for elements, numbers or dates.
    #[error("the text {0:?}")]
    Text(String),
    /// A key that the dictionary has already.
    #[error("a second key of this name; the first one is at byte {}", .first.start)]
    DuplicateKey {
        /// Where the `<key>` element of the first one stands.
        first: Span,
        /// Where the `<key>` element of the second one stands.
        second: Span,
    },
    /// Something else that has a name.
    #[error("{what} {name:?}")]
    Named {
        /// What it is.
        what: &'static str,
        /// Its name, as it stands there.
        name: String,
    },
    /// The marker of a binary property list that announces something else.
    #[error("the marker 0x{0:02x}")]
    Marker(u8),
    /// Something else.
    #[error("{0}")]
    Value(&'static str),
}

impl From<devicecert_xml::Found> for Found {
    fn from(found: devicecert_xml::Found) -> Self {
        use devicecert_xml::Found as Xml;
        match found {
            Xml::End => Self::End,
            Xml::Character(character) => Self::Character(character),
            Xml::Tag(name) => Self::Element(name.into()),
            Xml::EndTag(name) => Self::EndTag(name.into()),
            Xml::Reference(name) => Self::Entity(name.into()),
            Xml::Text(text) => Self::Text(text.into()),
            Xml::Named { what, name } => Self::Named { what, name: name.into() },
            Xml::Other(what) => Self::Value(what),
            _ => Self::Value("something else"),
        }
    }
}

/// A value that XML property lists have no way to write.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{key_path} cannot be written: {reason}")]
#[non_exhaustive]
pub struct Unwritable {
    /// The value.
    pub key_path: KeyPath,
    /// Why not.
    pub reason: Reason,
}

/// Why a value cannot be written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Reason {
    /// A text or a key has a character that XML does not have, not even as a reference.
    #[error("XML does not have the character U+{:04X}", *(.0) as u32)]
    Character(char),
    /// A template that would be read back as something else: it has no placeholder, or white space
    /// around it, or is not exactly one placeholder where an element should stand.
    #[error("the template of a {0} must have a placeholder and no white space around it")]
    Template(Kind),
    /// A date before the year 1 or after the year 9999.
    #[error("the date is not between the years 1 and 9999")]
    Date,
    /// The value is nested deeper than anything reads.
    #[error("it is nested more than {} deep", crate::limits::DEEPEST)]
    Depth,
}

/// A profile that is not in the state that an operation needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum State {
    /// The root is no dictionary.
    #[error("the root of the profile is not a dictionary")]
    Root,
    /// There is no PayloadContent to encrypt.
    #[error("the profile has no PayloadContent array to encrypt")]
    NoContent,
    /// There is no EncryptedPayloadContent to open.
    #[error("the profile has no EncryptedPayloadContent to open")]
    NotEncrypted,
    /// The profile came without a signature.
    #[error("the profile is not signed")]
    NotSigned,
    /// There is a signature, and not the property list that it is over.
    #[error("the message is a signature without the profile that it is over")]
    Detached,
    /// The text around a CMS message is damaged.
    #[error("expected a CMS message in PEM (PKCS7 or CMS) or base64, found damaged text")]
    Armour,
    /// The chain in the message does not lead to the anchor.
    #[error("the certificates in the profile do not lead from its signer to the trusted one")]
    Untrusted,
}
