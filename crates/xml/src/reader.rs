//! From a text to its tokens.

use core::ops::Range;

use quick_xml::errors::{Error as Quick, IllFormedError, SyntaxError};
use quick_xml::events::Event;

use crate::attribute;
use crate::character::{after_name, first_illegal, is_blank, is_name, is_space, resolve};
use crate::fault::{Fault, Found};
use crate::token::{Declaration, Tag, Token, TokenKind};

const BYTE_ORDER_MARK: &str = "\u{FEFF}";

/// Reads a text, token by token. A byte order mark before it is passed over; spans count with it.
#[derive(Debug)]
pub struct Reader<'a> {
    text: &'a str,
    /// Bytes before what `inner` reads.
    base: usize,
    inner: quick_xml::Reader<&'a [u8]>,
    /// A fault when reading gets there.
    illegal: Option<(usize, char)>,
    /// Whether texts have to be searched for `]]>`.
    closes_cdata: bool,
    /// The names of the elements that are open.
    open: Vec<Range<usize>>,
}

impl<'a> Reader<'a> {
    /// A reader of this text.
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        let body = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
        let mut inner = quick_xml::Reader::from_str(body);
        inner.config_mut().check_comments = true;
        Self {
            text,
            base: text.len().saturating_sub(body.len()),
            inner,
            // A second mark the tokenizer would pass over, too, and not count.
            illegal: match body.starts_with(BYTE_ORDER_MARK) {
                true => Some((BYTE_ORDER_MARK.len(), '\u{FEFF}')),
                false => first_illegal(text),
            },
            closes_cdata: text.contains("]]>"),
            open: Vec::new(),
        }
    }

    /// The next token; `None` behind the last one. Behind a fault nothing is promised.
    ///
    /// # Errors
    /// [`Fault`] at the first place that is not well-formed.
    pub fn read(&mut self) -> Result<Option<Token<'a>>, Fault> {
        let start = self.at(self.inner.buffer_position());
        let event = self.inner.read_event().map_err(|error| {
            let at = self.at(self.inner.error_position()).max(start);
            // A character that XML does not have may be what the tokenizer stumbled over.
            match self.illegal {
                Some((illegal, character)) if illegal <= at => {
                    unknown_character(illegal, character)
                }
                _ => refused(&error, at),
            }
        })?;
        let span = start..self.at(self.inner.buffer_position());
        if let Some((at, character)) = self.illegal.filter(|(at, _)| *at < span.end) {
            return Err(unknown_character(at, character));
        }
        let whole = self.slice(span.clone());
        let within = |before: &str, behind: &str| {
            whole
                .strip_prefix(before)
                .and_then(|rest| rest.strip_suffix(behind))
                .unwrap_or_default()
        };
        let kind = match event {
            Event::Start(tag) => {
                let tag = self.tag(tag.name().as_ref().len(), &span, ">")?;
                self.open.push(tag.name_span.clone());
                TokenKind::Start(tag)
            }
            Event::Empty(tag) => {
                TokenKind::Empty(self.tag(tag.name().as_ref().len(), &span, "/>")?)
            }
            // The tokenizer has compared the names.
            Event::End(_) => {
                self.open.pop();
                TokenKind::End
            }
            Event::Text(_) => {
                if let Some(at) = self.closes_cdata.then(|| whole.find("]]>")).flatten() {
                    let at = start.saturating_add(at);
                    let found = Found::Other("]]> outside of a CDATA section");
                    let expected = "text, with > written as &gt;";
                    return Err(Fault::new(at..at.saturating_add(3), expected, found));
                }
                if !is_blank(whole) {
                    self.inside(start, whole)?;
                }
                TokenKind::Text(whole)
            }
            Event::CData(_) => {
                self.inside(start, whole)?;
                TokenKind::CData(within("<![CDATA[", "]]>"))
            }
            Event::GeneralRef(_) => {
                self.inside(start, whole)?;
                let name = within("&", ";");
                TokenKind::Reference(resolve(name).ok_or_else(|| attribute::unknown(name, start))?)
            }
            Event::Comment(_) => TokenKind::Comment(within("<!--", "-->")),
            Event::Decl(_) => TokenKind::Declaration(Declaration {
                before: self.slice(self.base..start),
                content: within("<?xml", "?>"),
            }),
            Event::PI(_) => TokenKind::ProcessingInstruction,
            Event::DocType(doctype) => {
                // The keyword may be in any case.
                let content = doctype.into_inner();
                let end = span.end.saturating_sub(1);
                TokenKind::DocType(self.slice(end.saturating_sub(content.len())..end))
            }
            Event::Eof => return self.ended(),
        };
        Ok(Some(Token { span, kind }))
    }

    fn at(&self, position: u64) -> usize {
        usize::try_from(position).unwrap_or(usize::MAX).saturating_add(self.base)
    }

    fn slice(&self, span: Range<usize>) -> &'a str {
        self.text.get(span).unwrap_or_default()
    }

    fn tag(&self, name_len: usize, span: &Range<usize>, end: &str) -> Result<Tag<'a>, Fault> {
        let name_start = span.start.saturating_add(1);
        let name_span = name_start..name_start.saturating_add(name_len);
        let name = self.slice(name_span.clone());
        if !is_name(name) {
            // What goes on to the next > may be the rest of a value with a bare < in it.
            let found = after_name(name).map_or(Found::Other("none"), Found::Character);
            return Err(Fault::new(name_span, "the name of an element", found));
        }
        let raw = name_span.end..span.end.saturating_sub(end.len());
        let attributes = attribute::read(self.slice(raw), name_span.end)?;
        Ok(Tag { name, name_span, attributes })
    }

    /// Refuses characters that are in no element.
    fn inside(&self, start: usize, text: &str) -> Result<(), Fault> {
        if !self.open.is_empty() {
            return Ok(());
        }
        let trimmed = text.trim_start_matches(is_space);
        let at = start.saturating_add(text.len().saturating_sub(trimmed.len()));
        let found = Found::text(trimmed.trim_end_matches(is_space));
        let span = at..at.saturating_add(trimmed.len());
        Err(Fault::new(span, "an element", found))
    }

    fn ended(&self) -> Result<Option<Token<'a>>, Fault> {
        let Some(name) = self.open.last() else { return Ok(None) };
        let found = Found::named("no end of", self.slice(name.clone()));
        let expected = "an end tag for every element";
        Err(Fault::new(name.start.saturating_sub(1)..name.end, expected, found))
    }
}

