//! AP015: placeholders that nobody fills.

use super::context::Context;
use crate::payload::Platform;
use crate::plist::{Dialect, Node, Part, Text, Value, parts};

/// What macOS puts in by itself when it installs a SCEP, ACME or network payload. Other systems do
/// not. Names are compared without case, as they are written in several ways.
const MACOS_VARIABLES: &[&str] = &[
    "ComputerName",
    "HostName",
    "LocalHostName",
    "HardwareUUID",
    "SerialNumber",
    "MACAddress",
    "AD_ComputerID",
    "AD_ComputerName",
    "AD_Domain",
    "AD_DomainForestName",
    "AD_DomainGuid",
    "AD_DomainNameDNS",
    "AD_KerberosID",
];

pub(super) fn value(context: &mut Context<'_>, node: &Node<'_>) {
    let text = match node.value() {
        Value::String(text) => Some(text),
        other => other.as_template(),
    };
    // All that is looked for has one of these in it.
    let text = text.filter(|text| text.as_str().contains(['%', '{', '}', '_']));
    if let Some(text) = text {
        unresolved(context, node, text);
        unfinished(context, node, text);
    }
}

/// Variables of macOS on their way to another system.
fn unresolved(context: &mut Context<'_>, node: &Node<'_>, text: &Text) {
    let Some(platform) = context.platform().filter(|platform| *platform != Platform::MacOs) else {
        return;
    };
    for part in text.parts() {
        let Part::Placeholder(placeholder) = part else { continue };
        let is_of_macos =
            MACOS_VARIABLES.iter().any(|name| name.eq_ignore_ascii_case(placeholder.name));
        if placeholder.dialect == Dialect::Percent && is_of_macos {
            let why = format!(
                "only macOS puts a value in here; {platform} asks for a certificate with this very \
                 text, unless the server has filled it before"
            );
            context.warn("AP015", node, format!("{:?}", placeholder.text), why);
        }
    }
}

/// Literal text that was to be a placeholder.
fn unfinished(context: &mut Context<'_>, node: &Node<'_>, text: &Text) {
    for part in text.parts() {
        let Part::Literal(literal) = part else { continue };
        if let Some((found, instead)) = broken(literal) {
            let why =
                "this looks like a placeholder, but is not written as one, so it stays as it is";
            match instead {
                Some(instead) => context.warn_instead("AP015", node, found, why, instead),
                None => context.warn("AP015", node, found, why),
            }
        }
    }
}

/// What looks like the remains of a placeholder, and what was meant.
fn broken(literal: &str) -> Option<(String, Option<String>)> {
    for prefix in ["FLEET_VAR_", "FLEET_SECRET_"] {
        if let Some((before, rest)) = literal.split_once(prefix) {
            let name: String =
                rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
            let open = before.ends_with("${");
            let dollar = before.ends_with('$');
            if name.is_empty() {
                return (open || dollar).then(|| (format!("{prefix:?} without a name"), None));
            }
            let written = match open {
                true => format!("${{{prefix}{name}"),
                false => format!("{prefix}{name}"),
            };
            let instead = match open {
                true => format!("${{{prefix}{name}}}"),
                false => format!("${prefix}{name}"),
            };
            return Some((format!("{written:?}"), Some(instead)));
        }
    }
    if literal.contains("{{") != literal.contains("}}") {
        return Some(("braces that do not close".to_owned(), None));
    }
    MACOS_VARIABLES.iter().find_map(|name| {
        let (before, after) = literal.split_once(name)?;
        // One percent sign only, or the text would have been a placeholder.
        let halved = before.ends_with('%') != after.starts_with('%');
        let meant = format!("%{name}%");
        let whole = parts(&meant).any(|part| matches!(part, Part::Placeholder(_)));
        (halved && whole).then(|| (format!("half a placeholder for {name:?}"), Some(meant)))
    })
}
