//! AP009 and AP010: the names that a device asks a CA for.

use super::context::{Context, PayloadNode, kind_of, literal};
use crate::payload::{SHORT_NAMES, oid_of};
use crate::plist::{Kind, Node};

/// Upper bounds of X.520 for the attributes that have one, by short name and object identifier.
const BOUNDS: &[(&str, &str, usize)] = &[
    ("CN", "2.5.4.3", 64),
    ("OU", "2.5.4.11", 64),
    ("O", "2.5.4.10", 64),
    ("L", "2.5.4.7", 128),
    ("ST", "2.5.4.8", 128),
    ("serialNumber", "2.5.4.5", 64),
    ("emailAddress", "1.2.840.113549.1.9.1", 255),
];

pub(super) fn check(context: &mut Context<'_>) {
    for (payload, at) in enrolments(context) {
        let subject = [at, &["Subject"]].concat();
        match payload.find(&subject) {
            Some(node) => rdns(context, &node),
            None => absent(context, &payload, at),
        }
        if let Some(names) = payload.find(&[at, &["SubjectAltName"]].concat()) {
            alternative_names(context, &names);
        }
    }
}

/// The payloads that ask for a certificate, and where in them the names are.
pub(super) fn enrolments<'a>(
    context: &Context<'a>,
) -> Vec<(PayloadNode<'a>, &'static [&'static str])> {
    let found = context.payloads.iter().filter_map(|payload| match payload.kind {
        "com.apple.security.scep" => Some((payload.clone(), &["PayloadContent"][..])),
        "com.apple.security.acme" => Some((payload.clone(), &[][..])),
        _ => None,
    });
    found.collect()
}

fn absent(context: &mut Context<'_>, payload: &PayloadNode<'_>, at: &[&str]) {
    // ACME without one is AP003.
    let content = payload.find(at).filter(|node| !at.is_empty() && node.kind() == Kind::Dictionary);
    let Some(content) = content else { return };
    let why = "macOS puts a name of its own into the request, and does not use such a certificate \
               for device management";
    context.warn("AP009", &content, "no key \"Subject\"", why);
}

fn rdns(context: &mut Context<'_>, subject: &Node<'_>) {
    let why = "a subject is an array of parts, each an array of pairs, each an array of two \
               strings; iOS fails the enrolment over any other shape, macOS passes over the subject";
    match subject.kind() {
        Kind::Placeholder => return,
        Kind::Array => {}
        _ => return context.error("AP009", subject, kind_of(subject), why),
    }
    if subject.items().next().is_none() {
        let why = "the CA gets a request without a name, and macOS does not use the certificate";
        context.warn("AP009", subject, "an empty subject", why);
    }
    for rdn in subject.items() {
        if rdn.kind() != Kind::Array {
            context.error("AP009", &rdn, kind_of(&rdn), why);
            continue;
        }
        let pairs: Vec<Node<'_>> = rdn.items().collect();
        match pairs.as_slice() {
            [] => context.error("AP009", &rdn, "a part without a pair", why),
            [first, _] if pairs.iter().all(|pair| pair.kind() == Kind::String) => {
                let found = format!("a pair ({:?} …) one level too high", short(first));
                let instead = "an array around the pair";
                context.error_instead("AP009", &rdn, found, why, instead);
                continue;
            }
            [_] => {}
            several => {
                let found = format!("one part with {} pairs", several.len());
                let why = "pairs in one part make a multi-valued RDN, which CAs and directories \
                           compare in their own ways; it is seldom meant";
                let instead = "an array of its own for each pair";
                context.warn_instead("AP009", &rdn, found, why, instead);
            }
        }
        for pair in pairs {
            attribute(context, &pair, why);
        }
    }
}

fn short(node: &Node<'_>) -> String {
    node.value().as_str().unwrap_or_default().chars().take(32).collect()
}

fn attribute(context: &mut Context<'_>, pair: &Node<'_>, why: &str) {
    let texts: Vec<Node<'_>> = pair.items().collect();
    let [kind, value] = texts.as_slice() else {
        let found = match pair.kind() {
            Kind::Array => format!("an array of {}", texts.len()),
            _ => kind_of(pair),
        };
        return context.error("AP009", pair, found, why);
    };
    for text in [kind, value] {
        if text.kind() != Kind::String {
            context.error("AP009", text, kind_of(text), why);
        }
    }
    let (Some(name), Some(text)) = (literal(kind), value.value().as_str()) else { return };
    attribute_type(context, kind, name);
    let Some(text) = literal(value).filter(|found| *found == text) else { return };
    if text.trim().is_empty() {
        let why = "CAs refuse empty attributes, or issue certificates without a name";
        context.warn("AP009", value, "an empty value", why);
    }
    let bound = BOUNDS.iter().find(|(short, oid, _)| *short == name || *oid == name);
    let length = text.chars().count();
    if let Some((_, _, bound)) = bound.filter(|(_, _, bound)| length > *bound) {
        let why = format!("{name} may have {bound} characters; CAs refuse longer ones or cut them");
        context.warn("AP009", value, format!("{length} characters"), why);
    }
    if matches!(name, "C" | "2.5.4.6") && length != 2 {
        let why = "a country is its code of two letters; many CAs refuse anything else";
        context.warn("AP009", value, format!("{text:?}"), why);
    }
}

fn attribute_type(context: &mut Context<'_>, node: &Node<'_>, name: &str) {
    if SHORT_NAMES.contains(&name) || is_oid(name) {
        return;
    }
    let found = format!("{name:?}");
    let looks_dotted = name.starts_with(|c: char| c.is_ascii_digit());
    if looks_dotted {
        let why = "this is no object identifier, so the device cannot make the request";
        return context.error("AP009", node, found, why);
    }
    let why = format!(
        "devices know {} by name; any other type must be an object identifier",
        SHORT_NAMES.join(", "),
    );
    let short = SHORT_NAMES.iter().find(|short| short.eq_ignore_ascii_case(name)).copied();
    match short.or_else(|| oid_of(name)) {
        Some(instead) => context.warn_instead("AP009", node, found, why, instead),
        None => context.warn("AP009", node, found, why),
    }
}

/// Whether a text is an object identifier in dotted form (X.660): two numbers or more, the first
/// at most 2, the second below 40 if the first is not 2.
pub(super) fn is_oid(text: &str) -> bool {
    let number = |part: &str| {
        let canonical = part == "0" || !part.starts_with('0');
        let digits = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        digits && canonical
    };
    let mut parts = text.split('.');
    match (parts.next(), parts.next()) {
        (Some(first @ ("0" | "1" | "2")), Some(second)) if number(second) => {
            let small = second.parse::<u8>().is_ok_and(|second| second < 40);
            (first == "2" || small) && parts.all(number)
        }
        _ => false,
    }
}

fn alternative_names(context: &mut Context<'_>, names: &Node<'_>) {
    for name in names.entries() {
        let key = name.key().map(|key| key.value.as_str()).unwrap_or_default();
        let single = key == "ntPrincipalName";
        match (name.kind(), single) {
            (Kind::Array, true) => {
                let why = "there can be one principal name only; a device refuses an array";
                let first = name.items().next().and_then(|item| literal(&item));
                match first.filter(|_| name.items().count() == 1) {
                    Some(first) => {
                        context.error_instead("AP010", &name, kind_of(&name), why, first);
                    }
                    None => context.error("AP010", &name, kind_of(&name), why),
                }
            }
            (Kind::Array, false) => {
                for item in name.items() {
                    alternative_name(context, key, &item);
                }
            }
            _ => alternative_name(context, key, &name),
        }
    }
}

fn alternative_name(context: &mut Context<'_>, key: &str, node: &Node<'_>) {
    let known = ["rfc822Name", "dNSName", "uniformResourceIdentifier", "ntPrincipalName"];
    if !known.contains(&key) || node.kind() == Kind::Placeholder {
        return;
    }
    if node.kind() != Kind::String {
        let why = "a further name is a string, or an array of strings";
        return context.error("AP010", node, kind_of(node), why);
    }
    let Some(text) = literal(node) else { return };
    let found = format!("{text:?}");
    let blank = text.chars().any(char::is_whitespace);
    match key {
        "dNSName" if blank || text.is_empty() || text.contains("://") || text.contains('@') => {
            context.warn("AP010", node, found, "this is no host name, so no client matches it");
        }
        "dNSName" if text.chars().any(|c| c.is_ascii_uppercase()) => {
            let why = "host names are compared without case, but not by every program";
            context.warn_instead("AP010", node, found, why, text.to_ascii_lowercase());
        }
        "rfc822Name" if blank || !text.contains('@') => {
            context.warn("AP010", node, found, "this is no mailbox, and CAs that check refuse it");
        }
        "uniformResourceIdentifier" if blank || !text.contains(':') => {
            context.warn(
                "AP010",
                node,
                found,
                "a URI starts with a scheme, such as tag: or https:",
            );
        }
        "ntPrincipalName" if text.starts_with("CN=") => {
            let why = "a principal name is user@domain; this is a distinguished name";
            context.warn("AP010", node, found, why);
        }
        _ => {}
    }
}
