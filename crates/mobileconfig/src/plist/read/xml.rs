//! The reader of XML property lists.
//!
//! What the tokens of XML mean, that they nest as property lists do, that there is one root and no
//! DTD is checked here. Nothing recurses, and every byte is looked at a fixed number of times.

use std::borrow::Cow;

use devicecert_pki::error::LimitExceeded;
use devicecert_xml::{Declaration, Position, Reader, Tag, TokenKind, line_ends};

use super::Keys;
use super::element::{Element, WrongText, scalar};
use super::loose::Loose;
use super::prolog;
use crate::error::{Error, Found, Malformed};
use crate::limits::Limits;
use crate::plist::dictionary::Array;
use crate::plist::document::{Oddity, OddityKind};
use crate::plist::span::{KeyPath, Span, Spanned};
use crate::plist::value::Value;

const BYTE_ORDER_MARK: &str = "\u{FEFF}";
const MOST_ODDITIES: usize = 256;

/// Reads the root of an XML property list; returns with it the text that spans count in.
pub(in crate::plist) fn read_xml<'a>(
    bytes: &'a [u8],
    limits: &Limits,
) -> Result<(Spanned<Value>, &'a str, Vec<Oddity>), Error> {
    LimitExceeded::check("the property list (bytes)", limits.bytes, bytes.len())?;
    let text = decode(bytes)?;
    let mut parser = Parser {
        text,
        limits,
        frames: Vec::new(),
        scalar: None,
        loose: None,
        root: None,
        prolog: Prolog::default(),
        values: 0,
        oddities: Vec::new(),
    };
    if text.starts_with(BYTE_ORDER_MARK) {
        parser.odd(OddityKind::ByteOrderMark, Span::new(0, BYTE_ORDER_MARK.len()));
    }
    parser.run()?;
    let root = parser
        .root
        .take()
        .ok_or_else(|| parser.malformed(text.len(), "a property list", Found::End))?;
    Ok((root, text, parser.oddities))
}

fn decode(bytes: &[u8]) -> Result<&str, Error> {
    const EXPECTED: &str = "a property list in UTF-8";
    let fail = |offset, position, found| {
        let key_path = KeyPath::root();
        Box::new(Malformed { offset, position, key_path, expected: EXPECTED, found }).into()
    };
    if let [0xFE, 0xFF, ..] | [0xFF, 0xFE, ..] | [0, b'<', ..] | [b'<', 0, ..] = bytes {
        return Err(fail(0, None, Found::Value("UTF-16, which has to be converted first")));
    }
    core::str::from_utf8(bytes).map_err(|error| {
        let offset = error.valid_up_to();
        let (valid, rest) = bytes.split_at_checked(offset).unwrap_or((bytes, &[]));
        // All of it is valid, by what the error says.
        let valid = core::str::from_utf8(valid).unwrap_or_default();
        let found = rest.first().map_or(Found::End, |byte| Found::Byte(*byte));
        fail(offset, Some(Position::of(valid, offset)), found)
    })
}

pub(super) struct Parser<'a> {
    pub(super) text: &'a str,
    limits: &'a Limits,
    pub(super) frames: Vec<Frame>,
    pub(super) scalar: Option<OpenScalar<'a>>,
    pub(super) loose: Option<Loose>,
    pub(super) root: Option<Spanned<Value>>,
    pub(super) prolog: Prolog,
    values: usize,
    oddities: Vec<Oddity>,
}

/// An element with elements in it that has not ended.
pub(super) enum Frame {
    Plist,
    Dict { start: usize, keys: Keys, key: Option<Spanned<String>> },
    Array { start: usize, array: Array },
}

/// An element with text in it that has not ended.
pub(super) struct OpenScalar<'a> {
    pub(super) element: Element,
    start: usize,
    /// Borrowed as long as it is what stands there.
    pub(super) text: Cow<'a, str>,
}

/// What there was before the root, each at most once.
#[derive(Default)]
pub(super) struct Prolog {
    doctype: bool,
    plist: bool,
    pub(super) ended: bool,
}

