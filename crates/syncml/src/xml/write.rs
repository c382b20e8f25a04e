//! Writing: every character as itself or as a reference, never CDATA.

use devicecert_xml::first_illegal;

use super::{Element, Node};
use crate::error::Misuse;

/// Writes nodes one behind the other.
///
/// # Errors
/// [`Misuse::Character`] for what XML cannot carry in any spelling.
pub(crate) fn write(nodes: &[Node]) -> Result<String, Misuse> {
    let mut out = String::new();
    nodes.iter().try_for_each(|node| write_node(node, &mut out))?;
    Ok(out)
}

fn write_node(node: &Node, out: &mut String) -> Result<(), Misuse> {
    match node {
        Node::Element(element) => write_element(element, out),
        Node::Text(text) => escape(&text.value, Within::Text, out),
        Node::Comment(comment) => {
            check(comment)?;
            out.push_str("<!--");
            out.push_str(comment);
            out.push_str("-->");
            Ok(())
        }
    }
}

// As deep as the tree: what was read keeps to `Limits::depth`, what is built is flat.
fn write_element(element: &Element, out: &mut String) -> Result<(), Misuse> {
    out.push('<');
    out.push_str(&element.name);
    for attribute in &element.attributes {
        out.push(' ');
        out.push_str(&attribute.name);
        out.push_str("=\"");
        escape(&attribute.value, Within::Attribute, out)?;
        out.push('"');
    }
    if element.children.is_empty() {
        out.push_str("/>");
        return Ok(());
    }
    out.push('>');
    element.children.iter().try_for_each(|child| write_node(child, out))?;
    out.push_str("</");
    out.push_str(&element.name);
    out.push('>');
    Ok(())
}

#[derive(Clone, Copy, PartialEq)]
enum Within {
    Text,
    Attribute,
}

fn escape(text: &str, within: Within, out: &mut String) -> Result<(), Misuse> {
    check(text)?;
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            // In a text only `]]>` would need it; everywhere is what people expect.
            '>' => out.push_str("&gt;"),
            // Readers turn a raw CR into LF (XML 1.0 §2.11).
            '\r' => out.push_str("&#13;"),
            '"' if within == Within::Attribute => out.push_str("&quot;"),
            '\t' if within == Within::Attribute => out.push_str("&#9;"),
            '\n' if within == Within::Attribute => out.push_str("&#10;"),
            character => out.push(character),
        }
    }
    Ok(())
}

fn check(text: &str) -> Result<(), Misuse> {
    match first_illegal(text) {
        Some((_, character)) => Err(Misuse::Character(u32::from(character))),
        None => Ok(()),
    }
}
