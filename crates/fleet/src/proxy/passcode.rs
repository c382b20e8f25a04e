//! What lets a device through the proxy once.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use devicecert_pki::Secret;

use super::slot::Slot;

/// A passcode: what stands at the end of the URL of one host, for one enrolment.
///
/// It is a secret as long as it was not used: it prints as `[redacted]`, and is compared in constant
/// time.
///
/// ```
/// use devicecert_fleet::proxy::Passcode;
///
/// let passcode = Passcode::from_random([0xfb; Passcode::RANDOM_BYTES]);
/// assert_eq!(passcode.expose(), "-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7");
/// assert_eq!(format!("{passcode:?}"), "Passcode([redacted])");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passcode(Secret);

impl Passcode {
    /// The bytes that one is made of: 192 bits.
    pub const RANDOM_BYTES: usize = 24;

    /// The characters of one that was made here.
    pub const LENGTH: usize = 32;

    /// Makes one of random bytes, which nobody can guess and which are used for nothing else.
    #[must_use]
    pub fn from_random(bytes: [u8; Self::RANDOM_BYTES]) -> Self {
        Self(Secret::from(BASE64_URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// One from a URL or a store, whoever made it; `None` for what cannot be a field of an
    /// identifier: the empty text, one of more than 255 bytes, or one with a comma, a slash, a
    /// percent sign or a control character.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let is_field = (1..=Slot::MAX_BYTES).contains(&text.len()) && !text.contains(Slot::bars);
        is_field.then(|| Self(Secret::from(text)))
    }

    /// The text. Whoever calls this answers for where it goes.
    #[must_use]
    pub fn expose(&self) -> &str {
        // It was made from text.
        core::str::from_utf8(self.0.expose()).unwrap_or_default()
    }
}
