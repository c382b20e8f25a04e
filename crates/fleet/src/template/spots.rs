//! Which variable goes where: every variable of a text finds its place, or is refused.

use core::ops::Range;

use devicecert_xml::is_blank;

use super::{Context, Edit, WhyMisplaced};
use crate::variable::Occurrence;
use crate::xml::{Element, Text, TextForm, is_within};

/// The variables of a text, and what has become of them.
pub(super) struct Spots<'a> {
    pub(super) text: &'a str,
    /// All of them, in their order.
    pub(super) found: &'a [Occurrence],
    /// What is done with those that have a place.
    pub(super) edits: Vec<Edit>,
    /// Those that have none.
    pub(super) refused: Vec<(Occurrence, WhyMisplaced)>,
    /// Where those stand that are dealt with.
    settled: Vec<usize>,
}

impl<'a> Spots<'a> {
    pub(super) const fn new(text: &'a str, found: &'a [Occurrence]) -> Self {
        Self { text, found, edits: Vec::new(), refused: Vec::new(), settled: Vec::new() }
    }

    /// The variables within some bytes.
    pub(super) fn within(&self, span: &Range<usize>) -> &'a [Occurrence] {
        let start = self.found.partition_point(|found| found.span.start < span.start);
        let end = self.found.partition_point(|found| found.span.end <= span.end);
        self.found.get(start..end).unwrap_or_default()
    }

    /// A value goes in the place of this variable.
    pub(super) fn fill(&mut self, found: &Occurrence, context: Context) {
        self.settled.push(found.span.start);
        self.edits.push(Edit::fill(found.span.clone(), found.variable.clone(), context));
    }

    /// This variable cannot stand there.
    pub(super) fn refuse(&mut self, found: &Occurrence, why: WhyMisplaced) {
        self.settled.push(found.span.start);
        self.refused.push((found.clone(), why));
    }

    /// No variable can stand in this text.
    pub(super) fn none(&mut self, piece: &Text) {
        for found in self.within(&piece.span) {
            self.refuse(found, WhyMisplaced::Element);
        }
    }

    /// Takes the variables of a text; one of a CA has to be all of its element.
    pub(super) fn text(&mut self, content: &Content<'_>, piece: &Text, context: Context) {
        let found = self.within(&piece.span);
        if let [one] = found
            && one.variable.is_of_a_ca()
        {
            return self.whole(content, piece, context);
        }
        for found in found {
            if found.variable.is_of_a_ca() {
                self.refuse(found, WhyMisplaced::Embedded);
            } else {
                self.fill(found, context);
            }
        }
    }

    /// Takes the one variable of a text, which has to be all of its element.
    ///
    /// White space around it is dropped, as Fleet does.
    pub(super) fn whole(&mut self, content: &Content<'_>, piece: &Text, context: Context) {
        let blank = |span: Range<usize>| is_blank(self.text.get(span).unwrap_or_default());
        match self.within(&piece.span) {
            [] => {}
            [one]
                if content.texts == 1
                    && content.elements == 0
                    && blank(piece.span.start..one.span.start)
                    && blank(one.span.end..piece.span.end) =>
            {
                self.edits.push(Edit::literal(piece.span.start..one.span.start, ""));
                self.fill(one, context);
                self.edits.push(Edit::literal(one.span.end..piece.span.end, ""));
                let others = content.element.texts().filter(|other| other.span != piece.span);
                self.edits.extend(others.map(|other| Edit::literal(other.span.clone(), "")));
            }
            several => several.iter().for_each(|found| self.refuse(found, WhyMisplaced::Embedded)),
        }
    }

    /// Refuses the variables that nobody has come across. Those in comments need no place.
    pub(super) fn settle(&mut self, comments: &[Range<usize>]) {
        self.settled.sort_unstable();
        for found in self.found {
            let at = found.span.start;
            if !is_within(comments, at) && self.settled.binary_search(&at).is_err() {
                self.refused.push((found.clone(), WhyMisplaced::Markup));
            }
        }
    }
}

/// What is directly in an element, looked at once for all of its texts.
pub(super) struct Content<'a> {
    pub(super) element: &'a Element,
    /// Texts that are not blank.
    pub(super) texts: usize,
    /// Elements.
    pub(super) elements: usize,
    /// Whether what it says is another XML document.
    is_document: bool,
}

impl<'a> Content<'a> {
    pub(super) fn of(element: &'a Element, text: &str) -> Self {
        let blank = |piece: &Text| is_blank(text.get(piece.span.clone()).unwrap_or_default());
        let first = element.texts().map(|piece| piece.value(text)).find(|said| !is_blank(said));
        Self {
            element,
            texts: element.texts().filter(|piece| !blank(piece)).count(),
            elements: element.elements().count(),
            is_document: first.is_some_and(|said| said.trim_ascii_start().starts_with('<')),
        }
    }

    /// The context of a text in it, where a value must not break a document within either.
    pub(super) const fn context(&self, form: TextForm) -> Context {
        match (self.is_document, form) {
            (true, TextForm::Plain) => Context::XmlInXml,
            (true, TextForm::Cdata) => Context::XmlInCdata,
            (false, form) => Context::of(form),
        }
    }
}
