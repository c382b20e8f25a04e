//! Structured fields (RFC 9651 §4.2), as far as `Signature-Input`, `Signature` and `Content-Digest`
//! have them: dictionaries of inner lists and of byte sequences, with parameters.
//!
//! Stricter than the RFC in three places, because two readers must not see two messages: a key that is
//! there twice is refused instead of the last one counting, base64 without its padding is refused
//! instead of completed, and so are decimals, dates and display strings, which no field of a signature
//! has.

use core::fmt::{self, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::error::Rejected;

/// One member of a dictionary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Member {
    pub(super) key: String,
    pub(super) value: Value,
    pub(super) parameters: Vec<Parameter>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    Item(Bare),
    InnerList(Vec<(Bare, Vec<Parameter>)>),
}

pub(super) type Parameter = (String, Bare);

/// A bare item (RFC 9651 §3.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Bare {
    Integer(i64),
    String(String),
    Token(String),
    Bytes(Vec<u8>),
    Boolean(bool),
}

/// Reads one field, whose lines are joined already.
pub(super) struct Reader<'a> {
    field: &'static str,
    rest: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    pub(super) const fn new(field: &'static str, text: &'a str) -> Self {
        Self { field, rest: text.as_bytes(), at: 0 }
    }

    /// The whole field as a dictionary (RFC 9651 §4.2.2).
    pub(super) fn dictionary(mut self) -> Result<Vec<Member>, Rejected> {
        let mut members: Vec<Member> = Vec::new();
        self.skip(b" ");
        while !self.rest.is_empty() {
            let key = self.key()?;
            if members.iter().any(|member| member.key == key) {
                return Err(self.expected("a key that was not there before"));
            }
            let value = match self.take(b'=') {
                true if self.rest.first() == Some(&b'(') => self.inner_list()?,
                true => Value::Item(self.bare()?),
                false => Value::Item(Bare::Boolean(true)),
            };
            let parameters = self.parameters()?;
            members.push(Member { key, value, parameters });
            self.skip(b" \t");
            if self.rest.is_empty() {
                break;
            }
            if !self.take(b',') {
                return Err(self.expected("a comma or the end"));
            }
            self.skip(b" \t");
            if self.rest.is_empty() {
                return Err(self.expected("another member behind the comma"));
            }
        }
        Ok(members)
    }

    fn inner_list(&mut self) -> Result<Value, Rejected> {
        self.take(b'(');
        let mut items = Vec::new();
        loop {
            self.skip(b" ");
            if self.take(b')') {
                return Ok(Value::InnerList(items));
            }
            let item = self.bare()?;
            items.push((item, self.parameters()?));
            if !matches!(self.rest.first(), Some(b' ' | b')')) {
                return Err(self.expected("a space or a closing parenthesis"));
            }
        }
    }

    fn parameters(&mut self) -> Result<Vec<Parameter>, Rejected> {
        let mut parameters: Vec<Parameter> = Vec::new();
        while self.take(b';') {
            self.skip(b" ");
            let key = self.key()?;
            if parameters.iter().any(|(known, _)| *known == key) {
                return Err(self.expected("a parameter that was not there before"));
            }
            let value = match self.take(b'=') {
                true => self.bare()?,
                false => Bare::Boolean(true),
            };
            parameters.push((key, value));
        }
        Ok(parameters)
    }

    fn key(&mut self) -> Result<String, Rejected> {
        match self.rest.first() {
            Some(b'a'..=b'z' | b'*') => Ok(self.run(
                |octet| matches!(octet, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-' | b'.' | b'*'),
            )),
            _ => Err(self.expected("a key")),
        }
    }

    fn bare(&mut self) -> Result<Bare, Rejected> {
        match self.rest.first() {
            Some(b'-' | b'0'..=b'9') => self.integer(),
            Some(b'"') => self.string(),
            Some(b':') => self.bytes(),
            Some(b'?') => self.boolean(),
            Some(b'*' | b'A'..=b'Z' | b'a'..=b'z') => Ok(Bare::Token(self.run(|octet| {
                octet.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~:/".contains(&octet)
            }))),
            _ => Err(self.expected("a string, a number, a token, octets or a boolean")),
        }
    }

    fn integer(&mut self) -> Result<Bare, Rejected> {
        let sign = self.take(b'-');
        let digits = self.run(|octet| octet.is_ascii_digit());
        // RFC 9651 §3.3.1: at most 15 digits, which always fit.
        let number = (1..=15).contains(&digits.len()).then(|| digits.parse::<i64>().ok()).flatten();
        match number {
            Some(_) if self.rest.first() == Some(&b'.') => Err(self.expected("an integer")),
            Some(number) if sign => Ok(Bare::Integer(number.saturating_neg())),
            Some(number) => Ok(Bare::Integer(number)),
            None => Err(self.expected("an integer of 1 to 15 digits")),
        }
    }

    fn string(&mut self) -> Result<Bare, Rejected> {
        self.take(b'"');
        let mut text = String::new();
        loop {
            match self.next() {
                Some(b'"') => return Ok(Bare::String(text)),
                Some(b'\\') => match self.next() {
                    Some(octet @ (b'"' | b'\\')) => text.push(char::from(octet)),
                    _ => return Err(self.expected("an escaped quote or backslash")),
                },
                Some(octet @ b' '..=b'~') => text.push(char::from(octet)),
                _ => return Err(self.expected("the end of the string")),
            }
        }
    }

    fn bytes(&mut self) -> Result<Bare, Rejected> {
        self.take(b':');
        let at = self.at;
        let text = self.run(|octet| octet != b':');
        if !self.take(b':') {
            return Err(self.expected("the end of the octets"));
        }
        match STANDARD.decode(text) {
            Ok(octets) => Ok(Bare::Bytes(octets)),
            Err(_) => Err(Rejected::Malformed { field: self.field, at, expected: "base64" }),
        }
    }

    fn boolean(&mut self) -> Result<Bare, Rejected> {
        self.take(b'?');
        match self.next() {
            Some(b'0') => Ok(Bare::Boolean(false)),
            Some(b'1') => Ok(Bare::Boolean(true)),
            _ => Err(self.expected("0 or 1")),
        }
    }

    fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        self.at = self.at.saturating_add(1);
        Some(*first)
    }

    fn take(&mut self, octet: u8) -> bool {
        let is_next = self.rest.first() == Some(&octet);
        if is_next {
            self.next();
        }
        is_next
    }

    fn skip(&mut self, octets: &[u8]) {
        while self.rest.first().is_some_and(|octet| octets.contains(octet)) {
            self.next();
        }
    }

    /// The octets that `belongs` takes; ASCII, for what is not is no text here.
    fn run(&mut self, belongs: impl Fn(u8) -> bool) -> String {
        let mut text = String::new();
        while let Some(octet) =
            self.rest.first().filter(|octet| octet.is_ascii() && belongs(**octet))
        {
            text.push(char::from(*octet));
            self.next();
        }
        text
    }

    const fn expected(&self, expected: &'static str) -> Rejected {
        Rejected::Malformed { field: self.field, at: self.at, expected }
    }
}

/// Writes it as RFC 9651 §4.1 does.
impl fmt::Display for Bare {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Integer(number) => write!(f, "{number}"),
            Self::String(text) => {
                f.write_char('"')?;
                for character in text.chars() {
                    if matches!(character, '"' | '\\') {
                        f.write_char('\\')?;
                    }
                    f.write_char(character)?;
                }
                f.write_char('"')
            }
            Self::Token(token) => f.write_str(token),
            Self::Bytes(octets) => write!(f, ":{}:", STANDARD.encode(octets)),
            Self::Boolean(value) => f.write_str(if *value { "?1" } else { "?0" }),
        }
    }
}

/// Parameters as RFC 9651 §4.1.1.2 writes them.
pub(super) fn write_parameters(parameters: &[Parameter], out: &mut String) {
    for (key, value) in parameters {
        out.push(';');
        out.push_str(key);
        if *value != Bare::Boolean(true) {
            out.push('=');
            out.push_str(&value.to_string());
        }
    }
}
