//! Why a host gets no profile, in Fleet's words.

use core::fmt;

use devicecert_ca::{CaName, Wording, digicert, ndes, smallstep};
use devicecert_fleet::{
    self as fleet, BAD_CHALLENGE, Destination, Place, Rules, Template, Unavailable, Unfilled,
    Variable, WhyUnfilled,
};

use super::CaId;

/// A host that gets no profile: everything that keeps it from getting one, as far as it is known.
///
/// What the host lacks, and which CAs are not there, is found all at once, before any CA is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undelivered {
    findings: Vec<Finding>,
}

/// One thing that keeps a host from getting a profile.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// Which variable of the profile has no value.
    pub variable: Variable,
    /// Where it first stands.
    pub place: Box<Place>,
    /// Where the profile goes.
    pub destination: Destination,
    /// What is wrong.
    pub cause: Cause,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cause {
    /// There is no value.
    Unavailable(Unavailable),
    /// There is one, and it cannot stand there.
    Unfit(Box<Unfilled>),
    /// What the certificate is ordered with has a variable without a value.
    Order {
        /// Which account of DigiCert ONE.
        ca: CaName,
        /// Which of its settings.
        field: OrderField,
        /// What is wrong with it.
        error: fleet::Error,
    },
    /// DigiCert ONE did not issue.
    DigiCert {
        /// Which account.
        ca: CaName,
        /// Why.
        error: digicert::Error,
    },
    /// NDES gave no challenge.
    Ndes(ndes::Error),
    /// Smallstep gave no challenge.
    Smallstep {
        /// Which authority.
        ca: CaName,
        /// Why.
        error: smallstep::Error,
    },
    /// The challenge has a character that Windows cannot send.
    UnprintableChallenge {
        /// The byte of the challenge at which it stands.
        at: usize,
    },
    /// CAs of two kinds have the same name, and the profile asks both. What a device asks the proxy
    /// and what is to be renewed is found by that name, so it must mean one.
    AmbiguousName(CaName),
}

/// A setting of a DigiCert account that variables may stand in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OrderField {
    /// The common name.
    CommonName,
    /// The seat ID.
    SeatId,
    /// The user principal name.
    UserPrincipalName,
}

impl Undelivered {
    pub(super) fn one(finding: Finding) -> Self {
        Self { findings: vec![finding] }
    }

    /// `None` without findings.
    pub(super) fn of(findings: Vec<Finding>) -> Option<Self> {
        (!findings.is_empty()).then_some(Self { findings })
    }

    /// The findings, in the order of the profile; at least one.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// What Fleet shows in the details of the profile. It stops at the first finding.
    #[must_use]
    pub fn detail(&self, rules: Rules) -> String {
        self.findings.first().map(|finding| finding.detail(rules)).unwrap_or_default()
    }
}

/// The text of each finding, a line each.
impl fmt::Display for Undelivered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, finding) in self.findings.iter().enumerate() {
            if at > 0 {
                f.write_str("\n")?;
            }
            fmt::Display::fmt(finding, f)?;
        }
        Ok(())
    }
}

impl core::error::Error for Undelivered {}

impl Finding {
    pub(super) fn new(template: &Template, variable: &Variable, cause: Cause) -> Self {
        let place = template.place(variable).cloned().unwrap_or_default();
        let destination = template.destination();
        Self { variable: variable.clone(), place: Box::new(place), destination, cause }
    }

    /// What Fleet shows in the details of the profile, byte for byte where Fleet has a text for it.
    #[must_use]
    pub fn detail(&self, rules: Rules) -> String {
        let Self { variable, destination, cause, .. } = self;
        match cause {
            Cause::Unavailable(why) => why.message(variable, *destination),
            Cause::Unfit(unfilled) => unfilled.to_string(),
            // Fleet uses the texts of profiles for these settings.
            Cause::Order { error: fleet::Error::Unfilled(unfilled), .. } => match &unfilled.why {
                WhyUnfilled::Unavailable(why) => why.message(&unfilled.variable, *destination),
                _ => unfilled.to_string(),
            },
            Cause::Order { ca, field, error } => format!("{field} of {ca}: {error}"),
            Cause::DigiCert { ca, error } => error.detail(ca),
            Cause::Ndes(error) => error.detail(wording(rules)),
            Cause::Smallstep { error, .. } => error.detail(),
            Cause::UnprintableChallenge { .. } => BAD_CHALLENGE.to_owned(),
            Cause::AmbiguousName(name) => format!(
                "Fleet couldn't populate {variable} because certificate authorities of two types \
                 are called {name}."
            ),
        }
    }

    /// The CA that failed, where one did.
    #[must_use]
    pub fn ca(&self) -> Option<CaId> {
        match &self.cause {
            Cause::DigiCert { ca, .. } | Cause::Order { ca, .. } => {
                Some(CaId::DigiCert(ca.clone()))
            }
            Cause::Ndes(_) => Some(CaId::Ndes),
            Cause::Smallstep { ca, .. } => Some(CaId::Smallstep(ca.clone())),
            Cause::Unavailable(_)
            | Cause::Unfit(_)
            | Cause::UnprintableChallenge { .. }
            | Cause::AmbiguousName(_) => None,
        }
    }
}

/// The text of today's Fleet.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.detail(Rules::Current))
    }
}

impl fmt::Display for OrderField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::CommonName => "the common name",
            Self::SeatId => "the seat ID",
            Self::UserPrincipalName => "the user principal name",
        })
    }
}

const fn wording(rules: Rules) -> Wording {
    match rules {
        Rules::Guide => Wording::V1,
        Rules::Current => Wording::Current,
    }
}
