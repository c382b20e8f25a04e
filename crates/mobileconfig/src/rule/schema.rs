//! AP003, AP007, AP008, and AP016 for single keys: what Apple's schema says of every key.

use std::collections::HashMap;

use super::context::{Context, PayloadNode, kind_of, literal};
use super::spelling;
use crate::finding::{Finding, Severity};
use crate::payload::{
    Allowed, Availability, COMMON_KEYS, Key, Kind, Openness, PROFILE_KEYS, PayloadUuid, Presence,
    find,
};
use crate::plist::{self, Node};

/// Keys outside of Apple's schema that devices are known to read.
const UNDOCUMENTED: &[(&str, &str, &str)] = &[(
    "com.apple.security.scep",
    "PayloadContent",
    // macOS tells the user so many days ahead that the certificate expires.
    "CertificateRenewalTimeInterval",
)];

pub(super) fn check(context: &mut Context<'_>) {
    let root = context.root.clone();
    let parts =
        Tables { level: Level::Profile, payload_type: "", first: PROFILE_KEYS, second: &[] };
    dictionary(context, &parts, &root, Openness::Closed);
    for payload in context.payloads.clone().iter() {
        let PayloadNode { node, kind, schema } = payload;
        let keys = schema.map_or(&[][..], |schema| schema.keys);
        // Nothing is known of the keys of an unknown type but those that all have.
        let openness = schema.map_or(Openness::Open, |schema| schema.openness);
        let parts =
            Tables { level: Level::Payload, payload_type: kind, first: COMMON_KEYS, second: keys };
        dictionary(context, &parts, node, openness);
    }
}

/// Which dictionary it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Level {
    Profile,
    Payload,
    Below,
}

/// The keys that may stand in a dictionary.
struct Tables<'t> {
    level: Level,
    payload_type: &'t str,
    first: &'static [Key],
    second: &'static [Key],
}

impl Tables<'_> {
    fn all(&self) -> impl Iterator<Item = &'static Key> + Clone + use<> {
        self.first.iter().chain(self.second)
    }

    fn find(&self, name: &str) -> Option<&'static Key> {
        find(self.first, name).or_else(|| find(self.second, name))
    }
}

fn dictionary(context: &mut Context<'_>, keys: &Tables<'_>, node: &Node<'_>, openness: Openness) {
    for key in keys.all() {
        let required = key.presence == Presence::Required && !is_checked_elsewhere(keys, key);
        if required && !has(node, key.name) {
            context.error(
                "AP003",
                node,
                format!("no key {:?}", key.name),
                "the device refuses a profile in which a required key is missing",
            );
        }
    }
    let mut beside = Beside { around: node, asked: HashMap::new() };
    for entry in node.entries() {
        let name = entry.key().map(|key| key.value.as_str()).unwrap_or_default();
        match keys.find(name) {
            // Both have rules of their own.
            Some(key) if is_checked_elsewhere(keys, key) => {}
            Some(key) => value(context, keys.payload_type, key, &entry),
            None if openness == Openness::Closed => {
                unknown(context, keys, &mut beside, &entry, name);
            }
            None => {}
        }
    }
}

fn has(node: &Node<'_>, key: &str) -> bool {
    node.value().as_dictionary().is_some_and(|dictionary| dictionary.contains_key(key))
}

/// Which keys stand in a dictionary. Each is looked for once: those who write one key wrong may
/// write a hundred thousand so.
struct Beside<'n, 'd> {
    around: &'n Node<'d>,
    asked: HashMap<&'static str, bool>,
}

impl Beside<'_, '_> {
    fn has(&mut self, key: &'static str) -> bool {
        *self.asked.entry(key).or_insert_with(|| has(self.around, key))
    }
}

/// Keys that a rule of its own looks after, so that a mistake is told once.
fn is_checked_elsewhere(keys: &Tables<'_>, key: &Key) -> bool {
    keys.level == Level::Profile && matches!(key.name, "PayloadType" | "PayloadContent")
}

fn unknown(
    context: &mut Context<'_>,
    keys: &Tables<'_>,
    beside: &mut Beside<'_, '_>,
    entry: &Node<'_>,
    name: &str,
) {
    let path = beside.around.key_path();
    let place = path.last_key().unwrap_or_default();
    if UNDOCUMENTED.contains(&(keys.payload_type, place, name)) {
        return;
    }
    let finding = Finding::new(
        "AP007",
        Severity::Warning,
        context.at_key(entry),
        format!("the unknown key {name:?}"),
        "devices pass over keys they do not know, so what it says has no effect",
    );
    let names = keys.all().map(|key| key.name);
    let meant = spelling::nearest(keys.payload_type, name, &names);
    context.push(match meant {
        // Two keys of the same meaning: the right one counts, the other is only in the way.
        Some(meant) if beside.has(meant) => finding,
        Some(meant) => finding.instead(meant),
        None => finding,
    });
}

