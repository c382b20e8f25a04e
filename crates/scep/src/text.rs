//! Base64 the way SCEP peers write it.

use std::borrow::Cow;

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use percent_encoding::percent_decode_str;

use crate::error::{Error, InvalidOperation};
use crate::tolerance::Tolerance;

/// Padding may be missing and the last bits may be anything: both were seen, and neither changes
/// what the message says.
const LOOSE: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Decodes the `message` of a GET: RFC 4648 §4, and what [`Tolerance::loose_base64`] allows.
pub(crate) fn decode_base64(text: &str, tolerance: &Tolerance) -> Result<Vec<u8>, Error> {
    let decoded = match tolerance.loose_base64 {
        false => base64::engine::general_purpose::STANDARD.decode(text),
        true => {
            // A form decoder on the way may have made a space of a plus.
            let inner = text.trim_matches(|c: char| c.is_ascii_whitespace());
            // Some proxies escape what was escaped before.
            let unescaped = percent_decode_str(inner).decode_utf8_lossy();
            let text: String = unescaped
                .chars()
                .filter(|c| !matches!(c, '\r' | '\n' | '\t'))
                .map(|c| match c {
                    ' ' | '-' => '+',
                    '_' => '/',
                    other => other,
                })
                .collect();
            LOOSE.decode(text)
        }
    };
    decoded.map_err(|error| {
        let at = match error {
            base64::DecodeError::InvalidByte(at, _)
            | base64::DecodeError::InvalidLastSymbol { offset: at, .. } => at,
            _ => text.len(),
        };
        InvalidOperation::Base64 { at }.into()
    })
}

/// The octets of a body that should be DER, and may be base64 or PEM where
/// [`Tolerance::text_body`] allows.
pub(crate) fn octets_of_body<'a>(
    body: &'a [u8],
    tolerance: &Tolerance,
) -> Result<Cow<'a, [u8]>, Error> {
    const SEQUENCE: u8 = 0x30;
    let trimmed = body.trim_ascii();
    let is_text = !trimmed.is_empty()
        && trimmed.iter().all(|octet| matches!(octet, b' '..=b'~' | b'\r' | b'\n' | b'\t'));
    // "0" is a character of base64 and the tag of a SEQUENCE: only a body of text is text.
    if !tolerance.text_body
        || !is_text
        || (body.first() == Some(&SEQUENCE) && !looks_like_base64(trimmed))
    {
        return Ok(Cow::Borrowed(body));
    }
    let text: String = String::from_utf8_lossy(trimmed)
        .lines()
        .filter(|line| !line.starts_with("-----"))
        .flat_map(|line| line.chars().filter(|c| !c.is_ascii_whitespace()))
        .collect();
    decode_base64(&text, tolerance).map(Cow::Owned)
}

fn looks_like_base64(text: &[u8]) -> bool {
    text.iter().all(|octet| {
        octet.is_ascii_alphanumeric() || matches!(octet, b'+' | b'/' | b'=' | b'\r' | b'\n')
    })
}
