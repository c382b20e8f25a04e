//! What a check has found, told so that somebody can act on it.

use core::fmt;

use crate::plist::{KeyPath, Position, Span};

/// How bad a [`Finding`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// It works, and something else would be better.
    Advice,
    /// It works on some devices, or not as it looks.
    Warning,
    /// A device refuses the profile, or a payload of it fails.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Advice => "advice",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

/// Where a [`Finding`] is.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Place {
    /// The bytes; [`Span::NOWHERE`] for a value that was built, or a key that is missing in one.
    pub span: Span,
    /// Line and column of the first byte; `None` in a binary property list or a built value.
    pub position: Option<Position>,
    /// The way to the value.
    pub key_path: KeyPath,
}

impl Place {
    /// A place.
    #[must_use]
    pub const fn new(span: Span, position: Option<Position>, key_path: KeyPath) -> Self {
        Self { span, position, key_path }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.position {
            Some(position) => write!(f, "{position} ({})", self.key_path),
            None => self.key_path.fmt(f),
        }
    }
}

/// One thing that a check has found.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// The rule that was broken, `AP007`.
    pub rule: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// Where it is.
    pub place: Place,
    /// What stands there.
    pub found: String,
    /// What comes of it on the device.
    pub why: String,
    /// What to write in its place, where there is one answer.
    pub instead: Option<String>,
}

impl Finding {
    /// A finding without a suggestion.
    #[must_use]
    pub fn new(
        rule: &'static str,
        severity: Severity,
        place: Place,
        found: impl Into<String>,
        why: impl Into<String>,
    ) -> Self {
        Self { rule, severity, place, found: found.into(), why: why.into(), instead: None }
    }

    /// Adds what to write in its place.
    #[must_use]
    pub fn instead(mut self, instead: impl Into<String>) -> Self {
        self.instead = Some(instead.into());
        self
    }
}

/// `error AP003 at line 4, column 2 (PayloadVersion): found a string: …`
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { rule, severity, place, found, why, instead } = self;
        write!(f, "{severity} {rule} at {place}: found {found}: {why}")?;
        match instead {
            Some(instead) => write!(f, "; write {instead}"),
            None => Ok(()),
        }
    }
}
