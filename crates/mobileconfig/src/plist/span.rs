//! Where something stands: byte spans, lines and columns, key paths.

use core::fmt;
use core::ops::Range;

/// The bytes from `start` up to, but not including, `end` of what was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// The byte behind the last one.
    pub end: usize,
}

impl Span {
    /// Of values that were built and not read: they stand in no text.
    pub const NOWHERE: Self = Self { start: 0, end: 0 };

    /// From `start` up to, but not including, `end`.
    #[must_use]
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// Whether this is [`NOWHERE`](Self::NOWHERE).
    #[must_use]
    pub const fn is_nowhere(self) -> bool {
        self.end == 0
    }

    /// As a range that slices accept.
    #[must_use]
    pub const fn range(self) -> Range<usize> {
        self.start..self.end
    }
}

/// A value and where it was read.
///
/// Two of them are equal if the values are: where a value stood does not change what it means.
#[derive(Clone, Copy, Debug, Default)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it was read; [`Span::NOWHERE`] if it was built.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// A value that was read there.
    #[must_use]
    pub const fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }
}

impl<T: PartialEq> PartialEq for Spanned<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<T: Eq> Eq for Spanned<T> {}

impl<T> From<T> for Spanned<T> {
    fn from(value: T) -> Self {
        Self { value, span: Span::NOWHERE }
    }
}

/// A line and a column, both counted from 1. A column is a character, not a byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The line; LF ends one.
    pub line: usize,
    /// The character in that line.
    pub column: usize,
}

impl Position {
    const START: Self = Self { line: 1, column: 1 };

    /// The position of the byte at `offset` in `text`. Reads the text up to there: for more than a
    /// few positions make a [`LineIndex`].
    #[must_use]
    pub fn of(text: &str, offset: usize) -> Self {
        let before = text.as_bytes().get(..offset).unwrap_or(text.as_bytes());
        Self::start_of(text).advanced(before).seen()
    }

    /// The position of the first byte: of nothing yet, if that belongs to a byte order mark.
    fn start_of(text: &str) -> Self {
        match text.starts_with('\u{FEFF}') {
            true => Self { line: 1, column: 0 },
            false => Self::START,
        }
    }

    /// As it is told: a byte order mark is at the start, too.
    fn seen(self) -> Self {
        Self { line: self.line, column: self.column.max(1) }
    }

    fn advanced(self, bytes: &[u8]) -> Self {
        // Whole passes over the bytes, each simple enough to be done many bytes at a time.
        let breaks = bytes.iter().filter(|byte| **byte == b'\n').count();
        let (start, last) = match bytes.iter().rposition(|byte| *byte == b'\n') {
            Some(at) => (1, bytes.get(at.saturating_add(1)..).unwrap_or_default()),
            None => (self.column, bytes),
        };
        // The continuation bytes of UTF-8 are part of the character before them.
        let characters = last.iter().filter(|byte| !matches!(byte, 0x80..=0xBF)).count();
        Self { line: self.line.saturating_add(breaks), column: start.saturating_add(characters) }
    }
}

/// `line 12, column 5`
impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

/// Positions of a text, each found in constant time, however long the lines are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineIndex {
    /// The position of every [`STRIDE`](Self::STRIDE)th byte.
    marks: Vec<Position>,
}

impl LineIndex {
    const STRIDE: usize = 256;

    /// Reads the text once.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let chunks = text.as_bytes().chunks(Self::STRIDE);
        let marks = chunks.scan(Position::start_of(text), |at, chunk| {
            let mark = *at;
            *at = at.advanced(chunk);
            Some(mark)
        });
        Self { marks: marks.collect() }
    }

    /// The position of the byte at `offset` in `text`, which has to be the text of this index.
    #[must_use]
    pub fn position(&self, text: &str, offset: usize) -> Position {
        let offset = offset.min(text.len());
        let mark = offset.checked_div(Self::STRIDE).unwrap_or_default();
        let Some((mark, position)) =
            self.marks.get(mark).map(|position| (mark, *position)).or_else(|| {
                // An offset at the very end of a text that fills its last stride.
                let last = self.marks.len().checked_sub(1)?;
                self.marks.get(last).map(|position| (last, *position))
            })
        else {
            return Position::START;
        };
        let start = mark.saturating_mul(Self::STRIDE);
        let rest = text.as_bytes().get(start..offset).unwrap_or_default();
        position.advanced(rest).seen()
    }
}

/// One step from a value to a value in it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// To the value of this key of a dictionary.
    Key(String),
    /// To the item of an array, counted from 0.
    Index(usize),
}

/// The way from the root of a property list to a value: `PayloadContent[0].PayloadContent.URL`.
///
/// Keys that would be misread are quoted: `PayloadContent[0]["a.b"]`. The path of the root is
/// empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyPath {
    steps: Vec<Step>,
}

impl KeyPath {
    /// The path of the root.
    #[must_use]
    pub const fn root() -> Self {
        Self { steps: Vec::new() }
    }

    /// The steps from the root.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Whether this is the root.
    #[must_use]
    pub const fn is_root(&self) -> bool {
        self.steps.is_empty()
    }

    /// This path and one key more.
    #[must_use]
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.steps.push(Step::Key(key.into()));
        self
    }

    /// This path and one index more.
    #[must_use]
    pub fn index(mut self, index: usize) -> Self {
        self.steps.push(Step::Index(index));
        self
    }

    /// The last key in this path: what the value is called.
    #[must_use]
    pub fn last_key(&self) -> Option<&str> {
        self.steps.iter().rev().find_map(|step| match step {
            Step::Key(key) => Some(key.as_str()),
            Step::Index(_) => None,
        })
    }
}

impl FromIterator<Step> for KeyPath {
    fn from_iter<I: IntoIterator<Item = Step>>(steps: I) -> Self {
        Self { steps: steps.into_iter().collect() }
    }
}

impl fmt::Display for KeyPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_root() {
            return f.write_str("the root");
        }
        for (depth, step) in self.steps.iter().enumerate() {
            match step {
                Step::Index(index) => write!(f, "[{index}]")?,
                Step::Key(key) if is_plain(key) => {
                    if depth > 0 {
                        f.write_str(".")?;
                    }
                    f.write_str(key)?;
                }
                Step::Key(key) => write!(f, "[{key:?}]")?,
            }
        }
        Ok(())
    }
}

/// Whether a key can stand in a path without quotes. Apple's own keys have spaces and hyphens.
fn is_plain(key: &str) -> bool {
    !key.is_empty()
        && key.trim() == key
        && key.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '$' | ':'))
}
