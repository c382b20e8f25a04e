//! Reading a name: keys, values, quotation marks.

use core::ops::Range;

use crate::error::NameFault;
use crate::placeholder;

/// The keys that Windows knows by name, in any case. All others are given as object identifiers.
#[rustfmt::skip]
const KEYS: [&str; 38] = [
    "CN", "SN", "SERIALNUMBER", "C", "L", "S", "ST", "STREET", "O", "OU", "T", "TITLE",
    "DESCRIPTION", "POSTALCODE", "POBOX", "PHYSICALDELIVERYOFFICENAME", "TELEPHONENUMBER", "PHONE",
    "X121ADDRESS", "INTERNATIONALISDNNUMBER", "DESTINATIONINDICATOR", "G", "GN", "GIVENNAME", "I",
    "INITIALS", "DNQ", "DNQUALIFIER", "E", "EMAIL", "DC", "UNSTRUCTUREDNAME",
    "UNSTRUCTUREDADDRESS", "DEVICESERIALNUMBER", "USERID", "UID", "BUSINESSCATEGORY",
    "GENERATIONQUALIFIER",
];

/// Whether Windows knows a key: by name, or as an object identifier with or without `OID.`.
pub(super) fn is_key(key: &str) -> bool {
    if KEYS.iter().any(|known| known.eq_ignore_ascii_case(key)) {
        return true;
    }
    let digits = match key.split_at_checked(4) {
        Some((prefix, digits)) if prefix.eq_ignore_ascii_case("OID.") => digits,
        _ => key,
    };
    is_oid(digits)
}

/// Whether a key has placeholders, and no part of another one beside them.
fn is_filled_in(key: &str) -> bool {
    let mut at = 0_usize;
    for placeholder in placeholder::placeholders(key) {
        let gap = key.get(at..placeholder.span.start).unwrap_or_default();
        if gap.contains(['{', '}']) {
            return false;
        }
        at = placeholder.span.end;
    }
    at > 0 && !key.get(at..).unwrap_or_default().contains(['{', '}'])
}

/// Whether a text is an object identifier in dotted form.
pub(crate) fn is_oid(text: &str) -> bool {
    let mut arcs = text.split('.');
    let first = arcs.next().is_some_and(|arc| matches!(arc, "0" | "1" | "2"));
    let mut rest = arcs.peekable();
    first
        && rest.peek().is_some()
        && rest.all(|arc| {
            let digits = !arc.is_empty() && arc.bytes().all(|octet| octet.is_ascii_digit());
            digits && (arc == "0" || !arc.starts_with('0'))
        })
}

/// One attribute as it stands in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Part<'a> {
    /// The key; empty where a placeholder stands for the whole attribute.
    pub(crate) key: &'a str,
    /// The value, quotation marks undone.
    pub(crate) value: String,
    /// The value as it stands there.
    pub(crate) span: Range<usize>,
    /// Whether it stood between quotation marks.
    pub(crate) quoted: bool,
    /// Whether it belongs to the RDN of the one before it.
    pub(crate) joined: bool,
}

/// Every attribute of a text, up to the first that cannot be read.
pub(crate) fn parts(text: &str) -> impl Iterator<Item = Result<Part<'_>, NameFault>> {
    let opaque: Vec<Range<usize>> =
        placeholder::placeholders(text).map(|placeholder| placeholder.span).collect();
    let expects = !text.trim().is_empty();
    let mut reader = Reader { text, opaque, at: 0, joined: false, expects };
    core::iter::from_fn(move || {
        if !reader.expects {
            return None;
        }
        let next = reader.part();
        reader.expects &= next.is_ok();
        Some(next)
    })
}

struct Reader<'a> {
    text: &'a str,
    /// Placeholders: their characters are not looked at.
    opaque: Vec<Range<usize>>,
    at: usize,
    joined: bool,
    /// Whether an attribute must follow.
    expects: bool,
}

