//! Where something stands in a profile.

use core::fmt;
use core::ops::Range;

use devicecert_xml::{LineIndex, Position};

/// A place in a profile, as people and editors name it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Place {
    /// The bytes of the profile that are meant; empty at 0 where all of it is.
    pub span: Range<usize>,
    /// The line in which the span starts, counted from 1.
    pub line: usize,
    /// The character of that line at which it starts, counted from 1.
    pub column: usize,
    /// The way to the value: the keys of a property list (`PayloadContent[0].URL`), or the LocURI
    /// of a SyncML item.
    pub path: Option<String>,
}

/// `12:7 (PayloadContent[0].URL)`
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)?;
        match &self.path {
            Some(path) => write!(f, " ({path})"),
            None => Ok(()),
        }
    }
}

/// A text and where its lines start.
#[derive(Clone, Debug)]
pub(crate) struct Lines<'a> {
    text: &'a str,
    index: LineIndex,
}

impl<'a> Lines<'a> {
    pub(crate) fn of(text: &'a str) -> Self {
        Self { text, index: LineIndex::new(text) }
    }

    /// Names the place of some bytes. Those behind the end, or within a character, are put right.
    pub(crate) fn place(&self, span: Range<usize>) -> Place {
        let start = floor(self.text, span.start);
        let end = floor(self.text, span.end).max(start);
        let Position { line, column } = self.index.position(self.text, start);
        Place { span: start..end, line, column, path: None }
    }
}

/// The start of the character that byte `at` belongs to.
fn floor(text: &str, at: usize) -> usize {
    let at = at.min(text.len());
    (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}
