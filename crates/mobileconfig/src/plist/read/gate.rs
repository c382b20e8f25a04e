//! What XML demands and the tokenizer does not check.

use crate::error::Found;

/// XML 1.0 §2.2, production 2.
pub(in crate::plist) const fn is_xml_character(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

/// The first character of `text` that XML does not have, and its offset.
pub(super) fn first_illegal(text: &str) -> Option<(usize, char)> {
    /// Bytes that are looked at together: without an early end the compiler makes it few
    /// instructions.
    const TOGETHER: usize = 64;
    // Control characters; and U+FFFE and U+FFFF, the only others, start with this byte.
    let suspicious = |byte: u8| {
        (byte < b' ') & (byte != b'\t') & (byte != b'\n') & (byte != b'\r') | (byte == 0xEF)
    };
    let bytes = text.as_bytes();
    let dirty = bytes
        .chunks(TOGETHER)
        .enumerate()
        .filter(|(_, chunk)| chunk.iter().fold(false, |found, byte| found | suspicious(*byte)));
    dirty
        .flat_map(|(number, chunk)| {
            let start = number.saturating_mul(TOGETHER);
            (start..start.saturating_add(chunk.len()))
                .filter(|at| bytes.get(*at).copied().is_some_and(suspicious))
        })
        .filter_map(|at| Some((at, text.get(at..)?.chars().next()?)))
        .find(|(_, c)| !is_xml_character(*c))
}

/// The character that a reference means; what was found otherwise.
pub(super) fn resolve(name: &str) -> Result<char, Found> {
    let unknown = || Found::Entity(name.chars().take(32).collect());
    match name {
        "amp" => Ok('&'),
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "quot" => Ok('"'),
        "apos" => Ok('\''),
        _ => {
            let digits = name.strip_prefix('#').ok_or_else(unknown)?;
            let (digits, radix) = digits.strip_prefix('x').map_or((digits, 10), |hex| (hex, 16));
            if digits.is_empty() || !digits.chars().all(|c| c.is_digit(radix)) {
                return Err(unknown());
            }
            u32::from_str_radix(digits, radix)
                .ok()
                .and_then(char::from_u32)
                .filter(|c| is_xml_character(*c))
                .ok_or_else(unknown)
        }
    }
}

/// Checks an XML declaration: version 1.0, and an encoding that is, or here comes to, UTF-8.
pub(super) fn check_declaration(content: &str, is_ascii: bool) -> Result<(), Found> {
    let version = pseudo_attribute(content, "version");
    if version != Some("1.0") {
        return Err(Found::Value("another version of XML"));
    }
    match pseudo_attribute(content, "encoding") {
        None => Ok(()),
        Some(name) if name.eq_ignore_ascii_case("utf-8") => Ok(()),
        // Every other encoding in use that can be read this far agrees on ASCII.
        Some(name) if is_ascii && !name.to_ascii_lowercase().contains("16") => Ok(()),
        Some(_) => Err(Found::Value("another encoding")),
    }
}

fn pseudo_attribute<'a>(content: &'a str, name: &str) -> Option<&'a str> {
    let (_, after) = content.split_once(name)?;
    let value = after.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    value.get(1..)?.split_once(quote).map(|(value, _)| value)
}

/// Checks a DOCTYPE: that of property lists, with nothing declared in it.
pub(super) fn check_doctype(content: &str) -> Result<(), Found> {
    if content.contains('[') {
        return Err(Found::Value("declarations in the DOCTYPE"));
    }
    match content.split_ascii_whitespace().next() {
        Some("plist") => Ok(()),
        _ => Err(Found::Value("another DOCTYPE")),
    }
}

/// Checks that attributes are well-formed: names with quoted values, each once, no `<` and no
/// reference that cannot be resolved.
pub(super) fn check_attributes(tag: &quick_xml::events::BytesStart<'_>) -> Result<usize, Found> {
    const DAMAGED: Found = Found::Value("a damaged attribute");
    let mut count: usize = 0;
    for attribute in tag.attributes() {
        let attribute = attribute.map_err(|_| DAMAGED)?;
        if attribute.key.as_ref().is_empty() || attribute.value.contains('<') {
            return Err(DAMAGED);
        }
        for reference in attribute.value.split('&').skip(1) {
            resolve(reference.split_once(';').ok_or(DAMAGED)?.0)?;
        }
        count = count.saturating_add(1);
    }
    Ok(count)
}
