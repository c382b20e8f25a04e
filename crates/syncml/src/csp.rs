//! The trees of the configuration service providers, as tables.
//!
//! One row a node, from Microsoft's device description files (DDF) of February 2025. Which rows a
//! builder writes or a reader of results decodes, and which not, is told by
//! [`DELIBERATELY_ABSENT`].

mod absent;
mod certificate_store;
mod client_certificate_install;
mod root_ca_trusted_certificates;
mod vpn_v2;
mod wifi;
mod wired_network;

use crate::loc_uri::{Scope, segments};
use crate::verb::{Format, Verb};

pub use absent::{Absent, DELIBERATELY_ABSENT};

/// A configuration service provider: what is below `./Device/Vendor/MSFT/NAME`.
#[derive(Debug)]
pub struct Csp {
    /// Its name, the segment behind `Vendor/MSFT`.
    pub name: &'static str,
    /// Nodes of the same shape, each with the path that leads to them.
    pub families: &'static [Family],
}

/// Nodes below one path.
#[derive(Debug)]
pub struct Family {
    /// The path below the provider; empty for the provider itself.
    pub prefix: &'static str,
    /// In whose tree they are.
    pub scopes: Scopes,
    /// The nodes.
    pub nodes: &'static [CspNode],
}

/// In whose tree a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scopes {
    /// In both.
    Both,
    /// In the computer's only.
    DeviceOnly,
    /// In the user's only.
    UserOnly,
}

/// A node of a provider.
#[derive(Clone, Copy, Debug)]
pub struct CspNode {
    /// The path below the prefix of its [`Family`]; `{…}` stands for a name that is chosen.
    pub path: &'static str,
    /// Which commands it takes.
    pub access: Access,
    /// The format of its value.
    pub format: Format,
    /// How often it may be there.
    pub occurrence: Occurrence,
    /// The value it has without being set.
    pub default: Option<&'static str>,
    /// The values it takes.
    pub allowed: Allowed,
}

/// The commands a node takes: letters of Add, Delete, Get, Replace and eXec.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Access(&'static str);

/// How often a node may be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occurrence {
    /// Exactly once.
    One,
    /// Once or not at all.
    ZeroOrOne,
    /// Any number of times, under different names.
    ZeroOrMore,
}

/// The values a node takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Allowed {
    /// Any of its format.
    Any,
    /// One of these.
    OneOf(&'static [&'static str]),
    /// A number from the first to the second.
    Range(u64, u64),
}

/// Every provider that is modelled.
pub static PROVIDERS: &[&Csp] = &[
    &client_certificate_install::CSP,
    &root_ca_trusted_certificates::CSP,
    &certificate_store::CSP,
    &wifi::CSP,
    &wired_network::CSP,
    &vpn_v2::CSP,
];

impl Csp {
    /// Every node with its full path below the provider, the provider itself first.
    pub fn nodes(&self) -> impl Iterator<Item = (String, Scopes, &'static CspNode)> {
        self.families.iter().flat_map(|family| {
            let path = |node: &CspNode| match (family.prefix, node.path) {
                (prefix, "") => prefix.to_owned(),
                ("", path) => path.to_owned(),
                (prefix, path) => format!("{prefix}/{path}"),
            };
            family.nodes.iter().map(move |node| (path(node), family.scopes, node))
        })
    }
}

impl Access {
    /// Whether a command may be sent to the node.
    #[must_use]
    pub fn allows(self, verb: Verb) -> bool {
        let letter = match verb {
            Verb::Add => 'A',
            Verb::Delete => 'D',
            Verb::Get => 'G',
            Verb::Replace => 'R',
            Verb::Exec => 'X',
            _ => return false,
        };
        self.0.contains(letter)
    }

    /// The commands, in the order of their letters.
    pub fn verbs(self) -> impl Iterator<Item = Verb> {
        let verbs = [Verb::Add, Verb::Delete, Verb::Get, Verb::Replace, Verb::Exec];
        verbs.into_iter().filter(move |verb| self.allows(*verb))
    }
}

impl CspNode {
    /// Whether a value has to be given for what its parent is about to work.
    ///
    /// A description file calls results and unreleased nodes "exactly once" too.
    #[must_use]
    pub fn is_required(&self) -> bool {
        let unreleased = self.path.ends_with("/AttestPrivateKey");
        let written = self.access.allows(Verb::Add) || self.access.allows(Verb::Exec);
        self.occurrence == Occurrence::One && written && !unreleased
    }

    /// The last segment of the path.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.path.rsplit('/').next().unwrap_or_default()
    }

    const fn or(mut self, default: &'static str) -> Self {
        self.default = Some(default);
        self
    }

    const fn one_of(mut self, values: &'static [&'static str]) -> Self {
        self.allowed = Allowed::OneOf(values);
        self
    }

    const fn range(mut self, from: u64, to: u64) -> Self {
        self.allowed = Allowed::Range(from, to);
        self
    }
}

/// A row: path, commands, format, occurrence.
const fn node(
    path: &'static str,
    access: &'static str,
    format: Format,
    occurrence: Occurrence,
) -> CspNode {
    let access = Access(access);
    CspNode { path, access, format, occurrence, default: None, allowed: Allowed::Any }
}

