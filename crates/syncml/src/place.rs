//! Where something stands in a text.

use core::fmt;
use core::ops::Range;

use crate::xml::resolve;

/// A place in a text, as people and editors name it.
///
/// ```
/// use devicecert_syncml::{Document, Limits};
///
/// let document = Document::read("<Get>\n  <CmdID>7</CmdID>\n</Get>", &Limits::default())?;
/// let id = document.commands().next().and_then(|get| get.cmd_id()).expect("it has one");
/// let place = document.place(id.span);
/// assert_eq!((place.line, place.column), (2, 10));
/// # Ok::<(), devicecert_syncml::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Place {
    /// The bytes of the text that are meant.
    pub span: Range<usize>,
    /// The line in which the span starts, counted from 1.
    pub line: usize,
    /// The character of that line at which it starts, counted from 1.
    pub column: usize,
    /// The node of the device's tree that is spoken of, where there is one.
    pub loc_uri: Option<String>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)?;
        match &self.loc_uri {
            Some(loc_uri) => write!(f, " ({loc_uri})"),
            None => Ok(()),
        }
    }
}

/// Where the lines of a text start, and how many characters there are before some of its bytes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lines {
    starts: Vec<usize>,
    /// Characters before every [`STEP`]th byte, so that one column costs no more than that.
    characters: Vec<usize>,
}

const STEP: usize = 1024;

impl Lines {
    pub(crate) fn of(text: &str) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, octet)| *octet == b'\n');
        let starts = breaks.map(|(at, _)| at.saturating_add(1)).collect();
        let mut before = 0_usize;
        let chunks = text.as_bytes().chunks(STEP).map(|chunk| {
            let here = before;
            before = before.saturating_add(count(chunk));
            here
        });
        Self { characters: chunks.collect(), starts }
    }

    /// Names the place of `span` in `text`, of which these are the lines.
    ///
    /// A span that starts or ends inside of a character, or behind the end, is put right.
    pub(crate) fn place(&self, text: &str, span: Range<usize>) -> Place {
        let whole = |at: usize| text.is_char_boundary(at);
        let start = (0..=span.start.min(text.len())).rev().find(|at| whole(*at)).unwrap_or(0);
        let end = (span.end.max(start)..text.len()).find(|at| whole(*at)).unwrap_or(text.len());
        let span = start..end;
        let line = self.starts.partition_point(|start| *start <= span.start);
        let start = line.checked_sub(1).and_then(|line| self.starts.get(line)).copied();
        let start = self.before(text, start.unwrap_or(0));
        let column = self.before(text, span.start).saturating_sub(start).saturating_add(1);
        Place { span, line: line.saturating_add(1), column, loc_uri: None }
    }

    fn before(&self, text: &str, at: usize) -> usize {
        let chunk = at.checked_div(STEP).unwrap_or(0);
        let known = self.characters.get(chunk).copied().unwrap_or(0);
        let rest = text.as_bytes().get(chunk.saturating_mul(STEP)..at).unwrap_or_default();
        known.saturating_add(count(rest))
    }
}

/// How many characters start in these bytes of UTF-8.
fn count(bytes: &[u8]) -> usize {
    bytes.iter().filter(|octet| **octet & 0xc0 != 0x80).count()
}

/// The byte of `raw` at which byte `offset` of its value stands.
///
/// `raw` is text of a document that has been read: with references, CDATA sections and line ends
/// as they were written.
pub(crate) fn raw_offset(raw: &str, offset: usize) -> usize {
    let (mut at, mut value, mut cdata) = (0_usize, 0_usize, false);
    while let Some(rest) = raw.get(at..).filter(|rest| !rest.is_empty()) {
        if !cdata && rest.starts_with("<![CDATA[") {
            (at, cdata) = (at.saturating_add(9), true);
            continue;
        }
        if cdata && rest.starts_with("]]>") {
            (at, cdata) = (at.saturating_add(3), false);
            continue;
        }
        if value >= offset {
            break;
        }
        let first = rest.chars().next().map_or(1, char::len_utf8);
        let reference = if cdata { None } else { rest.strip_prefix('&') };
        let (here, there) = match reference.and_then(|rest| rest.split_once(';')) {
            Some((name, _)) => {
                (name.len().saturating_add(2), resolve(name).map_or(1, char::len_utf8))
            }
            None if rest.starts_with("\r\n") => (2, 1),
            None => (first, first),
        };
        at = at.saturating_add(here);
        value = value.saturating_add(there);
    }
    at
}
