//! What a device, or the CA, sent, as it may be repeated.

use core::fmt;

/// Characters of what others sent that are repeated.
const MOST: usize = 256;

/// Text of others that an answer of Fleet repeats: cut, what a device sent to 256 characters, and with
/// control characters escaped. It is text from elsewhere nevertheless: escape it before it becomes part of
/// HTML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown(String);

impl Shown {
    pub(super) fn new(text: &str) -> Self {
        Self::escaped(text.chars().take(MOST))
    }

    /// Of a text that is bounded already.
    pub(super) fn escaped(text: impl Iterator<Item = char>) -> Self {
        let mut shown = String::new();
        for character in text {
            match character.is_control() {
                true => shown.extend(character.escape_default()),
                false => shown.push(character),
            }
        }
        Self(shown)
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
