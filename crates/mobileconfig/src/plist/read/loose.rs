//! Text: in an element that has text, or between elements, where only placeholders may stand.

use std::borrow::Cow;

use devicecert_xml::Found as XmlFound;

use super::element::OTHER_TEXT;
use super::xml::{Frame, Parser};
use crate::error::{Error, Found};
use crate::plist::placeholder::{Part, parts};
use crate::plist::scalar::Text;
use crate::plist::span::{Span, Spanned};
use crate::plist::value::Value;

/// Text between elements, and where it came from.
#[derive(Default)]
pub(super) struct Loose {
    text: String,
    pieces: Vec<Piece>,
}

/// A text or a reference.
struct Piece {
    /// Bytes of the whole text before it.
    start: usize,
    /// Where it stands.
    span: Span,
}

/// Finds in the document what stands in the text, going forward only, so that all of it costs no
/// more than reading it once.
struct Places<'a> {
    document: &'a str,
    pieces: core::iter::Peekable<core::slice::Iter<'a, Piece>>,
    span: Span,
    /// Bytes of the text before `span.start`.
    before: usize,
}

impl<'a> Places<'a> {
    fn new(document: &'a str, loose: &'a Loose) -> Self {
        let pieces = loose.pieces.iter().peekable();
        Self { document, pieces, span: Span::NOWHERE, before: 0 }
    }

    /// Where the character at byte `at` of the text stands. Never asked for one before the last.
    fn of(&mut self, at: usize) -> Span {
        while let Some(piece) = self.pieces.next_if(|piece| piece.start <= at) {
            (self.span, self.before) = (piece.span, piece.start);
        }
        let rest = self.document.get(self.span.range()).unwrap_or_default();
        if rest.starts_with('&') {
            return self.span;
        }
        let mut rest = rest.chars().peekable();
        while let Some(c) = rest.next() {
            // The two of them are one in the text.
            let line_feed = usize::from(c == '\r' && rest.next_if_eq(&'\n').is_some());
            let length = c.len_utf8();
            let end = self.span.start.saturating_add(length).saturating_add(line_feed);
            if self.before >= at {
                return Span::new(self.span.start, end);
            }
            self.before = self.before.saturating_add(length);
            self.span.start = end;
        }
        self.span
    }
}

impl<'a> Parser<'a> {
    /// Takes text where it stands.
    pub(super) fn characters(&mut self, span: Span, text: Cow<'a, str>) {
        if let Some(scalar) = &mut self.scalar {
            match scalar.text.is_empty() {
                true => scalar.text = text,
                false => scalar.text.to_mut().push_str(&text),
            }
            return;
        }
        if self.loose.is_none() && text.trim_ascii().is_empty() {
            return;
        }
        let loose = self.loose.get_or_insert_default();
        loose.pieces.push(Piece { start: loose.text.len(), span });
        loose.text.push_str(&text);
    }

    /// Text between elements is placeholders in place of some, or a mistake.
    pub(super) fn settle_loose(&mut self) -> Result<(), Error> {
        let Some(loose) = self.loose.take() else {
            return Ok(());
        };
        let trimmed = loose.text.trim_ascii();
        let space = loose.text.len().saturating_sub(loose.text.trim_ascii_start().len());
        let mut places = Places::new(self.text, &loose);
        let first = places.of(space).start;
        let mistake = |parser: &Self| {
            // In the root it may be the secret that a value was to be.
            let found = match parser.frames.is_empty() || is_placeholders(trimmed) {
                true => XmlFound::text(trimmed).into(),
                false => Found::Value(OTHER_TEXT),
            };
            parser.malformed(first, parser.expected(), found)
        };
        let mut at = space;
        let mut apart = true;
        for part in parts(trimmed) {
            let placeholder = match part {
                Part::Literal(literal) if literal.trim_ascii().is_empty() => {
                    at = at.saturating_add(literal.len());
                    apart = true;
                    continue;
                }
                Part::Placeholder(placeholder) if apart && self.wants_value() => placeholder.text,
                Part::Literal(_) | Part::Placeholder(_) => return Err(mistake(self)),
            };
            apart = false;
            let last = placeholder.chars().next_back().map_or(0, char::len_utf8);
            let end = at.saturating_add(placeholder.len());
            let start = places.of(at).start;
            let whole = Span::new(start, places.of(end.saturating_sub(last)).end);
            at = end;
            self.count()?;
            let template = Value::Placeholder(Text::from(placeholder));
            self.value(Spanned::new(template, whole));
        }
        Ok(())
    }

    /// Whether a value may stand here.
    fn wants_value(&self) -> bool {
        match self.frames.last() {
            None => false,
            Some(Frame::Plist) => self.root.is_none(),
            Some(Frame::Array { .. }) => true,
            Some(Frame::Dict { key, .. }) => key.is_some(),
        }
    }
}

/// Whether a text is placeholders only, and white space.
fn is_placeholders(text: &str) -> bool {
    parts(text).all(|part| match part {
        Part::Placeholder(_) => true,
        Part::Literal(literal) => literal.trim_ascii().is_empty(),
    })
}
