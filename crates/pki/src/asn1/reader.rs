//! Reading values one after the other.

use const_oid::ObjectIdentifier;

use super::tag;
use crate::error::{Error, Found, Malformed};

/// One value: identifier octet, content, and all its octets as they came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tlv<'a> {
    /// The identifier octet.
    pub tag: u8,
    /// Header and content, as received.
    pub raw: &'a [u8],
    /// The content alone.
    pub value: &'a [u8],
    /// Where `raw` starts in the whole input.
    pub offset: usize,
}

/// A cursor over the values of one DER encoding.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    rest: &'a [u8],
    offset: usize,
}

impl<'a> Reader<'a> {
    /// Starts at the first octet of `bytes`.
    #[must_use]
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes, offset: 0 }
    }

    /// Octets read so far, counted from the start of the outermost input.
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.offset
    }

    /// Whether everything has been read.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// The identifier octet of the next value, if there is one.
    #[must_use]
    pub fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    /// Reads the next value, whatever its type. `expected` names it for the error.
    ///
    /// # Errors
    /// [`Malformed`] if the input ends, the length does not fit, or the tag takes several octets.
    pub fn any(&mut self, expected: &'static str) -> Result<Tlv<'a>, Error> {
        let (tag, header, length) = self.header(expected)?;
        let total = header.checked_add(length).filter(|total| *total <= self.rest.len());
        let Some(total) = total else {
            let left = self.rest.len().saturating_sub(header);
            let found = Found::Length { length: length as u64, left };
            return Err(Malformed::new(self.offset, expected, found).into());
        };
        let (raw, rest) = self.rest.split_at(total);
        let (_, value) = raw.split_at(header);
        let tlv = Tlv { tag, raw, value, offset: self.offset };
        self.rest = rest;
        self.offset = self.offset.saturating_add(total);
        Ok(tlv)
    }

    /// Reads the next value, which must have this tag.
    ///
    /// # Errors
    /// [`Malformed`] if there is none or it has another tag.
    pub fn expect(&mut self, tag: u8, expected: &'static str) -> Result<Tlv<'a>, Error> {
        match self.peek() {
            Some(found) if found == tag => self.any(expected),
            Some(found) => Err(Malformed::new(self.offset, expected, Found::Tag(found)).into()),
            None => Err(Malformed::new(self.offset, expected, Found::End).into()),
        }
    }

    /// Reads the next value if it has this tag, and nothing otherwise.
    ///
    /// # Errors
    /// [`Malformed`] if the value has the tag but does not fit.
    pub fn optional(&mut self, tag: u8, expected: &'static str) -> Result<Option<Tlv<'a>>, Error> {
        if self.peek() == Some(tag) { self.any(expected).map(Some) } else { Ok(None) }
    }

    /// Reads the next value as a SEQUENCE and returns a reader of its content.
    ///
    /// # Errors
    /// [`Malformed`] if the next value is no SEQUENCE.
    pub fn sequence(&mut self, expected: &'static str) -> Result<Self, Error> {
        Ok(self.expect(tag::SEQUENCE, expected)?.reader())
    }

    /// Reads the next value as an OBJECT IDENTIFIER.
    ///
    /// # Errors
    /// [`Malformed`] if the next value is none.
    pub fn oid(&mut self, expected: &'static str) -> Result<ObjectIdentifier, Error> {
        self.expect(tag::OID, expected)?.oid(expected)
    }

    /// Ends the reading: everything must have been read.
    ///
    /// # Errors
    /// [`Malformed`] if octets are left.
    pub fn finish(&self, expected: &'static str) -> Result<(), Error> {
        if self.is_empty() {
            return Ok(());
        }
        Err(Malformed::new(self.offset, expected, Found::Trailing(self.rest.len())).into())
    }

    /// Identifier octet, header length and content length of the next value.
    fn header(&self, expected: &'static str) -> Result<(u8, usize, usize), Error> {
        let fail = |found| Error::from(Malformed::new(self.offset, expected, found));
        let mut octets = self.rest.iter().copied();
        let tag = octets.next().ok_or_else(|| fail(Found::End))?;
        if tag & 0x1f == 0x1f {
            return Err(fail(Found::Value("a tag number above 30")));
        }
        let first = octets.next().ok_or_else(|| fail(Found::End))?;
        if first < 0x80 {
            return Ok((tag, 2, usize::from(first)));
        }
        let count = usize::from(first & 0x7f);
        if count == 0 {
            return Err(fail(Found::Value("an indefinite length")));
        }
        let mut length: u64 = 0;
        for _ in 0..count {
            let octet = octets.next().ok_or_else(|| fail(Found::End))?;
            if length >> 56 != 0 {
                return Err(fail(Found::Value("a length of more than 64 bits")));
            }
            length = (length << 8) | u64::from(octet);
        }
        let left = octets.len();
        let length = usize::try_from(length)
            .ok()
            .filter(|length| *length <= left)
            .ok_or_else(|| fail(Found::Length { length, left }))?;
        Ok((tag, count.saturating_add(2), length))
    }
}

impl<'a> Tlv<'a> {
    /// Reads `bytes` as exactly one value.
    ///
    /// # Errors
    /// [`Malformed`] if it is none, or octets follow it.
    pub fn parse(bytes: &'a [u8], expected: &'static str) -> Result<Self, Error> {
        let mut reader = Reader::new(bytes);
        let tlv = reader.any(expected)?;
        reader.finish(expected)?;
        Ok(tlv)
    }

    /// A reader of the content.
    #[must_use]
    pub const fn reader(&self) -> Reader<'a> {
        let header = self.raw.len().saturating_sub(self.value.len());
        Reader { rest: self.value, offset: self.offset.saturating_add(header) }
    }

    /// Says that this value is not what was expected here.
    pub fn unexpected(&self, expected: &'static str, found: Found) -> Error {
        Malformed::new(self.offset, expected, found).into()
    }

    /// The content as an OBJECT IDENTIFIER.
    ///
    /// # Errors
    /// [`Malformed`] if it is none, or one of more than 39 octets.
    pub fn oid(&self, expected: &'static str) -> Result<ObjectIdentifier, Error> {
        ObjectIdentifier::from_bytes(self.value)
            .map_err(|_| self.unexpected(expected, Found::Value("a damaged object identifier")))
    }

    /// The content of an INTEGER that fits 64 bits and is not negative.
    ///
    /// # Errors
    /// [`Malformed`] if it is empty, negative or larger.
    pub fn unsigned(&self, expected: &'static str) -> Result<u64, Error> {
        let digits = match self.value {
            [] => return Err(self.unexpected(expected, Found::Value("an empty INTEGER"))),
            [first, ..] if *first >= 0x80 => {
                return Err(self.unexpected(expected, Found::Value("a negative INTEGER")));
            }
            [0, rest @ ..] => rest,
            all => all,
        };
        if digits.len() > 8 {
            return Err(self.unexpected(expected, Found::Value("an INTEGER of more than 64 bits")));
        }
        Ok(digits.iter().fold(0, |value, octet| (value << 8) | u64::from(*octet)))
    }

    /// The octets of a BIT STRING whose bits fill whole octets.
    ///
    /// # Errors
    /// [`Malformed`] if it is empty or has unused bits.
    pub fn bit_string_octets(&self, expected: &'static str) -> Result<&'a [u8], Error> {
        match self.value {
            [0, octets @ ..] => Ok(octets),
            _ => Err(self.unexpected(expected, Found::Value("a BIT STRING with unused bits"))),
        }
    }

    /// The text of any of ASN.1's character strings, or of an OCTET STRING, as `&str` where
    /// possible. Latin-1 in a TeletexString and UTF-16 in a BMPString are converted.
    #[must_use]
    pub fn text(&self) -> Option<String> {
        match self.tag {
            tag::UTF8_STRING
            | tag::PRINTABLE_STRING
            | tag::IA5_STRING
            | tag::NUMERIC_STRING
            | tag::VISIBLE_STRING
            | tag::OCTET_STRING => core::str::from_utf8(self.value).ok().map(str::to_owned),
            tag::TELETEX_STRING => match core::str::from_utf8(self.value) {
                Ok(text) => Some(text.to_owned()),
                Err(_) => Some(self.value.iter().copied().map(char::from).collect()),
            },
            tag::BMP_STRING => {
                let (pairs, rest) = self.value.as_chunks::<2>();
                if !rest.is_empty() {
                    return None;
                }
                let units = pairs.iter().map(|pair| u16::from_be_bytes(*pair));
                char::decode_utf16(units).collect::<Result<_, _>>().ok()
            }
            tag::UNIVERSAL_STRING => {
                let (quads, rest) = self.value.as_chunks::<4>();
                if !rest.is_empty() {
                    return None;
                }
                quads.iter().map(|quad| char::from_u32(u32::from_be_bytes(*quad))).collect()
            }
            _ => None,
        }
    }
}
