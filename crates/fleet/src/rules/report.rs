//! Collecting findings.

use core::ops::Range;

use super::Rules;
use super::catalogue::Rule;
use crate::finding::Finding;
use crate::place::{Lines, Place};

/// Findings in the making.
pub(super) struct Report<'a> {
    lines: Lines<'a>,
    rules: Rules,
    most: usize,
    findings: Vec<Finding>,
}

/// A finding that can still be completed.
pub(super) struct Draft<'r>(Option<&'r mut Finding>);

impl<'a> Report<'a> {
    pub(super) fn new(text: &'a str, rules: Rules, most: usize) -> Self {
        Self { lines: Lines::of(text), rules, most, findings: Vec::new() }
    }

    /// Whether nothing more is told.
    pub(super) const fn is_full(&self) -> bool {
        self.findings.len() >= self.most
    }

    /// Adds a finding, if the rule belongs to the edition and there are not too many already.
    pub(super) fn find(
        &mut self,
        rule: &'static Rule,
        span: Range<usize>,
        message: impl Into<String>,
    ) -> Draft<'_> {
        if self.is_full() || !rule.is_in(self.rules) {
            return Draft(None);
        }
        self.findings.push(Finding {
            rule: rule.id,
            severity: rule.severity,
            message: message.into(),
            place: self.lines.place(span),
            why: rule.why,
            instead: None,
            service: rule.service,
        });
        Draft(self.findings.last_mut())
    }

    /// The places of the findings so far that have no path yet.
    pub(super) fn places(&mut self) -> impl Iterator<Item = &mut Place> {
        self.findings.iter_mut().map(|finding| &mut finding.place)
    }

    /// The findings in the order of the text.
    pub(super) fn finish(mut self) -> Vec<Finding> {
        self.findings.sort_by_key(|finding| (finding.place.span.start, finding.rule));
        self.findings
    }
}

impl Draft<'_> {
    /// Says what to write instead.
    pub(super) fn instead(self, text: impl Into<String>) -> Self {
        self.instead_if(Some(text))
    }

    /// Says it if there is something to say.
    pub(super) fn instead_if(mut self, text: Option<impl Into<String>>) -> Self {
        if let Some(finding) = &mut self.0 {
            finding.instead = text.map(Into::into);
        }
        self
    }
}
