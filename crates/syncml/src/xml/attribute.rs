//! Attributes (XML 1.0 §3.1, §3.3.3). quick-xml hands over the tag as it stands.

use core::ops::Range;

use super::Attribute;
use super::character::{is_name, is_space, resolve};
use crate::error::Found;

/// What is wrong, and where.
pub(super) type Fault = (Range<usize>, &'static str, Found);

/// Reads the attributes in `raw`, which starts at byte `base` of the document.
///
/// Stops behind `limit` attributes, so that looking for a second of the same name stays cheap.
pub(super) fn read(raw: &str, base: usize, limit: usize) -> Result<Vec<Attribute>, Fault> {
    let mut attributes: Vec<Attribute> = Vec::new();
    let mut rest = raw;
    loop {
        let at = |rest: &str| base.saturating_add(raw.len().saturating_sub(rest.len()));
        let trimmed = rest.trim_start_matches(is_space);
        if trimmed.is_empty() || attributes.len() > limit {
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
        let value_at = at(behind).saturating_add(1);
        if attributes.iter().any(|known| known.name == name) {
            let found = Found::Named { what: "a second", name: name.into() };
            return Err((start..value_at, "every attribute once", found));
        }
        attributes.push(Attribute {
            name: name.to_owned(),
            value: unescape(value, value_at)?,
            span: value_at..value_at.saturating_add(value.len()),
        });
        rest = after;
    }
}

fn unescape(value: &str, base: usize) -> Result<String, Fault> {
    if let Some(at) = value.find('<') {
        let at = base.saturating_add(at);
        return Err(fault(at, "&lt; in the value of an attribute", "<"));
    }
    let mut pieces = value.split('&');
    let plain = |piece: &str| piece.replace("\r\n", " ").replace(['\t', '\n', '\r'], " ");
    let mut out = plain(pieces.next().unwrap_or_default());
    for piece in pieces {
        let resolved = piece.split_once(';').and_then(|(name, rest)| Some((resolve(name)?, rest)));
        let Some((character, rest)) = resolved else {
            let found = Found::Other("an & that starts no such reference");
            let span = base..base.saturating_add(value.len());
            return Err((span, "&lt; &gt; &amp; &quot; &apos; or a number", found));
        };
        out.push(character);
        out.push_str(&plain(rest));
    }
    Ok(out)
}

fn fault(at: usize, expected: &'static str, found: &str) -> Fault {
    let found = match found.chars().next() {
        Some(character) => Found::Character(u32::from(character)),
        None => Found::End,
    };
    (at..at.saturating_add(1), expected, found)
}
