//! Characters (XML 1.0 §2.2), references (§4.1), line ends (§2.11).

use std::borrow::Cow;

/// Whether XML 1.0 can carry this character at all.
pub(crate) const fn is_legal(character: char) -> bool {
    matches!(character,
        '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

/// The first character that XML 1.0 cannot carry, and its byte offset.
pub(crate) fn first_illegal(text: &str) -> Option<(usize, char)> {
    text.char_indices().find(|(_, character)| !is_legal(*character))
}

/// Whether a text is nothing but white space.
pub(crate) fn is_blank(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'))
}

/// What a reference between `&` and `;` stands for: one of the five of XML, or a number.
pub(super) fn resolve(reference: &str) -> Option<char> {
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

/// What a text with references says.
pub(super) fn decode(raw: &str) -> Cow<'_, str> {
    if !raw.contains(['&', '\r']) {
        return Cow::Borrowed(raw);
    }
    let mut pieces = raw.split('&');
    let mut out = line_ends(pieces.next().unwrap_or_default()).into_owned();
    for piece in pieces {
        match piece.split_once(';').and_then(|(name, rest)| Some((resolve(name)?, rest))) {
            Some((character, rest)) => {
                out.push(character);
                out.push_str(&line_ends(rest));
            }
            // The reader has refused this.
            None => out.push_str(piece),
        }
    }
    Cow::Owned(out)
}

/// Line ends as XML hands them over.
pub(super) fn line_ends(text: &str) -> Cow<'_, str> {
    match text.contains('\r') {
        true => Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n")),
        false => Cow::Borrowed(text),
    }
}

/// Whether a text is a name (§2.3) with at most one colon, and that inside.
pub(super) fn is_name(text: &str) -> bool {
    let part = |part: &str| {
        let mut characters = part.chars();
        characters.next().is_some_and(is_name_start) && characters.all(is_name_part)
    };
    match text.split_once(':') {
        Some((prefix, local)) => part(prefix) && part(local),
        None => part(text),
    }
}

const fn is_name_start(character: char) -> bool {
    matches!(character,
        'A'..='Z' | 'a'..='z' | '_' | '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{f6}'
        | '\u{f8}'..='\u{2ff}' | '\u{370}'..='\u{37d}' | '\u{37f}'..='\u{1fff}'
        | '\u{200c}'..='\u{200d}' | '\u{2070}'..='\u{218f}' | '\u{2c00}'..='\u{2fef}'
        | '\u{3001}'..='\u{d7ff}' | '\u{f900}'..='\u{fdcf}' | '\u{fdf0}'..='\u{fffd}'
        | '\u{10000}'..='\u{effff}')
}

const fn is_name_part(character: char) -> bool {
    is_name_start(character)
        || matches!(character,
            '-' | '.' | '0'..='9' | '\u{b7}' | '\u{300}'..='\u{36f}' | '\u{203f}'..='\u{2040}')
}
