//! Names from text (RFC 4514 §3), with what RFC 2253 §4 and RFC 1779 §2.3 add.

use core::str::Chars;

use super::Name;
use super::build::Builder;
use super::known::AttributeType;
use crate::asn1::Tlv;
use crate::error::{Error, Misuse};

pub(super) fn parse(text: &str) -> Result<Name, Error> {
    let mut cursor = Cursor::new(text);
    let mut builder = Builder::default();
    cursor.skip_blanks();
    if cursor.peek().is_none() {
        return Ok(Name::empty());
    }
    let mut joined = false;
    loop {
        let kind = cursor.attribute_type(&['=', ',', ';', '+'])?;
        let value = value(&mut cursor, &kind)?;
        builder.push(joined, &kind.oid, &value)?;
        joined = match cursor.peek() {
            None => return Ok(builder.finish_reversed()),
            Some('+') => true,
            Some(',' | ';') => false,
            Some(_) => return Err(cursor.fail("',', '+' or the end of the name")),
        };
        cursor.next();
    }
}

fn value(cursor: &mut Cursor<'_>, kind: &AttributeType) -> Result<Vec<u8>, Error> {
    cursor.skip_blanks();
    let start = cursor.clone();
    let value = match cursor.peek() {
        Some('#') => {
            cursor.next();
            let octets = hexadecimal(cursor)?;
            if Tlv::parse(&octets, "an attribute value").is_err() {
                return Err(start.fail("'#' and the encoding of one value in hexadecimal"));
            }
            octets
        }
        next => {
            let octets = if next == Some('"') { quoted(cursor)? } else { plain(cursor)? };
            let text = String::from_utf8(octets).map_err(|_| start.fail("a value in UTF-8"))?;
            kind.encode(&text).map_err(|expected| start.fail(expected))?
        }
    };
    cursor.skip_blanks();
    Ok(value)
}

fn hexadecimal(cursor: &mut Cursor<'_>) -> Result<Vec<u8>, Error> {
    let mut octets = Vec::new();
    while cursor.peek().is_some_and(|next| next.is_ascii_hexdigit()) {
        octets.push(hex_pair(cursor)?);
    }
    Ok(octets)
}

fn plain(cursor: &mut Cursor<'_>) -> Result<Vec<u8>, Error> {
    let mut octets = Vec::new();
    // Blanks before a separator are not part of the value, escaped ones are.
    let mut significant = 0;
    loop {
        match cursor.peek() {
            None | Some(',' | ';' | '+') => break,
            Some('\\') => {
                escaped(cursor, &mut octets)?;
                significant = octets.len();
            }
            Some('"' | '<' | '>' | '\0') => {
                return Err(cursor.fail("a '\\' before this character"));
            }
            Some(character) => {
                cursor.next();
                push(&mut octets, character);
                if !character.is_ascii_whitespace() {
                    significant = octets.len();
                }
            }
        }
    }
    octets.truncate(significant);
    Ok(octets)
}

fn quoted(cursor: &mut Cursor<'_>) -> Result<Vec<u8>, Error> {
    let mut octets = Vec::new();
    cursor.next();
    loop {
        match cursor.peek() {
            None => return Err(cursor.fail("a closing quotation mark")),
            Some('\0') => return Err(cursor.fail("a '\\' before this character")),
            Some('\\') => escaped(cursor, &mut octets)?,
            Some('"') => {
                cursor.next();
                if cursor.peek() != Some('"') {
                    return Ok(octets);
                }
                cursor.next();
                octets.push(b'"');
            }
            Some(character) => {
                cursor.next();
                push(&mut octets, character);
            }
        }
    }
}

fn escaped(cursor: &mut Cursor<'_>, octets: &mut Vec<u8>) -> Result<(), Error> {
    cursor.next();
    match cursor.peek() {
        Some(special @ (' ' | '"' | '#' | '+' | ',' | ';' | '<' | '=' | '>' | '\\')) => {
            cursor.next();
            push(octets, special);
            Ok(())
        }
        Some(digit) if digit.is_ascii_hexdigit() => {
            octets.push(hex_pair(cursor)?);
            Ok(())
        }
        _ => Err(cursor.fail("two hexadecimal digits or one of \" # + , ; < = > \\")),
    }
}

fn hex_pair(cursor: &mut Cursor<'_>) -> Result<u8, Error> {
    let mut octet = 0;
    for _ in 0..2 {
        let digit = cursor.peek().and_then(|next| next.to_digit(16));
        let digit = digit.and_then(|digit| u8::try_from(digit).ok());
        let digit = digit.ok_or_else(|| cursor.fail("a hexadecimal digit"))?;
        octet = (octet << 4) | digit;
        cursor.next();
    }
    Ok(octet)
}

fn push(octets: &mut Vec<u8>, character: char) {
    octets.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
}

/// A place in a text, which errors can tell.
#[derive(Clone)]
pub(super) struct Cursor<'a> {
    text: &'a str,
    rest: Chars<'a>,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, rest: text.chars() }
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest.clone().next()
    }

    pub(super) fn next(&mut self) -> Option<char> {
        self.rest.next()
    }

    fn skip_blanks(&mut self) {
        while self.peek().is_some_and(|next| next.is_ascii_whitespace()) {
            self.next();
        }
    }

    pub(super) fn fail(&self, expected: &'static str) -> Error {
        let left = self.rest.clone().count();
        let at = self.text.chars().count().saturating_sub(left);
        Misuse::Name { at, expected }.into()
    }

    /// Reads a type and the `=` behind it; it reaches to the first of `ends`, which has `=` in it.
    pub(super) fn attribute_type(&mut self, ends: &[char]) -> Result<AttributeType, Error> {
        self.skip_blanks();
        let start = self.clone();
        let mut name = String::new();
        while let Some(next) = self.peek().filter(|next| !ends.contains(next)) {
            name.push(next);
            self.next();
        }
        if name.is_empty() {
            return Err(self.fail("an attribute type"));
        }
        if self.peek() != Some('=') {
            return Err(self.fail("'=' after the attribute type"));
        }
        self.next();
        AttributeType::lookup(name.trim_end())
            .ok_or_else(|| start.fail("a known attribute type or an object identifier"))
    }
}
