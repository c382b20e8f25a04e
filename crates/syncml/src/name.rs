//! The `SubjectName` node: distinguished names as CertStrToName of Windows reads them.
//!
//! It is not RFC 4514: a backslash is a character like any other, and what needs protection is put
//! between quotation marks, inside of which a quotation mark is doubled.

mod parse;

use core::fmt;
use core::str::FromStr;

use devicecert_pki as pki;

use crate::error::{Error, NameFault};
use crate::placeholder;

pub(crate) use parse::{Part, is_oid, parts};

/// A subject in the dialect of Windows.
///
/// ```
/// use devicecert_syncml::SubjectName;
///
/// let name = SubjectName::new().with("CN", "Doe, Jane+wifi")?.with("O", "Example")?;
/// assert_eq!(name.to_string(), "CN=\"Doe, Jane+wifi\",O=Example");
/// assert_eq!(name, name.to_string().parse()?);
/// # Ok::<(), devicecert_syncml::Error>(())
/// ```
///
/// Values may hold placeholders. A server that fills them in without quoting can have its subject
/// changed by what it fills in, so such values are put between quotation marks; Fleet, which quotes
/// by itself, is the exception, and finds its variables bare.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SubjectName {
    rdns: Vec<Vec<(String, String)>>,
}

impl SubjectName {
    /// The name without any attribute.
    #[must_use]
    pub const fn new() -> Self {
        Self { rdns: Vec::new() }
    }

    /// Adds an RDN of one attribute: a key of X.500 as Windows knows them, or an object identifier
    /// in dotted form, and any value.
    ///
    /// # Errors
    /// [`NameFault`] for a key that Windows does not know, and for a value with a line break.
    pub fn with(self, key: &str, value: impl Into<String>) -> Result<Self, NameFault> {
        self.with_rdn([(key.to_owned(), value.into())])
    }

    /// Adds an RDN of several attributes, each a key and a value as in [`with`](Self::with).
    ///
    /// # Errors
    /// As [`with`](Self::with), and [`NameFault`] for an RDN without attributes.
    pub fn with_rdn(
        mut self,
        rdn: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, NameFault> {
        let fault = |expected, found| NameFault { offset: 0, expected, found };
        let rdn: Vec<(String, String)> = rdn.into_iter().collect();
        if rdn.is_empty() {
            return Err(fault("one attribute or more", "none"));
        }
        for (key, value) in &rdn {
            if !parse::is_key(key) {
                return Err(fault("a key such as CN or OU, or an OID", "another one"));
            }
            if value.contains(['\n', '\r', '\0']) {
                return Err(fault("a value on one line", "a line break"));
            }
        }
        self.rdns.push(rdn);
        Ok(self)
    }

    /// The RDNs in the order of the text, each with its keys and values.
    pub fn rdns(&self) -> impl Iterator<Item = &[(String, String)]> {
        self.rdns.iter().map(Vec::as_slice)
    }

    /// The first value of a key, in any case.
    #[must_use]
    pub fn value(&self, key: &str) -> Option<&str> {
        let mut attributes = self.rdns.iter().flatten();
        let found = attributes.find(|(known, _)| known.eq_ignore_ascii_case(key));
        found.map(|(_, value)| value.as_str())
    }
}

impl FromStr for SubjectName {
    type Err = NameFault;

    fn from_str(text: &str) -> Result<Self, NameFault> {
        let mut rdns: Vec<Vec<(String, String)>> = Vec::new();
        for part in parts(text) {
            let part = part?;
            let attribute = (part.key.to_owned(), part.value);
            match rdns.last_mut() {
                Some(rdn) if part.joined => rdn.push(attribute),
                _ => rdns.push(vec![attribute]),
            }
        }
        Ok(Self { rdns })
    }
}

/// The most specific part first, as RFC 4514 writes it and administrators do.
impl TryFrom<&pki::Name> for SubjectName {
    type Error = Error;

    fn try_from(name: &pki::Name) -> Result<Self, Error> {
        let mut rdns: Vec<Vec<(String, String)>> = Vec::new();
        let mut last = None;
        for attribute in name.attributes() {
            let key = attribute.type_name();
            // What Windows does not know by name it takes by number.
            let key = match attribute.oid() {
                _ if parse::is_key(&key) => key.into_owned(),
                Some(oid) => oid.to_string(),
                None => key.into_owned(),
            };
            let fault = |found| NameFault { offset: 0, expected: "text on one line", found };
            let value = attribute.text().ok_or_else(|| fault("a value of another type"))?;
            if value.contains(['\n', '\r', '\0']) {
                return Err(fault("a line break").into());
            }
            match rdns.last_mut() {
                Some(rdn) if last == Some(attribute.rdn()) => rdn.push((key, value)),
                _ => rdns.push(vec![(key, value)]),
            }
            last = Some(attribute.rdn());
        }
        rdns.reverse();
        Ok(Self { rdns })
    }
}

impl fmt::Display for SubjectName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, rdn) in self.rdns.iter().enumerate() {
            f.write_str(if at == 0 { "" } else { "," })?;
            for (at, (key, value)) in rdn.iter().enumerate() {
                f.write_str(if at == 0 { "" } else { "+" })?;
                // Without a key it is a variable for the whole attribute, which stays as it is.
                if key.is_empty() {
                    f.write_str(value)?;
                } else {
                    write!(f, "{key}={}", quoted(value))?;
                }
            }
        }
        Ok(())
    }
}

/// A value as it may stand behind `CN=`.
pub(crate) fn quoted(value: &str) -> String {
    let plain = |character: char| {
        character.is_ascii_alphanumeric()
            || " .'()/:@_-$".contains(character)
            || !character.is_ascii()
    };
    let edges = value.starts_with(char::is_whitespace) || value.ends_with(char::is_whitespace);
    let mut placeholders = placeholder::placeholders(value).peekable();
    let filled = placeholders.peek().is_some();
    let by_fleet = filled && placeholders.all(|found| found.syntax == placeholder::Syntax::Fleet);
    let braces = |character: char| by_fleet && matches!(character, '{' | '}');
    let bare = !value.is_empty() && value.chars().all(|c| plain(c) || braces(c));
    if bare && !edges && (by_fleet || !filled) {
        return value.to_owned();
    }
    let mut out = String::from("\"");
    let mut at = 0_usize;
    for found in placeholder::placeholders(value) {
        let before = value.get(at..found.span.start).unwrap_or_default();
        out.push_str(&before.replace('"', "\"\""));
        // Quotation marks within a variable belong to its syntax.
        out.push_str(value.get(found.span.clone()).unwrap_or_default());
        at = found.span.end;
    }
    out.push_str(&value.get(at..).unwrap_or_default().replace('"', "\"\""));
    out.push('"');
    out
}
