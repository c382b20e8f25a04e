//! A property list as a whole: its root and the text that it was read from.

use std::sync::OnceLock;

use devicecert_xml::{LineIndex, Position};

use super::node::Node;
use super::read::{read_binary, read_xml};
use super::span::{Span, Spanned};
use super::value::Value;
use super::write::write_xml;
use crate::error::Error;
use crate::finding::Place;
use crate::limits::Limits;

/// A property list: a root value, and where it came from.
///
/// ```
/// use devicecert_mobileconfig::{Limits, plist::Document};
///
/// let text = b"<plist version='1.0'><dict>\n  <key>CA</key><data>$FLEET_VAR_DIGICERT_DATA_X</data>\n</dict></plist>";
/// let document = Document::read(text, &Limits::default())?;
/// let ca = document.node().get("CA").ok_or("no key CA")?;
/// assert_eq!(document.place(&ca).to_string(), "line 2, column 16 (CA)");
/// assert_eq!(ca.value().as_template().map(|text| text.as_str()), Some("$FLEET_VAR_DIGICERT_DATA_X"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Document {
    root: Spanned<Value>,
    source: Source,
    oddities: Vec<Oddity>,
    /// Made when the first position is asked for.
    lines: OnceLock<LineIndex>,
}

/// What a document was read from.
#[derive(Clone, PartialEq, Eq)]
enum Source {
    Built,
    Xml(Box<str>),
    Binary,
}

/// The encoding of a property list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// XML, which is what profiles are.
    Xml,
    /// `bplist00`, which devices take too.
    Binary,
}

/// Something that is legal and was read as it should be, but that other readers stumble over: some
/// lose the value without a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Oddity {
    /// What it is.
    pub kind: OddityKind,
    /// Where it stands.
    pub span: Span,
}

/// What an [`Oddity`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum OddityKind {
    /// A CDATA section: there are readers that see an empty text.
    CData,
    /// A comment inside a key or a scalar.
    CommentInValue,
    /// A processing instruction; it is ignored.
    ProcessingInstruction,
    /// An attribute on an element other than `<plist>`; it is ignored.
    Attribute,
    /// White space before the XML declaration, which makes it none for a strict reader.
    SpaceBeforeDeclaration,
    /// The root does not stand in a `<plist>` element.
    NoPlistElement,
    /// There is no DOCTYPE.
    NoDoctype,
    /// A byte order mark.
    ByteOrderMark,
}

impl Document {
    /// A document with this root, read from nowhere.
    #[must_use]
    pub fn new(root: impl Into<Value>) -> Self {
        Self::assembled(Spanned::from(root.into()), Source::Built, Vec::new())
    }

    /// Reads an XML or binary property list, whichever it is.
    ///
    /// # Errors
    /// [`Malformed`](crate::error::Malformed) if it is neither,
    /// [`LimitExceeded`](devicecert_pki::error::LimitExceeded) if it is too much.
    pub fn read(bytes: &[u8], limits: &Limits) -> Result<Self, Error> {
        match bytes.starts_with(b"bplist") {
            true => Self::read_binary(bytes, limits),
            false => Self::read_xml(bytes, limits),
        }
    }

    /// Reads an XML property list in UTF-8.
    ///
    /// Refused are: UTF-16, a DTD with declarations in it, entities other than the five of XML,
    /// elements that property lists do not have, and keys that stand twice in a dictionary.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn read_xml(bytes: &[u8], limits: &Limits) -> Result<Self, Error> {
        let (root, text, oddities) = read_xml(bytes, limits)?;
        Ok(Self::assembled(root, Source::Xml(text.into()), oddities))
    }

    /// Reads a binary property list (`bplist00`). Dates lose fractions of a second.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn read_binary(bytes: &[u8], limits: &Limits) -> Result<Self, Error> {
        Ok(Self::assembled(read_binary(bytes, limits)?, Source::Binary, Vec::new()))
    }

    const fn assembled(root: Spanned<Value>, source: Source, oddities: Vec<Oddity>) -> Self {
        Self { root, source, oddities, lines: OnceLock::new() }
    }

    /// The root.
    #[must_use]
    pub const fn root(&self) -> &Value {
        &self.root.value
    }

    /// The root, to be changed. Spans go on to tell where values were read.
    #[must_use]
    pub const fn root_mut(&mut self) -> &mut Value {
        &mut self.root.value
    }

    /// Gives the root back.
    #[must_use]
    pub fn into_root(self) -> Value {
        self.root.value
    }

    /// The root as the start of a walk that knows spans and key paths.
    #[must_use]
    pub const fn node(&self) -> Node<'_> {
        Node::root(&self.root)
    }

    /// What it was read from; `None` if it was built.
    #[must_use]
    pub const fn encoding(&self) -> Option<Encoding> {
        match self.source {
            Source::Built => None,
            Source::Xml(_) => Some(Encoding::Xml),
            Source::Binary => Some(Encoding::Binary),
        }
    }

    /// The text that spans count in, if it was read from XML.
    #[must_use]
    pub const fn source(&self) -> Option<&str> {
        match &self.source {
            Source::Xml(text) => Some(text),
            Source::Built | Source::Binary => None,
        }
    }

    /// What was read well here and might not be elsewhere, in the order in which it stands; the
    /// first 256.
    #[must_use]
    pub fn oddities(&self) -> &[Oddity] {
        &self.oddities
    }

    /// The line and column of a byte; `None` if this was not read from XML.
    #[must_use]
    pub fn position(&self, offset: usize) -> Option<Position> {
        let text = self.source()?;
        Some(self.lines.get_or_init(|| LineIndex::new(text)).position(text, offset))
    }

    /// The place of a value, for a [`Finding`](crate::Finding).
    #[must_use]
    pub fn place(&self, node: &Node<'_>) -> Place {
        self.place_of(node.span(), node)
    }

    /// The place of the `<key>` of a value, or of the value if it has none.
    #[must_use]
    pub fn key_place(&self, node: &Node<'_>) -> Place {
        self.place_of(node.key().map_or(node.span(), |key| key.span), node)
    }

    fn place_of(&self, span: Span, node: &Node<'_>) -> Place {
        let position = (!span.is_nowhere()).then(|| self.position(span.start)).flatten();
        Place::new(span, position, node.key_path())
    }

    /// Writes XML in Apple's layout: tabs, base64 in lines of 68 characters, the order kept, LF at
    /// the end. The same values give the same bytes; placeholders are written as they are.
    ///
    /// # Errors
    /// [`Unwritable`](crate::error::Unwritable), which names the value.
    pub fn to_xml(&self) -> Result<String, Error> {
        Ok(write_xml(self.root())?)
    }
}

/// Equal if the values are; where they were read does not count.
impl PartialEq for Document {
    fn eq(&self, other: &Self) -> bool {
        self.root == other.root
    }
}

impl Eq for Document {}

/// Profiles carry challenges and passwords: only the outline is shown.
impl core::fmt::Debug for Document {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let values = self.node().walk().count();
        f.debug_struct("Document")
            .field("root", &self.root().kind())
            .field("values", &values)
            .finish_non_exhaustive()
    }
}
