//! What one certificate of a host is known by.

use super::profile::{InvalidProfileUuid, ProfileUuid};

/// The place of one certificate: the host, the profile that brings it, and the CA.
///
/// None of the three has a comma, a slash, a percent sign or a control character in it, so that
/// they can stand in one segment of a URL without one passing for another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot {
    pub(super) host: String,
    pub(super) profile: ProfileUuid,
    pub(super) ca: String,
}

impl Slot {
    /// The name of the CA in the slots of NDES, of which a server has one.
    pub const NDES: &str = "NDES";

    /// Bytes that the UUID of a host, and the name of a CA, have at most. Fleet's columns hold 255
    /// characters.
    pub const MAX_BYTES: usize = 255;

    /// A place.
    ///
    /// # Errors
    /// [`InvalidSlot`] says which of the three cannot be in a URL.
    pub fn new(host: &str, profile: &str, ca: &str) -> Result<Self, InvalidSlot> {
        check("the UUID of the host", host)?;
        check("the UUID of the profile", profile)?;
        check("the name of the CA", ca)?;
        Ok(Self { host: host.to_owned(), profile: profile.parse()?, ca: ca.to_owned() })
    }

    /// Whether a character cannot be in a part: the comma separates parts, the slash segments, and
    /// Fleet decodes percent signs twice.
    pub(super) fn bars(character: char) -> bool {
        matches!(character, ',' | '/' | '%') || character.is_control()
    }

    /// The UUID of the host, or the enrollment id of one that its user enrolled.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The UUID of the profile.
    #[must_use]
    pub const fn profile(&self) -> &ProfileUuid {
        &self.profile
    }

    /// The name of the CA.
    #[must_use]
    pub fn ca(&self) -> &str {
        &self.ca
    }
}

/// Why something cannot be part of a [`Slot`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidSlot {
    /// It is empty.
    #[error("{0} is empty")]
    Empty(&'static str),
    /// It has a character that separates, or that nothing can show.
    #[error("{what} has the character U+{character:04X}", character = u32::from(*.character))]
    Character {
        /// What has it.
        what: &'static str,
        /// The character.
        character: char,
    },
    /// It is too long.
    #[error("{what} has {found} bytes, and the most is {limit}", limit = Slot::MAX_BYTES)]
    TooLong {
        /// What is too long.
        what: &'static str,
        /// How many bytes it has.
        found: usize,
    },
    /// It is no profile that the proxy serves.
    #[error(transparent)]
    Profile(#[from] InvalidProfileUuid),
}

fn check(what: &'static str, text: &str) -> Result<(), InvalidSlot> {
    if text.is_empty() {
        return Err(InvalidSlot::Empty(what));
    }
    if text.len() > Slot::MAX_BYTES {
        return Err(InvalidSlot::TooLong { what, found: text.len() });
    }
    match text.chars().find(|&character| Slot::bars(character)) {
        Some(character) => Err(InvalidSlot::Character { what, character }),
        None => Ok(()),
    }
}
