//! The commands of a fragment in the order in which a message can have them.

use crate::error::Misuse;
use crate::operation::SYNCML;
use crate::verb::Verb;
use crate::xml::{Element, Node};

/// The commands of a fragment: a body is taken off, and Final, which the message has itself.
///
/// # Errors
/// [`Misuse::Form`] for an element that is no command: Windows refuses a body with one.
pub(super) fn commands(roots: Vec<Node>) -> Result<Vec<Element>, Misuse> {
    let mut commands = Vec::new();
    for root in elements(roots) {
        if root.local_name() == "SyncBody" {
            let Element { attributes, children, .. } = root;
            commands.extend(elements(children).map(|mut command| {
                // Prefixes and namespaces that the body declared are still in use.
                for attribute in &attributes {
                    let default = attribute.name == "xmlns" && attribute.value != SYNCML;
                    let declares = default || attribute.name.starts_with("xmlns:");
                    if declares && command.attribute_value(&attribute.name).is_none() {
                        command.attributes.push(attribute.clone());
                    }
                }
                command
            }));
        } else {
            commands.push(root);
        }
    }
    commands.retain(|command| command.local_name() != "Final");
    match commands.iter().all(|command| Verb::from_name(command.local_name()).is_some()) {
        true => Ok(commands),
        false => Err(Misuse::Form { expected: "commands only, in one SyncBody or in none" }),
    }
}

/// Puts what changes nodes into one Atomic, and leaves the rest where it is: Windows undoes an
/// Atomic with a Get or another Atomic in it.
///
/// # Errors
/// [`Misuse::Form`] if something else stands between two changes: it would have to move, or they
/// would no longer succeed together.
pub(super) fn atomic(commands: Vec<Element>) -> Result<Vec<Element>, Misuse> {
    let mut outside = Vec::new();
    let mut changes = Vec::new();
    let mut at = 0_usize;
    for command in commands {
        if !changes_nodes(&command) {
            outside.push(command);
        } else if changes.is_empty() || at == outside.len() {
            at = outside.len();
            changes.push(command);
        } else {
            let expected = "Add, Replace, Exec and Delete side by side, to be put into one Atomic";
            return Err(Misuse::Form { expected });
        }
    }
    if !changes.is_empty() {
        outside.insert(at, Element::new("Atomic").with(changes));
    }
    Ok(outside)
}

fn changes_nodes(command: &Element) -> bool {
    let verb = Verb::from_name(command.local_name());
    matches!(verb, Some(Verb::Add | Verb::Replace | Verb::Exec | Verb::Delete))
}

fn elements(nodes: Vec<Node>) -> impl Iterator<Item = Element> {
    nodes.into_iter().filter_map(|node| match node {
        Node::Element(element) => Some(element),
        Node::Text(_) | Node::Comment(_) => None,
    })
}
