//! Nodes of the modelled providers: address (WS005), command (WS006), format (WS007), value
//! (WS008), and the same node twice (WS010).

use std::collections::BTreeMap;

use super::plan::{Plan, Touch};
use super::report::{Report, quote};
use crate::csp::{Allowed, CspNode, Lookup};
use crate::loc_uri::{LocUri, Scope, segments};
use crate::placeholder;
use crate::verb::{Format, Verb};

pub(super) fn check(plan: &Plan<'_>, report: &mut Report<'_>) {
    let mut written: BTreeMap<String, Verb> = BTreeMap::new();
    for touch in &plan.touches {
        address(touch, report);
        let Some(found) = touch.found() else { continue };
        command(touch, found.node, report);
        if touch.verb == Verb::Delete {
            forget(&mut written, &touch.uri);
        }
        if touch.is_write() {
            format(touch, found.node, report);
            value(touch, found.node, report);
            let before = written.insert(touch.uri.to_ascii_lowercase(), touch.verb);
            if before.is_some() {
                twice(touch, report);
            }
        }
    }
    scopes(plan, report);
}

fn address(touch: &Touch<'_>, report: &mut Report<'_>) {
    let text = &touch.target.text;
    let span = touch.target.span.clone();
    if touch.uri.is_empty() || touch.uri.starts_with(['$', '{', '%']) {
        return;
    }
    if text.len() != touch.uri.len() {
        let why = "not every device cuts off the blanks, and then there is no such node";
        let found = "blanks around the LocURI";
        report.warning("WS005", span.clone(), found, why).at(&touch.uri).instead(&*touch.uri);
    }
    if let Some(fault) = LocUri::fault(&touch.uri) {
        let mended = touch.uri.trim_end_matches('/').trim_start_matches('/');
        let mended = match mended.starts_with("./") {
            true => mended.to_owned(),
            false => format!("./{mended}"),
        };
        let instead = LocUri::fault(&mended).is_none().then_some(mended);
        let why = "the device answers with status 404 or 400: addresses start with ./, and have \
                   no empty segment, no blank and no / at the end";
        let found = format!("a LocURI that is {fault}");
        report.error("WS005", span, found, why).at(&touch.uri).instead_if(instead);
        return;
    }
    match &touch.lookup {
        Lookup::Unknown { provider, meant } => {
            let found = format!("no node of {provider}");
            let why = "the device answers with status 404, and an Atomic is undone as a whole";
            let instead = meant.as_ref().map(|meant| format!("…/{provider}/{meant}"));
            report.error("WS005", span, found, why).at(&touch.uri).instead_if(instead);
        }
        Lookup::WrongScope(found) if found.csp.name != "RootCATrustedCertificates" => {
            let (found, why, instead) = match found.scope {
                Scope::User => (
                    "a node of the computer in the user's tree",
                    "only the computer's tree has this node",
                    touch.uri.replacen("./User/", "./Device/", 1),
                ),
                Scope::Device => (
                    "a node of the user in the computer's tree",
                    "only the user's tree has this node",
                    match touch.uri.strip_prefix("./Device/") {
                        Some(rest) => format!("./User/{rest}"),
                        None => touch.uri.replacen("./", "./User/", 1),
                    },
                ),
            };
            report.error("WS005", span, found, why).at(&touch.uri).instead(instead);
        }
        _ => {}
    }
}

/// Certificates for computer and user in one document end up in the wrong store on Windows 10.
fn scopes(plan: &Plan<'_>, report: &mut Report<'_>) {
    let mut installs = plan.touches.iter().filter(|touch| {
        let csp = touch.found().map(|found| found.csp.name);
        touch.is_write() && csp == Some("ClientCertificateInstall")
    });
    let Some(first) = installs.next() else { return };
    let scope = |touch: &Touch<'_>| touch.found().map(|found| found.scope);
    if let Some(other) = installs.find(|touch| scope(touch) != scope(first)) {
        let found = "certificates for the computer and for the user in one document";
        let why = "Windows 10 then puts the computer's certificate into the user's store too";
        let span = other.target.span.clone();
        report.warning("WS005", span, found, why).at(&other.uri).instead("two documents");
    }
}

fn command(touch: &Touch<'_>, node: &CspNode, report: &mut Report<'_>) {
    if node.access.allows(touch.verb) {
        return;
    }
    let verbs: Vec<&str> = node.access.verbs().map(Verb::name).collect();
    let why = match (node.name(), touch.verb) {
        ("{CertHash}", Verb::Add | Verb::Replace) => {
            "the node makes itself when EncodedCertificate below it is added; status 405"
        }
        (_, Verb::Exec) => "nothing can be run here; the device answers with status 405",
        _ => "the device answers with status 405: command not allowed",
    };
    let found = format!("{} on a node that takes {} only", touch.verb, verbs.join(", "));
    let instead = match node.name() {
        "{CertHash}" => Some("Add on EncodedCertificate".to_owned()),
        _ if node.access.allows(Verb::Exec) => Some("Exec".to_owned()),
        _ => None,
    };
    let span = touch.target.span.clone();
    report.error("WS006", span, found, why).at(&touch.uri).instead_if(instead);
}

