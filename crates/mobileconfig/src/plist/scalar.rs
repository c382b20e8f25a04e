//! Texts, numbers, and the templates that may stand in their place.

use core::fmt;

use super::placeholder::{Part, Parts, parts};

/// The text of a string, which may have placeholders in it.
///
/// A text holds nothing but what is written: `parts` looks for placeholders whenever it is asked.
///
/// `Debug` shows the placeholders only: the rest may be a secret.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text(String);

impl Text {
    /// All of it as it is written, placeholders and all.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// All of it, if it has no placeholder.
    #[must_use]
    pub fn as_literal(&self) -> Option<&str> {
        (!self.has_placeholder()).then_some(&self.0)
    }

    /// Its literal pieces and placeholders, in order.
    #[must_use]
    pub fn parts(&self) -> Parts<'_> {
        parts(&self.0)
    }

    /// Whether there is a placeholder in it.
    #[must_use]
    pub fn has_placeholder(&self) -> bool {
        self.parts().any(|part| matches!(part, Part::Placeholder(_)))
    }

    /// Whether it is one placeholder and nothing else.
    #[must_use]
    pub fn is_placeholder(&self) -> bool {
        let mut parts = self.parts();
        matches!((parts.next(), parts.next()), (Some(Part::Placeholder(_)), None))
    }

    /// Gives the text back.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown: String = self
            .parts()
            .map(|part| match part {
                Part::Literal(_) => "…",
                Part::Placeholder(placeholder) => placeholder.text,
            })
            .collect();
        f.debug_tuple("Text").field(&shown).finish()
    }
}

/// A number, date or data, or the template of one: `<data>$FLEET_VAR_DIGICERT_DATA_CA</data>`.
///
/// `Debug` does not show the value: it may be a PIN or a private key.
#[derive(Clone, PartialEq, Eq)]
pub enum Scalar<T> {
    /// A value.
    Value(T),
    /// Text with a placeholder, which is a value only when something is put in.
    Template(Text),
}

impl<T> Scalar<T> {
    /// The value, if it is no template.
    pub const fn value(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Template(_) => None,
        }
    }

    /// The template, if it is one.
    pub const fn template(&self) -> Option<&Text> {
        match self {
            Self::Value(_) => None,
            Self::Template(text) => Some(text),
        }
    }
}

impl<T> fmt::Debug for Scalar<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value(_) => f.write_str("Value(…)"),
            Self::Template(text) => f.debug_tuple("Template").field(text).finish(),
        }
    }
}

/// The number of an `<integer>`: from -2⁶³ to 2⁶⁴-1, which is what Apple's own reader takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Integer(i128);

impl Integer {
    /// The number, if it fits.
    #[must_use]
    pub fn as_i64(self) -> Option<i64> {
        self.0.try_into().ok()
    }

    /// The number, if it fits.
    #[must_use]
    pub fn as_u64(self) -> Option<u64> {
        self.0.try_into().ok()
    }

    /// The number, if an integer can be it.
    pub(crate) fn new(number: i128) -> Option<Self> {
        let range = i128::from(i64::MIN)..=i128::from(u64::MAX);
        range.contains(&number).then_some(Self(number))
    }

    /// Decimal with an optional sign, or hexadecimal after `0x`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (negative, digits) = match text.as_bytes().first()? {
            b'-' => (true, text.get(1..)?),
            b'+' => (false, text.get(1..)?),
            _ => (false, text),
        };
        let hexadecimal = digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X"));
        let (digits, radix) = hexadecimal.map_or((digits, 10), |digits| (digits, 16));
        // The parser of the standard library takes a sign of its own.
        let first = digits.chars().next()?;
        let number = first.is_digit(radix).then(|| i128::from_str_radix(digits, radix).ok())??;
        Self::new(if negative { number.checked_neg()? } else { number })
    }
}

impl From<i64> for Integer {
    fn from(number: i64) -> Self {
        Self(number.into())
    }
}

impl From<u64> for Integer {
    fn from(number: u64) -> Self {
        Self(number.into())
    }
}

impl fmt::Display for Integer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The number of a `<real>`. All that are not a number are equal.
#[derive(Clone, Copy, Debug, Default)]
pub struct Real(f64);

impl Real {
    /// The number.
    #[must_use]
    pub const fn get(self) -> f64 {
        self.0
    }

    /// Decimal with an optional exponent, or the words that Apple writes for what has no digits.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let words = [
            ("nan", f64::NAN),
            ("inf", f64::INFINITY),
            ("+inf", f64::INFINITY),
            ("-inf", f64::NEG_INFINITY),
            ("infinity", f64::INFINITY),
            ("+infinity", f64::INFINITY),
            ("-infinity", f64::NEG_INFINITY),
        ];
        if let Some((_, number)) =
            words.into_iter().find(|(word, _)| text.eq_ignore_ascii_case(word))
        {
            return Some(Self(number));
        }
        let digits = text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.' | b'e' | b'E'));
        digits.then(|| text.parse().ok().map(Self))?
    }
}

impl From<f64> for Real {
    fn from(number: f64) -> Self {
        Self(number)
    }
}

impl PartialEq for Real {
    fn eq(&self, other: &Self) -> bool {
        self.0.to_bits() == other.0.to_bits() || (self.0.is_nan() && other.0.is_nan())
    }
}

impl Eq for Real {}

/// As XML property lists have it; reading it back gives the same number.
impl fmt::Display for Real {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            number if number.is_nan() => f.write_str("nan"),
            f64::INFINITY => f.write_str("+infinity"),
            f64::NEG_INFINITY => f.write_str("-infinity"),
            number => number.fmt(f),
        }
    }
}
