//! Placeholders: the variables that a management server, or the Mac itself, puts a value in for.
//!
//! Every server has its own spelling, and none can be told from text by more than its spelling.
//! What is recognised, longest and most certain spelling first:
//!
//! | spelling | whose | name |
//! |---|---|---|
//! | `$FLEET_VAR_NAME`, `${FLEET_VAR_NAME}` | Fleet | ASCII letters, digits, `_`; as many as there are |
//! | `$FLEET_SECRET_NAME`, `${FLEET_SECRET_NAME}` | Fleet | the same |
//! | `$FLEET_HOST_VITAL_ID`, `${FLEET_HOST_VITAL_ID}` | Fleet | a number above 0 |
//! | `{{NAME}}` | Intune, Addigy, Swif | 1 to 128 characters, none of `{ } < > &`, control characters or line ends; white space around it does not count |
//! | `%NAME%` | macOS, Mosyle, SOTI, Sophos | 2 to 64 ASCII letters, digits, `_ ( )`; first a letter or `_` |
//! | `$NAME` | Jamf, Kandji, Meraki | 2 to 64 upper-case ASCII letters, digits, `_`; first a letter; no lower-case letter behind it |
//! | `{NAME}` | Workspace ONE | 3 to 64 ASCII letters and digits; first a letter; no `$` or `{` before and no `}` behind it |
//!
//! Text, and no placeholder, is therefore: `100%`, `50%-60%`, `$5`, `$`, `$$`, `cost$`, `$home`,
//! `${HOME}`, `{{`, `{{}}`, `{{NAME}`, `{}`, `{"a":1}`, `$FLEET_VAR_`, `$FLEET_HOST_VITAL_NAME` and
//! `%%`. A percent sign that begins an escape of a URL is text too: `%2Fname%2F`, `%C3%A9`, `%C3x%`;
//! the price is that a variable is not seen if its name is two hexadecimal digits (`%ED%`) or starts
//! with a hexadecimal letter and a decimal digit (`%A1_Name%`).
//!
//! A text that only looks like a placeholder (`pa$WORD`) cannot be told from one; nothing in this
//! crate changes it, and it is written as it was read.

use core::fmt;

/// Whose spelling a placeholder has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Dialect {
    /// `$FLEET_VAR_NAME`
    FleetVariable,
    /// `${FLEET_VAR_NAME}`
    FleetVariableBraced,
    /// `$FLEET_SECRET_NAME`
    FleetSecret,
    /// `${FLEET_SECRET_NAME}`
    FleetSecretBraced,
    /// `$FLEET_HOST_VITAL_7`
    FleetHostVital,
    /// `${FLEET_HOST_VITAL_7}`
    FleetHostVitalBraced,
    /// `%NAME%`: macOS resolves its own at installation, Mosyle and others theirs on the server.
    Percent,
    /// `{{NAME}}`
    DoubleBrace,
    /// `$NAME`
    Dollar,
    /// `{NAME}`
    Brace,
}

/// A placeholder in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placeholder<'a> {
    /// Whose spelling it has.
    pub dialect: Dialect,
    /// What it stands for: without sigils, braces and Fleet's prefixes.
    pub name: &'a str,
    /// All of it, as it is written.
    pub text: &'a str,
    /// The bytes before it in the text that it stands in.
    pub offset: usize,
}

/// A piece of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part<'a> {
    /// Text that stands for itself; never empty.
    Literal(&'a str),
    /// Text that something else is put in for.
    Placeholder(Placeholder<'a>),
}

impl fmt::Display for Placeholder<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text)
    }
}

/// The pieces of `text`, in order; together they are the text.
///
/// ```
/// use devicecert_mobileconfig::plist::{Dialect, Part, parts};
///
/// let mut pieces = parts("CN=%SerialNumber%");
/// assert_eq!(pieces.next(), Some(Part::Literal("CN=")));
/// let Some(Part::Placeholder(serial)) = pieces.next() else { panic!() };
/// assert_eq!((serial.dialect, serial.name, serial.offset), (Dialect::Percent, "SerialNumber", 3));
/// assert_eq!(pieces.next(), None);
/// ```
#[must_use]
pub const fn parts(text: &str) -> Parts<'_> {
    Parts { text, at: 0, found: None }
}

