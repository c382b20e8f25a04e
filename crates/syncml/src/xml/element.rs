//! The tree that a document is read into.

use core::ops::Range;

/// An element, with everything that stood in it.
///
/// Two elements are equal if they say the same: spans, and how a character was escaped, do not
/// count.
#[derive(Clone, Debug)]
pub struct Element {
    /// The name as written, with its prefix.
    pub name: String,
    /// The attributes, `xmlns` included, in their order.
    pub attributes: Vec<Attribute>,
    /// What is inside, in its order.
    pub children: Vec<Node>,
    /// From the `<` of the start tag to the `>` of the end tag.
    pub span: Range<usize>,
    /// The name in the start tag.
    pub name_span: Range<usize>,
}

/// An attribute of an [`Element`].
#[derive(Clone, Debug)]
pub struct Attribute {
    /// The name as written, with its prefix.
    pub name: String,
    /// The value, its references resolved.
    pub value: String,
    /// The value between its quotation marks.
    pub span: Range<usize>,
}

/// Something inside an [`Element`], or beside the outermost ones.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Node {
    /// An element.
    Element(Element),
    /// Characters: plain, as references and in CDATA sections, as one text.
    Text(Text),
    /// A comment, without `<!--` and `-->`.
    Comment(String),
}

/// Characters inside an [`Element`].
#[derive(Clone, Debug)]
pub struct Text {
    /// The characters, references resolved and CDATA unwrapped.
    pub value: String,
    /// Where they stand, escapes and CDATA marks included.
    pub span: Range<usize>,
    /// Whether part of it was a CDATA section.
    pub cdata: bool,
}

impl Element {
    /// An element without content.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            attributes: Vec::new(),
            children: Vec::new(),
            span: 0..0,
            name_span: 0..0,
        }
    }

    /// Adds an attribute.
    #[must_use]
    pub fn attribute(mut self, name: &str, value: impl Into<String>) -> Self {
        self.attributes.push(Attribute { name: name.into(), value: value.into(), span: 0..0 });
        self
    }

    /// Adds characters.
    #[must_use]
    pub fn text(mut self, value: impl Into<String>) -> Self {
        self.children.push(Node::Text(Text { value: value.into(), span: 0..0, cdata: false }));
        self
    }

    /// Adds an element.
    #[must_use]
    pub fn child(mut self, child: Self) -> Self {
        self.children.push(Node::Element(child));
        self
    }

    /// Adds elements.
    #[must_use]
    pub fn with(mut self, children: impl IntoIterator<Item = Self>) -> Self {
        self.children.extend(children.into_iter().map(Node::Element));
        self
    }

    /// The name without its prefix.
    #[must_use]
    pub fn local_name(&self) -> &str {
        local(&self.name)
    }

    /// The elements directly inside.
    pub fn elements(&self) -> impl Iterator<Item = &Self> {
        self.children.iter().filter_map(|child| match child {
            Node::Element(element) => Some(element),
            Node::Text(_) | Node::Comment(_) => None,
        })
    }

    /// The first element directly inside with this name, whatever its prefix.
    #[must_use]
    pub fn first(&self, local_name: &str) -> Option<&Self> {
        self.elements().find(|element| element.local_name() == local_name)
    }

    /// The element at the end of a path of names.
    #[must_use]
    pub fn descend(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |element, name| element.first(name))
    }

    /// The value of an attribute.
    #[must_use]
    pub fn attribute_value(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| attribute.name == name)
    }

    /// The characters directly inside, comments and elements left out.
    #[must_use]
    pub fn content(&self) -> String {
        self.texts().map(|text| text.value.as_str()).collect()
    }

    /// Where the content stands: from its first text to its last, or behind the start tag.
    #[must_use]
    pub fn content_span(&self) -> Range<usize> {
        let mut texts = self.texts();
        match texts.next() {
            Some(first) => first.span.start..texts.last().unwrap_or(first).span.end,
            None => self.span.clone(),
        }
    }

    /// The texts directly inside; more than one if something stands between them.
    pub fn texts(&self) -> impl Iterator<Item = &Text> {
        self.children.iter().filter_map(|child| match child {
            Node::Text(text) => Some(text),
            Node::Element(_) | Node::Comment(_) => None,
        })
    }
}

pub(super) fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

impl PartialEq for Element {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
            && self.attributes == other.attributes
            && self.children == other.children
    }
}

impl From<devicecert_xml::Attribute<'_>> for Attribute {
    fn from(read: devicecert_xml::Attribute<'_>) -> Self {
        Self { name: read.name.to_owned(), value: read.value.into_owned(), span: read.span }
    }
}

impl PartialEq for Attribute {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.value == other.value
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}
