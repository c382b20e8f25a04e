//! JSON, as far as declarations have it, to and from the values of property lists.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Number, Value as Json};

use super::DeclarationError;
use crate::plist::{Array, Dictionary, Scalar, Value};

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
    let json: Json = serde_json::from_str(text)
        .map_err(|error| DeclarationError::Json { line: error.line(), column: error.column() })?;
    match value(&json) {
        Some(Value::Dictionary(dictionary)) => Ok(dictionary),
        _ => Err(DeclarationError::Shape),
    }
}

fn value(json: &Json) -> Option<Value> {
    Some(match json {
        Json::Null => return None,
        Json::Bool(boolean) => Value::from(*boolean),
        Json::Number(number) => match (number.as_i64(), number.as_u64(), number.as_f64()) {
            (Some(number), ..) => Value::from(number),
            (_, Some(number), _) => Value::from(number),
            (.., Some(number)) => Value::from(number),
            _ => return None,
        },
        Json::String(text) => Value::from(text.as_str()),
        Json::Array(items) => Value::Array(
            items.iter().map(value).collect::<Option<Vec<_>>>()?.into_iter().collect::<Array>(),
        ),
        Json::Object(object) => {
            let entries = object.iter().map(|(key, json)| Some((key.as_str(), value(json)?)));
            Value::Dictionary(entries.collect::<Option<Vec<_>>>()?.into_iter().collect())
        }
    })
}

/// Puts bytes in the place of the base64 that stands for them in JSON.
pub(super) fn decode_data(dictionary: &mut Dictionary, key: &str) {
    let Some(value) = dictionary.get_mut(key) else { return };
    let Some(text) = value.as_literal() else { return };
    if let Ok(bytes) = STANDARD.decode(text) {
        *value = Value::from(bytes);
    }
}
