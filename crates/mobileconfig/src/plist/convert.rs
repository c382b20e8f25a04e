//! Conversions to and from the values of the `plist` crate.

use core::time::Duration;
use std::time::{SystemTime, UNIX_EPOCH};

use devicecert_pki::Time;
use plist::Value as Foreign;

use super::dictionary::Dictionary;
use super::scalar::{Integer, Scalar};
use super::value::{Kind, Value};

/// A value that the `plist` crate has no way to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the plist crate has no {0} with a placeholder in its place, or no value so large")]
pub struct Inexpressible(pub Kind);

/// Fails for templates in the place of anything but a string, and for dates that the system cannot
/// tell. Recurses as deep as the value is.
impl TryFrom<&Value> for Foreign {
    type Error = Inexpressible;

    fn try_from(value: &Value) -> Result<Self, Inexpressible> {
        let inexpressible = Inexpressible(value.kind());
        Ok(match value {
            Value::Dictionary(dictionary) => Self::Dictionary(
                dictionary
                    .iter()
                    .map(|(key, value)| Ok((key.to_owned(), Self::try_from(value)?)))
                    .collect::<Result<_, _>>()?,
            ),
            Value::Array(array) => {
                Self::Array(array.iter().map(Self::try_from).collect::<Result<_, _>>()?)
            }
            Value::String(text) => Self::String(text.as_str().to_owned()),
            Value::Integer(Scalar::Value(integer)) => Self::Integer(
                integer
                    .as_i64()
                    .map(plist::Integer::from)
                    .or_else(|| integer.as_u64().map(plist::Integer::from))
                    .ok_or(inexpressible)?,
            ),
            Value::Real(Scalar::Value(real)) => Self::Real(real.get()),
            Value::Boolean(boolean) => Self::Boolean(*boolean),
            Value::Date(Scalar::Value(date)) => {
                let distance = Duration::from_secs(date.unix().unsigned_abs());
                let time = match date.unix() < 0 {
                    true => UNIX_EPOCH.checked_sub(distance),
                    false => UNIX_EPOCH.checked_add(distance),
                };
                Self::Date(time.ok_or(inexpressible)?.into())
            }
            Value::Data(Scalar::Value(data)) => Self::Data(data.clone()),
            Value::Uid(uid) => Self::Uid(plist::Uid::new(*uid)),
            Value::Integer(Scalar::Template(_))
            | Value::Real(Scalar::Template(_))
            | Value::Date(Scalar::Template(_))
            | Value::Data(Scalar::Template(_))
            | Value::Placeholder(_) => return Err(inexpressible),
        })
    }
}

/// A kind of value that a later version of the `plist` crate has, and this one does not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the plist crate has a kind of value here that is not known")]
pub struct UnknownKind;

/// Dates lose fractions of a second. Recurses as deep as the value is.
impl TryFrom<&Foreign> for Value {
    type Error = UnknownKind;

    fn try_from(value: &Foreign) -> Result<Self, UnknownKind> {
        Ok(match value {
            Foreign::Dictionary(dictionary) => {
                let mut converted = Dictionary::new();
                for (key, value) in dictionary {
                    converted.push_unchecked(key.clone().into(), Self::try_from(value)?.into());
                }
                Self::Dictionary(converted)
            }
            Foreign::Array(array) => {
                let items: Result<Vec<Self>, _> = array.iter().map(Self::try_from).collect();
                Self::Array(items?.into_iter().collect())
            }
            Foreign::String(text) => Self::from(text.as_str()),
            Foreign::Integer(integer) => {
                let unsigned = integer.as_unsigned().map(Integer::from);
                let signed = integer.as_signed().map(Integer::from);
                Self::Integer(Scalar::Value(unsigned.or(signed).ok_or(UnknownKind)?))
            }
            Foreign::Real(real) => Self::from(*real),
            Foreign::Boolean(boolean) => Self::Boolean(*boolean),
            Foreign::Date(date) => Self::from(Time::from(SystemTime::from(*date))),
            Foreign::Data(data) => Self::from(data.as_slice()),
            Foreign::Uid(uid) => Self::Uid(uid.get()),
            _ => return Err(UnknownKind),
        })
    }
}
