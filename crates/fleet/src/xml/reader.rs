//! From a text to its tree.

use core::ops::Range;

use quick_xml::errors::{Error as Quick, IllFormedError};
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use super::character::{first_illegal, is_blank, is_name, resolve};
use super::{Element, Node, Text, TextForm, Tree};
use crate::error::{Error, Found, LimitExceeded, Malformed};
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

/// Reads a text.
pub(crate) fn read(text: &str, dialect: Dialect, limits: &Limits) -> Result<Tree, Fault> {
    Limits::check("the profile (bytes)", limits.bytes, text.len())?;
    if let Some((at, character)) = first_illegal(text) {
        let span = at..at.saturating_add(character.len_utf8());
        let found = Found::Character(u32::from(character));
        return Err(Fault::new(span, "characters that XML 1.0 allows", found));
    }
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
                    self.end(end, end);
                }
                Event::End(_) => self.end(span.start, span.end),
                Event::Text(text) => {
                    if text.into_inner().contains("]]>") {
                        let found = Found::Other("]]> outside of CDATA");
                        return Err(Fault::new(span, "text, with > written as &gt;", found));
                    }
                    self.characters(span, TextForm::Plain)?;
                }
                Event::GeneralRef(reference) => {
                    let name = reference.into_inner();
                    if resolve(&name).is_none() {
                        let name = name.chars().take(64).collect::<String>().into();
                        let found = Found::Named { what: "the reference", name };
                        let expected = "&lt; &gt; &amp; &quot; &apos; or the number of a character";
                        return Err(Fault::new(span, expected, found));
                    }
                    self.characters(span, TextForm::Plain)?;
                }
                Event::CData(_) => {
                    let inner = span.start.saturating_add("<![CDATA[".len())
                        ..span.end.saturating_sub("]]>".len());
                    self.tree.cdata.push(inner.clone());
                    self.characters(inner, TextForm::Cdata)?;
                }
                Event::Comment(comment) => {
                    let comment = comment.into_inner();
                    if comment.contains("--") || comment.ends_with('-') {
                        let found = Found::Other("-- inside a comment");
                        return Err(Fault::new(span, "a comment without --", found));
                    }
                    self.count()?;
                    self.tree.comments.push(span);
                }
                Event::Decl(_) if self.dialect == Dialect::Plist && self.is_first(start) => {}
                Event::Decl(_) | Event::PI(_) => {
                    return Err(Fault { span, what: What::ProcessingInstruction });
                }
                Event::DocType(doctype) => {
                    let early = self.open.is_empty() && self.tree.roots.is_empty();
                    let plain = !doctype.into_inner().contains('[');
                    if self.dialect != Dialect::Plist || !early || !plain {
                        let found = Found::Other("a document type declaration");
                        return Err(Fault::new(span, "elements and text only", found));
                    }
                }
                Event::Eof => break,
            }
        }
        match self.open.last() {
            None => Ok(self.tree),
            Some(open) => {
                let name = self.text.get(open.name.clone()).unwrap_or_default().into();
                let found = Found::Named { what: "no end of", name };
                Err(Fault::new(open.span.clone(), "an end tag for every element", found))
            }
        }
    }

    /// Whether nothing but white space is before `at`.
    fn is_first(&self, at: usize) -> bool {
        let before = self.text.get(..at).unwrap_or_default();
        is_blank(before.trim_start_matches('\u{feff}'))
    }

    fn start(&mut self, tag: &BytesStart<'_>, span: Range<usize>) -> Result<(), Fault> {
        Limits::check(
            "the depth of elements",
            self.limits.depth,
            self.open.len().saturating_add(1),
        )?;
        if self.dialect == Dialect::Plist && self.open.is_empty() && !self.tree.roots.is_empty() {
            let found = Found::Other("a second root");
            return Err(Fault::new(span, "the end of the document", found));
        }
        let name = tag.name().into_inner();
        let name_start = span.start.saturating_add(1);
        let name_span = name_start..name_start.saturating_add(name.len());
        if !is_name(name) {
            let found = Found::Named { what: "the tag", name: name.into() };
            return Err(Fault::new(name_span, "the name of an element", found));
        }
        // Looking for a second of the same name is only cheap while there are few.
        for (number, attribute) in tag.attributes().enumerate() {
            Limits::check("attributes of one element", MOST_ATTRIBUTES, number)?;
            let sound = attribute.is_ok_and(|attribute| {
                let mut references = attribute.value.split('&').skip(1);
                is_name(attribute.key.as_ref())
                    && !attribute.value.contains('<')
                    && references.all(|piece| {
                        piece.split_once(';').and_then(|(name, _)| resolve(name)).is_some()
                    })
            });
            if !sound {
                let found = Found::Other("a damaged attribute");
                return Err(Fault::new(span, "every attribute once, as name=\"value\"", found));
            }
        }
        self.count()?;
        let inner = span.end..span.end;
        self.open.push(Element { name: name_span, span, inner, children: Vec::new() });
        Ok(())
    }

    fn end(&mut self, inner: usize, end: usize) {
        // quick-xml reports an end without a start itself.
        let Some(mut element) = self.open.pop() else { return };
        element.inner.end = inner;
        element.span.end = end;
        match self.open.last_mut() {
            Some(outer) => outer.children.push(Node::Element(element)),
            None => self.tree.roots.push(element),
        }
    }

    fn characters(&mut self, span: Range<usize>, form: TextForm) -> Result<(), Fault> {
        let blank = is_blank(self.text.get(span.clone()).unwrap_or_default());
        let Some(open) = self.open.last_mut() else {
            if blank && form == TextForm::Plain {
                return Ok(());
            }
            let found = Found::Other("text outside of every element");
            return Err(Fault::new(span, "an element", found));
        };
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
        Ok(Limits::check("elements and texts", self.limits.nodes, self.nodes)?)
    }
}

fn refused(error: &Quick, start: usize, at: usize) -> Fault {
    let named = |what, name: &str| Found::Named {
        what,
        name: name.chars().take(64).collect::<String>().into(),
    };
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
    Fault::new(start..at.max(start.saturating_add(1)), expected, found)
}
