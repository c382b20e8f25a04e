//! AP001 to AP004, AP020 and AP021: the profile around the payloads.

use core::ops::ControlFlow;

use super::context::{Context, kind_of, literal};
use crate::payload::schema as known;
use crate::plist::{Kind, Node, Value};

/// Checks the envelope; breaks if what is there is no profile, so that the rest would be noise.
pub(super) fn check(context: &mut Context<'_>) -> ControlFlow<()> {
    let root = context.root.clone();
    if root.value().as_dictionary().is_none() {
        context.error("AP001", &root, kind_of(&root), "the root of a profile is a dictionary");
        return ControlFlow::Break(());
    }
    kind(context, &root)?;
    nested(context);
    content(context, &root);
    dates(context, &root);
    ControlFlow::Continue(())
}

fn kind(context: &mut Context<'_>, root: &Node<'_>) -> ControlFlow<()> {
    let Some(kind) = root.get("PayloadType") else {
        let inner = root.entries().find(|entry| entry.get("PayloadContent").is_some());
        if let Some(inner) = inner.filter(|_| root.get("PayloadContent").is_none()) {
            let why = "a device looks for the keys of the profile at the root, and finds none";
            let instead = "the dictionary itself, without the one around it";
            context.error_instead("AP002", &inner, "the profile one level too deep", why, instead);
            return ControlFlow::Break(());
        }
        let why = "without PayloadType Configuration a property list is no profile";
        context.error("AP002", root, "no key \"PayloadType\"", why);
        return ControlFlow::Continue(());
    };
    match kind.value().as_str() {
        None if kind.kind() != Kind::Placeholder => {
            let why = "PayloadType is a string, and that of a profile is Configuration";
            context.error_instead("AP002", &kind, kind_of(&kind), why, "Configuration");
        }
        Some(found) if found != "Configuration" && kind.value().as_template().is_none() => {
            let why = if known(found).is_some() {
                "this is the type of a payload; the profile around it has the type Configuration"
            } else {
                "the type of a profile is Configuration; a device refuses any other"
            };
            let found = format!("{found:?}");
            context.error_instead("AP002", &kind, found, why, "Configuration");
        }
        _ => {}
    }
    ControlFlow::Continue(())
}

fn nested(context: &mut Context<'_>) {
    for payload in context.of_type("Configuration") {
        let Some(kind) = payload.node.get("PayloadType") else { continue };
        let why = "profiles do not nest: put the payloads of the inner one into the outer one";
        context.error("AP002", &kind, "a whole profile as a payload", why);
    }
    let items = context.root.get("PayloadContent");
    for item in items.iter().flat_map(Node::items) {
        let is_dictionary = matches!(item.kind(), Kind::Dictionary | Kind::Placeholder);
        if !is_dictionary {
            context.error("AP003", &item, kind_of(&item), "each payload is a dictionary");
        }
    }
}

/// AP021, and what AP003 says of PayloadContent.
fn content(context: &mut Context<'_>, root: &Node<'_>) {
    let encrypted = root.get("IsEncrypted").and_then(|node| node.value().as_boolean());
    let cipher = root.get("EncryptedPayloadContent");
    let content = root.get("PayloadContent");
    let both = "encrypted payloads are in EncryptedPayloadContent alone, and IsEncrypted is true";
    match (encrypted, &cipher, &content) {
        (Some(true), None, _) => {
            let found = "IsEncrypted without EncryptedPayloadContent";
            context.error("AP021", root, found, both);
        }
        (Some(true), Some(_), Some(content)) => {
            let found = "PayloadContent beside EncryptedPayloadContent";
            context.error("AP021", content, found, both);
        }
        (None | Some(false), Some(cipher), _) => {
            let found = "EncryptedPayloadContent without IsEncrypted";
            context.error("AP021", cipher, found, both);
        }
        (None | Some(false), None, None) => {
            let why = "a profile without payloads does nothing, and devices refuse it";
            context.error("AP003", root, "no key \"PayloadContent\"", why);
        }
        _ => {}
    }
    let fits = |content: &Node<'_>| matches!(content.kind(), Kind::Array | Kind::Placeholder);
    if let Some(content) = content.filter(|content| !fits(content)) {
        let why = "\"PayloadContent\" of a profile is an array of payloads";
        context.error("AP003", &content, kind_of(&content), why);
    }
}

/// AP020.
fn dates(context: &mut Context<'_>, root: &Node<'_>) {
    if let Some(now) = context.target.now {
        let past = [
            ("RemovalDate", "the device removes the profile at once"),
            ("PayloadExpirationDate", "the device shows the profile as out of date"),
        ];
        for (key, why) in past {
            let Some(node) = root.get(key) else { continue };
            if node.value().as_date().is_some_and(|date| date <= now) {
                context.warn("AP020", &node, "a date in the past", why);
            }
        }
    }
    let Some(duration) = root.get("DurationUntilRemoval") else { return };
    #[expect(clippy::cast_precision_loss, reason = "only the sign matters")]
    let whole = || duration.value().as_integer().map(|seconds| seconds as f64);
    let seconds = duration.value().as_real().or_else(whole);
    if let Some(seconds) = seconds.filter(|seconds| *seconds <= 0.0) {
        let why = "the device removes the profile at once";
        context.warn("AP020", &duration, seconds.to_string(), why);
    }
}

/// The text of a key of the profile, if it has no placeholder.
pub(super) fn text<'a>(root: &Node<'a>, key: &str) -> Option<(Node<'a>, &'a str)> {
    let node = root.get(key)?;
    let text = literal(&node)?;
    Some((node, text))
}

/// Whether a value is true.
pub(super) fn is_true(node: &Node<'_>) -> bool {
    node.value() == &Value::Boolean(true)
}