/// The iterator that [`parts`] returns. Takes time linear in the text.
#[derive(Clone, Debug)]
pub struct Parts<'a> {
    text: &'a str,
    at: usize,
    found: Option<Placeholder<'a>>,
}

impl<'a> Iterator for Parts<'a> {
    type Item = Part<'a>;

    fn next(&mut self) -> Option<Part<'a>> {
        if let Some(placeholder) = self.found.take() {
            return Some(self.pass(placeholder));
        }
        let start = self.at;
        let mut look = start;
        let next = loop {
            let rest = self.text.get(look..).unwrap_or_default();
            let Some(sigil) = rest.bytes().position(|byte| matches!(byte, b'$' | b'%' | b'{'))
            else {
                break None;
            };
            look = look.saturating_add(sigil);
            if let Some(found) = lex(self.text, look) {
                break Some(found);
            }
            look = look.saturating_add(1);
        };
        let end = next.map_or(self.text.len(), |placeholder| placeholder.offset);
        match (self.text.get(start..end).filter(|literal| !literal.is_empty()), next) {
            (Some(literal), next) => {
                self.found = next;
                self.at = end;
                Some(Part::Literal(literal))
            }
            (None, Some(placeholder)) => Some(self.pass(placeholder)),
            (None, None) => None,
        }
    }
}

impl<'a> Parts<'a> {
    fn pass(&mut self, placeholder: Placeholder<'a>) -> Part<'a> {
        self.at = placeholder.offset.saturating_add(placeholder.text.len());
        Part::Placeholder(placeholder)
    }
}

const LONGEST_NAME: usize = 64;
const LONGEST_DOUBLE_BRACED: usize = 128;

/// The placeholder that starts at `offset`, if one does.
fn lex(text: &str, offset: usize) -> Option<Placeholder<'_>> {
    let (before, rest) = text.split_at_checked(offset)?;
    let (dialect, name, len) = fleet(rest)
        .or_else(|| double_brace(rest))
        .or_else(|| percent(before, rest))
        .or_else(|| dollar(rest))
        .or_else(|| brace(before, rest))?;
    Some(Placeholder { dialect, name, text: rest.get(..len)?, offset })
}

/// Dialect, name, length of all of it.
type Lexed<'a> = (Dialect, &'a str, usize);

fn fleet(rest: &str) -> Option<Lexed<'_>> {
    const PREFIXES: [(&str, Dialect, bool); 6] = [
        ("$FLEET_VAR_", Dialect::FleetVariable, false),
        ("${FLEET_VAR_", Dialect::FleetVariableBraced, true),
        ("$FLEET_SECRET_", Dialect::FleetSecret, false),
        ("${FLEET_SECRET_", Dialect::FleetSecretBraced, true),
        ("$FLEET_HOST_VITAL_", Dialect::FleetHostVital, false),
        ("${FLEET_HOST_VITAL_", Dialect::FleetHostVitalBraced, true),
    ];
    let (prefix, dialect, braced) =
        PREFIXES.into_iter().find(|(prefix, ..)| rest.starts_with(prefix))?;
    let after = rest.get(prefix.len()..)?;
    let name = run(after, is_word);
    let is_vital = matches!(dialect, Dialect::FleetHostVital | Dialect::FleetHostVitalBraced);
    if is_vital && !is_vital_id(name) {
        return None;
    }
    let len = prefix.len().saturating_add(name.len());
    match (name.is_empty(), braced) {
        (true, _) => None,
        (false, false) => Some((dialect, name, len)),
        (false, true) if after.get(name.len()..)?.starts_with('}') => {
            Some((dialect, name, len.saturating_add(1)))
        }
        (false, true) => None,
    }
}

/// Vitals have numbers from 1 on; Fleet leaves anything else as it stands.
fn is_vital_id(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_digit()) && name.parse::<u64>().is_ok_and(|id| id > 0)
}

