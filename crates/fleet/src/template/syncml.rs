//! Variables in SyncML commands.

use super::spots::{Content, Spots};
use super::{Context, WhyMisplaced, subject_name};
use crate::limits::Limits;
use crate::windows::{is_subject_name, loc_uri};
use crate::xml::{Dialect, Element, Fault, Text, read};

pub(super) fn place(spots: &mut Spots<'_>, limits: &Limits) -> Result<(), Fault> {
    let text = spots.text;
    let tree = read(text, Dialect::SyncMl, limits)?;
    let mut open: Vec<&Element> = tree.roots.iter().collect();
    while let Some(element) = open.pop() {
        if element.local_name(text) == "Item" {
            item(spots, element);
        } else {
            open.extend(element.elements());
            element.texts().for_each(|piece| spots.none(piece));
        }
    }
    spots.settle(&tree.comments);
    Ok(())
}

fn item(spots: &mut Spots<'_>, item: &Element) {
    let text = spots.text;
    let subject = loc_uri(item, text).is_some_and(|loc_uri| is_subject_name(&loc_uri));
    let mut open: Vec<(&Element, bool)> = vec![(item, false)];
    while let Some((element, inside)) = open.pop() {
        if spots.within(&element.inner).is_empty() {
            continue;
        }
        let name = element.local_name(text);
        let content = Content::of(element, text);
        let data = inside || name == "Data";
        open.extend(element.elements().map(|element| (element, data)));
        for piece in element.texts() {
            match name {
                "Data" if subject => subject_name::place(spots, &content, piece),
                _ if data => spots.text(&content, piece, content.context(piece.form)),
                "LocURI" => address(spots, piece),
                _ => spots.none(piece),
            }
        }
    }
}

/// What is secret is no part of an address.
fn address(spots: &mut Spots<'_>, piece: &Text) {
    for found in spots.within(&piece.span) {
        if found.variable.is_secret() {
            spots.refuse(found, WhyMisplaced::Element);
        } else {
            spots.fill(found, Context::LocUri);
        }
    }
}
