//! What is not well-formed.

use core::ops::Range;

/// A place that is not well-formed: where, what was expected, what was found.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected}, found {found}")]
pub struct Fault {
    /// The bytes that cannot stand there; not always whole characters.
    pub span: Range<usize>,
    /// What may stand there.
    pub expected: &'static str,
    /// What stands there.
    pub found: Found,
}

impl Fault {
    /// A fault at these bytes.
    #[must_use]
    pub const fn new(span: Range<usize>, expected: &'static str, found: Found) -> Self {
        Self { span, expected, found }
    }
}

/// What a reader met instead of what it expected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Found {
    /// The text ends here.
    #[error("the end of the text")]
    End,
    /// A character that cannot stand here, or nowhere in XML.
    #[error("the character U+{:04X}", *(.0) as u32)]
    Character(char),
    /// The start of an element.
    #[error("<{0}>")]
    Tag(Box<str>),
    /// The end of an element.
    #[error("</{0}>")]
    EndTag(Box<str>),
    /// A reference that stands for nothing.
    #[error("&{0};")]
    Reference(Box<str>),
    /// The beginning of characters in a place for elements.
    #[error("the text {0:?}")]
    Text(Box<str>),
    /// Something else that has a name.
    #[error("{what} {name:?}")]
    Named {
        /// What it is.
        what: &'static str,
        /// Its name, as it stands there.
        name: Box<str>,
    },
    /// Something else.
    #[error("{0}")]
    Other(&'static str),
}

impl Found {
    /// Characters of a name that are shown.
    const LONGEST_NAME: usize = 64;
    /// Characters of a text that are shown.
    const LONGEST_TEXT: usize = 32;

    /// The start of an element of this name.
    #[must_use]
    pub fn tag(name: &str) -> Self {
        Self::Tag(beginning(name, Self::LONGEST_NAME))
    }

    /// The end of an element of this name.
    #[must_use]
    pub fn end_tag(name: &str) -> Self {
        Self::EndTag(beginning(name, Self::LONGEST_NAME))
    }

    /// A reference by this name.
    #[must_use]
    pub fn reference(name: &str) -> Self {
        Self::Reference(beginning(name, Self::LONGEST_NAME))
    }

    /// These characters, of which only the beginning is kept.
    #[must_use]
    pub fn text(text: &str) -> Self {
        Self::Text(beginning(text, Self::LONGEST_TEXT))
    }

    /// Something of this name.
    #[must_use]
    pub fn named(what: &'static str, name: &str) -> Self {
        Self::Named { what, name: beginning(name, Self::LONGEST_NAME) }
    }
}

fn beginning(text: &str, longest: usize) -> Box<str> {
    match text.char_indices().nth(longest) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()).into(),
        None => text.into(),
    }
}