fn double_brace(rest: &str) -> Option<Lexed<'_>> {
    let inner = rest.strip_prefix("{{")?;
    // Counted in characters, and never more of them looked at, so that a text of nothing but
    // opening braces stays cheap.
    let end = inner
        .char_indices()
        .take(LONGEST_DOUBLE_BRACED.saturating_add(1))
        .find(|(_, c)| matches!(c, '{' | '}' | '<' | '>' | '&') || c.is_control())
        .map(|(at, _)| at)?;
    let (name, after) = inner.split_at_checked(end)?;
    let named = after.starts_with("}}") && !name.trim().is_empty();
    named.then(|| (Dialect::DoubleBrace, name.trim(), name.len().saturating_add(4)))
}

fn percent<'a>(before: &str, rest: &'a str) -> Option<Lexed<'a>> {
    let after = rest.strip_prefix('%')?;
    let name = run(after, |byte| is_word(byte) || matches!(byte, b'(' | b')'));
    let starts = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let closed = after.get(name.len()..)?.starts_with('%');
    let fits = (2..=LONGEST_NAME).contains(&name.len());
    (starts && closed && fits && !is_url_escape(before, name))
        .then(|| (Dialect::Percent, name, name.len().saturating_add(2)))
}

/// Whether the percent sign before `name` begins an escaped byte of a URL.
fn is_url_escape(before: &str, name: &str) -> bool {
    let digits = |text: &[u8]| match text {
        [high, low, ..] => match (char::from(*high).to_digit(16), char::from(*low).to_digit(16)) {
            (Some(high), Some(_)) => Some((high, low.is_ascii_digit())),
            _ => None,
        },
        _ => None,
    };
    let Some((high, decimal_low)) = digits(name.as_bytes()) else {
        return false;
    };
    // `%C3%A9`, `%C3x%`; and `%ABc%` where it continues the character that `%C2` began.
    let continues = || {
        let escape = before.as_bytes().last_chunk::<3>();
        let lead = escape.filter(|escape| escape.first() == Some(&b'%'));
        lead.and_then(|escape| digits(escape.get(1..)?)).is_some_and(|(high, _)| high >= 8)
    };
    name.len() == 2 || decimal_low || ((8..12).contains(&high) && continues())
}

fn dollar(rest: &str) -> Option<Lexed<'_>> {
    let after = rest.strip_prefix('$')?;
    let name =
        run(after, |byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
    let starts = name.starts_with(|c: char| c.is_ascii_uppercase());
    let ends = !after.get(name.len()..)?.starts_with(|c: char| c.is_ascii_lowercase());
    let fits = (2..=LONGEST_NAME).contains(&name.len());
    // Fleet's prefix without a name, or without a number, is a variable of nobody.
    let unfinished =
        matches!(name, "FLEET_VAR_" | "FLEET_SECRET_") || name.starts_with("FLEET_HOST_VITAL_");
    (starts && ends && fits && !unfinished)
        .then(|| (Dialect::Dollar, name, name.len().saturating_add(1)))
}

fn brace<'a>(before: &str, rest: &'a str) -> Option<Lexed<'a>> {
    let after = rest.strip_prefix('{')?;
    let name = run(after, |byte| byte.is_ascii_alphanumeric());
    let starts = name.starts_with(|c: char| c.is_ascii_alphabetic());
    let end = after.get(name.len()..)?;
    let alone = !before.ends_with(['$', '{']) && end.starts_with('}') && !end.starts_with("}}");
    (starts && alone && (3..=LONGEST_NAME).contains(&name.len()))
        .then(|| (Dialect::Brace, name, name.len().saturating_add(2)))
}

/// The bytes at the start of `text` that are all `wanted`, which has to want ASCII only.
fn run(text: &str, wanted: impl Fn(u8) -> bool) -> &str {
    let len = text.bytes().position(|byte| !wanted(byte)).unwrap_or(text.len());
    text.get(..len).unwrap_or_default()
}

const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}
