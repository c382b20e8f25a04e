//! Alternative names (WS013).

use super::plan::Plan;
use super::report::{MOST, Report, quote};
use crate::alt_name::{AltNameType, entries};
use crate::placeholder;

pub(super) fn check(plan: &Plan<'_>, report: &mut Report<'_>) {
    for touch in plan.touches.iter().filter(|touch| touch.is_write()) {
        let found = touch.found();
        if found.is_none_or(|found| found.node.name() != "SubjectAlternativeNames") {
            continue;
        }
        let Some(data) = touch.data() else { continue };
        // One variable for everything: what it holds is not known.
        let whole = |found: placeholder::Placeholder<'_>| found.span.len() == data.trimmed().len();
        if placeholder::placeholders(data.trimmed()).any(whole) {
            continue;
        }
        let faults = entries(&data.text)
            .filter_map(|(span, entry)| entry.err().map(|fault| (span, fault)))
            .take(MOST);
        for (span, (expected, found)) in faults {
            let text = data.text.get(span.clone()).unwrap_or_default();
            if placeholder::is_in(text) && !text.contains('+') {
                continue;
            }
            let found = format!("{}: {found} where {expected} should be", quote(text));
            let why = "the list is number+value;number+value without any escapes; enrolment fails \
                       where Windows cannot read it";
            let instead = named(text);
            let span = report.part(&data, span);
            report.error("WS013", span, found, why).at(&touch.uri).instead_if(instead);
        }
    }
}

/// What somebody meant who wrote a name for the type.
fn named(entry: &str) -> Option<String> {
    let (kind, value) = entry.split_once(['=', ':', '+'])?;
    let kind = match kind.trim().to_ascii_lowercase().as_str() {
        "upn" | "userprincipalname" => AltNameType::UPN,
        "dns" | "dnsname" => AltNameType::DNS,
        "email" | "rfc822" | "rfc822name" => AltNameType::EMAIL,
        "uri" | "url" => AltNameType::URI,
        "ip" => AltNameType::IP,
        _ => return None,
    };
    Some(format!("{}+{}", kind.number(), value.trim()))
}
