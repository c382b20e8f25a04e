//! From a text to its tree, and what SyncML forbids beside elements and texts.

use core::ops::Range;

use devicecert_pki::error::LimitExceeded;
use devicecert_xml::{Fault, Found, Reader, Tag, TokenKind, line_ends};

use super::{Attribute, Element, Node, Text};
use crate::error::{Error, Malformed};
use crate::limits::Limits;
use crate::place::Lines;

/// What stands in a text: one element or several, and what is beside them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Forest {
    pub(crate) nodes: Vec<Node>,
    /// The XML declaration.
    pub(crate) declaration: Option<Range<usize>>,
}

/// Reads a text into elements; how many may stand side by side is not decided here.
pub(crate) fn read(text: &str, limits: &Limits) -> Result<Forest, Error> {
    LimitExceeded::check("the document (bytes)", limits.bytes, text.len())?;
    let mut builder = Builder {
        text,
        limits,
        open: Vec::new(),
        prefixes: Vec::new(),
        nodes: 0,
        forest: Forest::default(),
    };
    match builder.run() {
        Ok(()) => Ok(builder.forest),
        Err(Stop::Limit(limit)) => Err(limit.into()),
        Err(Stop::Fault(Fault { span, expected, found })) => {
            let place = Lines::of(text).place(text, span);
            Err(Malformed { place, expected, found }.into())
        }
    }
}

/// Why reading ends early.
enum Stop {
    Fault(Fault),
    Limit(LimitExceeded),
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<LimitExceeded> for Stop {
    fn from(limit: LimitExceeded) -> Self {
        Self::Limit(limit)
    }
}

struct Builder<'a> {
    text: &'a str,
    limits: &'a Limits,
    open: Vec<Element>,
    /// Declared prefixes, each with the depth of its element.
    prefixes: Vec<(usize, String)>,
    nodes: usize,
    forest: Forest,
}

impl Builder<'_> {
    fn run(&mut self) -> Result<(), Stop> {
        let mut reader = Reader::new(self.text);
        while let Some(token) = reader.read()? {
            let span = token.span;
            match token.kind {
                TokenKind::Start(tag) => self.start(tag, span)?,
                TokenKind::Empty(tag) => {
                    let end = span.end;
                    self.start(tag, span)?;
                    self.end(end);
                }
                TokenKind::End => self.end(span.end),
                TokenKind::Text(text) => self.characters(&line_ends(text), span, false)?,
                TokenKind::CData(text) => self.characters(&line_ends(text), span, true)?,
                TokenKind::Reference(character) => {
                    self.characters(character.encode_utf8(&mut [0; 4]), span, false)?;
                }
                TokenKind::Comment(text) => {
                    self.push(Node::Comment(line_ends(text).into_owned()))?;
                }
                TokenKind::Declaration(declaration) => {
                    if !declaration.before().is_empty() {
                        let found = Found::Other("an XML declaration");
                        return Err(Fault::new(span, "it at the very start", found).into());
                    }
                    let encoding = declaration.encoding();
                    if !encoding.is_none_or(|name| name.eq_ignore_ascii_case("utf-8")) {
                        let found = Found::Other("another encoding");
                        return Err(Fault::new(span, "an XML declaration with UTF-8", found).into());
                    }
                    self.forest.declaration = Some(span);
                }
                TokenKind::ProcessingInstruction => {
                    let found = Found::Other("a processing instruction");
                    return Err(Fault::new(span, "elements and text only", found).into());
                }
                TokenKind::DocType(_) => {
                    let found = Found::Other("a document type declaration");
                    return Err(Fault::new(span, "elements and text only", found).into());
                }
            }
        }
        Ok(())
    }

    fn start(&mut self, tag: Tag<'_>, span: Range<usize>) -> Result<(), Stop> {
        let depth = self.open.len().saturating_add(1);
        LimitExceeded::check("the depth of elements", self.limits.depth, depth)?;
        let Tag { name, name_span, attributes } = tag;
        let limit = self.limits.attributes;
        LimitExceeded::check("attributes of one element", limit, attributes.len())?;
        self.count(attributes.len())?;
        for attribute in &attributes {
            if let Some(prefix) = attribute.name.strip_prefix("xmlns:") {
                self.prefixes.push((depth, prefix.to_owned()));
            }
        }
        let names = attributes.iter().map(|attribute| (attribute.name, &attribute.span));
        for (name, at) in names.chain([(name, &name_span)]) {
            if let Some((prefix, _)) = name.split_once(':') {
                let known = |declared: &(usize, String)| declared.1 == prefix;
                if !matches!(prefix, "xml" | "xmlns") && !self.prefixes.iter().any(known) {
                    let found = Found::named("the prefix", prefix);
                    return Err(
                        Fault::new(at.clone(), "a prefix that xmlns declares", found).into()
                    );
                }
            }
        }
        self.count(1)?;
        self.open.push(Element {
            name: name.to_owned(),
            attributes: attributes.into_iter().map(Attribute::from).collect(),
            children: Vec::new(),
            span,
            name_span,
        });
        Ok(())
    }

    fn end(&mut self, end: usize) {
        let depth = self.open.len();
        self.prefixes.truncate(self.prefixes.partition_point(|(at, _)| *at < depth));
        // There is no end without a start: the reader refuses it.
        let Some(mut element) = self.open.pop() else { return };
        element.span.end = end;
        self.siblings().push(Node::Element(element));
    }

    fn characters(&mut self, value: &str, span: Range<usize>, cdata: bool) -> Result<(), Stop> {
        if let Some(Node::Text(text)) = self.siblings().last_mut() {
            text.value.push_str(value);
            text.span.end = span.end;
            text.cdata |= cdata;
            return Ok(());
        }
        // An empty CDATA section is no text, and would be none after writing.
        if value.is_empty() {
            return Ok(());
        }
        self.push(Node::Text(Text { value: value.to_owned(), span, cdata }))
    }

    fn push(&mut self, node: Node) -> Result<(), Stop> {
        self.count(1)?;
        self.siblings().push(node);
        Ok(())
    }

    fn siblings(&mut self) -> &mut Vec<Node> {
        match self.open.last_mut() {
            Some(element) => &mut element.children,
            None => &mut self.forest.nodes,
        }
    }

    fn count(&mut self, more: usize) -> Result<(), Stop> {
        self.nodes = self.nodes.saturating_add(more);
        Ok(LimitExceeded::check("elements, attributes and texts", self.limits.nodes, self.nodes)?)
    }
}
