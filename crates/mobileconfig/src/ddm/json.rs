//! JSON, as far as declarations have it, to and from the values of property lists.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use devicecert_pki::error::LimitExceeded;
use serde_json::{Map, Number, Value as Json};

use super::DeclarationError;
use crate::limits::Limits;
use crate::plist::{Array, Dictionary, Scalar, Spanned, Value};

/// Writes an object: keys in order, in lines of their own.
pub(super) fn write(dictionary: &Dictionary) -> String {
    let json = Json::Object(object(dictionary));
    // Only maps with keys other than texts, and writers that fail, cannot be written.
    serde_json::to_string_pretty(&json).unwrap_or_default()
}

fn object(dictionary: &Dictionary) -> Map<String, Json> {
    dictionary.iter().map(|(key, value)| (key.to_owned(), json(value))).collect()
}

fn json(value: &Value) -> Json {
    if let Some(template) = value.as_template() {
        return Json::String(template.as_str().to_owned());
    }
    match value {
        Value::Dictionary(dictionary) => Json::Object(object(dictionary)),
        Value::Array(array) => Json::Array(array.iter().map(json).collect()),
        Value::String(text) => Json::String(text.as_str().to_owned()),
        Value::Boolean(boolean) => Json::Bool(*boolean),
        Value::Integer(Scalar::Value(number)) => match (number.as_i64(), number.as_u64()) {
            (Some(number), _) => Json::from(number),
            (None, Some(number)) => Json::from(number),
            (None, None) => Json::Null,
        },
        Value::Real(Scalar::Value(number)) => {
            Number::from_f64(number.get()).map_or(Json::Null, Json::Number)
        }
        // Apple's schemas say data; JSON has no bytes, so it is base64 as in property lists.
        Value::Data(Scalar::Value(bytes)) => Json::String(STANDARD.encode(bytes)),
        // No declaration here has a date.
        _ => Json::Null,
    }
}

/// Reads an object.
pub(super) fn read(text: &str) -> Result<Dictionary, DeclarationError> {
    let limits = Limits::default();
    LimitExceeded::check("the declaration (bytes)", limits.bytes, text.len())?;
    let json: Json = serde_json::from_str(text)
        .map_err(|error| DeclarationError::Json { line: error.line(), column: error.column() })?;
    match (Reader { most: limits.values, values: 0 }).value(&json)? {
        Value::Dictionary(dictionary) => Ok(dictionary),
        _ => Err(DeclarationError::Shape),
    }
}

/// From JSON to values, as many as there may be.
struct Reader {
    most: usize,
    values: usize,
}

impl Reader {
    fn value(&mut self, json: &Json) -> Result<Value, DeclarationError> {
        self.values = self.values.saturating_add(1);
        LimitExceeded::check("values", self.most, self.values)?;
        Ok(match json {
            Json::Null => return Err(DeclarationError::Shape),
            Json::Bool(boolean) => Value::from(*boolean),
            Json::Number(number) => match (number.as_i64(), number.as_u64(), number.as_f64()) {
                (Some(number), ..) => Value::from(number),
                (_, Some(number), _) => Value::from(number),
                (.., Some(number)) => Value::from(number),
                _ => return Err(DeclarationError::Shape),
            },
            Json::String(text) => Value::from(text.as_str()),
            Json::Array(items) => {
                let items = items.iter().map(|item| self.value(item));
                Value::Array(items.collect::<Result<Array, _>>()?)
            }
            Json::Object(object) => {
                let mut dictionary = Dictionary::new();
                for (key, json) in object {
                    // A map has every key once.
                    let value = Spanned::from(self.value(json)?);
                    dictionary.push_unchecked(Spanned::from(key.clone()), value);
                }
                Value::Dictionary(dictionary)
            }
        })
    }
}

/// Puts bytes in the place of the base64 that stands for them in JSON.
pub(super) fn decode_data(dictionary: &mut Dictionary, key: &str) {
    let Some(value) = dictionary.get_mut(key) else { return };
    let Some(text) = value.as_literal() else { return };
    if let Ok(bytes) = STANDARD.decode(text) {
        *value = Value::from(bytes);
    }
}
