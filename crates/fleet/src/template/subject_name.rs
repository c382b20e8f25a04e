//! The subject of a SCEP certificate for Windows.
//!
//! Windows takes `,` `+` and `;` for the end of an attribute, unless its value stands between
//! quotation marks as a whole; a quotation mark in there is doubled, and a backslash is a character
//! like any other. So a value that has a variable in it gets quotation marks around it, if the
//! administrator has not written them.

use core::ops::Range;

use super::spots::{Content, Spots};
use super::{Context, Edit, WhyMisplaced};
use crate::xml::{Text, TextForm};

pub(super) fn place(spots: &mut Spots<'_>, content: &Content<'_>, piece: &Text) {
    let found = spots.within(&piece.span);
    if found.is_empty() {
        return;
    }
    let text = spots.text;
    let context = match piece.form {
        TextForm::Plain => Context::SubjectName,
        TextForm::Cdata => Context::SubjectNameInCdata,
    };
    for attribute in attributes(text, piece) {
        let inside = spots.within(&attribute.span);
        let fits = content.texts == 1
            && attribute.quotes != Quotes::Somewhere
            && inside.iter().all(|found| encloses(&attribute.value, &found.span));
        for found in inside {
            match fits {
                _ if found.variable.is_of_a_ca() => spots.refuse(found, WhyMisplaced::Embedded),
                true => spots.fill(found, context),
                false => spots.refuse(found, WhyMisplaced::Subject),
            }
        }
        if !inside.is_empty() && attribute.quotes == Quotes::None {
            let Range { start, end } = attribute.value;
            spots.edits.push(Edit::literal(start..start, "\""));
            spots.edits.push(Edit::literal(end..end, "\""));
        }
    }
}

const fn encloses(outer: &Range<usize>, inner: &Range<usize>) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}

/// How a value uses quotation marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Quotes {
    None,
    /// One before and one behind it; doubled ones inside.
    Around,
    Somewhere,
}

/// An attribute of the subject, as it stands in the profile.
#[derive(Clone, Debug)]
pub(crate) struct Attribute {
    /// All of it, up to the next separator.
    pub(crate) span: Range<usize>,
    /// The key, without white space around it.
    pub(crate) key: Range<usize>,
    /// What is behind the `=`, without white space around it; all of it where there is no `=`.
    pub(crate) value: Range<usize>,
    pub(crate) quotes: Quotes,
}

/// A character of the text, and the bytes that it is written with.
type Unit = (char, Range<usize>);

/// The attributes of a text. Separators in quotation marks, and what variables are made of, do
/// not separate.
pub(crate) fn attributes(text: &str, piece: &Text) -> Vec<Attribute> {
    let mut attributes = Vec::new();
    let mut units: Vec<Unit> = Vec::new();
    let mut quoted = false;
    let mut start = piece.span.start;
    for (character, span) in characters(text, piece) {
        if character == '"' {
            quoted = !quoted;
        }
        if !quoted && matches!(character, ',' | '+' | ';') {
            attributes.push(attribute(start..span.start, &units));
            units.clear();
            start = span.end;
        } else {
            units.push((character, span));
        }
    }
    attributes.push(attribute(start..piece.span.end, &units));
    attributes
}

fn attribute(span: Range<usize>, units: &[Unit]) -> Attribute {
    let equals = units.iter().position(|(character, _)| *character == '=');
    let (key, value) = match equals.and_then(|at| units.split_at_checked(at)) {
        Some((key, [_, value @ ..])) => (trim(key), trim(value)),
        _ => (&[][..], trim(units)),
    };
    let value_span = match (value.first(), value.last()) {
        (Some((_, first)), Some((_, last))) => first.start..last.end,
        _ => span.end..span.end,
    };
    // Without an `=` there is no value that quotation marks could go around.
    let value_span = if equals.is_none() { span.end..span.end } else { value_span };
    let key = match (key.first(), key.last()) {
        (Some((_, first)), Some((_, last))) => first.start..last.end,
        _ => span.start..span.start,
    };
    Attribute { span, key, value: value_span, quotes: quotes(value) }
}

fn trim(units: &[Unit]) -> &[Unit] {
    let blank = |unit: &Unit| unit.0.is_ascii_whitespace();
    let start = units.iter().position(|unit| !blank(unit)).unwrap_or(units.len());
    let end = units.iter().rposition(|unit| !blank(unit)).map_or(start, |at| at.saturating_add(1));
    units.get(start..end).unwrap_or_default()
}

fn quotes(value: &[Unit]) -> Quotes {
    let is_quote = |unit: &Unit| unit.0 == '"';
    match value {
        [first, inner @ .., last] if is_quote(first) && is_quote(last) => {
            // Inside they come in pairs.
            let mut single = false;
            for unit in inner {
                match (is_quote(unit), single) {
                    (true, _) => single = !single,
                    (false, true) => return Quotes::Somewhere,
                    (false, false) => {}
                }
            }
            if single { Quotes::Somewhere } else { Quotes::Around }
        }
        other if other.iter().any(is_quote) => Quotes::Somewhere,
        _ => Quotes::None,
    }
}

/// The characters of a text, each with the bytes that it is written with.
fn characters<'a>(text: &'a str, piece: &'a Text) -> impl Iterator<Item = Unit> + 'a {
    let raw = text.get(piece.span.clone()).unwrap_or_default();
    let mut at = 0_usize;
    core::iter::from_fn(move || {
        let rest = raw.get(at..).filter(|rest| !rest.is_empty())?;
        let first = rest.chars().next()?;
        let reference = match piece.form {
            TextForm::Plain if first == '&' => rest.split_once(';').map(|(reference, _)| reference),
            TextForm::Plain | TextForm::Cdata => None,
        };
        let (character, length) = match reference {
            Some(reference) => {
                let length = reference.len().saturating_add(1);
                let decoded = Text {
                    span: piece.span.start.saturating_add(at)
                        ..piece.span.start.saturating_add(at).saturating_add(length),
                    form: TextForm::Plain,
                };
                (decoded.value(text).chars().next().unwrap_or(first), length)
            }
            None => (first, first.len_utf8()),
        };
        let start = piece.span.start.saturating_add(at);
        at = at.saturating_add(length);
        Some((character, start..start.saturating_add(length)))
    })
}
