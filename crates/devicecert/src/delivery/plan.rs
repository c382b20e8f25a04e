//! What a profile needs that is not at hand.

use devicecert_ca::CaName;
use devicecert_fleet::proxy::{InvalidSlot, Slot};
use devicecert_fleet::{Fixed, Host, OfCa, Template, Variable};

use super::Authorities;

/// One thing to be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Job {
    DigiCert(CaName),
    CustomScep(CaName),
    Ndes,
    Smallstep(CaName),
}

/// Everything to be had, in the order in which it is: what lasts for less time comes later, so that
/// a slow CA does not let the challenge of another grow old. Passcodes come last, whatever the proxy
/// takes as their lifetime: nobody is waited for to make one.
pub(super) fn jobs(template: &Template, authorities: &Authorities) -> Vec<Job> {
    let mut jobs: Vec<Job> = Vec::new();
    for job in template.variables().iter().filter_map(|one| Job::of(one, authorities)) {
        if !jobs.contains(&job) {
            jobs.push(job);
        }
    }
    // Stable: those of one kind stay in the order of the profile.
    jobs.sort_by_key(|job| match job {
        Job::DigiCert(_) => 0,
        Job::Ndes => 1,
        Job::Smallstep(_) => 2,
        Job::CustomScep(_) => 3,
    });
    jobs
}

impl Job {
    /// What has to be had for a variable, if anything, and if there is such a CA. The address of the
    /// proxy is of no use without the challenge: the proxy lets in only what is on record.
    pub(super) fn of(variable: &Variable, authorities: &Authorities) -> Option<Self> {
        match variable {
            Variable::Fixed(Fixed::NdesScepChallenge | Fixed::NdesScepProxyUrl) => Some(Self::Ndes),
            Variable::OfCa(OfCa::DigicertData | OfCa::DigicertPassword, name) => authorities
                .digicert_named(name)
                .map(|account| Self::DigiCert(account.name().clone())),
            Variable::OfCa(OfCa::CustomScepProxyUrl, name) => {
                authorities.custom_scep_named(name).map(|ca| Self::CustomScep(ca.name().clone()))
            }
            Variable::OfCa(OfCa::SmallstepScepChallenge | OfCa::SmallstepScepProxyUrl, name) => {
                authorities
                    .smallstep_named(name)
                    .map(|account| Self::Smallstep(account.name().clone()))
            }
            _ => None,
        }
    }

    /// The variable of a profile that a failure is told of: the first that needs this, and the
    /// address of the proxy only if nothing else does.
    pub(super) fn variable<'t>(
        &self,
        template: &'t Template,
        authorities: &Authorities,
    ) -> Option<&'t Variable> {
        let variables = template.variables().iter();
        variables
            .filter(|variable| Self::of(variable, authorities).as_ref() == Some(self))
            .min_by_key(|variable| is_address(variable))
    }

    /// What proxy and renewal know it by.
    pub(super) fn slot(&self, host: &Host) -> Result<Slot, InvalidSlot> {
        let ca = match self {
            Self::DigiCert(name) | Self::CustomScep(name) | Self::Smallstep(name) => name.as_str(),
            Self::Ndes => Slot::NDES,
        };
        slot(host, ca)
    }
}

/// Whether it is the address of the proxy.
const fn is_address(variable: &Variable) -> bool {
    matches!(
        variable,
        Variable::Fixed(Fixed::NdesScepProxyUrl)
            | Variable::OfCa(OfCa::SmallstepScepProxyUrl | OfCa::CustomScepProxyUrl, _)
    )
}

/// A CA by its name, for one host and one profile.
pub(super) fn slot(host: &Host, ca: &str) -> Result<Slot, InvalidSlot> {
    let own = |variable| host.value(&Variable::Fixed(variable)).unwrap_or_default();
    Slot::new(own(Fixed::HostUuid), own(Fixed::ScepWindowsCertificateId), ca)
}
