//! Variables in an XML property list.

use super::Context;
use super::spots::{Content, Spots};
use crate::limits::Limits;
use crate::xml::{Dialect, Element, Fault, read};

pub(super) fn place(spots: &mut Spots<'_>, limits: &Limits) -> Result<(), Fault> {
    let text = spots.text;
    let tree = read(text, Dialect::Plist, limits)?;
    let mut open: Vec<&Element> = tree.roots.iter().collect();
    while let Some(element) = open.pop() {
        if spots.within(&element.inner).is_empty() {
            continue;
        }
        open.extend(element.elements());
        let content = Content::of(element, text);
        for piece in element.texts() {
            match element.local_name(text) {
                "string" | "key" => spots.text(&content, piece, Context::of(piece.form)),
                "data" => spots.whole(&content, piece, Context::Base64),
                "integer" => spots.whole(&content, piece, Context::Integer),
                _ => spots.none(piece),
            }
        }
    }
    spots.settle(&tree.comments);
    Ok(())
}
