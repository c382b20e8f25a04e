//! Every rule of the checks, as data: the documentation is made of it, and the tests run it.

#[macro_use]
mod sample;
mod apple;
mod beyond;
mod variables;
mod windows;

pub(super) use apple::{
    FL018, FL020, FL021, FL022, FL023, FL024, FL025, FL026, FL027, FL028, FL029,
};
pub(super) use beyond::{
    FL060, FL061, FL062, FL063, FL064, FL065, FL066, FL067, FL068, FL069, FL070, FL071, FL072,
};
pub(super) use variables::{
    FL001, FL002, FL003, FL004, FL005, FL006, FL010, FL011, FL012, FL013, FL014, FL015, FL016,
    FL017,
};
pub(super) use windows::{
    FL030, FL031, FL032, FL033, FL034, FL035, FL036, FL037, FL038, FL039, FL040, FL041, FL042,
    FL043, FL044, FL045, FL046, FL047, FL048, FL049,
};

use super::{Check, License, Rules, Server};
use crate::finding::{Finding, Service, Severity};
use crate::variable::Destination;

/// A rule of the checks.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Rule {
    /// Its id, which never changes its meaning.
    pub id: &'static str,
    /// How bad it is to break it.
    pub severity: Severity,
    /// What it asks for.
    pub title: &'static str,
    /// Whether the rule, and its text, are Fleet's.
    pub is_of_fleet: bool,
    /// What happens otherwise.
    pub why: &'static str,
    /// Profiles that break it.
    pub examples: &'static [Example],
    /// In which editions it holds.
    pub(super) rules: &'static [Rules],
    /// What Fleet's service makes of the message.
    pub(super) service: Service,
}

impl Rule {
    /// Whether it holds in this edition.
    #[must_use]
    pub fn is_in(&self, rules: Rules) -> bool {
        self.rules.contains(&rules)
    }

    const fn fleet(
        id: &'static str,
        title: &'static str,
        why: &'static str,
        examples: &'static [Example],
    ) -> Self {
        let severity = Severity::Error;
        Self {
            id,
            severity,
            title,
            is_of_fleet: true,
            why,
            examples,
            rules: BOTH,
            service: Service::Same,
        }
    }

    const fn beyond(
        id: &'static str,
        severity: Severity,
        title: &'static str,
        why: &'static str,
        examples: &'static [Example],
    ) -> Self {
        Self {
            id,
            severity,
            title,
            is_of_fleet: false,
            why,
            examples,
            rules: BOTH,
            service: Service::Same,
        }
    }

    const fn only_in(self, rules: &'static [Rules]) -> Self {
        Self { rules, ..self }
    }

    const fn prefixed(self) -> Self {
        Self { service: Service::Prefixed, ..self }
    }

    const fn continued(self, more: &'static str) -> Self {
        Self { service: Service::Continued(more), ..self }
    }
}

const BOTH: &[Rules] = &[Rules::Guide, Rules::Current];
const GUIDE: &[Rules] = &[Rules::Guide];
const CURRENT: &[Rules] = &[Rules::Current];

/// A profile that breaks a rule.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Example {
    /// Where it goes.
    pub destination: Destination,
    /// The edition that finds it.
    pub rules: Rules,
    /// The profile.
    pub profile: &'static str,
    server: Configured,
}

/// How the server of an example differs from the usual one, which has a DigiCert CA `DIGI`, the
/// SCEP CAs `WIFI` and `VPN`, the Smallstep CA `STEP`, and NDES.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Configured {
    AsUsual,
    WithoutLicense,
    WithoutNdes,
    /// With one secret, `PSK`.
    WithSecrets,
    /// The profile is called so.
    Named(&'static str),
}

impl Example {
    const fn apple(profile: &'static str) -> Self {
        Self::of(Destination::AppleProfile, profile)
    }

    const fn windows(profile: &'static str) -> Self {
        Self::of(Destination::WindowsProfile, profile)
    }

    const fn of(destination: Destination, profile: &'static str) -> Self {
        Self { destination, rules: Rules::Current, profile, server: Configured::AsUsual }
    }

    const fn guide(self) -> Self {
        Self { rules: Rules::Guide, ..self }
    }

    const fn server(self, server: Configured) -> Self {
        Self { server, ..self }
    }

    /// What is found in it, on a server with a DigiCert CA `DIGI`, the SCEP CAs `WIFI` and `VPN`,
    /// the Smallstep CA `STEP`, and NDES.
    #[must_use]
    pub fn findings(&self) -> Vec<Finding> {
        let server = Server::default().digicert("DIGI").custom_scep("WIFI").custom_scep("VPN");
        let server = server.smallstep("STEP");
        let server = match self.server {
            Configured::AsUsual | Configured::Named(_) => server.ndes(),
            Configured::WithoutLicense => server.ndes().license(License::Free),
            Configured::WithoutNdes => server,
            Configured::WithSecrets => server.ndes().secret("PSK"),
        };
        let mut check = Check::new(&server, self.rules);
        if let Configured::Named(name) = self.server {
            check = check.name(name);
        }
        check.run(self.profile.as_bytes(), self.destination)
    }

    /// What is to be known to understand it, where there is something.
    #[must_use]
    pub const fn circumstances(&self) -> Option<&'static str> {
        match self.server {
            Configured::AsUsual => None,
            Configured::WithoutLicense => Some("without a premium licence"),
            Configured::WithoutNdes => Some("where NDES is not configured"),
            Configured::WithSecrets => Some("with one secret, `PSK`"),
            Configured::Named(_) => Some("in a file with a name that Fleet has taken"),
        }
    }
}

/// Every rule, in the order of the ids.
#[must_use]
pub fn rules() -> &'static [Rule] {
    RULES
}

/// The rule of this id.
#[must_use]
pub fn rule(id: &str) -> Option<&'static Rule> {
    rules().iter().find(|rule| rule.id == id)
}

static RULES: &[Rule] = &[
    FL001, FL002, FL003, FL004, FL005, FL006, FL010, FL011, FL012, FL013, FL014, FL015, FL016,
    FL017, FL018, FL020, FL021, FL022, FL023, FL024, FL025, FL026, FL027, FL028, FL029, FL030,
    FL031, FL032, FL033, FL034, FL035, FL036, FL037, FL038, FL039, FL040, FL041, FL042, FL043,
    FL044, FL045, FL046, FL047, FL048, FL049, FL060, FL061, FL062, FL063, FL064, FL065, FL066,
    FL067, FL068, FL069, FL070, FL071, FL072,
];
