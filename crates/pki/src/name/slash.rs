//! Names in the slash form of OpenSSL (`openssl req -subj`), which no standard has.

use super::Name;
use super::build::Builder;
use super::parse::Cursor;
use crate::error::Error;

pub(super) fn parse(text: &str) -> Result<Name, Error> {
    let mut cursor = Cursor::new(text);
    let mut builder = Builder::default();
    if cursor.peek() != Some('/') {
        return Err(cursor.fail("'/'"));
    }
    cursor.next();
    let mut joined = false;
    while cursor.peek().is_some() {
        let kind = cursor.attribute_type(&['=', '/'])?;
        let start = cursor.clone();
        let value = value(&mut cursor)?;
        let left_out = value.is_empty();
        if !left_out {
            let value = kind.encode(&value).map_err(|expected| start.fail(expected))?;
            builder.push(joined, &kind.oid, &value)?;
        }
        // Where the first of an RDN is left out, its neighbour must not slip into the one before.
        joined = cursor.next() == Some('+') && (joined || !left_out);
    }
    Ok(builder.finish())
}

fn value(cursor: &mut Cursor<'_>) -> Result<String, Error> {
    let mut value = String::new();
    while let Some(mut next) = cursor.peek().filter(|next| !matches!(next, '/' | '+')) {
        cursor.next();
        if next == '\\' {
            next = cursor.next().ok_or_else(|| cursor.fail("a character after '\\'"))?;
        }
        value.push(next);
    }
    Ok(value)
}