impl<'a> Reader<'a> {
    fn part(&mut self) -> Result<Part<'a>, NameFault> {
        self.blanks();
        let start = self.at;
        let end = self.find(|c| matches!(c, '=' | ',' | ';' | '+' | '"' | '\n' | '\r'));
        let joined = self.joined;
        if self.peek() != Some('=') {
            let whole = self.text.get(start..end).unwrap_or_default();
            if placeholder::is_in(whole) {
                self.separator()?;
                let value = whole.trim().to_owned();
                return Ok(Part { key: "", value, span: start..end, quoted: false, joined });
            }
            let found = match whole.trim() {
                "" if self.at >= self.text.len() => "the end of the name",
                "" => "nothing before a separator",
                _ => "text without =, as after an unquoted separator",
            };
            return Err(fault(start, "a key, = and a value", found));
        }
        let key = self.text.get(start..end).unwrap_or_default().trim();
        if !is_key(key) && !is_filled_in(key) {
            let found = if key.is_empty() { "nothing" } else { "a key Windows does not know" };
            return Err(fault(start, "a key such as CN or OU, or an OID", found));
        }
        self.step();
        self.blanks();
        let start = self.at;
        let quoted = self.peek() == Some('"') && !self.is_opaque(start);
        let value = if quoted { self.quoted_value()? } else { self.bare_value()? };
        // Blanks behind a bare value do not belong to it.
        let shown = self.text.get(start..self.at).unwrap_or_default().trim_end().len();
        let span = start..start.saturating_add(shown);
        self.separator()?;
        Ok(Part { key, value, span, quoted, joined })
    }

    fn quoted_value(&mut self) -> Result<String, NameFault> {
        let start = self.at;
        self.step();
        let mut value = String::new();
        loop {
            match self.peek() {
                None => {
                    return Err(fault(start, "a closing quotation mark", "the end of the name"));
                }
                Some('"') if !self.is_opaque(self.at) => {
                    self.step();
                    if self.peek() != Some('"') {
                        return Ok(value);
                    }
                    value.push('"');
                    self.step();
                }
                Some('\n' | '\r' | '\0') => {
                    return Err(fault(self.at, "a value on one line", "a line break"));
                }
                Some(character) => {
                    value.push(character);
                    self.step();
                }
            }
        }
    }

    fn bare_value(&mut self) -> Result<String, NameFault> {
        let start = self.at;
        let end = self.find(|c| matches!(c, ',' | ';' | '+' | '"' | '=' | '\n' | '\r' | '\0'));
        let found = match self.peek() {
            Some('"') => "a quotation mark inside of it",
            Some('=') => "an unquoted =",
            Some('\n' | '\r' | '\0') => "a line break",
            _ => return Ok(self.text.get(start..end).unwrap_or_default().trim_end().to_owned()),
        };
        Err(fault(self.at, "the whole value between quotation marks", found))
    }

    fn separator(&mut self) -> Result<(), NameFault> {
        self.blanks();
        self.joined = self.peek() == Some('+');
        match self.peek() {
            None => self.expects = false,
            Some(',' | ';' | '+') => self.step(),
            Some(_) => {
                let found = "text behind the closing quotation mark";
                return Err(fault(self.at, "a separator", found));
            }
        }
        Ok(())
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(' ' | '\t')) {
            self.step();
        }
    }

    /// Goes to the first such character outside of placeholders, or the end.
    fn find(&mut self, stop: impl Fn(char) -> bool) -> usize {
        while let Some(character) = self.peek() {
            if stop(character) && !self.is_opaque(self.at) {
                break;
            }
            self.step();
        }
        self.at
    }

    fn is_opaque(&self, at: usize) -> bool {
        let next = self.opaque.partition_point(|span| span.end <= at);
        self.opaque.get(next).is_some_and(|span| span.contains(&at))
    }

    fn peek(&self) -> Option<char> {
        self.text.get(self.at..)?.chars().next()
    }

    fn step(&mut self) {
        self.at = self.at.saturating_add(self.peek().map_or(1, char::len_utf8));
    }
}

const fn fault(offset: usize, expected: &'static str, found: &'static str) -> NameFault {
    NameFault { offset, expected, found }
}
