//! The gate: quick-xml finds the tokens, this refuses what is not well-formed.
//!
//! quick-xml itself checks the nesting of tags. It does not check for a single root, open elements
//! at the end, text outside the root, legal characters, names, references or prefixes.

use core::ops::Range;

use quick_xml::Reader;
use quick_xml::errors::{Error as Quick, IllFormedError};
use quick_xml::events::{BytesStart, Event};

use super::character::{is_blank, is_name, resolve};
use super::{Element, Node, Text, attribute, first_illegal};
use crate::error::{Error, Found, LimitExceeded, Malformed};
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
    Limits::check("the document (bytes)", limits.bytes, text.len())?;
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
        Err(Fault::Limit(limit)) => Err(limit.into()),
        Err(Fault::At(span, expected, found)) => {
            let place = Lines::of(text).place(text, span);
            Err(Malformed { place, expected, found }.into())
        }
    }
}

enum Fault {
    At(Range<usize>, &'static str, Found),
    Limit(LimitExceeded),
}

impl From<LimitExceeded> for Fault {
    fn from(limit: LimitExceeded) -> Self {
        Self::Limit(limit)
    }
}

impl From<attribute::Fault> for Fault {
    fn from((span, expected, found): attribute::Fault) -> Self {
        Self::At(span, expected, found)
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
    fn run(&mut self) -> Result<(), Fault> {
        if let Some((at, character)) = first_illegal(self.text) {
            let found = Found::Character(u32::from(character));
            let span = at..at.saturating_add(character.len_utf8());
            return Err(Fault::At(span, "characters that XML 1.0 allows", found));
        }
        let body = self.text.strip_prefix('\u{feff}').unwrap_or(self.text);
        let base = self.text.len().saturating_sub(body.len());
        let mut reader = Reader::from_str(body);
        reader.config_mut().check_comments = true;
        loop {
            let position = |at: u64| base.saturating_add(usize::try_from(at).unwrap_or(0));
            let start = position(reader.buffer_position());
            let event = match reader.read_event() {
                Ok(event) => event,
                Err(error) => {
                    return Err(refused(&error, start, position(reader.error_position())));
                }
            };
            let span = start..position(reader.buffer_position());
            match event {
                Event::Start(tag) => self.start(&tag, span)?,
                Event::Empty(tag) => {
                    let end = span.end;
                    self.start(&tag, span)?;
                    self.end(end)?;
                }
                Event::End(_) => self.end(span.end)?,
                Event::Text(text) => {
                    let text = text.into_inner();
                    if text.contains("]]>") {
                        let found = Found::Other("]]> outside of CDATA");
                        return Err(Fault::At(span, "text, with > written as &gt;", found));
                    }
                    self.characters(&normal(&text), span, false)?;
                }
                Event::CData(text) => self.characters(&normal(&text.into_inner()), span, true)?,
                Event::GeneralRef(reference) => {
                    let name = reference.into_inner();
                    if self.open.is_empty() {
                        let found = Found::Other("text outside of every element");
                        return Err(Fault::At(span, "an element", found));
                    }
                    let Some(character) = resolve(&name) else {
                        let found = Found::Named { what: "the reference", name: (*name).into() };
                        let expected = "&lt; &gt; &amp; &quot; &apos; or the number of a character";
                        return Err(Fault::At(span, expected, found));
                    };
                    self.characters(character.encode_utf8(&mut [0; 4]), span, false)?;
                }
                Event::Comment(text) => {
                    let text = text.into_inner();
                    if text.contains("--") || text.ends_with('-') {
                        let found = Found::Other("-- inside a comment");
                        return Err(Fault::At(span, "a comment without --", found));
                    }
                    self.push(Node::Comment(normal(&text)))?;
                }
                Event::Decl(declaration) => {
                    if start != base {
                        let found = Found::Other("an XML declaration");
                        return Err(Fault::At(span, "it at the very start", found));
                    }
                    let utf8 = declaration.encoding().is_none_or(|encoding| {
                        encoding.is_ok_and(|name| name.eq_ignore_ascii_case("utf-8"))
                    });
                    if !utf8 {
                        let found = Found::Other("another encoding");
                        return Err(Fault::At(span, "an XML declaration with UTF-8", found));
                    }
                    self.forest.declaration = Some(span);
                }
                Event::PI(_) => {
                    let found = Found::Other("a processing instruction");
                    return Err(Fault::At(span, "elements and text only", found));
                }
                Event::DocType(_) => {
                    let found = Found::Other("a document type declaration");
                    return Err(Fault::At(span, "elements and text only", found));
                }
                Event::Eof => break,
            }
        }
        match self.open.last() {
            None => Ok(()),
            Some(open) => {
                let found = Found::Named { what: "no end of", name: open.name.as_str().into() };
                Err(Fault::At(open.span.clone(), "an end tag for every element", found))
            }
        }
    }

    fn start(&mut self, tag: &BytesStart<'_>, span: Range<usize>) -> Result<(), Fault> {
        let depth = self.open.len().saturating_add(1);
        Limits::check("the depth of elements", self.limits.depth, depth)?;
        let name = tag.name().into_inner();
        let name_start = span.start.saturating_add(1);
        let name_span = name_start..name_start.saturating_add(name.len());
        if !is_name(name) {
            let found = Found::Named { what: "the tag", name: name.into() };
            return Err(Fault::At(name_span, "the name of an element", found));
        }
        let limit = self.limits.attributes;
        let attributes = attribute::read(tag.attributes_raw(), name_span.end, limit)?;
        Limits::check("attributes of one element", limit, attributes.len())?;
        self.count(attributes.len())?;
        for attribute in &attributes {
            if let Some(prefix) = attribute.name.strip_prefix("xmlns:") {
                self.prefixes.push((depth, prefix.to_owned()));
            }
        }
        let names = attributes.iter().map(|attribute| (attribute.name.as_str(), &attribute.span));
        for (name, at) in names.chain([(name, &name_span)]) {
            if let Some((prefix, _)) = name.split_once(':') {
                let known = |declared: &(usize, String)| declared.1 == prefix;
                if !matches!(prefix, "xml" | "xmlns") && !self.prefixes.iter().any(known) {
                    let found = Found::Named { what: "the prefix", name: prefix.into() };
                    return Err(Fault::At(at.clone(), "a prefix that xmlns declares", found));
                }
            }
        }
        self.count(1)?;
        let name = name.to_owned();
        self.open.push(Element { name, attributes, children: Vec::new(), span, name_span });
        Ok(())
    }

    fn end(&mut self, end: usize) -> Result<(), Fault> {
        let depth = self.open.len();
        self.prefixes.truncate(self.prefixes.partition_point(|(at, _)| *at < depth));
        // quick-xml reports an end without a start itself.
        let Some(mut element) = self.open.pop() else { return Ok(()) };
        element.span.end = end;
        self.siblings().push(Node::Element(element));
        Ok(())
    }

    fn characters(&mut self, value: &str, span: Range<usize>, cdata: bool) -> Result<(), Fault> {
        if self.open.is_empty() && (cdata || !is_blank(value)) {
            let found = Found::Other("text outside of every element");
            return Err(Fault::At(span, "an element", found));
        }
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

    fn push(&mut self, node: Node) -> Result<(), Fault> {
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

    fn count(&mut self, more: usize) -> Result<(), Fault> {
        self.nodes = self.nodes.saturating_add(more);
        Ok(Limits::check("elements, attributes and texts", self.limits.nodes, self.nodes)?)
    }
}

/// Line ends as XML hands them over (§2.11).
fn normal(text: &str) -> String {
    if text.contains('\r') {
        text.replace("\r\n", "\n").replace('\r', "\n")
    } else {
        text.to_owned()
    }
}

fn refused(error: &Quick, start: usize, at: usize) -> Fault {
    let named = |what, name: &str| Found::Named { what, name: name.into() };
    let (expected, found) = match error {
        Quick::IllFormed(IllFormedError::MismatchedEndTag { found, .. }) => {
            ("the end of the element that was opened last", named("the end of", found))
        }
        Quick::IllFormed(IllFormedError::UnmatchedEndTag(name)) => {
            ("a start tag before its end tag", named("the end tag", name))
        }
        Quick::IllFormed(IllFormedError::MissingEndTag(name)) => {
            ("an end tag for every element", named("no end of", name))
        }
        Quick::IllFormed(IllFormedError::UnclosedReference) => {
            ("&amp; or a reference that ends with ;", Found::Other("a bare &"))
        }
        Quick::IllFormed(IllFormedError::DoubleHyphenInComment) => {
            ("a comment without --", Found::Other("-- inside a comment"))
        }
        Quick::Syntax(_) => ("the end of the markup that starts here", Found::End),
        _ => ("well-formed XML", Found::Other("something else")),
    };
    // The error may be told further on than the markup starts.
    Fault::At(start..at.max(start.saturating_add(1)), expected, found)
}
