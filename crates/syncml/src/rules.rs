//! Every rule of the checks, as data: the documentation is made of it, and the tests run it.

mod encoding;
mod examples;
mod settings;
mod subtree;

use crate::check::{Severity, Target};

/// A rule of the checks.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Rule {
    /// Its id, which never changes its meaning.
    pub id: &'static str,
    /// How bad the worst case of it is; a finding may be milder.
    pub severity: Severity,
    /// What it is about, in one line.
    pub title: &'static str,
    /// What happens on the device, or on the way there.
    pub why: &'static str,
    /// Where the examples go.
    pub target: Target,
    /// A document that breaks it.
    pub failing: &'static str,
    /// The same document with nothing to find by this rule.
    pub mended: &'static str,
}

/// Every rule, in the order of the ids.
///
/// ```
/// let rule = devicecert_syncml::rules().iter().find(|rule| rule.id == "WS011").unwrap();
/// println!("{}: {}", rule.title, rule.why);
/// ```
#[must_use]
pub fn rules() -> &'static [Rule] {
    RULES
}

static RULES: &[Rule] = &[
    encoding::WS001,
    encoding::WS002,
    encoding::WS003,
    encoding::WS004,
    encoding::WS005,
    encoding::WS006,
    encoding::WS007,
    encoding::WS008,
    subtree::WS009,
    subtree::WS010,
    settings::WS011,
    settings::WS012,
    settings::WS013,
    settings::WS014,
    settings::WS015,
    settings::WS016,
    settings::WS017,
    subtree::WS018,
    subtree::WS019,
    subtree::WS020,
    settings::WS021,
    subtree::WS022,
    settings::WS023,
    settings::WS024,
    subtree::WS025,
    settings::WS026,
    settings::WS027,
];

/// A rule for documents that go to a device.
const fn rule(
    id: &'static str,
    severity: Severity,
    title: &'static str,
    why: &'static str,
    failing: &'static str,
    mended: &'static str,
) -> Rule {
    Rule { id, severity, title, why, target: Target::Device, failing, mended }
}
