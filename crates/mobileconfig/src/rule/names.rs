//! AP004: identifiers and UUIDs that are there twice.

use std::collections::HashSet;

use super::context::{Context, literal};
use super::envelope::text;

pub(super) fn check(context: &mut Context<'_>) {
    let root = context.root.clone();
    let mut identifiers: HashSet<&str> = HashSet::new();
    let mut uuids: HashSet<String> = HashSet::new();
    if let Some((_, uuid)) = text(&root, "PayloadUUID") {
        uuids.insert(uuid.to_ascii_uppercase());
    }
    let outer = text(&root, "PayloadIdentifier");
    for payload in context.payloads.clone().iter() {
        if let Some((node, identifier)) = text(&payload.node, "PayloadIdentifier") {
            if outer.as_ref().is_some_and(|(_, outer)| *outer == identifier) {
                let why = "a payload is named within its profile; with the same name tools and \
                           servers mistake one for the other";
                let instead = format!("{identifier}.{}", suffix(payload.kind));
                context.warn_instead("AP004", &node, format!("{identifier:?}"), why, instead);
            }
            if !identifiers.insert(identifier) {
                let why = "two payloads of one profile have this identifier; a device installs one \
                           over the other or refuses both";
                context.error("AP004", &node, format!("{identifier:?}"), why);
            }
        }
        let Some(node) = payload.node.get("PayloadUUID") else { continue };
        let Some(uuid) = literal(&node) else { continue };
        if !uuids.insert(uuid.to_ascii_uppercase()) {
            let why =
                "this UUID is there twice in the profile, so nothing can point at one of them";
            context.error("AP004", &node, format!("{uuid:?}"), why);
        }
    }
}

/// `scep` of `com.apple.security.scep`, `wifi` of `com.apple.wifi.managed`.
fn suffix(kind: &str) -> &str {
    let kind = kind.strip_suffix(".managed").unwrap_or(kind);
    kind.rsplit('.').find(|part| !part.is_empty()).unwrap_or("payload")
}
