//! What Fleet asks of a profile before it stores it (WS025).

use std::collections::BTreeSet;

use super::plan::{Plan, Touch};
use super::report::{Report, quote};
use crate::document::{Document, Form};
use crate::verb::Verb;
use crate::xml::Element;

const RULE: &str = "WS025";
const ID: &str = "$FLEET_VAR_SCEP_WINDOWS_CERTIFICATE_ID";
const SCEP: &str = "/Vendor/MSFT/ClientCertificateInstall/SCEP";

/// The leaves of a SCEP profile that must be there.
const REQUIRED: [&str; 8] = [
    "CAThumbprint",
    "Challenge",
    "EKUMapping",
    "HashAlgorithm",
    "KeyLength",
    "KeyUsage",
    "ServerURL",
    "SubjectName",
];

/// Those that may be.
const OPTIONAL: [&str; 10] = [
    "AADKeyIdentifierList",
    "ContainerName",
    "CustomTextToShowInPrompt",
    "KeyProtection",
    "RetryCount",
    "RetryDelay",
    "SubjectAlternativeNames",
    "TemplateName",
    "ValidPeriod",
    "ValidPeriodUnits",
];

/// Settings that Fleet manages by itself.
const RESERVED: [&str; 2] = ["/Vendor/MSFT/BitLocker", "/Vendor/MSFT/Policy/Config/Update"];

pub(super) fn check(document: &Document, plan: &Plan<'_>, report: &mut Report<'_>) {
    form(document, report);
    for touch in &plan.touches {
        let path = touch.uri.replace("/Device/", "/").replace("/User/", "/");
        let path = path.strip_prefix('.').unwrap_or(&path);
        if RESERVED.iter().any(|reserved| path.starts_with(reserved)) {
            let why = "Fleet manages disk encryption and updates by itself";
            let span = touch.target.span.clone();
            report.error(RULE, span, "a setting that is reserved", why).at(&touch.uri);
        }
    }
    let scep: Vec<&Touch<'_>> = plan.touches.iter().filter(|touch| is_scep(touch)).collect();
    if scep.is_empty() {
        for touch in plan.touches.iter().filter(|touch| touch.verb == Verb::Exec) {
            let why = "Fleet takes Exec in SCEP profiles only";
            let span = touch.target.span.clone();
            report.error(RULE, span, "an Exec outside of SCEP", why).at(&touch.uri);
        }
    } else {
        profile(plan, &scep, report);
    }
}

fn is_scep(touch: &Touch<'_>) -> bool {
    touch.uri.contains(SCEP)
}

fn form(document: &Document, report: &mut Report<'_>) {
    if let Some(span) = document.declaration() {
        let why = "Fleet refuses processing instructions, and takes the XML declaration for one";
        report.error(RULE, span, "an XML declaration", why);
    }
    if document.form() == Form::Message {
        let span = document.roots().next().map_or(0..0, |root| root.name_span.clone());
        let why = "Fleet makes the message itself: a profile is its commands only";
        report.error(RULE, span, "a SyncML message", why).instead("the content of SyncBody");
        return;
    }
    let atomic = document.roots().find(|root| root.local_name() == "Atomic");
    let alone = document.roots().count() == 1;
    if let Some(atomic) = atomic.filter(|_| !alone) {
        let why = "where there is an Atomic, everything is in it";
        report.error(RULE, atomic.name_span.clone(), "an Atomic beside other commands", why);
    }
    let inside = atomic.into_iter().flat_map(Element::elements);
    let inside = inside.filter(|child| !matches!(child.local_name(), "CmdID" | "NoResp" | "Meta"));
    let outside = document.roots().filter(|root| root.local_name() != "Atomic");
    for element in outside.chain(inside) {
        if !matches!(element.local_name(), "Replace" | "Add" | "Exec") {
            let found = format!("the element {}", quote(element.local_name()));
            let why = "Fleet takes Add and Replace, and Exec for SCEP, and nothing else";
            report.error(RULE, element.name_span.clone(), found, why);
        }
    }
}

/// What is below the id: the node itself is the empty name.
fn leaf(uri: &str) -> Option<&str> {
    let (_, rest) = uri.split_once(SCEP)?;
    let (id, leaf) = match rest.strip_prefix('/')?.split_once('/') {
        Some((id, leaf)) => (id, leaf),
        None => (rest.strip_prefix('/')?, ""),
    };
    let plain = id.strip_prefix("${").and_then(|id| id.strip_suffix('}'));
    let is_id = id == ID || plain == ID.strip_prefix('$');
    is_id.then_some(leaf)
}

fn profile(plan: &Plan<'_>, scep: &[&Touch<'_>], report: &mut Report<'_>) {
    let mut seen = BTreeSet::new();
    let mut execs = 0_usize;
    for touch in &plan.touches {
        let span = touch.target.span.clone();
        execs = execs.saturating_add(usize::from(touch.verb == Verb::Exec));
        let Some(leaf) = leaf(&touch.uri) else {
            if is_scep(touch) {
                let why = "Fleet knows its certificates by this variable in the address";
                let instead = format!("…/ClientCertificateInstall/SCEP/{ID}/…");
                let draft = report.error(RULE, span, "another id of the certificate", why);
                draft.at(&touch.uri).instead(instead);
            } else {
                let why = "a SCEP profile of Fleet holds one certificate and nothing else";
                let found = "a setting beside the SCEP certificate";
                let draft = report.error(RULE, span, found, why);
                draft.at(&touch.uri).instead("a profile of its own");
            }
            continue;
        };
        let name = leaf.strip_prefix("Install/").unwrap_or(leaf);
        let known = leaf.is_empty() || REQUIRED.contains(&name) || OPTIONAL.contains(&name);
        if !known && name != "Enroll" {
            let why = "Fleet takes the settings of SCEP that are not in preview only";
            let found = format!("the setting {}", quote(name));
            report.error(RULE, span.clone(), found, why).at(&touch.uri);
        }
        if !seen.insert(name.to_owned()) {
            let why = "Fleet takes every setting once";
            let found = format!("{} a second time", quote(name));
            report.error(RULE, span.clone(), found, why).at(&touch.uri);
        }
        if (touch.verb == Verb::Exec) != (name == "Enroll") {
            let why = "Fleet takes Exec for Enroll, and for Enroll Exec only";
            let found = format!("{} of {}", touch.verb, quote(name));
            report.error(RULE, span, found, why).at(&touch.uri);
        }
    }
    let Some(first) = scep.first() else { return };
    let span = first.target.span.clone();
    for name in ["", "Enroll"].into_iter().chain(REQUIRED).filter(|name| !seen.contains(*name)) {
        let found = match name {
            "" => "no Add of the certificate's node".to_owned(),
            name => format!("no {name}"),
        };
        let why = "Fleet refuses a SCEP profile without it";
        report.error(RULE, span.clone(), found, why).at(&first.uri);
    }
    if execs > 1 {
        let why = "Fleet takes exactly one Exec";
        report.error(RULE, span, format!("{execs} Execs"), why).at(&first.uri);
    }
    let starts: BTreeSet<&str> =
        scep.iter().filter_map(|touch| touch.uri.split('/').nth(1)).collect();
    if starts.len() > 1 {
        let why = "all of a certificate belongs to the computer, or all to the user";
        let span = first.target.span.clone();
        report.error(RULE, span, "addresses of computer and user", why).at(&first.uri);
    }
}
