//! The elements of an XML property list, and what the text in them means.

use std::borrow::Cow;

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};

use crate::error::Found;
use crate::plist::date;
use crate::plist::scalar::{Integer, Real, Scalar, Text};
use crate::plist::value::Value;

/// Apple's reader takes base64 without padding and with stray bits at the end, so both are read;
/// what is written has neither.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// An element that property lists have.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Element {
    Plist,
    Dict,
    Array,
    Key,
    String,
    Integer,
    Real,
    Date,
    Data,
    True,
    False,
}

impl Element {
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "plist" => Self::Plist,
            "dict" => Self::Dict,
            "array" => Self::Array,
            "key" => Self::Key,
            "string" => Self::String,
            "integer" => Self::Integer,
            "real" => Self::Real,
            "date" => Self::Date,
            "data" => Self::Data,
            "true" => Self::True,
            "false" => Self::False,
            _ => return None,
        })
    }
}

/// Why a text is not what its element promises.
pub(super) struct WrongText {
    pub(super) expected: &'static str,
    pub(super) found: Found,
}

/// The value of a scalar element with this text.
///
/// A text that is no number, date or base64 is a template if it has a placeholder.
pub(super) fn scalar(element: Element, text: Cow<'_, str>) -> Result<Value, WrongText> {
    let trimmed = text.trim_ascii();
    match element {
        Element::Integer => Ok(Value::Integer(read(
            Integer::parse(trimmed),
            trimmed,
            "an integer between -2^63 and 2^64-1, or a placeholder",
        )?)),
        Element::Real => {
            let real = Real::parse(trimmed);
            Ok(Value::Real(read(real, trimmed, "a decimal number, or a placeholder")?))
        }
        Element::Date => {
            const EXPECTED: &str = "a date such as 2027-01-31T12:00:00Z, or a placeholder";
            Ok(Value::Date(read(date::parse(trimmed), trimmed, EXPECTED)?))
        }
        Element::Data => {
            let mut base64 = String::with_capacity(trimmed.len());
            base64.extend(trimmed.split_ascii_whitespace());
            let data = BASE64.decode(base64).ok();
            Ok(Value::Data(read(data, trimmed, "base64, or a placeholder")?))
        }
        Element::True | Element::False if trimmed.is_empty() => {
            Ok(Value::Boolean(element == Element::True))
        }
        Element::True | Element::False => Err(WrongText {
            expected: "nothing in a <true/> or <false/> element",
            found: other(trimmed),
        }),
        // The others have been dealt with by their own rules.
        Element::String | Element::Key | Element::Plist | Element::Dict | Element::Array => {
            Ok(Value::String(Text::from(text.into_owned())))
        }
    }
}

fn read<T>(value: Option<T>, text: &str, expected: &'static str) -> Result<Scalar<T>, WrongText> {
    if let Some(value) = value {
        return Ok(Scalar::Value(value));
    }
    let template = Text::from(text);
    match template.has_placeholder() {
        true => Ok(Scalar::Template(template)),
        false => Err(WrongText { expected, found: other(text) }),
    }
}

/// What stands in place of a value. It may be a secret, so the text is not shown.
fn other(text: &str) -> Found {
    Found::Value(if text.is_empty() { "nothing" } else { OTHER_TEXT })
}

/// A text that is not shown.
pub(super) const OTHER_TEXT: &str = "other text";
