//! AP016: payloads that the target does not take.

use std::collections::HashMap;

use super::Enrolled;
use super::context::Context;
use super::envelope::text;
use crate::payload::{Channels, Count, Enrollment, Platform, Schema, Support};
use crate::plist::Node;

pub(super) fn check(context: &mut Context<'_>) {
    let mut seen: HashMap<&str, usize> = HashMap::new();
    let scope = text(&context.root, "PayloadScope").map(|(_, scope)| scope);
    for payload in context.payloads.clone().iter() {
        let Some(schema) = payload.schema else { continue };
        let Some(kind) = payload.node.get("PayloadType") else { continue };
        let count = seen.entry(schema.payload_type).or_default();
        *count = count.saturating_add(1);
        let found = format!("a payload of type {:?}", schema.payload_type);
        let unknown = |platform: &Platform| schema.support_on(*platform).is_none();
        if let Some(platform) = context.platform().filter(unknown) {
            let why = format!("{platform} does not know this payload and refuses the profile");
            context.error("AP016", &kind, found, why);
            continue;
        }
        enrollment(context, schema, &kind);
        if *count > 1 && is_single(schema, context.platform()) {
            let found = format!("the payload {count} of type {:?}", schema.payload_type);
            let why =
                "a device takes one of this type; the second is refused or replaces the first";
            context.error("AP016", &kind, found, why);
        }
        channel(context, schema, scope, &kind);
    }
}

fn is_single(schema: &Schema, platform: Option<Platform>) -> bool {
    let single = |support: &Support| support.count == Count::Single;
    match platform {
        Some(platform) => schema.support_on(platform).is_some_and(single),
        None => schema.support.iter().all(single),
    }
}

/// Nothing can be said as long as the platform is not known.
fn enrollment(context: &mut Context<'_>, schema: &Schema, kind: &Node<'_>) {
    let support = context.platform().and_then(|platform| schema.support_on(platform));
    let (Some(support), Some(enrolled)) = (support, context.target.enrollment) else { return };
    let why = match (support.enrollment, enrolled) {
        (Enrollment::NotUser, Enrolled::ByUser) => "not taken in User Enrollment",
        (Enrollment::Supervised, Enrolled::ByUser | Enrolled::Unsupervised) => {
            "taken on supervised devices only"
        }
        _ => return,
    };
    let found = format!("a payload of type {:?}", schema.payload_type);
    context.error(
        "AP016",
        kind,
        found,
        format!("{} devices refuse it: it is {why}", support.platform),
    );
}

/// Scopes are of macOS only; there they say the channel.
fn channel(context: &mut Context<'_>, schema: &Schema, scope: Option<&str>, kind: &Node<'_>) {
    if context.platform().is_some_and(|platform| platform != Platform::MacOs) {
        return;
    }
    let Some(support) = schema.support_on(Platform::MacOs) else { return };
    let found = format!("a payload of type {:?} in a profile of scope", schema.payload_type);
    match (support.channels, scope) {
        (Channels::User, Some("System")) => {
            let why = "it belongs to a user: macOS takes it in a profile of scope User only";
            context.error("AP016", kind, format!("{found} System"), why);
        }
        (Channels::Device, Some("User")) => {
            let why = "it belongs to the device: macOS takes it in a profile of scope System only";
            context.error("AP016", kind, format!("{found} User"), why);
        }
        _ => {}
    }
}
