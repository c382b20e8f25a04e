//! Variables that a server fills in before the device sees the text.

use core::ops::Range;

/// How a variable is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Syntax {
    /// `$FLEET_VAR_…`, `$FLEET_SECRET_…`, `$FLEET_HOST_VITAL_…`, and in braces: Fleet.
    Fleet,
    /// `$NAME`, `${NAME}` or `$Name$`: Jamf, Kandji, Meraki and others.
    Dollar,
    /// `%Name%`: Mosyle, Sophos, SOTI, Apple's own.
    Percent,
    /// `{{Name}}`: Intune, Addigy.
    Braces,
    /// `{Name}`: Workspace ONE.
    Brace,
}

/// A variable in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placeholder<'a> {
    /// How it is written.
    pub syntax: Syntax,
    /// Its name, without the marks around it.
    pub name: &'a str,
    /// Its bytes in the text.
    pub span: Range<usize>,
}

/// Every variable in a text, in any of the spellings of [`Syntax`].
///
/// ```
/// use devicecert_syncml::{Syntax, placeholders};
///
/// let found: Vec<_> = placeholders("CN={{DeviceName}},OU=${FLEET_VAR_SCEP_RENEWAL_ID}").collect();
/// assert_eq!((found[0].syntax, found[0].name), (Syntax::Braces, "DeviceName"));
/// assert_eq!((found[1].syntax, found[1].name), (Syntax::Fleet, "FLEET_VAR_SCEP_RENEWAL_ID"));
/// assert_eq!(placeholders("100 % of $5 and %20").count(), 0);
/// ```
///
/// A percent sign that begins an escape of an address is text: `%20`, `B%C3%BCro%202`. A variable is
/// therefore not seen if its name is two hexadecimal digits (`%ED%`), or starts with a hexadecimal
/// letter and a decimal digit (`%A1_Name%`).
pub fn placeholders(text: &str) -> impl Iterator<Item = Placeholder<'_>> {
    let mut at = 0_usize;
    core::iter::from_fn(move || {
        loop {
            let rest = text.get(at..)?;
            let start = at.saturating_add(rest.find(['$', '%', '{'])?);
            let (before, from) = text.split_at_checked(start)?;
            match lex(before, from) {
                Some((syntax, name, length)) => {
                    at = start.saturating_add(length);
                    return Some(Placeholder { syntax, name, span: start..at });
                }
                None => at = start.saturating_add(1),
            }
        }
    })
}

/// Whether there is any variable in a text.
pub(crate) fn is_in(text: &str) -> bool {
    placeholders(text).next().is_some()
}

/// Where a variable was begun and not ended.
pub(crate) fn unbalanced(text: &str) -> Option<(Range<usize>, &'static str)> {
    for (opening, closing) in [("{{", "}}"), ("${", "}")] {
        let mut at = 0_usize;
        while let Some(found) = text.get(at..).and_then(|rest| rest.find(opening)) {
            let start = at.saturating_add(found);
            let inner = start.saturating_add(opening.len());
            let rest = text.get(inner..).unwrap_or_default();
            match (rest.find(closing), rest.find(opening)) {
                (Some(end), next) if next.is_none_or(|next| end < next) => {
                    at = inner.saturating_add(end).saturating_add(closing.len());
                }
                _ => return Some((start..text.len(), closing)),
            }
        }
    }
    None
}

/// The variable at the start of a text that stands behind another: syntax, name, bytes.
fn lex<'a>(before: &str, text: &'a str) -> Option<(Syntax, &'a str, usize)> {
    // No name is longer, and looking for its end must not cost more than this.
    let text = (256..260).find_map(|end| text.get(..end)).unwrap_or(text);
    let word = |text: &str| {
        let end =
            text.find(|character: char| !character.is_ascii_alphanumeric() && character != '_');
        end.unwrap_or(text.len())
    };
    let dollar = |name: &str| if is_fleet(name) { Syntax::Fleet } else { Syntax::Dollar };
    let all = |marks: usize, name: &str| name.len().saturating_add(marks);
    if let Some(inner) = text.strip_prefix("{{") {
        let (name, _) = inner.split_once("}}")?;
        let barred = |c: char| matches!(c, '{' | '}') || c.is_control();
        let plain = !name.trim().is_empty() && !name.contains(barred);
        return plain.then(|| (Syntax::Braces, name.trim(), all(4, name)));
    }
    if let Some(inner) = text.strip_prefix("${") {
        let name = inner.get(..word(inner)).filter(|name| !name.is_empty())?;
        inner.get(name.len()..)?.starts_with('}').then_some(())?;
        return Some((dollar(name), name, all(3, name)));
    }
    if let Some(inner) = text.strip_prefix('{') {
        // Letters only: a GUID stands in braces too.
        let (name, _) = inner.split_once('}')?;
        let letters = name.len() > 1 && name.bytes().all(|octet| octet.is_ascii_alphabetic());
        return letters.then(|| (Syntax::Brace, name, all(2, name)));
    }
    if let Some(inner) = text.strip_prefix('$') {
        let name = inner.get(..word(inner))?;
        if !name.starts_with(|first: char| first.is_ascii_alphabetic()) || name.len() < 2 {
            return None;
        }
        if name
            .bytes()
            .all(|octet| octet == b'_' || octet.is_ascii_uppercase() || octet.is_ascii_digit())
        {
            return Some((dollar(name), name, all(1, name)));
        }
        // In mixed case only between two marks: `pa$word` is a password.
        let closed = inner.get(name.len()..).is_some_and(|rest| rest.starts_with('$'));
        // A Fleet variable swallows what follows it in lower case: `$FLEET_VAR_X_abc`.
        let fleet = is_fleet(name);
        return (closed || fleet)
            .then(|| (dollar(name), name, all(if closed && !fleet { 2 } else { 1 }, name)));
    }
    let inner = text.strip_prefix('%')?;
    let (name, _) = inner.split_once('%')?;
    let starts = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    let words = name.bytes().all(|octet| octet.is_ascii_alphanumeric() || b"_ ()".contains(&octet));
    (starts && words && !is_escape(before, name)).then(|| (Syntax::Percent, name, all(2, name)))
}

/// Whether the percent sign before a name begins an escaped octet of an address (RFC 3986 §2.1).
fn is_escape(before: &str, name: &str) -> bool {
    let Some((high, low)) = name.as_bytes().first_chunk().and_then(hexadecimal) else {
        return false;
    };
    // Octets of UTF-8 from 0x80 to 0xBF continue a character, so that an escape comes before them.
    let continues = (0x8..0xC).contains(&high)
        && before.as_bytes().last_chunk().is_some_and(|[mark, digits @ ..]: &[u8; 3]| {
            *mark == b'%' && hexadecimal(digits).is_some_and(|(high, _)| high >= 0x8)
        });
    name.len() == 2 || low < 10 || continues
}

/// The values of two hexadecimal digits.
fn hexadecimal(digits: &[u8; 2]) -> Option<(u32, u32)> {
    let [high, low] = digits.map(|digit| char::from(digit).to_digit(16));
    high.zip(low)
}

fn is_fleet(name: &str) -> bool {
    ["FLEET_VAR_", "FLEET_SECRET_", "FLEET_HOST_VITAL_"].iter().any(|start| name.starts_with(start))
}
