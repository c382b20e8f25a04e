//! From a text to its tree.

use core::ops::Range;

use devicecert_pki::error::LimitExceeded;
use devicecert_xml::{Found, Reader, Tag, TokenKind, is_blank};

use super::{Element, Node, Text, TextForm, Tree};
use crate::error::{Error, Malformed};
use crate::limits::Limits;
use crate::place::Lines;

/// Neither a property list nor SyncML has elements with more than a handful.
const MOST_ATTRIBUTES: usize = 64;

/// What a document may have around its elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// One root; an XML declaration and a DOCTYPE without declarations before it.
    Plist,
    /// Any number of roots; no declaration, DOCTYPE or processing instruction.
    SyncMl,
}

/// Why a text is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) span: Range<usize>,
    pub(crate) what: What,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum What {
    Syntax { expected: &'static str, found: Found },
    ProcessingInstruction,
    Limit(LimitExceeded),
}

impl Fault {
    fn new(span: Range<usize>, expected: &'static str, found: Found) -> Self {
        Self { span, what: What::Syntax { expected, found } }
    }

    /// What is wrong, as the messages of Fleet have it after a colon: in Go's form, and our words.
    pub(crate) fn in_words(&self, text: &str) -> String {
        let line = Lines::of(text).place(self.span.clone()).line;
        match &self.what {
            What::Syntax { expected, found } => {
                format!("XML syntax error on line {line}: expected {expected}, found {found}")
            }
            What::ProcessingInstruction => "processing instructions are not allowed.".to_owned(),
            What::Limit(limit) => limit.to_string(),
        }
    }

    /// The same as an error about this text.
    pub(crate) fn into_error(self, text: &str) -> Error {
        let place = Lines::of(text).place(self.span);
        match self.what {
            What::Limit(limit) => limit.into(),
            What::Syntax { expected, found } => Malformed { place, expected, found }.into(),
            What::ProcessingInstruction => {
                let found = Found::Other("a processing instruction");
                Malformed { place, expected: "elements and text only", found }.into()
            }
        }
    }
}

impl From<LimitExceeded> for Fault {
    fn from(limit: LimitExceeded) -> Self {
        Self { span: 0..0, what: What::Limit(limit) }
    }
}

impl From<devicecert_xml::Fault> for Fault {
    fn from(fault: devicecert_xml::Fault) -> Self {
        Self::new(fault.span, fault.expected, fault.found)
    }
}

/// Reads a text.
pub(crate) fn read(text: &str, dialect: Dialect, limits: &Limits) -> Result<Tree, Fault> {
    LimitExceeded::check("the profile (bytes)", limits.bytes, text.len())?;
    let builder =
        Builder { text, dialect, limits, open: Vec::new(), nodes: 0, tree: Tree::default() };
    builder.run()
}

struct Builder<'a> {
    text: &'a str,
    dialect: Dialect,
    limits: &'a Limits,
    open: Vec<Element>,
    nodes: usize,
    tree: Tree,
}

impl Builder<'_> {
    fn run(mut self) -> Result<Tree, Fault> {
        let mut reader = Reader::new(self.text);
        while let Some(token) = reader.read()? {
            let span = token.span;
            match token.kind {
                TokenKind::Start(tag) => self.start(&tag, span)?,
                TokenKind::Empty(tag) => {
                    let end = span.end;
                    self.start(&tag, span)?;
                    self.end(end, end);
                }
                TokenKind::End => self.end(span.start, span.end),
                TokenKind::Text(_) | TokenKind::Reference(_) => {
                    self.characters(span, TextForm::Plain)?;
                }
                TokenKind::CData(_) => {
                    let inner = span.start.saturating_add("<![CDATA[".len())
                        ..span.end.saturating_sub("]]>".len());
                    self.tree.cdata.push(inner.clone());
                    self.characters(inner, TextForm::Cdata)?;
                }
                TokenKind::Comment(_) => {
                    self.count()?;
                    self.tree.comments.push(span);
                }
                TokenKind::Declaration(declaration)
                    if self.dialect == Dialect::Plist && is_blank(declaration.before()) => {}
                TokenKind::Declaration(_) | TokenKind::ProcessingInstruction => {
                    return Err(Fault { span, what: What::ProcessingInstruction });
                }
                TokenKind::DocType(doctype) => {
                    let early = self.open.is_empty() && self.tree.roots.is_empty();
                    let plain = !doctype.contains('[');
                    if self.dialect != Dialect::Plist || !early || !plain {
                        let found = Found::Other("a document type declaration");
                        return Err(Fault::new(span, "elements and text only", found));
                    }
                }
            }
        }
        Ok(self.tree)
    }

    fn start(&mut self, tag: &Tag<'_>, span: Range<usize>) -> Result<(), Fault> {
        LimitExceeded::check(
            "the depth of elements",
            self.limits.depth,
            self.open.len().saturating_add(1),
        )?;
        if self.dialect == Dialect::Plist && self.open.is_empty() && !self.tree.roots.is_empty() {
            let found = Found::Other("a second root");
            return Err(Fault::new(span, "the end of the document", found));
        }
        LimitExceeded::check("attributes of one element", MOST_ATTRIBUTES, tag.attributes.len())?;
        self.count()?;
        let inner = span.end..span.end;
        let name = tag.name_span.clone();
        self.open.push(Element { name, span, inner, children: Vec::new() });
        Ok(())
    }

    fn end(&mut self, inner: usize, end: usize) {
        // There is no end without a start: the reader refuses it.
        let Some(mut element) = self.open.pop() else { return };
        element.inner.end = inner;
        element.span.end = end;
        match self.open.last_mut() {
            Some(outer) => outer.children.push(Node::Element(element)),
            None => self.tree.roots.push(element),
        }
    }

    fn characters(&mut self, span: Range<usize>, form: TextForm) -> Result<(), Fault> {
        // White space around the elements.
        let Some(open) = self.open.last_mut() else { return Ok(()) };
        // References cut a text into several events.
        if let Some(Node::Text(before)) = open.children.last_mut()
            && before.form == form
            && form == TextForm::Plain
            && before.span.end == span.start
        {
            before.span.end = span.end;
            return Ok(());
        }
        open.children.push(Node::Text(Text { span, form }));
        self.count()
    }

    fn count(&mut self) -> Result<(), Fault> {
        self.nodes = self.nodes.saturating_add(1);
        Ok(LimitExceeded::check("elements and texts", self.limits.nodes, self.nodes)?)
    }
}
