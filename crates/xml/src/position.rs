//! Lines and columns.

use core::fmt;

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
