//! What is wrong with a profile, said before a device says it.
//!
//! ```
//! use devicecert_mobileconfig::rule::{Target, check_bytes};
//! use devicecert_mobileconfig::{Limits, payload::Platform};
//!
//! # let uploaded = rule_example();
//! # fn rule_example() -> Vec<u8> {
//! #     devicecert_mobileconfig::rule::rules()[6].examples[0].broken_profile().into_bytes()
//! # }
//! let target = Target::default().platform(Platform::MacOs);
//! for finding in check_bytes(&uploaded, &Limits::default(), &target) {
//!     println!("{finding}");
//! }
//! ```
//!
//! Every rule is a row of [`rules`], with what it says, why it matters, and an example that breaks
//! it next to one that does not. A rule that needs to know a value says nothing about a template,
//! where a placeholder still stands for it.

mod acme;
mod catalogue;
mod certificate;
mod context;
mod eap;
mod envelope;
mod example;
mod names;
mod placeholder;
mod protection;
mod reading;
mod reference;
mod scep;
mod schema;
mod spelling;
mod subject;
mod support;
mod vpn;

pub use example::{Example, Frame};

use context::Context;
use devicecert_pki::Time;
use reference::Targets;

use crate::finding::{Finding, Severity};
use crate::limits::Limits;
use crate::payload::Platform;
use crate::profile::Profile;

/// One rule.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Rule {
    /// What findings name it by.
    pub id: &'static str,
    /// How bad it is to break it, at the worst.
    pub severity: Severity,
    /// What it asks for.
    pub title: &'static str,
    /// What happens on a device otherwise.
    pub why: &'static str,
    /// Profiles that break it, and how to mend them.
    pub examples: &'static [Example],
}

/// What a profile is meant for. Whatever is not told is not checked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Target {
    /// The devices it goes to.
    pub platform: Option<Platform>,
    /// How they are enrolled.
    pub enrollment: Option<Enrolled>,
    /// The time at which certificates and profiles may not have expired.
    pub now: Option<Time>,
}

/// How devices are enrolled with their management server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Enrolled {
    /// As devices of the organisation, supervised.
    Supervised,
    /// As devices of the organisation, not supervised.
    Unsupervised,
    /// As devices of their users (User Enrollment).
    ByUser,
}

impl Target {
    /// For devices with this system.
    #[must_use]
    pub const fn platform(self, platform: Platform) -> Self {
        Self { platform: Some(platform), ..self }
    }

    /// For devices enrolled so.
    #[must_use]
    pub const fn enrollment(self, enrollment: Enrolled) -> Self {
        Self { enrollment: Some(enrollment), ..self }
    }

    /// To be installed at this time.
    #[must_use]
    pub const fn now(self, now: Time) -> Self {
        Self { now: Some(now), ..self }
    }
}

impl From<Option<Platform>> for Target {
    fn from(platform: Option<Platform>) -> Self {
        Self { platform, ..Self::default() }
    }
}

/// Every rule, in the order of their names.
#[must_use]
pub fn rules() -> &'static [Rule] {
    catalogue::RULES
}

/// The rule of this name.
#[must_use]
pub fn rule(id: &str) -> Option<&'static Rule> {
    rules().iter().find(|rule| rule.id == id)
}

/// Everything that is wrong with a profile, in the order in which it stands there.
#[must_use]
pub fn check(profile: &Profile, target: &Target) -> Vec<Finding> {
    let mut context = Context::new(profile, target);
    reading::oddities(&mut context);
    if envelope::check(&mut context).is_break() {
        return context.finish();
    }
    schema::check(&mut context);
    names::check(&mut context);
    subject::check(&mut context);
    scep::check(&mut context);
    acme::check(&mut context);
    eap::check(&mut context);
    vpn::check(&mut context);
    certificate::check(&mut context);
    support::check(&mut context);
    protection::signature(&mut context);
    values(&mut context);
    context.finish()
}

/// The rules that look at every value: in one walk, because that is most of the work.
fn values(context: &mut Context<'_>) {
    let targets = Targets::of(context);
    for payload in context.payloads.clone().iter() {
        for node in payload.node.walk() {
            if let Some(targets) = &targets {
                reference::value(context, targets, payload.kind, &node);
            }
            placeholder::value(context, &node);
            protection::value(context, &node);
        }
    }
}

/// Reads a profile and checks it. One that cannot be read is one finding.
#[must_use]
pub fn check_bytes(bytes: &[u8], limits: &Limits, target: &Target) -> Vec<Finding> {
    match Profile::read(bytes, limits) {
        Ok(profile) => check(&profile, target),
        Err(error) => vec![reading::finding(&error, bytes)],
    }
}
