//! XML 1.0 as SyncML uses it: elements, attributes, texts; no DTD, no processing instructions.

mod element;
mod reader;
mod write;

pub use element::{Attribute, Element, Node, Text};

pub(crate) use reader::{Forest, read};
pub(crate) use write::write;
