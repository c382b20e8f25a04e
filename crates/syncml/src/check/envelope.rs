//! The message around the commands (WS002), CmdIDs (WS003) and groups of commands (WS010).

use std::collections::BTreeSet;

use super::report::{Report, quote};
use crate::command::Command;
use crate::document::{Document, Form};
use crate::value::Value;
use crate::verb::Verb;
use crate::xml::Element;

/// The children of SyncHdr in their order, and whether they must be there.
const HEADER: [(&str, bool); 10] = [
    ("VerDTD", true),
    ("VerProto", true),
    ("SessionID", true),
    ("MsgID", true),
    ("Target", true),
    ("Source", true),
    ("RespURI", false),
    ("NoResp", false),
    ("Cred", false),
    ("Meta", false),
];

pub(super) fn check(document: &Document, report: &mut Report<'_>) {
    if let (Form::Message, Some(root)) = (document.form(), document.roots().next()) {
        message(root, report);
    }
    let mut seen = BTreeSet::new();
    for command in document.commands() {
        cmd_ids(command, document.form(), &mut seen, report);
        groups(command, None, report);
    }
}

fn message(root: &Element, report: &mut Report<'_>) {
    let version = version(root, report);
    match root.first("SyncHdr") {
        None => {
            let why = "without a header the device cannot tell which session the message is of";
            report.error("WS002", root.name_span.clone(), "no SyncHdr", why);
        }
        Some(header) => self::header(header, version, report),
    }
    let Some(body) = root.first("SyncBody") else {
        let why = "there is nothing in the message that a device could do";
        report.error("WS002", root.name_span.clone(), "no SyncBody", why);
        return;
    };
    let mut commands = 0_usize;
    let mut children = body.elements().peekable();
    while let Some(child) = children.next() {
        match child.local_name() {
            "Final" if children.peek().is_some() => {
                let why = "Final says that nothing follows";
                report.error("WS002", child.name_span.clone(), "Final before the end", why);
            }
            "Final" => {}
            name if Verb::from_name(name).is_none() => {
                let why = "Windows answers a body with an unknown element with status 400";
                let found = format!("the element {} in SyncBody", quote(name));
                report.error("WS002", child.name_span.clone(), found, why);
            }
            _ => commands = commands.saturating_add(1),
        }
    }
    if commands == 0 {
        let why = "a body holds at least one command or status";
        report.error("WS002", body.name_span.clone(), "an empty SyncBody", why);
    }
}

/// What the namespace says the version is.
fn version(root: &Element, report: &mut Report<'_>) -> &'static str {
    let prefix = root.name.split_once(':').map(|(prefix, _)| format!("xmlns:{prefix}"));
    let attribute = root.attribute_value(prefix.as_deref().unwrap_or("xmlns"));
    match attribute.map(|attribute| attribute.value.as_str()) {
        Some("SYNCML:SYNCML1.1") => return "1.1",
        Some("SYNCML:SYNCML1.2") => {}
        other => {
            let span = attribute.map_or(root.name_span.clone(), |found| found.span.clone());
            let found = match other {
                Some(other) => format!("the namespace {}", quote(other)),
                None => "no namespace".to_owned(),
            };
            let why = "the device does not take the element for a SyncML message";
            report.error("WS002", span, found, why).instead("xmlns=\"SYNCML:SYNCML1.2\"");
        }
    }
    "1.2"
}

fn header(header: &Element, version: &str, report: &mut Report<'_>) {
    let mut reached = 0_usize;
    for child in header.elements() {
        let Some(at) = HEADER.iter().position(|(name, _)| *name == child.local_name()) else {
            let found = format!("the element {} in SyncHdr", quote(child.local_name()));
            let why = "the header has a fixed content";
            report.error("WS002", child.name_span.clone(), found, why);
            continue;
        };
        if at < reached {
            let found = format!("{} behind what comes after it", child.local_name());
            let why = "the header is read in a fixed order";
            report.error("WS002", child.name_span.clone(), found, why).instead(
                "VerDTD, VerProto, SessionID, MsgID, Target, Source, RespURI, NoResp, Cred, Meta",
            );
        }
        reached = reached.max(at);
    }
    for (name, _) in
        HEADER.iter().filter(|(name, required)| *required && header.first(name).is_none())
    {
        let why = "the device refuses a message whose header is not complete";
        report.error("WS002", header.name_span.clone(), format!("no {name} in SyncHdr"), why);
    }
    for (name, expected) in [("VerDTD", version.to_owned()), ("VerProto", format!("DM/{version}"))]
    {
        let Some(value) = header.first(name).map(Value::of) else { continue };
        if value.trimmed() != expected {
            let found = format!("{name} {}", quote(value.trimmed()));
            let why = "versions in namespace and header must be the same; else status 505 or 513";
            report.error("WS002", value.span, found, why).instead(expected);
        }
    }
}

fn cmd_ids(command: Command<'_>, form: Form, seen: &mut BTreeSet<String>, report: &mut Report<'_>) {
    let why = "the device names a command by its CmdID when it reports on it";
    match command.cmd_id() {
        // A server gives them when it makes a message of the fragment.
        None if form == Form::Fragment => {}
        None => {
            let found = format!("{} without CmdID", command.verb());
            report.error("WS003", command.element().name_span.clone(), found, why);
        }
        Some(id) if id.trimmed().is_empty() => {
            report.error("WS003", id.span, "an empty CmdID", why);
        }
        Some(id) => {
            let text = id.trimmed();
            if !seen.insert(text.to_owned()) {
                let found = format!("CmdID {} a second time", quote(text));
                report.error("WS003", id.span, found, why);
            } else if !text.bytes().all(|octet| octet.is_ascii_digit()) && !is_uuid(text) {
                let found = format!("CmdID {}", quote(text));
                let why = "Windows counts commands in digits; other ids are only taken by chance";
                report.warning("WS003", id.span, found, why);
            }
        }
    }
    command.commands().for_each(|inside| cmd_ids(inside, form, seen, report));
}

/// Servers such as Fleet number commands with UUIDs, which devices report back unharmed.
fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.split('-').map(str::len).eq([8, 4, 4, 4, 12])
        && text.bytes().all(|octet| octet == b'-' || octet.is_ascii_hexdigit())
}

fn groups(command: Command<'_>, group: Option<Verb>, report: &mut Report<'_>) {
    let span = command.element().name_span.clone();
    match (group, command.verb()) {
        (Some(Verb::Atomic), Verb::Atomic) => {
            let why = "Windows answers an Atomic inside an Atomic with status 500 and undoes both";
            report.error("WS010", span, "an Atomic inside an Atomic", why);
        }
        (Some(Verb::Atomic), Verb::Get) => {
            let why =
                "Windows answers it with status 500, and the Atomic with 507: nothing is done";
            report.error("WS010", span, "a Get inside an Atomic", why);
        }
        _ => {}
    }
    let inside = if command.verb().is_group() {
        // A Sequence inside an Atomic is part of it.
        group.filter(|verb| *verb == Verb::Atomic).or(Some(command.verb()))
    } else {
        group
    };
    command.commands().for_each(|child| groups(child, inside, report));
}
