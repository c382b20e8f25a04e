//! The subject (WS012).

use super::plan::{Plan, Touch};
use super::report::{MOST, Report, quote};
use crate::name::{Part, parts, quoted};
use crate::placeholder::{self, Syntax};
use crate::value::Value;

/// Characters that a value of a key may have (RFC 5280 A.1), as far as anybody gets there.
const BOUNDS: [(&str, usize); 8] =
    [("CN", 64), ("OU", 64), ("O", 64), ("L", 128), ("S", 128), ("ST", 128), ("C", 2), ("T", 64)];

pub(super) fn check(plan: &Plan<'_>, report: &mut Report<'_>) {
    for touch in plan.touches.iter().filter(|touch| touch.is_write()) {
        let is_subject = touch.found().is_some_and(|found| found.node.name() == "SubjectName");
        let Some(data) = touch.data().filter(|_| is_subject) else { continue };
        subject(touch, &data, report);
    }
}

fn subject(touch: &Touch<'_>, data: &Value<'_>, report: &mut Report<'_>) {
    let text = data.text.as_ref();
    if text.trim().is_empty() {
        let why = "a request needs a subject";
        report.error("WS012", data.span.clone(), "an empty subject", why).at(&touch.uri);
        return;
    }
    if text.trim_start().starts_with('/') {
        slash(touch, data, report);
        return;
    }
    if let Some(at) = backslash(text) {
        let why = "a backslash is a character like any other in Windows; what is special is put \
                   between quotation marks";
        let span = report.part(data, at..at.saturating_add(1));
        let draft = report.warning("WS012", span, "a backslash", why);
        draft.at(&touch.uri).instead("CN=\"…\"");
    }
    let mut has_cn = false;
    // No certificate has more attributes, and each is looked for in the text as it is escaped.
    for part in parts(text).take(MOST) {
        match part {
            Ok(part) => {
                has_cn |= part.key.eq_ignore_ascii_case("CN") || part.key.is_empty();
                attribute(touch, data, &part, report);
            }
            Err(fault) => {
                let found = format!("{} where {} should be", fault.found, fault.expected);
                let why = "Windows cannot make a name of this, and enrolment fails before the \
                           request is made; a value with , + ; = or \" is put between quotation \
                           marks as a whole";
                let span = report.part(data, fault.offset..text.len());
                report.error("WS012", span, found, why).at(&touch.uri);
                return;
            }
        }
    }
    if !has_cn {
        let why = "many CAs, and whoever looks for the certificate, go by the CN";
        report.warning("WS012", data.span.clone(), "a subject without CN", why).at(&touch.uri);
    }
}

fn attribute(touch: &Touch<'_>, data: &Value<'_>, part: &Part<'_>, report: &mut Report<'_>) {
    let span = report.part(data, part.span.clone());
    // Fleet puts quotation marks around what it fills in by itself.
    let bare = placeholder::placeholders(&part.value).any(|found| found.syntax != Syntax::Fleet);
    if placeholder::is_in(&part.value) {
        if bare && !part.quoted && !part.key.is_empty() {
            let why = "a value with a comma or semicolon then ends there, and what follows is read \
                       as further attributes: whoever chooses the value chooses the subject";
            let found = format!("the variable in {} without quotation marks", part.key);
            let instead = format!("{}={}", part.key, quoted(&part.value));
            report.warning("WS012", span, found, why).at(&touch.uri).instead(instead);
        }
        return;
    }
    if part.value.is_empty() {
        let why = "an attribute without value is refused by most CAs";
        let found = format!("{} without a value", part.key);
        report.warning("WS012", span, found, why).at(&touch.uri);
        return;
    }
    if part.value.starts_with('/') && part.value.contains('=') {
        let why = "Windows knows no names in slash form: all of this becomes one value";
        let instead = from_slashes(&part.value);
        let found = format!("a name in slash form as {}", part.key);
        report.warning("WS012", span, found, why).at(&touch.uri).instead_if(instead);
        return;
    }
    if part.value.starts_with('#') && !part.quoted {
        let why = "without quotation marks # starts octets in hexadecimal";
        let instead = format!("{}={}", part.key, quoted(&part.value));
        report
            .warning("WS012", span, "a value with # in front", why)
            .at(&touch.uri)
            .instead(instead);
        return;
    }
    let bound = BOUNDS.iter().find(|(key, _)| key.eq_ignore_ascii_case(part.key));
    let length = part.value.chars().count();
    if let Some((key, bound)) = bound.filter(|(_, bound)| length > *bound) {
        let found = format!("{length} characters in {key}, which takes {bound}");
        let why = "RFC 5280 bounds the length, and CAs and Windows keep to it";
        report.warning("WS012", span, found, why).at(&touch.uri);
    }
}

/// The first backslash outside of variables.
fn backslash(text: &str) -> Option<usize> {
    let at = text.find('\\')?;
    let inside = placeholder::placeholders(text).any(|found| found.span.contains(&at));
    (!inside).then_some(at)
}

fn slash(touch: &Touch<'_>, data: &Value<'_>, report: &mut Report<'_>) {
    let why = "Windows knows no names in slash form";
    let found = format!("the subject {}", quote(data.trimmed()));
    let draft = report.error("WS012", data.span.clone(), found, why);
    draft.at(&touch.uri).instead_if(from_slashes(data.trimmed()));
}

fn from_slashes(text: &str) -> Option<String> {
    let attributes: Option<Vec<String>> = text
        .split('/')
        .skip(1)
        .map(|pair| {
            let (key, value) = pair.split_once('=')?;
            Some(format!("{key}={}", quoted(value)))
        })
        .collect();
    let mut attributes = attributes?;
    attributes.reverse();
    Some(attributes.join(","))
}
