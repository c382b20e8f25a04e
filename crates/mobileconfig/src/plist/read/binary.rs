//! The reader of binary property lists, `bplist00`, as CFBinaryPList writes them.
//!
//! ```text
//! "bplist00" · objects · table of their offsets · trailer of 32 bytes
//! ```
//!
//! An object may be used many times, and a hostile file uses objects in themselves, or small ones
//! so often that the whole would fill any memory. What is counted is therefore the result: its
//! values, its bytes and its depth.

use devicecert_pki::error::LimitExceeded;

use super::Keys;
use super::object::{self, Fault, Object, unsigned};
use crate::error::{Error, Found, Malformed};
use crate::limits::Limits;
use crate::plist::dictionary::Array;
use crate::plist::span::{KeyPath, Span, Spanned};
use crate::plist::value::Value;

const MAGIC: &[u8] = b"bplist00";
const TRAILER_LEN: usize = 32;

/// Reads the root of a binary property list. Spans count in `bytes`.
pub(in crate::plist) fn read_binary(
    bytes: &[u8],
    limits: &Limits,
) -> Result<Spanned<Value>, Error> {
    LimitExceeded::check("the property list (bytes)", limits.bytes, bytes.len())?;
    if !bytes.starts_with(MAGIC) {
        let found = Found::Value("another version, or another format");
        return Err(malformed(0, KeyPath::root(), "a binary property list, bplist00", found));
    }
    let trailer = Trailer::read(bytes)?;
    let mut reader = Reader { bytes, trailer, limits, open: Vec::new(), values: 0, volume: 0 };
    let top = reader.trailer.top;
    reader.value(top, KeyPath::root)
}

fn malformed(offset: usize, key_path: KeyPath, expected: &'static str, found: Found) -> Error {
    Box::new(Malformed { offset, position: None, key_path, expected, found }).into()
}

/// Where the objects are.
struct Trailer {
    /// Bytes of one offset in the table.
    offset_len: usize,
    /// Bytes of a reference to an object.
    ref_len: usize,
    count: u64,
    top: u64,
    table: usize,
}

impl Trailer {
    fn read(bytes: &[u8]) -> Result<Self, Error> {
        let start = bytes.len().saturating_sub(TRAILER_LEN);
        let fail = |at: usize, expected, found| {
            malformed(start.saturating_add(at), KeyPath::root(), expected, found)
        };
        let trailer = bytes
            .last_chunk::<TRAILER_LEN>()
            .filter(|_| start >= MAGIC.len())
            .ok_or_else(|| fail(0, "a trailer of 32 bytes", Found::End))?;
        let [_, _, _, _, _, _, offset_len, ref_len, numbers @ ..] = trailer;
        for (at, len) in [(6, *offset_len), (7, *ref_len)] {
            if !(1..=8).contains(&len) {
                return Err(fail(at, "a size between 1 and 8", Found::Byte(len)));
            }
        }
        let mut numbers = numbers.chunks_exact(8).map(unsigned);
        let mut number = || numbers.next().unwrap_or_default();
        let (count, top, table) = (number(), number(), number());
        // Each offset takes room in the table, so the table bounds the number of objects.
        let table = usize::try_from(table).ok().filter(|table| *table >= MAGIC.len());
        let room = table.and_then(|table| start.checked_sub(table));
        let needed = usize::try_from(count).ok().and_then(|n| n.checked_mul((*offset_len).into()));
        match (table, room, needed) {
            (Some(table), Some(room), Some(needed)) if needed <= room && top < count => Ok(Self {
                offset_len: (*offset_len).into(),
                ref_len: (*ref_len).into(),
                count,
                top,
                table,
            }),
            _ => Err(fail(8, "a table of offsets before the trailer", Found::Value("none there"))),
        }
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    trailer: Trailer,
    limits: &'a Limits,
    /// The arrays and dictionaries that are being read.
    open: Vec<u64>,
    values: usize,
    /// Bytes of all strings and data so far.
    volume: usize,
}

impl<'a> Reader<'a> {
    /// Reads object number `id` and all in it. The recursion is as deep as the limit.
    fn value(&mut self, id: u64, path: impl Fn() -> KeyPath) -> Result<Spanned<Value>, Error> {
        let path: &dyn Fn() -> KeyPath = &path;
        let (object, span) = self.object(id, path)?;
        if let Object::Scalar(value) = object {
            return Ok(Spanned::new(value, span));
        }
        if self.open.contains(&id) {
            let found = Found::Value("one that contains itself");
            return Err(malformed(span.start, path(), "an array or dictionary", found));
        }
        let depth = self.open.len().saturating_add(1);
        LimitExceeded::check("nesting", self.limits.depth(), depth)?;
        self.open.push(id);
        let value = match object {
            Object::Scalar(value) => value,
            Object::Array(items) => self.array(items, path)?,
            Object::Dictionary(keys, values) => self.dictionary(keys, values, path)?,
        };
        self.open.pop();
        Ok(Spanned::new(value, span))
    }

