//! The commands of a Windows profile, as Fleet looks at them.

mod challenge;
mod delivery;

use core::ops::Range;

use crate::variable::{Fixed, Variable, occurrences};
use crate::xml::{Element, Tree};

pub use challenge::{BAD_CHALLENGE, first_unprintable};
pub use delivery::{Command, Delivery, MissingStatus, State, Verb, loc_uris, substituted};

/// The LocURI of an item, without white space around it.
pub(crate) fn loc_uri(item: &Element, text: &str) -> Option<String> {
    let loc_uri = item.first(text, "Target")?.first(text, "LocURI")?;
    Some(loc_uri.value(text).trim().to_owned())
}

/// Whether a LocURI is that of the subject of a SCEP certificate.
pub(crate) fn is_subject_name(loc_uri: &str) -> bool {
    let path = ["./Device/", "./User/", "./"].iter().find_map(|scope| loc_uri.strip_prefix(scope));
    path.is_some_and(|path| {
        path.starts_with("Vendor/MSFT/ClientCertificateInstall/SCEP/")
            && path.ends_with("/Install/SubjectName")
    })
}

/// The commands that count: the outermost, or those in an Atomic, with whether they are in one.
pub(crate) fn commands<'a>(tree: &'a Tree, text: &str) -> Vec<&'a Element> {
    let mut commands = Vec::new();
    for root in &tree.roots {
        if root.local_name(text) == "Atomic" {
            commands.extend(root.elements());
        } else {
            commands.push(root);
        }
    }
    commands
}

/// Every address in a command: what it says, trimmed, and where it stands.
pub(crate) fn addresses(command: &Element, text: &str) -> Vec<(String, Range<usize>)> {
    let mut addresses = Vec::new();
    let mut open = vec![command];
    while let Some(element) = open.pop() {
        let is_target = element.local_name(text) == "Target";
        if let Some(loc_uri) = element.first(text, "LocURI").filter(|_| is_target) {
            addresses.push((loc_uri.value(text).trim().to_owned(), loc_uri.inner.clone()));
        }
        open.extend(element.elements().rev());
    }
    addresses
}

/// Whether a text starts with the id of the certificate, and what is behind it.
pub(crate) fn behind_certificate_id(text: &str) -> Option<&str> {
    let first = occurrences(text).next().filter(|found| found.span.start == 0)?;
    let id = Variable::Fixed(Fixed::ScepWindowsCertificateId);
    if first.variable != id {
        return None;
    }
    text.get(first.span.end..)
}
