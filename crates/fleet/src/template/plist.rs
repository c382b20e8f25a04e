//! Variables in an XML property list.

use super::Context;
use super::spots::Spots;
use crate::limits::Limits;
use crate::xml::{Dialect, Element, Fault, read};

pub(super) fn place(spots: &mut Spots<'_>, limits: &Limits) -> Result<(), Fault> {
    let text = spots.text;
    let tree = read(text, Dialect::Plist, limits)?;
    let mut open: Vec<&Element> = tree.roots.iter().collect();
    while let Some(element) = open.pop() {
        open.extend(element.elements());
        for piece in element.texts() {
            match element.local_name(text) {
                "string" | "key" => spots.text(element, piece, Context::of(piece.form)),
                "data" => spots.whole(element, piece, Context::Base64),
                "integer" => spots.whole(element, piece, Context::Integer),
                _ => spots.none(piece),
            }
        }
    }
    spots.settle(&tree.comments);
    Ok(())
}
