//! Where something stands in a text.

use core::fmt;
use core::ops::Range;

use devicecert_xml::{LineIndex, Position, resolve};

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

/// Where the lines of a text start.
#[derive(Clone, Debug)]
pub(crate) struct Lines(LineIndex);

impl Lines {
    pub(crate) fn of(text: &str) -> Self {
        Self(LineIndex::new(text))
    }

    /// Names the place of `span` in `text`, of which these are the lines.
    ///
    /// A span that starts or ends inside of a character, or behind the end, is put right.
    pub(crate) fn place(&self, text: &str, span: Range<usize>) -> Place {
        let whole = |at: usize| text.is_char_boundary(at);
        let start = (0..=span.start.min(text.len())).rev().find(|at| whole(*at)).unwrap_or(0);
        let end = (span.end.max(start)..text.len()).find(|at| whole(*at)).unwrap_or(text.len());
        let Position { line, column } = self.0.position(text, start);
        Place { span: start..end, line, column, loc_uri: None }
    }
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