    fn array(&mut self, items: &[u8], path: &dyn Fn() -> KeyPath) -> Result<Value, Error> {
        let mut array = Array::new();
        for item in items.chunks_exact(self.trailer.ref_len) {
            let index = array.len();
            array.push_spanned(self.value(unsigned(item), || path().index(index))?);
        }
        Ok(Value::Array(array))
    }

    fn dictionary(
        &mut self,
        keys: &[u8],
        values: &[u8],
        path: &dyn Fn() -> KeyPath,
    ) -> Result<Value, Error> {
        let len = self.trailer.ref_len;
        let mut read = Keys::default();
        for (key, value) in keys.chunks_exact(len).zip(values.chunks_exact(len)) {
            let (object, span) = self.object(unsigned(key), path)?;
            let Object::Scalar(Value::String(text)) = object else {
                let found = Found::Value("another object");
                return Err(malformed(span.start, path(), "a string as a key", found));
            };
            let key = Spanned::new(text.into_string(), span);
            let path = || path().key(key.value.clone());
            read.check(&key)
                .map_err(|found| malformed(span.start, path(), "every key once", found))?;
            let value = self.value(unsigned(value), path)?;
            read.push(key, value);
        }
        Ok(Value::Dictionary(read.dictionary))
    }

    /// Reads object number `id` by itself.
    fn object(&mut self, id: u64, path: &dyn Fn() -> KeyPath) -> Result<(Object<'a>, Span), Error> {
        self.values = self.values.saturating_add(1);
        LimitExceeded::check("values and keys", self.limits.values, self.values)?;
        let Trailer { offset_len, ref_len, count, table, .. } = self.trailer;
        let index = usize::try_from(id).ok().filter(|_| id < count);
        let entry = index.and_then(|index| {
            let start = table.checked_add(index.checked_mul(offset_len)?)?;
            Some((start, self.bytes.get(start..start.checked_add(offset_len)?)?))
        });
        let Some((entry_at, entry)) = entry else {
            let found = Found::Value("a reference to none");
            return Err(malformed(table, path(), "an object in the table of offsets", found));
        };
        // Objects lie between the magic number and the table.
        let offset = usize::try_from(unsigned(entry)).ok().filter(|at| *at >= MAGIC.len());
        let objects = self.bytes.get(..table).unwrap_or_default();
        let object = offset.and_then(|at| Some((at, objects.get(at..).filter(|o| !o.is_empty())?)));
        let Some((start, bytes)) = object else {
            let found = Found::Value("an offset outside of the objects");
            return Err(malformed(entry_at, path(), "the offset of an object", found));
        };
        let (object, len) = object::read(bytes, ref_len).map_err(|fault| {
            let Fault { at, expected, found } = fault;
            malformed(start.saturating_add(at), path(), expected, found)
        })?;
        self.volume = self.volume.saturating_add(len);
        LimitExceeded::check("strings and data (bytes)", self.limits.bytes, self.volume)?;
        Ok((object, Span::new(start, start.saturating_add(len))))
    }
}
