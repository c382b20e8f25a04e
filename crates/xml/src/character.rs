//! Characters (XML 1.0 §2.2), names (§2.3), line ends (§2.11) and references (§4.1).

use std::borrow::Cow;

/// Whether XML 1.0 has this character, be it as a reference (§2.2, production 2).
#[must_use]
pub const fn is_legal(character: char) -> bool {
    matches!(character,
        '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

/// The first character that XML 1.0 does not have, and its offset in bytes.
#[must_use]
pub fn first_illegal(text: &str) -> Option<(usize, char)> {
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
        .find(|(_, character)| !is_legal(*character))
}

/// Whether a character is white space (§2.3, production 3).
pub(crate) const fn is_space(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\n' | '\r')
}

/// Whether a text is nothing but white space (§2.3).
#[must_use]
pub fn is_blank(text: &str) -> bool {
    text.bytes().all(|byte| is_space(char::from(byte)))
}

/// A text with the line ends that XML hands over: LF, whatever stood there (§2.11).
#[must_use]
pub fn line_ends(text: &str) -> Cow<'_, str> {
    match text.contains('\r') {
        true => Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n")),
        false => Cow::Borrowed(text),
    }
}

/// What a reference between `&` and `;` stands for: one of the five entities of XML, or the number of
/// a legal character.
#[must_use]
pub fn resolve(reference: &str) -> Option<char> {
    match reference {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let digits = reference.strip_prefix('#')?;
            let (digits, radix) = digits.strip_prefix('x').map_or((digits, 10), |hex| (hex, 16));
            // `from_str_radix` would take a sign.
            if !digits.chars().all(|digit| digit.is_digit(radix)) {
                return None;
            }
            let code = u32::from_str_radix(digits, radix).ok()?;
            char::from_u32(code).filter(|character| is_legal(*character))
        }
    }
}

/// Whether a text is a name, with at most one colon and that inside (Namespaces in XML §4).
pub(crate) fn is_name(text: &str) -> bool {
    let part = |part: &str| {
        let mut characters = part.chars();
        characters.next().is_some_and(is_name_start) && characters.all(is_name_part)
    };
    match text.split_once(':') {
        Some((prefix, local)) => part(prefix) && part(local),
        None => part(text),
    }
}

/// The first character of a text that keeps it from being a name; `None` if it goes on as one.
pub(crate) fn after_name(text: &str) -> Option<char> {
    let mut is_start = true;
    let mut colons = 0_usize;
    text.chars().find(|character| {
        let is_colon = *character == ':' && !is_start;
        colons = colons.saturating_add(usize::from(is_colon));
        let fits = match (is_colon, is_start) {
            (true, _) => colons == 1,
            (false, true) => is_name_start(*character),
            (false, false) => is_name_part(*character),
        };
        is_start = is_colon;
        !fits
    })
}

/// Whether a text is what may stand between `&` and `;`: a name, or the number of a character.
pub(crate) fn is_reference(text: &str) -> bool {
    text.strip_prefix('#').map_or_else(
        || is_name(text),
        |number| !number.is_empty() && number.chars().all(|digit| digit.is_ascii_alphanumeric()),
    )
}

const fn is_name_start(character: char) -> bool {
    matches!(character,
        'A'..='Z' | 'a'..='z' | '_' | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}'
        | '\u{F8}'..='\u{2FF}' | '\u{370}'..='\u{37D}' | '\u{37F}'..='\u{1FFF}'
        | '\u{200C}'..='\u{200D}' | '\u{2070}'..='\u{218F}' | '\u{2C00}'..='\u{2FEF}'
        | '\u{3001}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}'
        | '\u{10000}'..='\u{EFFFF}')
}

const fn is_name_part(character: char) -> bool {
    is_name_start(character)
        || matches!(character,
            '-' | '.' | '0'..='9' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
}
