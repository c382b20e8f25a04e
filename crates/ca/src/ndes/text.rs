//! From the bytes of a page to its text.

use std::borrow::Cow;

/// How many of the first bytes are looked at to tell UTF-16 from the rest.
const SAMPLE: usize = 100;

/// The text of a page.
///
/// NDES sends UTF-16LE without a byte order mark, and a `meta` element that says UTF-8; others send
/// what they say. Of all that is not UTF-16 only the ASCII counts, which is the same in every
/// character set that HTML knows but for ISO-2022-JP, so it is read as UTF-8.
pub(super) fn decode<'a>(page: &'a [u8], content_type: Option<&str>) -> Cow<'a, str> {
    if let Some(rest) = page.strip_prefix(b"\xff\xfe") {
        return utf16(rest, u16::from_le_bytes);
    }
    if looks_like_utf16le(page) {
        return utf16(page, u16::from_le_bytes);
    }
    if let Some(rest) = page.strip_prefix(b"\xfe\xff") {
        return utf16(rest, u16::from_be_bytes);
    }
    match charset(content_type).as_deref() {
        Some("utf-16be") => utf16(page, u16::from_be_bytes),
        Some("utf-16" | "utf-16le") => utf16(page, u16::from_le_bytes),
        _ => String::from_utf8_lossy(page.strip_prefix(b"\xef\xbb\xbf").unwrap_or(page)),
    }
}

/// Whether the page starts with `<` in UTF-16LE, or nine of ten high bytes among the first are
/// zero.
fn looks_like_utf16le(page: &[u8]) -> bool {
    if page.len() < 4 {
        return false;
    }
    let sample = page.get(..SAMPLE).unwrap_or(page);
    let high = sample.chunks_exact(2).filter_map(|pair| pair.get(1));
    let (zero, all) = high.fold((0_u32, 0_u32), |(zero, all), octet| {
        (zero.saturating_add(u32::from(*octet == 0)), all.saturating_add(1))
    });
    page.starts_with(b"<\0") || zero.saturating_mul(10) >= all.saturating_mul(9)
}

/// A last odd byte is dropped, and half a surrogate pair becomes U+FFFD.
fn utf16(page: &[u8], unit: fn([u8; 2]) -> u16) -> Cow<'_, str> {
    let units = page.chunks_exact(2).filter_map(|pair| <[u8; 2]>::try_from(pair).ok()).map(unit);
    let characters = char::decode_utf16(units);
    Cow::Owned(characters.map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect())
}

/// The `charset` parameter of a media type (RFC 9110 §8.3.2), in lower case.
fn charset(content_type: Option<&str>) -> Option<String> {
    content_type?.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let value = value.trim().trim_matches('"');
        name.trim().eq_ignore_ascii_case("charset").then(|| value.to_ascii_lowercase())
    })
}
