//! Attributes (XML 1.0 §3.1, §3.3.3). quick-xml hands over the tag as it stands.

use std::borrow::Cow;
use std::collections::HashSet;

use crate::character::{is_name, is_reference, is_space, resolve};
use crate::fault::{Fault, Found};
use crate::token::Attribute;

/// Reads the attributes in `raw`, which starts at byte `base` of the text.
pub(crate) fn read(raw: &str, base: usize) -> Result<Vec<Attribute<'_>>, Fault> {
    let mut attributes = Vec::new();
    // As with nearly all tags of a property list.
    if raw.is_empty() {
        return Ok(attributes);
    }
    // However many there are, each costs the same.
    let mut names = HashSet::new();
    let mut rest = raw;
    loop {
        let at = |rest: &str| base.saturating_add(raw.len().saturating_sub(rest.len()));
        let trimmed = rest.trim_start_matches(is_space);
        if trimmed.is_empty() {
            return Ok(attributes);
        }
        if trimmed.len() == rest.len() {
            return Err(fault(at(rest), "white space before an attribute", trimmed));
        }
        let start = at(trimmed);
        let Some((name, behind)) = trimmed.split_once('=') else {
            return Err(fault(start, "an attribute and its value", trimmed));
        };
        let name = name.trim_end_matches(is_space);
        if !is_name(name) {
            return Err(fault(start, "the name of an attribute", name));
        }
        let behind = behind.trim_start_matches(is_space);
        let quote = behind.chars().next().filter(|quote| matches!(quote, '"' | '\''));
        let Some((value, after)) =
            quote.and_then(|quote| behind.strip_prefix(quote)?.split_once(quote))
        else {
            return Err(fault(at(behind), "a value between quotation marks", behind));
        };
        if !names.insert(name) {
            let span = start..start.saturating_add(name.len());
            let found = Found::named("a second", name);
            return Err(Fault::new(span, "every attribute once", found));
        }
        let value_at = at(behind).saturating_add(1);
        let span = value_at..value_at.saturating_add(value.len());
        attributes.push(Attribute { name, value: unescaped(value, value_at)?, span });
        rest = after;
    }
}

/// The value that is written so.
fn unescaped(value: &str, base: usize) -> Result<Cow<'_, str>, Fault> {
    if let Some(at) = value.find('<') {
        let at = base.saturating_add(at);
        return Err(fault(at, "&lt; in the value of an attribute", "<"));
    }
    if !value.contains(['&', '\t', '\n', '\r']) {
        return Ok(Cow::Borrowed(value));
    }
    let plain = |piece: &str| piece.replace("\r\n", " ").replace(['\t', '\n', '\r'], " ");
    let mut pieces = value.split('&');
    let mut at = base;
    let mut out = String::new();
    if let Some(first) = pieces.next() {
        at = at.saturating_add(first.len());
        out.push_str(&plain(first));
    }
    for piece in pieces {
        let Some((name, rest)) = piece.split_once(';') else {
            let span = at..at.saturating_add(1);
            return Err(Fault::new(span, REFERENCE, Found::Other("a bare &")));
        };
        let Some(character) = resolve(name) else {
            return Err(unknown(name, at));
        };
        out.push(character);
        out.push_str(&plain(rest));
        at = at.saturating_add(1).saturating_add(piece.len());
    }
    Ok(Cow::Owned(out))
}

/// What `&` may begin.
pub(crate) const REFERENCE: &str = "&lt; &gt; &amp; &quot; &apos; or the number of a character";

/// A reference at byte `at` that stands for nothing.
pub(crate) fn unknown(name: &str, at: usize) -> Fault {
    let end = at.saturating_add(name.len()).saturating_add(2);
    let found = match is_reference(name) {
        true => Found::reference(name),
        // What goes on to the next semicolon may be a part of a value.
        false => Found::Other("a bare &"),
    };
    Fault::new(at..end, REFERENCE, found)
}

fn fault(at: usize, expected: &'static str, found: &str) -> Fault {
    let found = match found.chars().next() {
        Some(character) => Found::Character(character),
        None => Found::End,
    };
    Fault::new(at..at.saturating_add(1), expected, found)
}
