//! Taking the keys of a payload out of its dictionary, one by one.

use devicecert_pki::Secret;

use super::error::PayloadError;
use super::handle::PayloadUuid;
use super::schema::COMMON_KEYS;
use crate::plist::{Array, Dictionary, Kind, Scalar, Text, Value};

/// A dictionary that is being read.
///
/// Whatever no field takes is left over and kept: keys nobody knows, and keys with a value that the
/// field cannot hold, such as a placeholder in the place of a number.
pub(crate) struct Fields {
    rest: Dictionary,
}

impl Fields {
    pub(crate) fn new(dictionary: &Dictionary) -> Self {
        Self { rest: dictionary.clone() }
    }

    /// A payload without the keys that every payload has, which must be of this type.
    pub(crate) fn of_payload(
        dictionary: &Dictionary,
        payload_type: &'static str,
    ) -> Result<Self, PayloadError> {
        match dictionary.get("PayloadType").and_then(Value::as_str) {
            Some(found) if found == payload_type => Ok(Self::without_common(dictionary)),
            _ => Err(PayloadError::OtherType(payload_type)),
        }
    }

    pub(crate) fn without_common(dictionary: &Dictionary) -> Self {
        let mut rest = dictionary.clone();
        for key in COMMON_KEYS {
            rest.remove(key.name);
        }
        Self { rest }
    }

    /// What no field took.
    pub(crate) fn finish(self) -> Dictionary {
        self.rest
    }

    fn take<T>(&mut self, key: &str, read: impl FnOnce(&Value) -> Option<T>) -> Option<T> {
        let taken = self.rest.get(key).and_then(read)?;
        self.rest.remove(key);
        Some(taken)
    }

    /// The error for a required key that was not taken.
    fn lacks(&self, key: &'static str, expected: &'static str) -> PayloadError {
        match self.rest.get(key).map(Value::kind) {
            None => PayloadError::Missing(key),
            Some(found) => PayloadError::Type { key, expected, found },
        }
    }

    pub(crate) fn text(&mut self, key: &str) -> Option<String> {
        self.take(key, |value| value.as_str().map(str::to_owned))
    }

    pub(crate) fn required_text(&mut self, key: &'static str) -> Result<String, PayloadError> {
        self.text(key).ok_or_else(|| self.lacks(key, Kind::String.name()))
    }

    pub(crate) fn secret(&mut self, key: &str) -> Option<Secret> {
        self.text(key).map(Secret::from)
    }

    pub(crate) fn uuid(&mut self, key: &str) -> Option<PayloadUuid> {
        self.text(key).map(PayloadUuid::from)
    }

    pub(crate) fn required_uuid(&mut self, key: &'static str) -> Result<PayloadUuid, PayloadError> {
        self.required_text(key).map(PayloadUuid::from)
    }

    /// One of the texts of a closed list.
    pub(crate) fn choice<T>(
        &mut self,
        key: &str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        self.take(key, |value| value.as_str().and_then(read))
    }

    pub(crate) fn number<T: TryFrom<i64>>(&mut self, key: &str) -> Option<T> {
        self.take(key, |value| value.as_integer().and_then(|number| T::try_from(number).ok()))
    }

    pub(crate) fn required_number<T: TryFrom<i64>>(
        &mut self,
        key: &'static str,
    ) -> Result<T, PayloadError> {
        self.number(key).ok_or_else(|| self.lacks(key, Kind::Integer.name()))
    }

    pub(crate) fn boolean(&mut self, key: &str) -> Option<bool> {
        self.take(key, Value::as_boolean)
    }

    pub(crate) fn required_boolean(&mut self, key: &'static str) -> Result<bool, PayloadError> {
        self.boolean(key).ok_or_else(|| self.lacks(key, Kind::Boolean.name()))
    }

    /// A number that stands for no (0) or yes (1).
    pub(crate) fn flag(&mut self, key: &str) -> Option<bool> {
        self.take(key, |value| match value.as_integer() {
            Some(0) => Some(false),
            Some(1) => Some(true),
            _ => None,
        })
    }

