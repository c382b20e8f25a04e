//! One object of a binary property list: its marker, and what follows.

use devicecert_pki::Time;

use crate::error::Found;
use crate::plist::date;
use crate::plist::scalar::{Integer, Real, Scalar, Text};
use crate::plist::value::Value;

/// 2001-01-01T00:00:00Z, from which Apple counts.
const EPOCH: f64 = 978_307_200.0;

/// An object, before references are followed.
pub(super) enum Object<'a> {
    Scalar(Value),
    /// References to the items.
    Array(&'a [u8]),
    /// References to the keys, then to the values.
    Dictionary(&'a [u8], &'a [u8]),
}

/// What is wrong with an object: how far into it, what was expected, what was found.
pub(super) struct Fault {
    pub(super) at: usize,
    pub(super) expected: &'static str,
    pub(super) found: Found,
}

/// Reads the object at the start of `bytes`; returns it with its length.
pub(super) fn read(bytes: &[u8], ref_len: usize) -> Result<(Object<'_>, usize), Fault> {
    let mut rest = Cursor { bytes, at: 0 };
    let marker = rest.take(1, "an object")?.first().copied().unwrap_or_default();
    let low = marker & 0x0F;
    let value = match marker >> 4 {
        0x0 => match low {
            0x8 => Value::Boolean(false),
            0x9 => Value::Boolean(true),
            _ => return Err(unknown(marker)),
        },
        0x1 if low <= 4 => {
            let digits = rest.take(1_usize << low, "an integer")?;
            let integer = integer(digits).ok_or(Fault {
                at: 1,
                expected: "an integer between -2^63 and 2^64-1",
                found: Found::Value("a larger one"),
            })?;
            Value::Integer(Scalar::Value(integer))
        }
        0x2 if matches!(low, 2 | 3) => {
            let number = real(rest.take(1_usize << low, "a real number")?);
            Value::Real(Scalar::Value(Real::from(number)))
        }
        0x3 if low == 3 => {
            let seconds = (real(rest.take(8, "a date")?) + EPOCH).floor();
            // A float that is out of range, or no number, becomes a date that is refused.
            let date = match seconds.is_finite() {
                true => Time::from_unix(seconds as i64),
                false => Time::from_unix(i64::MAX),
            };
            if !date::is_writable(date) {
                let expected = "a date between the years 1 and 9999";
                return Err(Fault { at: 1, expected, found: Found::Value("another one") });
            }
            Value::Date(Scalar::Value(date))
        }
        0x4 => {
            let len = rest.len(low)?;
            Value::Data(Scalar::Value(rest.take(len, "data")?.to_vec()))
        }
        0x5 => {
            let len = rest.len(low)?;
            let start = rest.at;
            let ascii = rest.take(len, "a string")?;
            if let Some(at) = ascii.iter().position(|byte| !byte.is_ascii()) {
                let found = ascii.get(at).map_or(Found::End, |byte| Found::Byte(*byte));
                let at = start.saturating_add(at);
                return Err(Fault { at, expected: "an ASCII character", found });
            }
            let text = ascii.iter().copied().map(char::from).collect::<String>();
            Value::String(Text::from(text))
        }
        0x6 => {
            let units = rest.len(low)?;
            let start = rest.at;
            let bytes = rest.take(units.saturating_mul(2), "a string")?;
            let units = bytes.chunks_exact(2).map(|unit| {
                u16::from_be_bytes([
                    unit.first().copied().unwrap_or_default(),
                    unit.last().copied().unwrap_or_default(),
                ])
            });
            let text: Result<String, _> = char::decode_utf16(units).collect();
            Value::String(Text::from(text.map_err(|_| Fault {
                at: start,
                expected: "a string in UTF-16",
                found: Found::Value("half of a surrogate pair"),
            })?))
        }
        0x8 => {
            let digits = rest.take(usize::from(low).saturating_add(1), "a UID")?;
            if digits.len() > 8 {
                return Err(unknown(marker));
            }
            Value::Uid(unsigned(digits))
        }
        0xA => {
            let count = rest.len(low)?;
            let items = rest.take(count.saturating_mul(ref_len), "the items of an array")?;
            return Ok((Object::Array(items), rest.at));
        }
        0xD => {
            let count = rest.len(low)?;
            let len = count.saturating_mul(ref_len);
            let keys = rest.take(len, "the keys of a dictionary")?;
            let values = rest.take(len, "the values of a dictionary")?;
            return Ok((Object::Dictionary(keys, values), rest.at));
        }
        _ => return Err(unknown(marker)),
    };
    Ok((Object::Scalar(value), rest.at))
}

fn unknown(marker: u8) -> Fault {
    const EXPECTED: &str = "an object that property lists have in XML, too";
    Fault { at: 0, expected: EXPECTED, found: Found::Marker(marker) }
}

/// A big-endian number of at most eight bytes.
pub(super) fn unsigned(digits: &[u8]) -> u64 {
    digits.iter().fold(0, |number, digit| (number << 8) | u64::from(*digit))
}

/// Up to four bytes are unsigned, eight and sixteen are signed.
fn integer(digits: &[u8]) -> Option<Integer> {
    if let Ok(digits) = <[u8; 16]>::try_from(digits) {
        return Integer::new(i128::from_be_bytes(digits));
    }
    match <[u8; 8]>::try_from(digits) {
        Ok(digits) => Some(Integer::from(i64::from_be_bytes(digits))),
        Err(_) => Some(Integer::from(unsigned(digits))),
    }
}

fn real(digits: &[u8]) -> f64 {
    match <[u8; 8]>::try_from(digits) {
        Ok(digits) => f64::from_be_bytes(digits),
        Err(_) => <[u8; 4]>::try_from(digits).map(f32::from_be_bytes).unwrap_or_default().into(),
    }
}

struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    fn take(&mut self, len: usize, expected: &'static str) -> Result<&'a [u8], Fault> {
        let end = self.at.saturating_add(len);
        let taken = self.bytes.get(self.at..end).ok_or(Fault {
            at: self.at,
            expected,
            found: Found::End,
        })?;
        self.at = end;
        Ok(taken)
    }

    /// The length that a marker announces: in itself, or in an integer behind it.
    fn len(&mut self, low: u8) -> Result<usize, Fault> {
        const EXPECTED: &str = "a length";
        if low < 0xF {
            return Ok(low.into());
        }
        let at = self.at;
        let marker = self.take(1, EXPECTED)?.first().copied().unwrap_or_default();
        if !(0x10..=0x13).contains(&marker) {
            return Err(Fault { at, expected: EXPECTED, found: Found::Marker(marker) });
        }
        let digits = self.take(1_usize << (marker & 0x0F), EXPECTED)?;
        // More than memory can hold is more than there is.
        Ok(usize::try_from(unsigned(digits)).unwrap_or(usize::MAX))
    }
}
