//! Profiles of wireless and wired networks within a document (WS022).

use core::ops::Range;

use super::onex;
use super::plan::{Plan, Touch};
use super::report::{MOST, Report, quote};
use crate::error::Error;
use crate::limits::Limits;
use crate::loc_uri::decode;
use crate::placeholder;
use crate::value::Value;
use crate::xml::{Element, Node, read};

const WLAN: &str = "http://www.microsoft.com/networking/WLAN/profile/v1";
const LAN: &str = "http://www.microsoft.com/networking/LAN/profile/v1";

/// A profile in the Data of a node, with the means to say where in it something stands.
pub(super) struct Profile<'r, 'd, 'a> {
    pub(super) report: &'r mut Report<'d>,
    pub(super) touch: &'r Touch<'a>,
    pub(super) data: Value<'a>,
    /// Bytes before the first element: an XML declaration.
    before: usize,
    findings: usize,
}

impl Profile<'_, '_, '_> {
    pub(super) fn span(&self, inner: &Range<usize>) -> Range<usize> {
        let at = |offset: usize| self.before.saturating_add(offset);
        self.report.part(&self.data, at(inner.start)..at(inner.end))
    }

    pub(super) fn error(
        &mut self,
        inner: &Range<usize>,
        found: impl Into<String>,
        why: &'static str,
        instead: Option<String>,
    ) {
        self.findings = self.findings.saturating_add(1);
        if self.findings > MOST {
            return;
        }
        let span = self.span(inner);
        let draft = self.report.error("WS022", span, found, why);
        draft.at(&self.touch.uri).instead_if(instead);
    }

    pub(super) fn warning(&mut self, inner: &Range<usize>, found: &str, why: &'static str) {
        let span = self.span(inner);
        self.report.warning("WS022", span, found, why).at(&self.touch.uri);
    }
}

pub(super) fn check(plan: &Plan<'_>, limits: &Limits, report: &mut Report<'_>) {
    for (csp, leaf, namespace) in [("WiFi", "WlanXml", WLAN), ("WiredNetwork", "LanXML", LAN)] {
        for touch in plan.writes(csp, leaf) {
            let Some(data) = touch.data() else { continue };
            let markup = touch.item.element().first("Data").and_then(|data| data.elements().next());
            if markup.is_some() {
                continue; // WS004 has said that it must be escaped.
            }
            let whole = placeholder::placeholders(data.trimmed());
            if whole.into_iter().any(|found| found.span.len() == data.trimmed().len()) {
                continue;
            }
            profile(touch, data, namespace, limits, report);
        }
    }
}

fn profile(
    touch: &Touch<'_>,
    data: Value<'_>,
    namespace: &str,
    limits: &Limits,
    report: &mut Report<'_>,
) {
    let text = data.text.clone();
    // A declaration may name any encoding: the text is decoded already.
    let body = match text.trim_start().strip_prefix("<?xml").and_then(|rest| rest.split_once("?>"))
    {
        Some((_, body)) => body,
        None => &text,
    };
    let before = text.len().saturating_sub(body.len());
    let mut profile = Profile { report, touch, data, before, findings: 0 };
    let forest = match read(body.trim_end(), limits) {
        Ok(forest) => forest,
        Err(error) => {
            let (span, found) = match error {
                Error::Malformed(malformed) => {
                    let found =
                        format!("expected {}, found {}", malformed.expected, malformed.found);
                    (malformed.place.span, found)
                }
                other => (0..0, other.to_string()),
            };
            let why = "the profile within the document is XML too, and has to be well-formed after \
                       one level of escapes is undone";
            profile.error(&span, found, why, None);
            return;
        }
    };
    let mut roots = forest.nodes.iter().filter_map(|node| match node {
        Node::Element(element) => Some(element),
        Node::Text(_) | Node::Comment(_) => None,
    });
    let (Some(root), None) = (roots.next(), roots.next()) else {
        let why = "a profile is one element";
        profile.error(&(0..0), "no profile, or more than one", why, None);
        return;
    };
    namespaces(root, namespace, &mut profile);
    if namespace == WLAN {
        wlan(root, &mut profile);
    }
    onex::check(root, &mut profile);
}

