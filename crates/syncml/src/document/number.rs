//! CmdIDs (OMA SyncML Representation Protocol 1.2 §6.1), and the layout of what is built.

use crate::verb::Verb;
use crate::xml::{Element, Node, Text};

/// Which CmdIDs are given anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CmdIds {
    /// All of them: 1, 2, 3 in the order of the document.
    All,
    /// Those that are missing or empty; the others stay.
    Missing,
}

/// Numbers these commands and those inside of them.
pub(super) fn number<'a>(elements: impl Iterator<Item = &'a mut Element>, which: CmdIds) {
    let elements: Vec<&mut Element> = elements.collect();
    let mut used = Vec::new();
    if which == CmdIds::Missing {
        elements.iter().for_each(|element| collect(element, &mut used));
        used.sort_unstable();
    }
    let mut next = Counter { last: 0, used };
    elements.into_iter().for_each(|element| apply(element, which, &mut next));
}

struct Counter {
    last: u64,
    used: Vec<u64>,
}

impl Counter {
    fn next(&mut self) -> String {
        loop {
            self.last = self.last.saturating_add(1);
            if self.used.binary_search(&self.last).is_err() {
                return self.last.to_string();
            }
        }
    }
}

/// What holds commands, or is one.
fn is_numbered(element: &Element) -> bool {
    Verb::from_name(element.local_name()).is_some()
}

fn holds_commands(element: &Element) -> bool {
    matches!(element.local_name(), "SyncML" | "SyncBody" | "Atomic" | "Sequence" | "Sync")
}

fn collect(element: &Element, used: &mut Vec<u64>) {
    if is_numbered(element) {
        let id = element.first("CmdID").and_then(|id| id.content().trim().parse::<u64>().ok());
        used.extend(id);
    }
    if holds_commands(element) {
        element.elements().for_each(|child| collect(child, used));
    }
}

fn apply(element: &mut Element, which: CmdIds, next: &mut Counter) {
    if is_numbered(element) {
        let mut children = element.children.iter_mut();
        let id = children.find_map(|child| match child {
            Node::Element(id) if id.local_name() == "CmdID" => Some(id),
            _ => None,
        });
        let text = |value| Node::Text(Text { value, span: 0..0, cdata: false });
        match id {
            Some(id) if which == CmdIds::All || id.content().trim().is_empty() => {
                id.children = vec![text(next.next())];
            }
            Some(_) => {}
            None => {
                let id = Element::new("CmdID").text(next.next());
                element.children.insert(0, Node::Element(id));
            }
        }
    }
    if holds_commands(element) {
        for child in &mut element.children {
            if let Node::Element(child) = child {
                apply(child, which, next);
            }
        }
    }
}

/// Puts every element on a line of its own, except inside of those that hold text.
pub(super) fn laid_out(elements: Vec<Element>) -> Vec<Node> {
    let mut nodes = Vec::new();
    for mut element in elements {
        indent(&mut element, 0);
        nodes.push(Node::Element(element));
        nodes.push(line(0));
    }
    nodes
}

fn indent(element: &mut Element, depth: usize) {
    let children = core::mem::take(&mut element.children);
    if children.is_empty() || children.iter().any(|child| matches!(child, Node::Text(_))) {
        element.children = children;
        return;
    }
    let deeper = depth.saturating_add(1);
    for mut child in children {
        if let Node::Element(child) = &mut child {
            indent(child, deeper);
        }
        element.children.push(line(deeper));
        element.children.push(child);
    }
    element.children.push(line(depth));
}

fn line(depth: usize) -> Node {
    let value = format!("\n{}", "  ".repeat(depth));
    Node::Text(Text { value, span: 0..0, cdata: false })
}
