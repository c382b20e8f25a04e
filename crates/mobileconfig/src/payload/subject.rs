//! The array that Apple writes a distinguished name as.

use core::str::FromStr;

use devicecert_pki::Name;

use super::error::PayloadError;
use crate::plist::Value;

/// A distinguished name as profiles have it, outermost part first.
///
/// Values may hold placeholders, so this is text where [`Name`] is an encoding.
///
/// ```
/// use devicecert_mobileconfig::payload::Subject;
///
/// # fn main() -> Result<(), devicecert_mobileconfig::payload::PayloadError> {
/// let subject: Subject = "/C=US/O=Apple Inc./CN=foo/1.2.5.3=bar".parse()?;
/// assert_eq!(subject.rdns().len(), 4);
/// assert_eq!(subject, Subject::new().with("C", "US").with("O", "Apple Inc.").with("CN", "foo")
///     .with("1.2.5.3", "bar"));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subject {
    rdns: Vec<Vec<Attribute>>,
}

/// One type and value of a [`Subject`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// `C`, `L`, `ST`, `O`, `OU`, `CN`, or an object identifier in dotted form.
    pub kind: String,
    /// The text, which may hold placeholders.
    pub value: String,
}

/// The types that Apple takes by name. All others must be object identifiers.
pub const SHORT_NAMES: &[&str] = &["C", "L", "ST", "O", "OU", "CN"];

/// Names that people write for types that Apple wants as object identifier.
const LONG_NAMES: &[(&str, &str)] = &[
    ("serialNumber", "2.5.4.5"),
    ("SN", "2.5.4.4"),
    ("GN", "2.5.4.42"),
    ("givenName", "2.5.4.42"),
    ("title", "2.5.4.12"),
    ("emailAddress", "1.2.840.113549.1.9.1"),
    ("E", "1.2.840.113549.1.9.1"),
    ("DC", "0.9.2342.19200300.100.1.25"),
    ("UID", "0.9.2342.19200300.100.1.1"),
    ("STREET", "2.5.4.9"),
    ("postalCode", "2.5.4.17"),
    ("description", "2.5.4.13"),
    ("dnQualifier", "2.5.4.46"),
];

/// The object identifier of a type that Apple does not know by the name people give it.
#[must_use]
pub fn oid_of(kind: &str) -> Option<&'static str> {
    LONG_NAMES.iter().find(|(name, _)| name.eq_ignore_ascii_case(kind)).map(|(_, oid)| *oid)
}

impl Subject {
    /// A name without any part.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The same name with one more part, inside of those it has.
    ///
    /// A type that Apple has no short name for is written as object identifier.
    #[must_use]
    pub fn with(mut self, kind: &str, value: impl Into<String>) -> Self {
        self.rdns.push(vec![Attribute::new(kind, value.into())]);
        self
    }

    /// The same name with a part made of several types and values.
    #[must_use]
    pub fn with_rdn(mut self, rdn: Vec<Attribute>) -> Self {
        self.rdns.push(rdn);
        self
    }

    /// The parts, outermost first; each has one attribute or more.
    #[must_use]
    pub fn rdns(&self) -> &[Vec<Attribute>] {
        &self.rdns
    }

    /// Whether there is no part at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rdns.is_empty()
    }

    /// Reads `/C=US/O=Example/CN=x`, most specific last. A `\` takes the next character literally.
    fn from_slash_form(text: &str) -> Result<Self, PayloadError> {
        let mut subject = Self::new();
        for part in split(text.strip_prefix('/').unwrap_or(text)) {
            let (kind, value) = part?;
            subject = subject.with(&kind, value);
        }
        Ok(subject)
    }
}

impl Attribute {
    /// A type and its value; a long name of the type becomes its object identifier.
    #[must_use]
    pub fn new(kind: &str, value: String) -> Self {
        let short = SHORT_NAMES.iter().find(|name| name.eq_ignore_ascii_case(kind));
        let kind = short.copied().or_else(|| oid_of(kind)).unwrap_or(kind);
        Self { kind: kind.to_owned(), value }
    }
}