fn namespaces(root: &Element, namespace: &str, profile: &mut Profile<'_, '_, '_>) {
    let name = if namespace == WLAN { "WLANProfile" } else { "LANProfile" };
    if root.local_name() != name {
        let found = format!("the root {}", quote(&root.name));
        let why = "the device looks for a profile of this kind of network";
        profile.error(&root.name_span, found, why, Some(format!("<{name} xmlns=\"{namespace}\">")));
        return;
    }
    let prefix = root.name.split_once(':').map(|(prefix, _)| format!("xmlns:{prefix}"));
    let attribute = root.attribute_value(prefix.as_deref().unwrap_or("xmlns"));
    if attribute.is_none_or(|attribute| attribute.value != namespace) {
        let span = attribute.map_or(root.name_span.clone(), |attribute| attribute.span.clone());
        let found = match attribute {
            Some(attribute) => format!("the namespace {}", quote(&attribute.value)),
            None => "no namespace".to_owned(),
        };
        let why = "namespaces are names, compared letter by letter: http, although documentation \
                   shows https";
        profile.error(&span, found, why, Some(namespace.to_owned()));
    }
    root.elements().for_each(|child| https(child, profile));
}

fn https(element: &Element, profile: &mut Profile<'_, '_, '_>) {
    for attribute in element.attributes.iter().filter(|found| found.name.starts_with("xmlns")) {
        if let Some(rest) = attribute.value.strip_prefix("https://www.microsoft.com/") {
            let found = format!("the namespace {}", quote(&attribute.value));
            let why = "namespaces are names, compared letter by letter: http, not https";
            let instead = format!("http://www.microsoft.com/{rest}");
            profile.error(&attribute.span, found, why, Some(instead));
        }
    }
    element.elements().for_each(|child| https(child, profile));
}

fn wlan(root: &Element, profile: &mut Profile<'_, '_, '_>) {
    onex::order(root, &onex::PROFILE, profile);
    let name = root.first("name");
    match name {
        None => {
            let why = "Windows names the profile by it";
            profile.error(&root.name_span, "a profile without name", why, None);
        }
        Some(name) => profile_name(name, profile),
    }
    let ssid = root.descend(&["SSIDConfig", "SSID"]);
    let Some(ssid) = ssid else {
        let why = "without an SSID the device does not know which network is meant";
        profile.error(&root.name_span, "a profile without SSID", why, None);
        return;
    };
    let (hex, name) = (ssid.first("hex"), ssid.first("name"));
    if let Some(name) = name.map(Element::content)
        && !placeholder::is_in(&name)
    {
        if name.len() > 32 {
            let found = format!("an SSID of {} bytes", name.len());
            let why = "IEEE 802.11 has room for 32";
            profile.error(&ssid.span, found, why, None);
        }
        let expected: String = name.bytes().map(|octet| format!("{octet:02X}")).collect();
        if let Some(hex) = hex.filter(|hex| !hex.content().trim().eq_ignore_ascii_case(&expected))
            && !placeholder::is_in(&hex.content())
        {
            let found = format!("hex {} with the name {}", quote(&hex.content()), quote(&name));
            let why = "both say the SSID, and hex wins: the device looks for another network";
            profile.error(&hex.span, found, why, Some(expected));
        }
    }
}

/// The segment of the address is the name of the profile.
fn profile_name(name: &Element, profile: &mut Profile<'_, '_, '_>) {
    let name_text = name.content();
    let uri = profile.touch.uri.clone();
    let segment = profile.touch.found().and_then(|found| found.chosen.clone());
    let Some(segment) = segment.filter(|segment| !placeholder::is_in(segment)) else { return };
    let decoded = decode(&segment);
    if placeholder::is_in(&name_text) || decoded.as_deref() == Some(&*name_text) {
        return;
    }
    let found = match decoded {
        Some(decoded) => format!("the name {} at {}", quote(&name_text), quote(&decoded)),
        None => format!("the segment {}, which is not percent-encoded UTF-8", quote(&segment)),
    };
    let why = "the address ends in the name of the profile, percent-encoded; Windows refuses \
               another, or cannot remove the profile later";
    let instead = crate::LocUri::vendor(crate::Scope::Device, [&*name_text]).ok();
    let instead = instead.as_ref().and_then(|uri| uri.segments().last());
    let instead = instead.map(|encoded| uri.replacen(&segment, encoded, 1));
    profile.error(&name.span, found, why, instead);
}
