//! Names as text (RFC 4514 §2).

use core::fmt::{self, Write};

use super::{Name, NameAttribute, known};

/// Writes the RFC 4514 form: innermost RDN first, nothing escaped that need not be.
///
/// Control characters, and those that turn the direction of the text around them, are written as
/// `\` and two digits an octet, although only NUL must be: a name must read as what it is. A value is
/// written as `#` and its encoding in hexadecimal if its type is not known here, if it is no
/// text, or if it is a text that its type does not allow; so what is written can be read, and
/// then [`matches`](Name::matches) the original.
impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let attributes = self.attributes();
        let rdns = attributes.chunk_by(|left, right| left.rdn() == right.rdn());
        for (index, rdn) in rdns.rev().enumerate() {
            if index > 0 {
                f.write_char(',')?;
            }
            for (index, attribute) in rdn.iter().enumerate() {
                if index > 0 {
                    f.write_char('+')?;
                }
                write(f, attribute)?;
            }
        }
        Ok(())
    }
}

fn write(f: &mut fmt::Formatter<'_>, attribute: &NameAttribute<'_>) -> fmt::Result {
    f.write_str(&attribute.type_name())?;
    f.write_char('=')?;
    let kind = known::find(attribute.oid_octets());
    let text = attribute.text().filter(|text| kind.is_some_and(|kind| kind.syntax.allows(text)));
    match text {
        Some(text) => escape(f, &text),
        None => {
            f.write_char('#')?;
            attribute.value_der().iter().try_for_each(|octet| write!(f, "{octet:02x}"))
        }
    }
}

fn escape(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    let mut first = true;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let last = characters.peek().is_none();
        match character {
            ' ' if first || last => f.write_str("\\ ")?,
            '#' if first => f.write_str("\\#")?,
            '"' | '+' | ',' | ';' | '<' | '>' | '\\' => write!(f, "\\{character}")?,
            _ if character.is_control() || turns_or_breaks(character) => {
                let mut buffer = [0; 4];
                let octets = character.encode_utf8(&mut buffer).bytes();
                octets.into_iter().try_for_each(|octet| write!(f, "\\{octet:02x}"))?;
            }
            _ => f.write_char(character)?,
        }
        first = false;
    }
    Ok(())
}

/// The bidirectional controls of Unicode, and its line and paragraph separators.
pub(crate) const fn turns_or_breaks(character: char) -> bool {
    matches!(
        character,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    )
}
