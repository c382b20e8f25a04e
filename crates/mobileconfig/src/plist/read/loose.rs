//! Text: in an element that has text, or between elements, where only placeholders may stand.

use std::borrow::Cow;

use super::element::excerpt;
use super::xml::{Frame, Parser};
use crate::error::Error;
use crate::plist::placeholder::{Part, parts};
use crate::plist::scalar::Text;
use crate::plist::span::{Span, Spanned};
use crate::plist::value::Value;

/// Text between elements.
pub(super) struct Loose {
    span: Span,
    text: String,
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
        match &mut self.loose {
            Some(loose) => {
                loose.text.push_str(&text);
                loose.span.end = span.end;
            }
            None if text.trim_ascii().is_empty() => {}
            None => {
                let space = text.len().saturating_sub(text.trim_ascii_start().len());
                let span = Span::new(span.start.saturating_add(space), span.end);
                self.loose = Some(Loose { span, text: text.trim_ascii_start().to_owned() });
            }
        }
    }

    /// Text between elements is placeholders in place of some, or a mistake.
    pub(super) fn settle_loose(&mut self) -> Result<(), Error> {
        let Some(Loose { span, text }) = self.loose.take() else {
            return Ok(());
        };
        let trimmed = text.trim_ascii_end();
        let mistake =
            |parser: &Self| parser.malformed(span.start, parser.expected(), excerpt(trimmed));
        let mut from = span.start;
        let mut apart = true;
        for part in parts(trimmed) {
            let placeholder = match part {
                Part::Literal(literal) if literal.trim_ascii().is_empty() => {
                    apart = true;
                    continue;
                }
                Part::Placeholder(placeholder) if apart && self.wants_value() => placeholder.text,
                Part::Literal(_) | Part::Placeholder(_) => return Err(mistake(self)),
            };
            apart = false;
            // A comment or a line end may make the text another one than what stands there.
            let raw = self.text.get(from..span.end).unwrap_or_default();
            let found = raw.find(placeholder).map(|at| {
                let start = from.saturating_add(at);
                Span::new(start, start.saturating_add(placeholder.len()))
            });
            let whole = found.unwrap_or(Span::new(from, span.end));
            from = whole.end;
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
