//! AP001 and AP023: bytes that are no profile, or one only for some readers.

use super::context::Context;
use crate::error::Error;
use crate::finding::{Finding, Place, Severity};
use crate::plist::{KeyPath, OddityKind, Span};

/// What is wrong with bytes that cannot be read.
pub(super) fn finding(error: &Error, bytes: &[u8]) -> Finding {
    let is_xml = bytes.trim_ascii_start().starts_with(b"<");
    let rule = if is_xml { "AP023" } else { "AP001" };
    match error {
        Error::Malformed(malformed) => {
            // One byte, if there is one: at the end of the file there is none.
            let end = malformed.offset.saturating_add(1).min(bytes.len().max(1));
            let span = Span::new(malformed.offset.min(end), end);
            let place = Place::new(span, malformed.position, malformed.key_path.clone());
            let why = format!("expected {}; a device cannot read the profile", malformed.expected);
            Finding::new(rule, Severity::Error, place, malformed.found.to_string(), why)
        }
        other => {
            let place = Place::new(Span::NOWHERE, None, KeyPath::root());
            let found = format!("bytes that cannot be read ({other})");
            let why = "a profile is a property list, or a signed message with one in it";
            Finding::new("AP001", Severity::Error, place, found, why)
        }
    }
}

/// What was read, and other programs may read differently.
pub(super) fn oddities(context: &mut Context<'_>) {
    for oddity in context.profile.document().oddities() {
        let (found, why) = match oddity.kind {
            OddityKind::CData => (
                "a CDATA section",
                "some servers and tools read an empty text there; write &amp; and &lt; instead",
            ),
            OddityKind::CommentInValue => {
                ("a comment inside a value", "some servers and tools read only a part of the value")
            }
            OddityKind::ProcessingInstruction => (
                "a processing instruction",
                "it has no effect, and some servers refuse a profile with one",
            ),
            OddityKind::SpaceBeforeDeclaration => (
                "white space before the XML declaration",
                "a strict XML reader refuses the profile",
            ),
            _ => continue,
        };
        let position = context.profile.document().position(oddity.span.start);
        let place = Place::new(oddity.span, position, KeyPath::root());
        context.push(Finding::new("AP023", Severity::Warning, place, found, why));
    }
}
