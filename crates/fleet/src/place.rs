//! Where something stands in a profile.

use core::fmt;
use core::ops::Range;

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

/// Where the lines of a text start, and how many characters there are before some of its bytes.
#[derive(Clone, Debug)]
pub(crate) struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
    /// Characters before every [`STEP`]th byte, so that one column costs no more than that.
    characters: Vec<usize>,
}

const STEP: usize = 1024;

impl<'a> Lines<'a> {
    pub(crate) fn of(text: &'a str) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let starts = breaks.map(|(at, _)| at.saturating_add(1)).collect();
        let mut before = 0_usize;
        let chunks = text.as_bytes().chunks(STEP).map(|chunk| {
            let here = before;
            before = before.saturating_add(count(chunk));
            here
        });
        Self { text, characters: chunks.collect(), starts }
    }

    /// Names the place of some bytes. Those behind the end, or within a character, are put right.
    pub(crate) fn place(&self, span: Range<usize>) -> Place {
        let start = floor(self.text, span.start);
        let end = floor(self.text, span.end).max(start);
        let line = self.starts.partition_point(|line| *line <= start);
        let line_start = line.checked_sub(1).and_then(|line| self.starts.get(line)).copied();
        let before = self.before(line_start.unwrap_or(0));
        let column = self.before(start).saturating_sub(before).saturating_add(1);
        Place { span: start..end, line: line.saturating_add(1), column, path: None }
    }

    fn before(&self, at: usize) -> usize {
        let chunk = at.checked_div(STEP).unwrap_or(0);
        let known = self.characters.get(chunk).copied().unwrap_or(0);
        let rest = self.text.as_bytes().get(chunk.saturating_mul(STEP)..at).unwrap_or_default();
        known.saturating_add(count(rest))
    }
}

/// How many characters start in these bytes of UTF-8.
fn count(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xc0 != 0x80).count()
}

/// The start of the character that byte `at` belongs to.
fn floor(text: &str, at: usize) -> usize {
    let at = at.min(text.len());
    (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}
