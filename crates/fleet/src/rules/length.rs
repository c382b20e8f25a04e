//! How long parts of a subject become, when they are filled.

use core::ops::Range;
use std::borrow::Cow;

use super::Upload;
use super::catalogue::FL066;
use super::plist::Value;
use super::report::Report;
use super::scep::pairs;
use super::windows::Item;
use crate::renewal::RenewalId;
use crate::template::{Quotes, attributes};
use crate::variable::{Fixed, Variable, occurrences};
use crate::windows::is_subject_name;
use crate::xml::Text;

/// Characters of a common name or organizational unit (RFC 5280 A.1).
const BOUND: usize = 64;

pub(super) fn apple(upload: &Upload<'_>, root: Value<'_>, report: &mut Report<'_>) {
    for kind in ["com.apple.security.scep", "com.apple.security.acme"] {
        for payload in root.payloads(kind) {
            // ACME has its subject in the payload itself.
            let content = payload.get("PayloadContent").unwrap_or(payload);
            for (key, value) in content.get("Subject").into_iter().flat_map(pairs) {
                let text = value.string().unwrap_or_default();
                bound(upload, &key, &text, value.element.inner.clone(), report);
            }
        }
    }
}

pub(super) fn windows(upload: &Upload<'_>, item: &Item<'_>, report: &mut Report<'_>) {
    let Some(data) = item.data.filter(|_| is_subject_name(&item.loc_uri)) else { return };
    for piece in data.texts() {
        for attribute in attributes(upload.text, piece) {
            let key = upload.text.get(attribute.key.clone()).unwrap_or_default();
            let value = Text { span: attribute.value.clone(), form: piece.form };
            let mut value = value.value(upload.text);
            if attribute.quotes == Quotes::Around {
                let inside = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
                value = Cow::Owned(inside.unwrap_or(&value).replace("\"\"", "\""));
            }
            bound(upload, key, &value, attribute.value, report);
        }
    }
}

fn bound(upload: &Upload<'_>, key: &str, text: &str, span: Range<usize>, report: &mut Report<'_>) {
    let key = key.trim();
    let length = least(text);
    if !matches!(key, "CN" | "OU") || length <= BOUND || upload.text.get(span.clone()).is_none() {
        return;
    }
    let message = format!("{key} becomes at least {length} characters long, and takes {BOUND}.");
    report.find(&FL066, span, message);
}

/// The characters that a text has at the least, once it is filled.
fn least(text: &str) -> usize {
    let (mut length, mut at) = (0_usize, 0_usize);
    for found in occurrences(text) {
        let before = text.get(at..found.span.start).unwrap_or_default();
        length = length.saturating_add(literal(before)).saturating_add(of(&found.variable));
        at = found.span.end;
    }
    length.saturating_add(literal(text.get(at..).unwrap_or_default()))
}

/// A value is never empty; some are always as long.
const fn of(variable: &Variable) -> usize {
    match variable {
        Variable::Fixed(Fixed::ScepRenewalId | Fixed::CertificateRenewalId) => RenewalId::LENGTH,
        // The UUID of the profile with its letter.
        Variable::Fixed(Fixed::ScepWindowsCertificateId) => 37,
        _ => 1,
    }
}

/// The characters of a text, in which a `%Name%` may become any number of them.
fn literal(text: &str) -> usize {
    let mut length = 0_usize;
    let mut pieces = text.split('%').peekable();
    let mut inside = false;
    while let Some(piece) = pieces.next() {
        let name = !piece.is_empty()
            && piece.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        let variable = inside && name && pieces.peek().is_some();
        length = length.saturating_add(if variable { 1 } else { piece.chars().count() });
        // A percent sign that begins no variable is one of the text.
        if !variable && inside {
            length = length.saturating_add(1);
        }
        inside = !variable;
    }
    length
}
