//! The values of a property list.

use devicecert_pki::Time;

use super::dictionary::{Array, Dictionary};
use super::scalar::{Integer, Real, Scalar, Text};

/// A value of a property list.
///
/// It is what stands there, in the order in which it stands there: keys that nobody knows are kept,
/// and so are placeholders in places where only a number or base64 may stand. Where a value was
/// read is told by the [`Spanned`](super::Spanned) around it.
///
/// ```
/// use devicecert_mobileconfig::plist::{Dictionary, Value};
///
/// let mut scep = Dictionary::new();
/// scep.insert("URL", "https://ca.example/scep");
/// scep.insert("Keysize", 2048);
/// scep.insert("Challenge", "$FLEET_VAR_NDES_SCEP_CHALLENGE");
/// assert_eq!(scep.get("Keysize").and_then(Value::as_integer), Some(2048));
/// assert_eq!(scep.get("Challenge").and_then(Value::as_literal), None); // a placeholder
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Value {
    /// `<dict>`
    Dictionary(Dictionary),
    /// `<array>`
    Array(Array),
    /// `<string>`
    String(Text),
    /// `<integer>`
    Integer(Scalar<Integer>),
    /// `<real>`
    Real(Scalar<Real>),
    /// `<true/>` or `<false/>`
    Boolean(bool),
    /// `<date>`: whole seconds, UTC.
    Date(Scalar<Time>),
    /// `<data>`
    Data(Scalar<Vec<u8>>),
    /// A keyed archiver's reference, which only binary property lists have. XML has none: it is
    /// written as Apple's tools do, a dictionary with the key `CF$UID`.
    Uid(u64),
    /// A placeholder where an element should stand, `<key>Enabled</key>$FLEET_SECRET_FLAG`: what is
    /// put in for it is the whole element. It is exactly one placeholder.
    Placeholder(Text),
}

/// What kind of value a [`Value`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// `<dict>`
    Dictionary,
    /// `<array>`
    Array,
    /// `<string>`
    String,
    /// `<integer>`
    Integer,
    /// `<real>`
    Real,
    /// `<true/>` or `<false/>`
    Boolean,
    /// `<date>`
    Date,
    /// `<data>`
    Data,
    /// A keyed archiver's reference.
    Uid,
    /// A placeholder in place of an element.
    Placeholder,
}

impl Kind {
    /// As Apple's schemas call it: `dictionary`, `array`, `string`, `integer`, ….
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Dictionary => "dictionary",
            Self::Array => "array",
            Self::String => "string",
            Self::Integer => "integer",
            Self::Real => "real",
            Self::Boolean => "boolean",
            Self::Date => "date",
            Self::Data => "data",
            Self::Uid => "uid",
            Self::Placeholder => "placeholder",
        }
    }
}

impl core::fmt::Display for Kind {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.name())
    }
}