fn unknown_character(at: usize, character: char) -> Fault {
    let span = at..at.saturating_add(character.len_utf8());
    let found = Found::Character(character);
    Fault::new(span, "characters that XML 1.0 allows", found)
}

fn hyphens(at: usize) -> Fault {
    let span = at..at.saturating_add(2);
    let found = Found::Other("-- inside a comment");
    Fault::new(span, "a comment without --", found)
}

/// An end tag, of which only a name is shown: anything else may be a part of a value.
fn end_tag(name: &str) -> Found {
    match is_name(name) {
        true => Found::end_tag(name),
        false => Found::Other("an end tag without a name"),
    }
}

/// What the tokenizer says, in our words.
fn refused(error: &Quick, at: usize) -> Fault {
    let span = at..at.saturating_add(1);
    let (expected, found) = match error {
        Quick::IllFormed(error) => match error {
            IllFormedError::MismatchedEndTag { found, .. } => {
                ("the end of the element that was opened last", end_tag(found))
            }
            IllFormedError::UnmatchedEndTag(name) => {
                ("a start tag before its end tag", end_tag(name))
            }
            IllFormedError::UnclosedReference => {
                ("&amp; or a reference that ends with ;", Found::Other("a bare &"))
            }
            IllFormedError::DoubleHyphenInComment => return hyphens(at),
            _ => ("well-formed XML", Found::Other("something else")),
        },
        Quick::Syntax(error) => match error {
            SyntaxError::InvalidBangMarkup => {
                ("a comment, a CDATA section or a DOCTYPE", Found::Other("something else"))
            }
            SyntaxError::UnclosedPI => ("the end of a processing instruction", Found::End),
            SyntaxError::UnclosedXmlDecl => ("the end of the XML declaration", Found::End),
            SyntaxError::UnclosedComment => ("the end of a comment", Found::End),
            SyntaxError::UnclosedDoctype => ("the end of the DOCTYPE", Found::End),
            SyntaxError::UnclosedCData => ("the end of a CDATA section", Found::End),
            SyntaxError::UnclosedTag
            | SyntaxError::UnclosedSingleQuotedAttributeValue
            | SyntaxError::UnclosedDoubleQuotedAttributeValue => ("the end of a tag", Found::End),
        },
        _ => ("well-formed XML", Found::Other("something else")),
    };
    Fault::new(span, expected, found)
}
