//! XML 1.0 as profiles use it, with the place of everything.
//!
//! Nothing is decoded before somebody asks for it: a template needs to know where the texts are, and
//! not what they say.

mod reader;

use core::ops::Range;
use std::borrow::Cow;

use devicecert_xml::{line_ends, resolve};

pub(crate) use reader::{Dialect, Fault, read};

/// What a text was read into.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tree {
    /// The outermost elements.
    pub(crate) roots: Vec<Element>,
    /// Comments, with their marks.
    pub(crate) comments: Vec<Range<usize>>,
    /// CDATA sections, without their marks.
    pub(crate) cdata: Vec<Range<usize>>,
}

/// Whether a byte is within one of some spans, which are in order and apart from each other.
pub(crate) fn is_within(spans: &[Range<usize>], at: usize) -> bool {
    let next = spans.partition_point(|span| span.end <= at);
    spans.get(next).is_some_and(|span| span.contains(&at))
}

/// An element.
#[derive(Clone, Debug)]
pub(crate) struct Element {
    /// Its name in the start tag.
    pub(crate) name: Range<usize>,
    /// From the `<` of the start tag to the `>` of the end tag.
    pub(crate) span: Range<usize>,
    /// What is between the tags; empty behind the tag for `<a/>`.
    pub(crate) inner: Range<usize>,
    /// The elements and texts inside.
    pub(crate) children: Vec<Node>,
}

/// Something inside an element.
#[derive(Clone, Debug)]
pub(crate) enum Node {
    Element(Element),
    Text(Text),
}

/// Characters inside an element, up to the next tag, comment or end of a CDATA section.
#[derive(Clone, Debug)]
pub(crate) struct Text {
    /// Where they are, without the marks of CDATA.
    pub(crate) span: Range<usize>,
    /// How they are written.
    pub(crate) form: TextForm,
}

/// How a text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TextForm {
    /// With references.
    Plain,
    /// As CDATA section.
    Cdata,
}

impl Element {
    /// The name without its prefix.
    pub(crate) fn local_name<'a>(&self, text: &'a str) -> &'a str {
        let name = text.get(self.name.clone()).unwrap_or_default();
        name.rsplit_once(':').map_or(name, |(_, local)| local)
    }

    /// The elements directly inside.
    pub(crate) fn elements(&self) -> impl DoubleEndedIterator<Item = &Self> {
        self.children.iter().filter_map(|child| match child {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// The texts directly inside.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &Text> {
        self.children.iter().filter_map(|child| match child {
            Node::Text(text) => Some(text),
            Node::Element(_) => None,
        })
    }

    /// The first element directly inside with this name.
    pub(crate) fn first(&self, text: &str, name: &str) -> Option<&Self> {
        self.elements().find(|element| element.local_name(text) == name)
    }

    /// What its texts say.
    pub(crate) fn value<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let mut texts = self.texts();
        let Some(first) = texts.next() else { return Cow::Borrowed("") };
        let mut value = first.value(text);
        for next in texts {
            value.to_mut().push_str(&next.value(text));
        }
        value
    }

    /// The elements from here down to the innermost one around some bytes.
    pub(crate) fn way_to(&self, span: &Range<usize>) -> Vec<&Self> {
        let mut way = vec![self];
        let mut here = self;
        loop {
            let next = here.children.partition_point(|child| child.span().end <= span.start);
            match here.children.get(next) {
                Some(Node::Element(inner))
                    if inner.span.start <= span.start && span.end <= inner.span.end =>
                {
                    way.push(inner);
                    here = inner;
                }
                _ => return way,
            }
        }
    }
}

impl Node {
    const fn span(&self) -> &Range<usize> {
        match self {
            Self::Element(element) => &element.span,
            Self::Text(text) => &text.span,
        }
    }
}

impl Text {
    /// What it says.
    pub(crate) fn value<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let raw = text.get(self.span.clone()).unwrap_or_default();
        match self.form {
            TextForm::Cdata => line_ends(raw),
            TextForm::Plain => decode(raw),
        }
    }
}

/// What a text with references says.
fn decode(raw: &str) -> Cow<'_, str> {
    if !raw.contains(['&', '\r']) {
        return Cow::Borrowed(raw);
    }
    let mut pieces = raw.split('&');
    let mut out = line_ends(pieces.next().unwrap_or_default()).into_owned();
    for piece in pieces {
        match piece.split_once(';').and_then(|(name, rest)| Some((resolve(name)?, rest))) {
            Some((character, rest)) => {
                out.push(character);
                out.push_str(&line_ends(rest));
            }
            // The reader has refused this.
            None => out.push_str(piece),
        }
    }
    Cow::Owned(out)
}
