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
