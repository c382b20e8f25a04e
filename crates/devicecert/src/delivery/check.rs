//! What can be known to be missing before a CA is asked.

use devicecert_ca::CaKind;
use devicecert_fleet::{
    Destination, Fixed, License, OfCa, Template, Unavailable, Unfilled, Value, Variable,
    WhyUnfilled, first_unprintable,
};

use super::Delivery;
use super::finding::{Cause, Finding, Undelivered};
use super::plan::{self, Job};
use super::work::digicert;
use crate::error::Error;

/// Looks at every variable of the profile.
///
/// # Errors
/// [`Error::Undelivered`] with everything that is missing; [`Error::Slot`] for a host or profile
/// that the proxy could not be asked about.
pub(super) fn check(delivery: &Delivery<'_>) -> Result<(), Error> {
    let Delivery { template, host, authorities, .. } = delivery;
    let variables = template.variables();
    let causes = variables.iter().flat_map(|variable| {
        let causes = delivery.missing(variable);
        causes.into_iter().map(move |cause| Finding::new(template, variable, cause))
    });
    if let Some(why) = Undelivered::of(causes.collect()) {
        return Err(why.into());
    }
    for job in plan::jobs(template, authorities) {
        job.slot(host)?;
    }
    // Whether what is known already can stand where it is to stand. Something that can stand
    // anywhere takes the place of what is not.
    let dry = template.fill(|variable| match variable {
        variable if variable.is_of_a_ca() => Ok(Value::from("AAAA")),
        variable => delivery.own_value(variable),
    });
    dry.map(drop).map_err(|unfilled| refused(template, unfilled))
}

/// What [`Template::fill`] refused.
pub(super) fn refused(template: &Template, unfilled: Unfilled) -> Error {
    let variable = unfilled.variable.clone();
    let cause = match unfilled.why {
        WhyUnfilled::Unavailable(why) => Cause::Unavailable(why),
        _ => Cause::Unfit(Box::new(unfilled)),
    };
    Undelivered::one(Finding::new(template, &variable, cause)).into()
}

impl Delivery<'_> {
    /// Everything that keeps a variable from having a value.
    fn missing(&self, variable: &Variable) -> Vec<Cause> {
        let authorities = self.authorities;
        if variable.is_of_a_ca() && authorities.license == License::Free {
            return vec![Cause::Unavailable(Unavailable::NoLicense)];
        }
        let of_ca = |is_there: bool| (!is_there).then_some(Unavailable::NoSuchCa);
        let unavailable = match variable {
            Variable::Fixed(Fixed::NdesScepChallenge | Fixed::NdesScepProxyUrl) => {
                authorities.the_ndes().is_none().then_some(Unavailable::NoNdes)
            }
            Variable::OfCa(kind, name) => match kind {
                OfCa::DigicertData | OfCa::DigicertPassword => {
                    of_ca(authorities.digicert_named(name).is_some())
                }
                OfCa::CustomScepChallenge | OfCa::CustomScepProxyUrl => {
                    of_ca(authorities.custom_scep_named(name).is_some())
                }
                OfCa::SmallstepScepChallenge | OfCa::SmallstepScepProxyUrl => {
                    of_ca(authorities.smallstep_named(name).is_some())
                }
                // EJBCA was a trial of Fleet's that was never released.
                _ => Some(Unavailable::Unknown),
            },
            other => self.own_value(other).err(),
        };
        if let Some(why) = unavailable {
            return vec![Cause::Unavailable(why)];
        }
        let Variable::OfCa(kind, name) = variable else { return Vec::new() };
        let mut causes = Vec::new();
        if let Some(account) = authorities.digicert_named(name)
            && let Some(job @ Job::DigiCert(_)) = Job::of(variable, authorities)
            // Once a CA.
            && job.variable(self.template, authorities) == Some(variable)
        {
            causes.extend(digicert::check(account, self.host));
        }
        if *kind == OfCa::CustomScepChallenge
            && let Some(ca) = authorities.custom_scep_named(name)
        {
            causes.extend(unprintable(self.template, ca.challenge().expose()));
        }
        if let Some(other) = self.name_of_another_kind(*kind, name) {
            causes.push(other);
        }
        causes
    }

    /// A name that the profile has used before, for a CA of another kind.
    fn name_of_another_kind(&self, kind: OfCa, name: &str) -> Option<Cause> {
        let first = self.template.variables().iter().find_map(|variable| match variable {
            Variable::OfCa(kind, other) if other == name => Some(*kind),
            _ => None,
        });
        let is_another = first.is_some_and(|first| kind_of_ca(first) != kind_of_ca(kind));
        is_another.then(|| name.parse().ok().map(Cause::AmbiguousName)).flatten()
    }

    /// The value of a variable that no CA has anything to do with.
    pub(super) fn own_value<'v>(&'v self, variable: &Variable) -> Result<Value<'v>, Unavailable> {
        match variable {
            Variable::Secret(name) => {
                self.secrets.get(name).map(Value::from).ok_or(Unavailable::NoValue)
            }
            Variable::HostVital(id) => match self.vitals.get(id) {
                Some(vital) => Ok(Value::from(vital.as_str())),
                None => Err(Unavailable::NoValue),
            },
            other => self.host.value(other).map(Value::from),
        }
    }
}

/// A challenge with a character that Windows cannot send.
pub(super) fn unprintable(template: &Template, challenge: &[u8]) -> Option<Cause> {
    if template.destination() != Destination::WindowsProfile {
        return None;
    }
    let challenge = core::str::from_utf8(challenge).ok()?;
    first_unprintable(challenge).map(|(at, _)| Cause::UnprintableChallenge { at })
}

/// Which kind of CA a variable is about.
const fn kind_of_ca(kind: OfCa) -> Option<CaKind> {
    match kind {
        OfCa::DigicertData | OfCa::DigicertPassword => Some(CaKind::DigiCert),
        OfCa::CustomScepChallenge | OfCa::CustomScepProxyUrl => Some(CaKind::CustomScep),
        OfCa::SmallstepScepChallenge | OfCa::SmallstepScepProxyUrl => Some(CaKind::Smallstep),
        _ => None,
    }
}