impl<'a> Parser<'a> {
    fn run(&mut self) -> Result<(), Error> {
        let mut reader = Reader::new(self.text);
        while let Some(token) = reader.read().map_err(|fault| self.ill_formed(fault))? {
            let span = Span::new(token.span.start, token.span.end);
            match token.kind {
                // Between elements there are mostly line ends and tabs.
                TokenKind::Text(text) if self.is_between() && text.trim_ascii().is_empty() => {}
                TokenKind::Text(text) => self.characters(span, line_ends(text)),
                TokenKind::CData(text) => {
                    self.odd(OddityKind::CData, span);
                    if self.scalar.is_none() {
                        let found = Found::Value("a CDATA section");
                        return Err(self.malformed(span.start, self.expected(), found));
                    }
                    self.characters(span, line_ends(text));
                }
                TokenKind::Reference(c) => self.characters(span, Cow::Owned(c.to_string())),
                TokenKind::Start(tag) => self.start(&tag, span)?,
                TokenKind::Empty(tag) => {
                    self.start(&tag, span)?;
                    self.end(span)?;
                }
                TokenKind::End => self.end(span)?,
                TokenKind::Comment(_) if self.scalar.is_some() => {
                    self.odd(OddityKind::CommentInValue, span);
                }
                TokenKind::Comment(_) => {}
                TokenKind::ProcessingInstruction => {
                    self.odd(OddityKind::ProcessingInstruction, span);
                }
                TokenKind::Declaration(declaration) => self.declaration(span, declaration)?,
                TokenKind::DocType(doctype) => self.doctype(span, doctype)?,
            }
        }
        self.settle_loose()
    }

    fn declaration(&mut self, span: Span, declaration: Declaration<'_>) -> Result<(), Error> {
        const EXPECTED: &str = "an XML declaration of version 1.0 and UTF-8, at the start";
        // Apple's reader passes over white space there, most others do not.
        if !declaration.before().trim_ascii().is_empty() {
            let found = Found::Value("an XML declaration after something else");
            return Err(self.malformed(span.start, EXPECTED, found));
        }
        if !declaration.before().is_empty() {
            self.odd(OddityKind::SpaceBeforeDeclaration, span);
        }
        prolog::check_declaration(declaration, self.text.is_ascii())
            .map_err(|found| self.malformed(span.start, EXPECTED, found))
    }

    fn doctype(&mut self, span: Span, content: &str) -> Result<(), Error> {
        const EXPECTED: &str = "the DOCTYPE of property lists, once, before the root";
        let fail = |found| Err(self.malformed(span.start, EXPECTED, found));
        if self.prolog.doctype
            || self.prolog.plist
            || self.root.is_some()
            || !self.frames.is_empty()
        {
            return fail(Found::Value("a DOCTYPE in another place"));
        }
        if let Err(found) = prolog::check_doctype(content) {
            return fail(found);
        }
        self.prolog.doctype = true;
        Ok(())
    }

    fn start(&mut self, tag: &Tag<'_>, span: Span) -> Result<(), Error> {
        self.settle_loose()?;
        let name = tag.name;
        let element = || Found::Element(name.chars().take(64).collect());
        if self.scalar.is_some() {
            const EXPECTED: &str = "text, with < written as &lt;, and the end of its element";
            return Err(self.malformed(span.start, EXPECTED, self.shown(element())));
        }
        let known = Element::named(name)
            .ok_or_else(|| self.malformed(span.start, self.expected(), element()))?;
        if !tag.attributes.is_empty() && known != Element::Plist {
            self.odd(OddityKind::Attribute, span);
        }
        let fits = match (self.frames.last(), known) {
            (None, Element::Plist) => !self.prolog.plist && self.root.is_none(),
            (None, _) => !self.prolog.plist && self.root.is_none() && known != Element::Key,
            (Some(Frame::Plist), _) => {
                self.root.is_none() && !matches!(known, Element::Plist | Element::Key)
            }
            (Some(Frame::Array { .. }), _) => !matches!(known, Element::Plist | Element::Key),
            (Some(Frame::Dict { key, .. }), _) => {
                known != Element::Plist && key.is_none() == (known == Element::Key)
            }
        };
        if !fits {
            return Err(self.malformed(span.start, self.expected(), element()));
        }
        if known != Element::Plist {
            self.count()?;
            if self.frames.is_empty() {
                self.odd(OddityKind::NoPlistElement, span);
            }
        }
        let frame = match known {
            Element::Plist => {
                self.prolog.plist = true;
                if !self.prolog.doctype {
                    self.odd(OddityKind::NoDoctype, span);
                }
                Frame::Plist
            }
            Element::Dict => Frame::Dict { start: span.start, keys: Keys::default(), key: None },
            Element::Array => Frame::Array { start: span.start, array: Array::new() },
            element => {
                let text = Cow::Borrowed("");
                self.scalar = Some(OpenScalar { element, start: span.start, text });
                return Ok(());
            }
        };
        if known != Element::Plist {
            let outer = self.frames.len().saturating_sub(usize::from(self.prolog.plist));
            LimitExceeded::check("nesting", self.limits.depth(), outer.saturating_add(1))?;
        }
        self.frames.push(frame);
        Ok(())
    }

