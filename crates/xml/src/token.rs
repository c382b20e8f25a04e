//! What a text is cut into.

use core::ops::Range;
use std::borrow::Cow;

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token<'a> {
    /// All bytes of it, with its marks.
    pub span: Range<usize>,
    /// What it is.
    pub kind: TokenKind<'a>,
}

/// What a piece of a text is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenKind<'a> {
    /// `<name attribute="value">`
    Start(Tag<'a>),
    /// `<name attribute="value"/>`, which has no end tag.
    Empty(Tag<'a>),
    /// `</name>`, of the innermost element that is open.
    End,
    /// Characters, as they stand there: line ends are not normalised. A reference ends them.
    Text(&'a str),
    /// The characters of a CDATA section, without its marks; line ends are not normalised.
    CData(&'a str),
    /// The character that a reference stands for.
    Reference(char),
    /// A comment, without its marks.
    Comment(&'a str),
    /// An XML declaration. Where it stands is not checked: [`Declaration::before`] tells.
    Declaration(Declaration<'a>),
    /// A processing instruction.
    ProcessingInstruction,
    /// What a DOCTYPE says behind that word. Where it stands is not checked.
    DocType(&'a str),
}

/// The start tag of an element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag<'a> {
    /// The name, with its prefix.
    pub name: &'a str,
    /// Where it stands.
    pub name_span: Range<usize>,
    /// The attributes, `xmlns` included, each once, in their order.
    pub attributes: Vec<Attribute<'a>>,
}

/// An attribute of an element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute<'a> {
    /// The name, with its prefix.
    pub name: &'a str,
    /// The value, its references resolved and its white space normalised (§3.3.3).
    pub value: Cow<'a, str>,
    /// Where the value stands, without its quotation marks.
    pub span: Range<usize>,
}

/// An XML declaration (§2.8), as it stands there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Declaration<'a> {
    pub(crate) before: &'a str,
    pub(crate) content: &'a str,
}

impl<'a> Declaration<'a> {
    /// What stands before it, the byte order mark left out. XML has nothing there.
    #[must_use]
    pub const fn before(self) -> &'a str {
        self.before
    }

    /// The version of XML, if it says one between quotation marks.
    #[must_use]
    pub fn version(self) -> Option<&'a str> {
        self.value("version")
    }

    /// The encoding, if it says one between quotation marks.
    #[must_use]
    pub fn encoding(self) -> Option<&'a str> {
        self.value("encoding")
    }

    // What is around it does not matter: declarations are written by hand, and nothing hangs on them
    // in a text that is UTF-8 already.
    fn value(self, name: &str) -> Option<&'a str> {
        let (_, after) = self.content.split_once(name)?;
        let value = after.trim_start().strip_prefix('=')?.trim_start();
        let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
        value.strip_prefix(quote)?.split_once(quote).map(|(value, _)| value)
    }
}
