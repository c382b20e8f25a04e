//! The alphabet of SCEP challenges on Windows.

/// What Fleet 4.89.1 said of a challenge that Windows cannot send, before it stopped to look.
pub const BAD_CHALLENGE: &str = "Custom SCEP Proxy challenge can only contain letters, numbers, and \
    the characters ' ( ) + , - . / : = ?. Certificate enrollment rejects other characters, such as \
    \"_\".";

/// The first character of a challenge that Windows cannot send, and its byte offset.
///
/// Windows writes the challenge as PrintableString (X.680 §41.4), whatever the CA would take. The
/// profile is accepted, and the enrolment fails with `CRYPT_E_INVALID_PRINTABLE_STRING`.
///
/// ```
/// use devicecert_fleet::first_unprintable;
///
/// assert_eq!(first_unprintable("8CE317021F690069"), None);
/// assert_eq!(first_unprintable("pass_word"), Some((4, '_')));
/// ```
#[must_use]
pub fn first_unprintable(challenge: &str) -> Option<(usize, char)> {
    challenge.char_indices().find(|(_, character)| {
        !matches!(character,
            'A'..='Z' | 'a'..='z' | '0'..='9' | ' ' | '\'' | '(' | ')' | '+' | ',' | '-' | '.'
            | '/' | ':' | '=' | '?')
    })
}
