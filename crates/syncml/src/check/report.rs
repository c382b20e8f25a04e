//! Collecting findings.

use core::ops::Range;

use super::{Finding, Severity};
use crate::document::Document;
use crate::value::Value;

/// Findings in one value, behind which the rest of it is not looked at: each has to be looked for
/// in the text as it is escaped.
pub(super) const MOST: usize = 100;

/// Findings in the making.
pub(super) struct Report<'a> {
    pub(super) document: &'a Document,
    findings: Vec<Finding>,
}

/// A finding that can still be completed.
pub(super) struct Draft<'r>(Option<&'r mut Finding>);

impl<'a> Report<'a> {
    pub(super) const fn new(document: &'a Document) -> Self {
        Self { document, findings: Vec::new() }
    }

    pub(super) fn error(
        &mut self,
        rule: &'static str,
        span: Range<usize>,
        found: impl Into<String>,
        why: &'static str,
    ) -> Draft<'_> {
        self.add(rule, Severity::Error, span, found.into(), why)
    }

    pub(super) fn warning(
        &mut self,
        rule: &'static str,
        span: Range<usize>,
        found: impl Into<String>,
        why: &'static str,
    ) -> Draft<'_> {
        self.add(rule, Severity::Warning, span, found.into(), why)
    }

    pub(super) fn advice(
        &mut self,
        rule: &'static str,
        span: Range<usize>,
        found: impl Into<String>,
        why: &'static str,
    ) -> Draft<'_> {
        self.add(rule, Severity::Advice, span, found.into(), why)
    }

    pub(super) fn add(
        &mut self,
        rule: &'static str,
        severity: Severity,
        span: Range<usize>,
        found: String,
        why: &'static str,
    ) -> Draft<'_> {
        let place = self.document.place(span);
        let finding = Finding { rule, severity, place, found, why, instead: None };
        self.findings.push(finding);
        Draft(self.findings.last_mut())
    }

    /// Where a part of a value stands.
    pub(super) fn part(&self, value: &Value<'_>, part: Range<usize>) -> Range<usize> {
        self.document.part(value, part)
    }

    /// The findings in the order of the text.
    pub(super) fn finish(mut self) -> Vec<Finding> {
        self.findings.sort_by_key(|finding| (finding.place.span.start, finding.rule));
        self.findings
    }
}

impl Draft<'_> {
    /// Says which node is spoken of.
    pub(super) fn at(mut self, loc_uri: &str) -> Self {
        if let Some(finding) = &mut self.0 {
            finding.place.loc_uri = Some(shorten(loc_uri, 1023).to_owned());
        }
        self
    }

    /// Says what to write instead.
    pub(super) fn instead(mut self, text: impl Into<String>) -> Self {
        if let Some(finding) = &mut self.0 {
            finding.instead = Some(text.into());
        }
        self
    }

    /// Says it if there is something to say.
    pub(super) fn instead_if(self, text: Option<impl Into<String>>) -> Self {
        match text {
            Some(text) => self.instead(text),
            None => self,
        }
    }
}

/// A text between quotation marks, cut if it is long.
pub(super) fn quote(text: &str) -> String {
    let short = shorten(text, 80);
    let dots = if short.len() < text.len() { "…" } else { "" };
    format!("\"{}{dots}\"", short.escape_debug())
}

fn shorten(text: &str, characters: usize) -> &str {
    let end = text.char_indices().nth(characters).map_or(text.len(), |(at, _)| at);
    text.get(..end).unwrap_or(text)
}