fn value(context: &mut Context<'_>, payload_type: &str, key: &'static Key, node: &Node<'_>) {
    available(context, key, node);
    // The shape of subjects has a rule of its own; a placeholder may become anything.
    if key.name == "Subject" || node.kind() == plist::Kind::Placeholder {
        return;
    }
    let fits = match key.kind {
        Kind::String => node.kind() == plist::Kind::String,
        Kind::Integer => node.kind() == plist::Kind::Integer,
        // A whole number is read as a fraction too.
        Kind::Real => matches!(node.kind(), plist::Kind::Real | plist::Kind::Integer),
        Kind::Boolean => node.kind() == plist::Kind::Boolean,
        Kind::Date => node.kind() == plist::Kind::Date,
        Kind::Data => node.kind() == plist::Kind::Data,
        Kind::Array(_) => node.kind() == plist::Kind::Array,
        Kind::Dictionary(_) | Kind::OpenDictionary(_) => node.kind() == plist::Kind::Dictionary,
        // The types of alternative names have a rule of their own.
        Kind::StringOrStrings | Kind::Any => true,
    };
    if !fits && key.name != "ntPrincipalName" {
        return wrong_type(context, key, node);
    }
    allowed(context, key, node);
    let (keys, openness) = match key.kind {
        Kind::Array(element) => {
            for item in node.items() {
                value(context, payload_type, element, &item);
            }
            return;
        }
        Kind::Dictionary(keys) => (keys, Openness::Closed),
        Kind::OpenDictionary(keys) => (keys, Openness::Open),
        _ => return,
    };
    let keys = Tables { level: Level::Below, payload_type, first: keys, second: &[] };
    dictionary(context, &keys, node, openness);
}

fn wrong_type(context: &mut Context<'_>, key: &Key, node: &Node<'_>) {
    let expected = match key.kind {
        Kind::String | Kind::StringOrStrings => "string",
        Kind::Integer => "integer",
        Kind::Real => "real",
        Kind::Boolean => "boolean",
        Kind::Date => "date",
        Kind::Data => "data",
        Kind::Array(_) => "array",
        Kind::Dictionary(_) | Kind::OpenDictionary(_) => "dictionary",
        Kind::Any => return,
    };
    let finding = Finding::new(
        "AP003",
        Severity::Error,
        context.at(node),
        kind_of(node),
        format!(
            "{:?} must be of type {expected}; devices do not convert one into another",
            key.name
        ),
    );
    let number = || {
        let value = node.value();
        let text = value.as_literal().map(str::trim).map(str::to_owned);
        let text = text.or_else(|| value.as_real().map(|real| real.to_string()))?;
        text.parse::<i64>().ok().map(|number| format!("<integer>{number}</integer>"))
    };
    let truth = || match literal(node)?.to_ascii_lowercase().as_str() {
        "true" | "yes" | "1" => Some("<true/>".to_owned()),
        "false" | "no" | "0" => Some("<false/>".to_owned()),
        _ => None,
    };
    let instead = match key.kind {
        Kind::Integer => number(),
        Kind::Boolean => truth(),
        _ => None,
    };
    context.push(match instead {
        Some(instead) => finding.instead(instead),
        None => finding,
    });
}

fn allowed(context: &mut Context<'_>, key: &Key, node: &Node<'_>) {
    let number = node.value().as_integer();
    let why = |allowed: String| format!("{:?} takes {allowed}; a device refuses others", key.name);
    let quoted = |found: &str| format!("{found:?}");
    match key.allowed {
        Allowed::Texts(texts) => {
            let Some(found) = literal(node) else { return };
            if texts.contains(&found) {
                return;
            }
            let why = why(one_of(texts.iter().map(|text| quoted(text))));
            match texts.iter().find(|text| text.eq_ignore_ascii_case(found.trim())) {
                Some(meant) => context.error_instead("AP008", node, quoted(found), why, *meant),
                None => context.error("AP008", node, quoted(found), why),
            }
        }
        Allowed::Integers(numbers) => {
            let Some(found) = number.filter(|found| !numbers.contains(found)) else { return };
            let why = why(one_of(numbers.iter().map(i64::to_string)));
            match key.name {
                "Keysize" => {
                    let instead = "<integer>2048</integer>";
                    context.error_instead("AP008", node, found.to_string(), why, instead);
                }
                _ => context.error("AP008", node, found.to_string(), why),
            }
        }
        Allowed::Range(least, greatest) => {
            let range = least..=greatest;
            let Some(found) = number.filter(|found| !range.contains(found)) else { return };
            let why = why(format!("{least} to {greatest}"));
            context.error("AP008", node, found.to_string(), why);
        }
        Allowed::Prefix(prefix) => {
            let Some(found) = literal(node).filter(|found| !found.starts_with(prefix)) else {
                return;
            };
            context.error("AP008", node, quoted(found), why(format!("a text starting {prefix}")));
        }
        Allowed::Uuid => {
            let Some(found) =
                literal(node).filter(|found| !PayloadUuid::from(*found).is_well_formed())
            else {
                return;
            };
            let why = why("a UUID: five groups of 8, 4, 4, 4 and 12 letters and digits".to_owned());
            context.warn("AP008", node, quoted(found), why);
        }
        Allowed::All => {}
    }
}

/// A key that the platform does not have.
fn available(context: &mut Context<'_>, key: &Key, node: &Node<'_>) {
    let Some(platform) = context.platform() else { return };
    let why = match key.availability(platform) {
        Some(Availability::Never) => format!("{platform} does not have it and passes over it"),
        Some(Availability::Until(version)) => {
            format!("{platform} passes over it from version {version} on")
        }
        _ => return,
    };
    let found = format!("the key {:?}", key.name);
    context.push(Finding::new("AP016", Severity::Advice, context.at_key(node), found, why));
}

fn one_of(values: impl Iterator<Item = String>) -> String {
    let values: Vec<String> = values.collect();
    match values.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => String::new(),
    }
}
