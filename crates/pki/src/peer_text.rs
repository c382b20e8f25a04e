//! What somebody else wrote, as it may be shown.

use core::fmt;

use crate::Secret;
use crate::name::turns_or_breaks;

/// What a peer says for people, as it is shown: cut to some characters, with what would break or turn
/// a line escaped, and with `[redacted]` where it repeats a secret that it was sent.
///
/// It is text from elsewhere nevertheless: escape it before it becomes part of HTML.
///
/// ```
/// use devicecert_pki::{PeerText, Secret};
///
/// let token = Secret::from("s3cret");
/// let shown = PeerText::new("no\n token s3cret", &[&token], 100);
/// assert_eq!(shown.as_str(), r"no\n token [redacted]");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PeerText(String);

impl PeerText {
    /// Takes what a peer wrote, up to so many characters; `secrets` are those that it knows.
    #[must_use]
    pub fn new(text: &str, secrets: &[&Secret], characters: usize) -> Self {
        let mut text = text.to_owned();
        for secret in secrets {
            match core::str::from_utf8(secret.expose()) {
                Ok(secret) if !secret.is_empty() => text = text.replace(secret, "[redacted]"),
                _ => {}
            }
        }
        let mut shown = String::new();
        for character in text.chars().take(characters) {
            match character.is_control() || turns_or_breaks(character) {
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

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for PeerText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
