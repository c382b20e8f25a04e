//! Profiles for Windows devices.

use super::Upload;
use super::catalogue::{FL030, FL036, FL042};
use super::report::Report;
use super::{length, loc_uri, ndes, structure, subject};
use crate::variable::{Fixed, OfCa, Variable};
use crate::windows::commands;
use crate::xml::Element;

/// Names that Fleet keeps for profiles of its own.
const RESERVED_NAMES: [&str; 1] = ["Windows OS Updates"];

/// An item of a command, as far as the rules look into it.
pub(super) struct Item<'a> {
    /// Its address, without white space around it.
    pub(super) loc_uri: String,
    /// Where the address stands.
    pub(super) address: core::ops::Range<usize>,
    pub(super) data: Option<&'a Element>,
    pub(super) element: &'a Element,
}

impl<'a> Item<'a> {
    /// Every item with an address.
    fn all(upload: &Upload<'_>, commands: &[&'a Element]) -> Vec<Self> {
        let text = upload.text;
        let items = commands.iter().flat_map(|command| {
            command.elements().filter(|child| child.local_name(text) == "Item")
        });
        let read = |element: &'a Element| {
            let address = element.first(text, "Target")?.first(text, "LocURI")?;
            Some(Item {
                loc_uri: address.value(text).trim().to_owned(),
                address: address.inner.clone(),
                data: element.first(text, "Data"),
                element,
            })
        };
        items.filter_map(read).collect()
    }

    /// The content of Data as it is written, which is what Fleet compares.
    pub(super) fn raw<'t>(&self, text: &'t str) -> &'t str {
        self.data.and_then(|data| text.get(data.inner.clone())).unwrap_or_default()
    }

    /// Where the data stands, or the item where there is none.
    pub(super) fn span(&self) -> core::ops::Range<usize> {
        self.data.map_or_else(|| self.element.span.clone(), |data| data.inner.clone())
    }
}

pub(super) fn check(upload: &Upload<'_>, report: &mut Report<'_>) {
    if let Some(name) = upload.name.filter(|name| RESERVED_NAMES.contains(name)) {
        report.find(&FL036, 0..0, format!("Profile name {name:?} is not allowed."));
    }
    if upload.text.trim().is_empty() {
        report.find(&FL030, 0..0, "The file should include valid XML.");
        return;
    }
    let custom = upload.found.iter().any(|found| {
        let kind = &found.variable;
        matches!(kind, Variable::OfCa(OfCa::CustomScepChallenge | OfCa::CustomScepProxyUrl, _))
    });
    let with_ndes = upload.found.iter().any(|found| {
        let kind = &found.variable;
        matches!(kind, Variable::Fixed(Fixed::NdesScepChallenge | Fixed::NdesScepProxyUrl))
            && kind.may_stand(upload.destination, upload.rules)
    });
    let Some(parsed) = &upload.xml else { return };
    let tree = match parsed {
        Ok(tree) => tree,
        Err(fault) => {
            let error = fault.in_words(upload.text);
            let message = format!("The file should include valid XML: {error}");
            report.find(&FL030, fault.span.clone(), message);
            if custom || with_ndes {
                let message = format!("The payload isn't valid XML: {error}");
                report.find(&FL042, fault.span.clone(), message);
            }
            return;
        }
    };
    let commands = commands(tree, upload.text);
    structure::check(upload, tree, &commands, report);
    loc_uri::check(upload, &commands, report);
    let items = Item::all(upload, &commands);
    for item in &items {
        if custom || with_ndes {
            subject::renewal_id(upload, item, custom, report);
        }
        if with_ndes {
            ndes::check(upload, item, report);
        }
        subject::check(upload, item, report);
        length::windows(upload, item, report);
    }
    paths(&items, report);
}

/// Names the node of every finding.
fn paths(items: &[Item<'_>], report: &mut Report<'_>) {
    for place in report.places() {
        let next = items.partition_point(|item| item.element.span.end <= place.span.start);
        let item = items.get(next).filter(|item| item.element.span.start <= place.span.start);
        place.path = item.map(|item| item.loc_uri.clone());
    }
}