/// The parts of the slash form. `+` is an ordinary character: a multi-valued part is what nobody
/// who writes an address with a tag means.
fn split(text: &str) -> impl Iterator<Item = Result<(String, String), PayloadError>> {
    let mut parts = Vec::new();
    let mut kind = None;
    let mut word = String::new();
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match (character, &kind) {
            ('\\', _) => word.extend(characters.next()),
            ('=', None) => kind = Some(core::mem::take(&mut word)),
            ('/', _) => parts.push((kind.take(), core::mem::take(&mut word))),
            _ => word.push(character),
        }
    }
    parts.push((kind, word));
    parts.into_iter().map(|(kind, value)| match kind {
        Some(kind) if !kind.trim().is_empty() => Ok((kind.trim().to_owned(), value)),
        _ => Err(PayloadError::Subject("TYPE=value after each slash")),
    })
}

/// Reads the slash form, or the form of RFC 4514 with the most specific part first.
///
/// # Errors
/// [`PayloadError`] if it is neither.
impl FromStr for Subject {
    type Err = PayloadError;

    fn from_str(text: &str) -> Result<Self, PayloadError> {
        if text.starts_with('/') {
            return Self::from_slash_form(text);
        }
        let name: Name = text.parse().map_err(PayloadError::Name)?;
        Self::try_from(&name)
    }
}

/// # Errors
/// [`PayloadError`] if a value is no text.
impl TryFrom<&Name> for Subject {
    type Error = PayloadError;

    fn try_from(name: &Name) -> Result<Self, PayloadError> {
        let mut rdns: Vec<Vec<Attribute>> = Vec::new();
        let mut last = None;
        for attribute in name.attributes() {
            let value = attribute.text().ok_or(PayloadError::Subject("values that are text"))?;
            let attribute_text = Attribute::new(&attribute.type_name(), value);
            match rdns.last_mut() {
                Some(rdn) if last == Some(attribute.rdn()) => rdn.push(attribute_text),
                _ => rdns.push(vec![attribute_text]),
            }
            last = Some(attribute.rdn());
        }
        Ok(Self { rdns })
    }
}

impl Subject {
    /// The array as it stands in a payload.
    pub(crate) fn to_value(&self) -> Value {
        let pair = |attribute: &Attribute| {
            Value::Array([attribute.kind.as_str(), attribute.value.as_str()].into_iter().collect())
        };
        let rdn = |rdn: &Vec<Attribute>| Value::Array(rdn.iter().map(pair).collect());
        Value::Array(self.rdns.iter().map(rdn).collect())
    }

    /// Reads the array. Nothing if it has another shape than arrays of pairs of strings.
    pub(crate) fn from_value(value: &Value) -> Option<Self> {
        let pair = |pair: &Value| match pair.as_array()?.iter().collect::<Vec<_>>().as_slice() {
            [kind, value] => {
                let (kind, value) = (kind.as_str()?.to_owned(), value.as_str()?.to_owned());
                Some(Attribute { kind, value })
            }
            _ => None,
        };
        let rdn = |rdn: &Value| rdn.as_array()?.iter().map(pair).collect::<Option<Vec<_>>>();
        let rdns = value.as_array()?.iter().map(rdn).collect::<Option<_>>()?;
        Some(Self { rdns })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_text_forms_say_the_same() {
        let slash: Subject = "/C=US/O=Apple, Inc./CN=foo".parse().unwrap();
        assert_eq!(slash, r"CN=foo,O=Apple\, Inc.,C=US".parse().unwrap());
    }

    #[test]
    fn slash_form_takes_placeholders_escapes_and_further_equal_signs() {
        let subject: Subject =
            r"/CN=%SerialNumber% $FLEET_VAR_X/OU=a\/b=c/serialNumber=7".parse().unwrap();
        let expected = Subject::new()
            .with("CN", "%SerialNumber% $FLEET_VAR_X")
            .with("OU", "a/b=c")
            .with("2.5.4.5", "7");
        assert_eq!(subject, expected);
        assert!("/CN".parse::<Subject>().is_err());
        assert!("/=x".parse::<Subject>().is_err());
    }

    #[test]
    fn the_array_reads_back() {
        let subject = Subject::new()
            .with("CN", "a")
            .with_rdn(vec![Attribute::new("o", "b".into()), Attribute::new("1.2.3", "c".into())]);
        assert_eq!(Subject::from_value(&subject.to_value()), Some(subject));
        let flat = Value::Array(["CN", "a"].into_iter().collect());
        assert_eq!(Subject::from_value(&flat), None);
    }
}