/// What a LocURI leads to in the tables.
#[derive(Clone, Debug)]
pub(crate) enum Lookup {
    /// A node, and the names chosen on the way to it.
    Node(Found),
    /// Nothing, in a provider that is modelled; perhaps this was meant.
    Unknown { provider: &'static str, meant: Option<String> },
    /// A node that only the other tree has.
    WrongScope(Found),
    /// Another provider, or something else altogether.
    Elsewhere,
}

/// A node of the tables as a LocURI names it.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) csp: &'static Csp,
    pub(crate) family: &'static Family,
    pub(crate) node: &'static CspNode,
    pub(crate) scope: Scope,
    /// The first chosen name on the way: UniqueID, CertHash or SSID.
    pub(crate) chosen: Option<String>,
}

/// Looks up a LocURI, in upper or lower case.
pub(crate) fn lookup(loc_uri: &str) -> Lookup {
    let mut path = segments(loc_uri).peekable();
    let is = |found: Option<&&str>, name: &str| found.is_some_and(|f| f.eq_ignore_ascii_case(name));
    let scope = match path.peek() {
        first if is(first, "User") => Scope::User,
        _ => Scope::Device,
    };
    if is(path.peek(), "User") || is(path.peek(), "Device") {
        path.next();
    }
    let vendor = is(path.next().as_ref(), "Vendor") && is(path.next().as_ref(), "MSFT");
    let provider = path.next().filter(|_| vendor);
    let csp = PROVIDERS.iter().find(|csp| is(provider.as_ref(), csp.name));
    let Some(csp) = csp else { return Lookup::Elsewhere };

    let path: Vec<&str> = path.collect();
    for family in csp.families {
        let Some(rest) = below(&path, family.prefix) else { continue };
        for node in family.nodes {
            let Some(chosen) = matches(rest, node.path) else { continue };
            let found = Found { csp, family, node, scope, chosen: chosen.map(str::to_owned) };
            return match (family.scopes, scope) {
                (Scopes::DeviceOnly, Scope::User) | (Scopes::UserOnly, Scope::Device) => {
                    Lookup::WrongScope(found)
                }
                _ => Lookup::Node(found),
            };
        }
    }
    Lookup::Unknown { provider: csp.name, meant: meant(csp, &path) }
}

/// What is left of a path behind a prefix.
fn below<'a, 'b>(path: &'a [&'b str], prefix: &str) -> Option<&'a [&'b str]> {
    if prefix.is_empty() {
        return Some(path);
    }
    let mut rest = path;
    for segment in prefix.split('/') {
        let (first, after) = rest.split_first()?;
        if !first.eq_ignore_ascii_case(segment) {
            return None;
        }
        rest = after;
    }
    Some(rest)
}

/// Whether a path is that of a row, and the first name that was chosen.
fn matches<'b>(path: &[&'b str], row: &str) -> Option<Option<&'b str>> {
    let mut segments = row.split('/').filter(|segment| !segment.is_empty());
    let mut chosen = None;
    for given in path {
        let segment = segments.next()?;
        if segment.starts_with('{') {
            chosen = chosen.or(Some(*given));
        } else if !segment.eq_ignore_ascii_case(given) {
            return None;
        }
    }
    segments.next().is_none().then_some(chosen)
}

/// The node whose name is nearest to the last segment.
fn meant(csp: &Csp, path: &[&str]) -> Option<String> {
    let last = path.last()?;
    // Whoever mistypes gets the first letter right, and comparing more would take long.
    let first = last.chars().next()?.to_ascii_lowercase();
    let nodes = csp
        .families
        .iter()
        .flat_map(|family| family.nodes.iter().map(move |node| (family.prefix, node)));
    let near = nodes.filter_map(|(prefix, node)| {
        let name = node.name();
        let likely = name.starts_with(|other: char| other.to_ascii_lowercase() == first)
            && name.len().abs_diff(last.len()) <= 3;
        let distance = likely.then(|| distance(name, last))?;
        (distance <= 3).then_some((distance, prefix, node))
    });
    let (_, prefix, node) = near.min_by_key(|(distance, ..)| *distance)?;
    let slash = if prefix.is_empty() { "" } else { "/" };
    Some(format!("{prefix}{slash}{}", node.path))
}

/// How many letters have to be changed, put in or left out (Levenshtein), case aside.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<u8> = other.bytes().take(64).map(|octet| octet.to_ascii_lowercase()).collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, letter) in one.bytes().map(|octet| octet.to_ascii_lowercase()).enumerate() {
        let mut diagonal = 0;
        let mut left = at.saturating_add(1);
        for (cell, known) in
            row.iter_mut().zip(core::iter::once(None).chain(other.iter().map(Some)))
        {
            let Some(known) = known else {
                diagonal = *cell;
                *cell = left;
                continue;
            };
            let change = diagonal.saturating_add(usize::from(*known != letter));
            diagonal = *cell;
            left = change.min(left.saturating_add(1)).min(cell.saturating_add(1));
            *cell = left;
        }
    }
    row.last().copied().unwrap_or(usize::MAX)
}