    /// The reader of XML has checked that the name is that of the innermost open element.
    fn end(&mut self, span: Span) -> Result<(), Error> {
        if let Some(OpenScalar { element, start, text }) = self.scalar.take() {
            let whole = Span::new(start, span.end);
            if element == Element::Key {
                return self.key(Spanned::new(text.into_owned(), whole));
            }
            let value = scalar(element, text)
                .map_err(|WrongText { expected, found }| self.malformed(start, expected, found))?;
            self.value(Spanned::new(value, whole));
            return Ok(());
        }
        self.settle_loose()?;
        match self.frames.pop() {
            Some(Frame::Dict { key: Some(key), keys, start }) => {
                // Put back, so that the key path of the error has the key.
                self.frames.push(Frame::Dict { key: Some(key), keys, start });
                let found = Found::EndTag("dict".to_owned());
                Err(self.malformed(span.start, "the value of the key before", found))
            }
            Some(Frame::Dict { start, keys, key: None }) => {
                let value = Value::Dictionary(keys.dictionary);
                self.value(Spanned::new(value, Span::new(start, span.end)));
                Ok(())
            }
            Some(Frame::Array { start, array }) => {
                self.value(Spanned::new(Value::Array(array), Span::new(start, span.end)));
                Ok(())
            }
            Some(Frame::Plist) if self.root.is_none() => {
                let found = Found::EndTag("plist".to_owned());
                Err(self.malformed(span.start, "a value", found))
            }
            Some(Frame::Plist) => {
                self.prolog.ended = true;
                Ok(())
            }
            None => {
                let found = Found::Value("an end tag");
                Err(self.malformed(span.start, "the end of the input", found))
            }
        }
    }

    fn key(&mut self, read: Spanned<String>) -> Result<(), Error> {
        let offset = read.span.start;
        if let Some(Frame::Dict { keys, key, .. }) = self.frames.last_mut() {
            let checked = keys.check(&read);
            *key = Some(read);
            checked.map_err(|found| self.malformed(offset, "every key once", found))?;
        }
        Ok(())
    }

    /// Whether this is in no element with text, and behind no text without element.
    const fn is_between(&self) -> bool {
        self.scalar.is_none() && self.loose.is_none()
    }

    pub(super) fn value(&mut self, value: Spanned<Value>) {
        match self.frames.last_mut() {
            None | Some(Frame::Plist) => self.root = Some(value),
            Some(Frame::Array { array, .. }) => array.push_spanned(value),
            Some(Frame::Dict { keys, key, .. }) => {
                if let Some(key) = key.take() {
                    keys.push(key, value);
                }
            }
        }
    }

    pub(super) fn count(&mut self) -> Result<(), Error> {
        self.values = self.values.saturating_add(1);
        Ok(LimitExceeded::check("values and keys", self.limits.values, self.values)?)
    }

    fn odd(&mut self, kind: OddityKind, span: Span) {
        if self.oddities.len() < MOST_ODDITIES {
            self.oddities.push(Oddity { kind, span });
        }
    }
}
