//! 802.1X within profiles (WS022): order of elements, EAP-TLS and trust in the server.

use super::report::quote;
use super::wlan::Profile;
use crate::placeholder;
use crate::thumbprint::Thumbprint;
use crate::xml::Element;

/// The children of WLANProfile.
pub(super) const PROFILE: [&str; 6] =
    ["name", "SSIDConfig", "connectionType", "connectionMode", "autoSwitch", "MSM"];

/// The children of security in a wireless profile.
const SECURITY: [&str; 9] = [
    "authEncryption",
    "sharedKey",
    "keyIndex",
    "PMKCacheMode",
    "PMKCacheTTL",
    "PMKCacheSize",
    "preAuthMode",
    "preAuthThrottle",
    "OneX",
];

const ONEX: [&str; 10] = [
    "cacheUserData",
    "heldPeriod",
    "authPeriod",
    "startPeriod",
    "maxStart",
    "maxAuthFailures",
    "supplicantMode",
    "authMode",
    "singleSignOn",
    "EAPConfig",
];

/// What `authentication` says when 802.1X is used.
const ENTERPRISE: [&str; 5] = ["WPA", "WPA2", "WPA3", "WPA3ENT", "WPA3ENT192"];
/// And when it is not.
const PERSONAL: [&str; 6] = ["open", "shared", "WPAPSK", "WPA2PSK", "WPA3SAE", "OWE"];

/// Says which child stands before one that has to come first. Unknown ones may stand anywhere.
pub(super) fn order(parent: &Element, names: &[&str], profile: &mut Profile<'_, '_, '_>) {
    let mut reached = 0_usize;
    for child in parent.elements() {
        let at = names.iter().position(|name| *name == child.local_name());
        let Some(at) = at else { continue };
        if at < reached {
            let before = names.get(reached).copied().unwrap_or_default();
            let found = format!("{before} before {}", child.local_name());
            let why = "the schema has a fixed order, and Windows refuses the profile otherwise";
            profile.error(&child.name_span, found, why, Some(names.join(", ")));
        }
        reached = reached.max(at);
    }
}

pub(super) fn check(root: &Element, profile: &mut Profile<'_, '_, '_>) {
    let Some(security) = root.descend(&["MSM", "security"]) else { return };
    let onex = security.first("OneX");
    if root.local_name() == "WLANProfile" {
        order(security, &SECURITY, profile);
        authentication(security, onex, profile);
    }
    let Some(onex) = onex else { return };
    order(onex, &ONEX, profile);
    let Some(config) = onex.first("EAPConfig") else {
        let why = "802.1X needs to know how to authenticate";
        profile.error(&onex.name_span, "OneX without EAPConfig", why, None);
        return;
    };
    let method = config.descend(&["EapHostConfig", "EapMethod", "Type"]);
    if method.is_some_and(|method| method.content().trim() == "13") {
        eap_tls(config, profile);
    }
}

fn authentication(security: &Element, onex: Option<&Element>, profile: &mut Profile<'_, '_, '_>) {
    let Some(auth) = security.first("authEncryption") else { return };
    let Some(method) = auth.first("authentication") else { return };
    let kind = method.content();
    let kind = kind.trim();
    let uses = auth.first("useOneX").map(Element::content);
    let uses = uses.as_deref().map_or("false", str::trim);
    if placeholder::is_in(kind) || placeholder::is_in(uses) {
        return;
    }
    let enterprise = ENTERPRISE.contains(&kind);
    if !enterprise && !PERSONAL.contains(&kind) {
        let all = [ENTERPRISE.as_slice(), PERSONAL.as_slice()].concat();
        let meant = all.iter().find(|known| known.eq_ignore_ascii_case(kind));
        let instead = meant.map_or_else(|| all.join(", "), |meant| (*meant).to_owned());
        let why = "Windows knows no such authentication";
        profile.error(&method.span, format!("authentication {}", quote(kind)), why, Some(instead));
        return;
    }
    let truth = matches!(uses, "true" | "1");
    if truth != enterprise && kind != "open" {
        let found = format!("useOneX {uses} with authentication {kind}");
        let why = "the enterprise methods use 802.1X, and the personal ones do not";
        let span = auth.first("useOneX").unwrap_or(auth).span.clone();
        profile.error(&span, found, why, Some(enterprise.to_string()));
    } else if truth && onex.is_none() {
        let why = "802.1X has to be configured in OneX";
        profile.error(&security.name_span, "useOneX without OneX", why, None);
    }
}

fn eap_tls(config: &Element, profile: &mut Profile<'_, '_, '_>) {
    let mut seen = Seen::default();
    walk(config, &mut seen, profile);
    let span = config.name_span.clone();
    let why = "without a trusted root any server with any certificate is taken, or the user asked";
    if seen.validation_off {
        profile.warning(&span, "PerformServerValidation is false", why);
    }
    if seen.roots == 0 {
        profile.warning(&span, "EAP-TLS without TrustedRootCA", why);
    }
}

#[derive(Default)]
struct Seen {
    roots: usize,
    validation_off: bool,
}

fn walk(element: &Element, seen: &mut Seen, profile: &mut Profile<'_, '_, '_>) {
    match element.local_name() {
        "PerformServerValidation" => {
            seen.validation_off |= matches!(element.content().trim(), "false" | "0");
        }
        name @ ("TrustedRootCA" | "IssuerHash") => {
            seen.roots = seen.roots.saturating_add(usize::from(name == "TrustedRootCA"));
            let text = element.content();
            if !placeholder::is_in(&text)
                && let Err(error) = text.parse::<Thumbprint>()
            {
                let found = format!("{name}: {error}");
                let why = "the server's chain is compared with the SHA-1 thumbprint of the root, \
                           and never fits";
                profile.error(&element.span, found, why, None);
            }
        }
        _ => {}
    }
    element.elements().for_each(|child| walk(child, seen, profile));
}
