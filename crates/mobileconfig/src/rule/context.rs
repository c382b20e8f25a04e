//! What every rule gets: the profile taken apart, and a place for what it finds.

use std::rc::Rc;

use super::Target;
use crate::finding::{Finding, Place, Severity};
use crate::payload::{Platform, Schema, schema};
use crate::plist::{Document, Node, Value};
use crate::profile::Profile;

/// A profile that is being checked.
pub(super) struct Context<'a> {
    /// The root of the property list.
    pub(super) root: Node<'a>,
    /// The payloads: the dictionaries in the array `PayloadContent`.
    pub(super) payloads: Rc<[PayloadNode<'a>]>,
    /// What the profile is for.
    pub(super) target: &'a Target,
    /// The profile as it was read.
    pub(super) profile: &'a Profile,
    document: &'a Document,
    findings: Vec<Finding>,
}

/// A payload, what it says it is, and what is known of that type.
#[derive(Clone)]
pub(super) struct PayloadNode<'a> {
    pub(super) node: Node<'a>,
    pub(super) kind: &'a str,
    pub(super) schema: Option<&'static Schema>,
}

impl<'a> Context<'a> {
    pub(super) fn new(profile: &'a Profile, target: &'a Target) -> Self {
        let document = profile.document();
        let payloads = profile.payloads().filter_map(PayloadNode::new).collect();
        let root = document.node();
        Self { root, payloads, target, profile, document, findings: Vec::new() }
    }

    /// Everything that was found, in the order in which it stands in the profile.
    pub(super) fn finish(mut self) -> Vec<Finding> {
        self.findings.sort_by(|a, b| {
            let key = |finding: &Finding| (finding.place.span.start, finding.rule);
            key(a).cmp(&key(b))
        });
        self.findings
    }

    pub(super) fn platform(&self) -> Option<Platform> {
        self.target.platform
    }

    /// The payloads of one type.
    pub(super) fn of_type(&self, kind: &str) -> Vec<PayloadNode<'a>> {
        self.payloads.iter().filter(|payload| payload.kind == kind).cloned().collect()
    }

    pub(super) fn push(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    /// The place of a value.
    pub(super) fn at(&self, node: &Node<'_>) -> Place {
        self.document.place(node)
    }

    /// The place of the key of a value, or of the value if it is an item of an array.
    pub(super) fn at_key(&self, node: &Node<'_>) -> Place {
        self.document.key_place(node)
    }

    /// Something about a value that keeps a device from using it.
    pub(super) fn error(
        &mut self,
        rule: &'static str,
        node: &Node<'_>,
        found: impl Into<String>,
        why: impl Into<String>,
    ) {
        self.push(Finding::new(rule, Severity::Error, self.at(node), found, why));
    }

    /// Something about a value that does not do what it looks like.
    pub(super) fn warn(
        &mut self,
        rule: &'static str,
        node: &Node<'_>,
        found: impl Into<String>,
        why: impl Into<String>,
    ) {
        self.push(Finding::new(rule, Severity::Warning, self.at(node), found, why));
    }

    /// As [`error`](Self::error), with what to write in its place.
    pub(super) fn error_instead(
        &mut self,
        rule: &'static str,
        node: &Node<'_>,
        found: impl Into<String>,
        why: impl Into<String>,
        instead: impl Into<String>,
    ) {
        let finding = Finding::new(rule, Severity::Error, self.at(node), found, why);
        self.push(finding.instead(instead));
    }

    /// As [`warn`](Self::warn), with what to write in its place.
    pub(super) fn warn_instead(
        &mut self,
        rule: &'static str,
        node: &Node<'_>,
        found: impl Into<String>,
        why: impl Into<String>,
        instead: impl Into<String>,
    ) {
        let finding = Finding::new(rule, Severity::Warning, self.at(node), found, why);
        self.push(finding.instead(instead));
    }
}

impl<'a> PayloadNode<'a> {
    fn new(node: Node<'a>) -> Option<Self> {
        let dictionary = node.value().as_dictionary()?;
        let kind = dictionary.get("PayloadType").and_then(Value::as_str).unwrap_or_default();
        Some(Self { node, kind, schema: schema(kind) })
    }

    /// A value of the payload, found by its keys.
    pub(super) fn find(&self, keys: &[&str]) -> Option<Node<'a>> {
        keys.iter().try_fold(self.node.clone(), |node, key| node.get(key))
    }

    /// The `PayloadUUID`, if it is a text without placeholder.
    pub(super) fn uuid(&self) -> Option<&'a str> {
        literal(&self.node.get("PayloadUUID")?)
    }
}

/// The text of a string without placeholder.
pub(super) fn literal<'a>(node: &Node<'a>) -> Option<&'a str> {
    node.value().as_literal()
}

/// How a value is told to people: by its type, as its content may be a secret.
pub(super) fn kind_of(node: &Node<'_>) -> String {
    format!("a value of type {}", node.kind())
}