fn format(touch: &Touch<'_>, node: &CspNode, report: &mut Report<'_>) {
    let Some(text) = touch.item.format_text() else {
        if node.format != Format::Chr {
            let found = "no Format";
            let why = "without Format a value is text; devices make of it what they expect, or not";
            let span = touch.target.span.clone();
            let draft = report.warning("WS007", span, found, why);
            draft.at(&touch.uri).instead(node.format.name());
        }
        return;
    };
    if placeholder::is_in(&text.text) {
        return;
    }
    let given = touch.item.format();
    if given == Some(node.format) || is_interchangeable(node, given) {
        return;
    }
    let strict = [Some(Format::Node), Some(Format::Null), Some(Format::Int), Some(Format::B64)];
    let hard = strict.contains(&Some(node.format)) || strict.contains(&given);
    let found = format!("Format {}", quote(text.trimmed()));
    let draft = if hard {
        let why = "the device answers with status 415 where the format is not that of the node";
        report.error("WS007", text.span, found, why)
    } else {
        let why = "it is not the format of the node; some versions of Windows refuse that";
        report.warning("WS007", text.span, found, why)
    };
    draft.at(&touch.uri).instead(node.format.name());
}

/// Octets are written in base64 under any of these, and Microsoft's samples do.
fn is_interchangeable(node: &CspNode, given: Option<Format>) -> bool {
    node.format == Format::Bin && matches!(given, Some(Format::Chr | Format::B64))
}

fn value(touch: &Touch<'_>, node: &CspNode, report: &mut Report<'_>) {
    let interior = node.format == Format::Node;
    let Some(data) = touch.item.data() else {
        if !interior && node.access.allows(touch.verb) {
            let why = "a leaf is written with a value";
            let span = touch.target.span.clone();
            report.error("WS008", span, "no Data", why).at(&touch.uri);
        }
        return;
    };
    if placeholder::is_in(&data.text) {
        return;
    }
    let text = data.trimmed();
    let typed = node.allowed != Allowed::Any || matches!(node.format, Format::Int | Format::Bool);
    if interior && !text.is_empty() {
        let why = "an interior node has no value";
        report.warning("WS008", data.span, "Data for an interior node", why).at(&touch.uri);
        return;
    }
    if !typed || node.name() == "KeyUsage" {
        return;
    }
    if text.len() != data.text.len() {
        let why = "blanks around a value belong to it";
        let draft = report.warning("WS008", data.span.clone(), "blanks around the value", why);
        draft.at(&touch.uri).instead(text);
    }
    let number =
        text.parse::<u64>().ok().filter(|_| text.bytes().all(|octet| octet.is_ascii_digit()));
    let refused = "the device takes no other values here, and undoes the Atomic";
    let (found, why, instead) = match (node.name(), node.allowed, number) {
        ("ValidPeriod", _, Some(_)) => (
            format!("the number {text} as unit"),
            "ValidPeriod is the unit, and ValidPeriodUnits the number",
            Some("Days, Months or Years here, and the number in ValidPeriodUnits".to_owned()),
        ),
        ("RetryCount", Allowed::Range(_, most), Some(number)) if number > most => {
            let why = "Windows asks no more than 30 times";
            report
                .warning("WS008", data.span.clone(), quote(text), why)
                .at(&touch.uri)
                .instead("30");
            return;
        }
        ("RetryDelay", _, Some(0)) => {
            let why = "the delay is in minutes, and one is the least";
            report
                .warning("WS008", data.span.clone(), "a delay of 0", why)
                .at(&touch.uri)
                .instead("1");
            return;
        }
        (_, Allowed::OneOf(values), _) if !values.contains(&text) => {
            let meant = values.iter().find(|value| value.eq_ignore_ascii_case(text));
            let instead = meant.map_or_else(|| values.join(", "), |meant| (*meant).to_owned());
            (quote(text), refused, Some(instead))
        }
        (_, Allowed::Range(from, to), Some(number)) if number < from || number > to => {
            (quote(text), refused, Some(format!("{from} to {to}")))
        }
        (_, Allowed::OneOf(_), _) => return,
        (_, _, None) if node.format == Format::Int => {
            let why = "numbers are written in decimal digits";
            let hex = text.strip_prefix("0x").and_then(|hex| u64::from_str_radix(hex, 16).ok());
            (quote(text), why, hex.map(|number| number.to_string()))
        }
        _ => return,
    };
    report.error("WS008", data.span.clone(), found, why).at(&touch.uri).instead_if(instead);
}

/// What is removed may be written again, with all that is below it.
fn forget(written: &mut BTreeMap<String, Verb>, uri: &str) {
    let uri = uri.to_ascii_lowercase();
    written.remove(&uri);
    // Siblings whose names start with this one's are not looked at: there may be many.
    let below = format!("{uri}/");
    let from = written.range(below.clone()..).map(|(key, _)| key);
    let gone: Vec<String> = from.take_while(|key| key.starts_with(&below)).cloned().collect();
    for key in gone {
        written.remove(&key);
    }
}

fn twice(touch: &Touch<'_>, report: &mut Report<'_>) {
    let why = "the second Add is answered with status 418, and Windows does not take Add and \
               Replace of one node in one Atomic; everything is undone";
    let last = segments(&touch.uri).last().unwrap_or_default();
    let found = format!("{} is written a second time", quote(last));
    report.error("WS010", touch.target.span.clone(), found, why).at(&touch.uri);
}
