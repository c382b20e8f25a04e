//! The make-up of items (WS004).

use devicecert_xml::is_blank;

use super::report::{Report, quote};
use crate::command::Command;
use crate::document::Document;
use crate::operation::METINF;
use crate::verb::Verb;
use crate::xml::Element;

pub(super) fn check(document: &Document, report: &mut Report<'_>) {
    document.commands().for_each(|command| self::command(command, report));
}

fn command(command: Command<'_>, report: &mut Report<'_>) {
    command.commands().for_each(|inside| self::command(inside, report));
    let verb = command.verb();
    let targets = matches!(verb, Verb::Add | Verb::Replace | Verb::Exec | Verb::Get | Verb::Delete);
    let items = command.items().count();
    if targets && items == 0 {
        let why = "a command without Item is about nothing";
        let span = command.element().name_span.clone();
        report.error("WS004", span, format!("{verb} without Item"), why);
    }
    if verb == Verb::Exec && items > 1 {
        let why = "an Exec runs one node";
        let span = command.element().name_span.clone();
        report.error("WS004", span, format!("Exec with {items} Items"), why);
    }
    for item in command.items() {
        let element = item.element();
        if targets || verb == Verb::Results {
            order(element, report);
            data(element, report);
            meta(element, report);
        }
        let (name, value) = match verb {
            Verb::Results => ("Source", item.source()),
            _ if targets => ("Target", item.target()),
            _ => continue,
        };
        match value {
            Some(value) if !is_blank(&value.text) => {}
            Some(value) => {
                let why = "the device cannot tell which node is meant";
                report.error("WS004", value.span, "an empty LocURI", why);
            }
            None => {
                let other = if name == "Target" { "Source" } else { "Target" };
                let found = match element.first(other) {
                    Some(_) => format!("{other} in an Item of {verb}"),
                    None => format!("an Item of {verb} without {name}/LocURI"),
                };
                let why = "commands name their node in Target, results in Source";
                let span = element.name_span.clone();
                report.error("WS004", span, found, why).instead(format!("<{name}><LocURI>…"));
            }
        }
    }
}

/// Target, Source, Meta, Data: that is the order of the DTD.
fn order(item: &Element, report: &mut Report<'_>) {
    const ORDER: [&str; 5] = ["Target", "Source", "Meta", "Data", "MoreData"];
    let mut reached = 0_usize;
    for child in item.elements() {
        let Some(at) = ORDER.iter().position(|name| *name == child.local_name()) else { continue };
        if at < reached {
            let before = ORDER.get(reached).copied().unwrap_or_default();
            let found = format!("{before} before {}", child.local_name());
            let span = child.name_span.clone();
            // Microsoft's own samples have Meta before Target, which is taken.
            if before == "Data" || before == "MoreData" {
                let why = "the device reads Data by the Format that has come before it";
                report.error("WS004", span, found, why).instead("Target, Meta, Data");
            } else {
                let why = "the DTD has another order; Windows takes this one, others may not";
                report.warning("WS004", span, found, why).instead("Target, Meta, Data");
            }
        }
        reached = reached.max(at);
    }
}

fn data(item: &Element, report: &mut Report<'_>) {
    let inner = item.first("Data").and_then(|data| data.elements().next());
    if let Some(inner) = inner {
        let found = format!("the element {} in Data", quote(&inner.name));
        let why = "Data holds text only: a profile that is XML goes there escaped or as CDATA";
        report.error("WS004", inner.name_span.clone(), found, why).instead("&lt;…&gt;");
    }
}

fn meta(item: &Element, report: &mut Report<'_>) {
    let Some(meta) = item.first("Meta") else { return };
    let is_metinf = |element: &Element| {
        element
            .attributes
            .iter()
            .any(|attribute| attribute.name.starts_with("xmlns") && attribute.value == METINF)
    };
    for child in meta.elements().filter(|child| matches!(child.local_name(), "Format" | "Type")) {
        // A prefix has been declared somewhere, or the reader would not have taken it.
        if !is_metinf(child) && !is_metinf(meta) && !child.name.contains(':') {
            let found = format!("{} outside of the namespace syncml:metinf", child.name);
            let why = "it is meta information only in that namespace; Windows is not that strict";
            let instead = format!("<{} xmlns=\"syncml:metinf\">", child.name);
            report.warning("WS004", child.name_span.clone(), found, why).instead(instead);
        }
    }
}
