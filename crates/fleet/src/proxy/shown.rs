//! What a device, or the CA, sent, as it may be repeated.

use core::fmt;

/// Characters of what others sent that are repeated.
const MOST: usize = 256;

/// Text of others that an answer of Fleet repeats: cut, that of a device to 256 characters, and with
/// what breaks or turns a line escaped. It is text from elsewhere nevertheless: escape it before it
/// becomes part of HTML.
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
            match is_escaped(character) {
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

/// Control characters, and those that break a line or turn the direction of the text around them.
fn is_escaped(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        )
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