impl Value {
    /// What kind of value this is. A template is of the kind that its element names.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Dictionary(_) => Kind::Dictionary,
            Self::Array(_) => Kind::Array,
            Self::String(_) => Kind::String,
            Self::Integer(_) => Kind::Integer,
            Self::Real(_) => Kind::Real,
            Self::Boolean(_) => Kind::Boolean,
            Self::Date(_) => Kind::Date,
            Self::Data(_) => Kind::Data,
            Self::Uid(_) => Kind::Uid,
            Self::Placeholder(_) => Kind::Placeholder,
        }
    }

    /// The dictionary, if it is one.
    #[must_use]
    pub const fn as_dictionary(&self) -> Option<&Dictionary> {
        match self {
            Self::Dictionary(dictionary) => Some(dictionary),
            _ => None,
        }
    }

    /// The dictionary, if it is one, to be changed.
    #[must_use]
    pub const fn as_dictionary_mut(&mut self) -> Option<&mut Dictionary> {
        match self {
            Self::Dictionary(dictionary) => Some(dictionary),
            _ => None,
        }
    }

    /// The array, if it is one.
    #[must_use]
    pub const fn as_array(&self) -> Option<&Array> {
        match self {
            Self::Array(array) => Some(array),
            _ => None,
        }
    }

    /// The array, if it is one, to be changed.
    #[must_use]
    pub const fn as_array_mut(&mut self) -> Option<&mut Array> {
        match self {
            Self::Array(array) => Some(array),
            _ => None,
        }
    }

    /// The text of a string, if it is one.
    #[must_use]
    pub const fn as_text(&self) -> Option<&Text> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The text of a string as it is written, placeholders and all.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        self.as_text().map(Text::as_str)
    }

    /// The text of a string that has no placeholder.
    #[must_use]
    pub fn as_literal(&self) -> Option<&str> {
        self.as_text().and_then(Text::as_literal)
    }

    /// The number of an integer that is no template and fits.
    #[must_use]
    pub fn as_integer(&self) -> Option<i64> {
        match self {
            Self::Integer(Scalar::Value(integer)) => integer.as_i64(),
            _ => None,
        }
    }

    /// The number of a real that is no template.
    #[must_use]
    pub const fn as_real(&self) -> Option<f64> {
        match self {
            Self::Real(Scalar::Value(real)) => Some(real.get()),
            _ => None,
        }
    }

    /// The boolean, if it is one.
    #[must_use]
    pub const fn as_boolean(&self) -> Option<bool> {
        match self {
            Self::Boolean(boolean) => Some(*boolean),
            _ => None,
        }
    }

    /// The point in time of a date that is no template.
    #[must_use]
    pub const fn as_date(&self) -> Option<Time> {
        match self {
            Self::Date(Scalar::Value(date)) => Some(*date),
            _ => None,
        }
    }

    /// The bytes of a data value that is no template.
    #[must_use]
    pub fn as_data(&self) -> Option<&[u8]> {
        match self {
            Self::Data(Scalar::Value(data)) => Some(data),
            _ => None,
        }
    }

    /// The text of any scalar that has a placeholder: a string, a template in the place of a
    /// number, a date or base64, or a placeholder in the place of an element.
    #[must_use]
    pub fn as_template(&self) -> Option<&Text> {
        match self {
            Self::String(text) if text.has_placeholder() => Some(text),
            Self::Integer(Scalar::Template(text))
            | Self::Real(Scalar::Template(text))
            | Self::Date(Scalar::Template(text))
            | Self::Data(Scalar::Template(text))
            | Self::Placeholder(text) => Some(text),
            _ => None,
        }
    }
}

impl From<Dictionary> for Value {
    fn from(dictionary: Dictionary) -> Self {
        Self::Dictionary(dictionary)
    }
}

impl From<Array> for Value {
    fn from(array: Array) -> Self {
        Self::Array(array)
    }
}

impl From<Text> for Value {
    fn from(text: Text) -> Self {
        Self::String(text)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::String(Text::from(text))
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::String(Text::from(text))
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Integer(Scalar::Value(Integer::from(number)))
    }
}

impl From<i32> for Value {
    fn from(number: i32) -> Self {
        Self::from(i64::from(number))
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::from(i64::from(number))
    }
}

impl From<u64> for Value {
    fn from(number: u64) -> Self {
        Self::Integer(Scalar::Value(Integer::from(number)))
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Self::Real(Scalar::Value(Real::from(number)))
    }
}

impl From<bool> for Value {
    fn from(boolean: bool) -> Self {
        Self::Boolean(boolean)
    }
}

impl From<Time> for Value {
    fn from(date: Time) -> Self {
        Self::Date(Scalar::Value(date))
    }
}

impl From<Vec<u8>> for Value {
    fn from(data: Vec<u8>) -> Self {
        Self::Data(Scalar::Value(data))
    }
}

impl From<&[u8]> for Value {
    fn from(data: &[u8]) -> Self {
        Self::from(data.to_vec())
    }
}
