//! The alphabet of a challenge: Windows writes challengePassword as PrintableString.

/// The first character that Windows cannot put into a request, and its byte offset.
///
/// The device takes the profile, asks the server for its capabilities and certificates, and gives
/// up when it makes the request, with `CRYPT_E_INVALID_PRINTABLE_STRING` (0x80092021).
///
/// ```
/// use devicecert_syncml::first_unprintable;
///
/// assert_eq!(first_unprintable("abc_def"), Some((3, '_'))); // base64url does not do
/// assert_eq!(first_unprintable("abc+/="), None); // base64 does
/// ```
#[must_use]
pub fn first_unprintable(challenge: &str) -> Option<(usize, char)> {
    challenge.char_indices().find(|(_, character)| !is_printable(*character))
}

/// A character of PrintableString (X.680 §41.4).
pub(crate) const fn is_printable(character: char) -> bool {
    character.is_ascii_alphanumeric()
        || matches!(
            character,
            ' ' | '\'' | '(' | ')' | '+' | ',' | '-' | '.' | '/' | ':' | '=' | '?'
        )
}