    pub(crate) fn data(&mut self, key: &str) -> Option<Scalar<Vec<u8>>> {
        self.take(key, |value| match value {
            Value::Data(data) => Some(data.clone()),
            _ => None,
        })
    }

    pub(crate) fn required_data(
        &mut self,
        key: &'static str,
    ) -> Result<Scalar<Vec<u8>>, PayloadError> {
        self.data(key).ok_or_else(|| self.lacks(key, Kind::Data.name()))
    }

    /// A list of texts.
    pub(crate) fn texts(&mut self, key: &str) -> Option<Vec<String>> {
        self.take(key, |value| texts(value.as_array()?))
    }

    /// A text, or a list of them.
    pub(crate) fn text_or_texts(&mut self, key: &str) -> Vec<String> {
        let list = |value: &Value| match value {
            Value::String(text) => Some(vec![text.as_str().to_owned()]),
            Value::Array(array) => texts(array),
            _ => None,
        };
        self.take(key, list).unwrap_or_default()
    }

    pub(crate) fn value<T>(
        &mut self,
        key: &str,
        read: impl FnOnce(&Value) -> Option<T>,
    ) -> Option<T> {
        self.take(key, read)
    }

    pub(crate) fn dictionary(&mut self, key: &str) -> Option<Self> {
        self.take(key, |value| value.as_dictionary().map(Self::new))
    }

    pub(crate) fn required_dictionary(&mut self, key: &'static str) -> Result<Self, PayloadError> {
        self.dictionary(key).ok_or_else(|| self.lacks(key, Kind::Dictionary.name()))
    }
}

fn texts(array: &Array) -> Option<Vec<String>> {
    array.iter().map(|item| item.as_str().map(str::to_owned)).collect()
}

/// Writing the keys of a payload; the counterpart of [`Fields`].
pub(crate) trait Put {
    /// Writes the key if there is a value.
    fn put<V: Into<Value>>(&mut self, key: &str, value: Option<V>);
    /// Writes the key if the text is one.
    fn put_secret(&mut self, key: &str, secret: Option<&Secret>);
    /// Writes the key if there are texts.
    fn put_texts(&mut self, key: &str, texts: &[String]);
    /// Writes one text as a string and several as an array.
    fn put_text_or_texts(&mut self, key: &str, texts: &[String]);
    /// Writes the keys that no field took, in place of what the fields wrote.
    fn put_all(&mut self, other: &Dictionary);
}

impl Put for Dictionary {
    fn put<V: Into<Value>>(&mut self, key: &str, value: Option<V>) {
        if let Some(value) = value {
            self.insert(key, value);
        }
    }

    fn put_secret(&mut self, key: &str, secret: Option<&Secret>) {
        // Secrets of profiles are made of text; bytes that are none cannot be written as a string.
        let text = secret.and_then(|secret| core::str::from_utf8(secret.expose()).ok());
        self.put(key, text);
    }

    fn put_texts(&mut self, key: &str, texts: &[String]) {
        if !texts.is_empty() {
            self.insert(key, texts.iter().map(String::as_str).collect::<Array>());
        }
    }

    fn put_text_or_texts(&mut self, key: &str, texts: &[String]) {
        match texts {
            [text] => {
                self.insert(key, text.as_str());
            }
            texts => self.put_texts(key, texts),
        }
    }

    fn put_all(&mut self, other: &Dictionary) {
        self.insert_all(other);
    }
}

/// Bytes, or the placeholder of a template that stands for them.
impl From<Scalar<Vec<u8>>> for Value {
    fn from(data: Scalar<Vec<u8>>) -> Self {
        Self::Data(data)
    }
}

/// A placeholder in the place of bytes.
impl From<Text> for Scalar<Vec<u8>> {
    fn from(text: Text) -> Self {
        Self::Template(text)
    }
}

impl From<Vec<u8>> for Scalar<Vec<u8>> {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Value(bytes)
    }
}
