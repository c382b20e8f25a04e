//! What was had, what it fills in, and what it leaves behind.

use core::time::Duration;
use std::collections::BTreeMap;

use devicecert_ca::{CaName, ndes, smallstep};
use devicecert_fleet::proxy::{CaType, Identifier, ManagedCertificate, Passcode, Record, Slot};
use devicecert_fleet::{Fixed, OfCa, Variable};
use devicecert_pki::{Secret, Time, Validity};

use super::Delivery;
use super::plan::{self, Job};
use crate::error::Error;

/// What came of one [`Job`].
#[derive(Clone)]
pub(super) enum Had {
    /// A PKCS #12 file in base64.
    DigiCert {
        ca: CaName,
        data: Secret,
        password: Secret,
        validity: Validity,
        serial: String,
    },
    CustomScep {
        ca: CaName,
        passcode: Passcode,
        made_at: Time,
    },
    Ndes {
        challenge: Secret,
        retrieved_at: Time,
    },
    Smallstep {
        ca: CaName,
        challenge: Secret,
        retrieved_at: Time,
    },
}

/// How old a passcode may be when it is stored. It starts to age when it is made, how long it lasts
/// is for the proxy to say, and another costs nothing.
const PASSCODE_WAIT: Duration = Duration::from_secs(60);

impl Had {
    pub(super) fn job(&self) -> Job {
        match self {
            Self::DigiCert { ca, .. } => Job::DigiCert(ca.clone()),
            Self::CustomScep { ca, .. } => Job::CustomScep(ca.clone()),
            Self::Ndes { .. } => Job::Ndes,
            Self::Smallstep { ca, .. } => Job::Smallstep(ca.clone()),
        }
    }

    /// Whether it is a challenge that the proxy would not let a device use any more, or a passcode
    /// that waited for its store.
    pub(super) fn is_stale(&self, now: Time) -> bool {
        match self {
            Self::DigiCert { .. } => false,
            Self::CustomScep { made_at, .. } => made_at.after(PASSCODE_WAIT) < now,
            Self::Ndes { retrieved_at, .. } => retrieved_at.after(ndes::CHALLENGE_LIFETIME) < now,
            Self::Smallstep { retrieved_at, .. } => {
                retrieved_at.after(smallstep::CHALLENGE_LIFETIME) < now
            }
        }
    }

    fn records(&self, delivery: &Delivery<'_>) -> Result<Vec<Record>, Error> {
        let slot = self.job().slot(delivery.host)?;
        let certificate = |ca_type| ManagedCertificate::new(&slot, ca_type);
        Ok(match self {
            Self::DigiCert { validity, serial, .. } => {
                vec![Record::Certificate(certificate(CaType::DigiCert).issued(*validity, serial))]
            }
            Self::CustomScep { passcode, made_at, .. } => vec![
                Record::Certificate(certificate(CaType::CustomScep)),
                Record::Passcode { passcode: passcode.clone(), made_at: *made_at, slot },
            ],
            Self::Ndes { retrieved_at, .. } => {
                let row = certificate(CaType::Ndes).challenge_retrieved_at(*retrieved_at);
                vec![Record::Certificate(row)]
            }
            Self::Smallstep { retrieved_at, .. } => {
                let row = certificate(CaType::Smallstep).challenge_retrieved_at(*retrieved_at);
                vec![Record::Certificate(row)]
            }
        })
    }
}

/// What everything that was had leaves behind.
pub(super) fn records(delivery: &Delivery<'_>) -> Result<Vec<Record>, Error> {
    let mut records = Vec::new();
    for had in &delivery.had {
        records.extend(had.records(delivery)?);
    }
    Ok(records)
}

/// The values of all variables of CAs.
pub(super) fn values(delivery: &Delivery<'_>) -> Result<BTreeMap<Variable, Secret>, Error> {
    let Delivery { template, authorities, host, had, .. } = delivery;
    let mut values = BTreeMap::new();
    for had in had {
        match had {
            Had::DigiCert { ca, data, password, .. } => {
                values.insert(of_ca(OfCa::DigicertData, ca), data.clone());
                values.insert(of_ca(OfCa::DigicertPassword, ca), password.clone());
            }
            Had::CustomScep { ca, passcode, .. } => {
                let slot = plan::slot(host, ca.as_str())?;
                let (profile, passcode) = (slot.profile().as_str(), passcode.clone());
                let identifier =
                    Identifier::custom_scep(slot.host(), profile, ca.as_str(), passcode)?;
                let url = delivery.proxy_url(&identifier)?;
                values.insert(of_ca(OfCa::CustomScepProxyUrl, ca), url);
            }
            Had::Ndes { challenge, .. } => {
                values.insert(Variable::Fixed(Fixed::NdesScepChallenge), challenge.clone());
            }
            Had::Smallstep { ca, challenge, .. } => {
                values.insert(of_ca(OfCa::SmallstepScepChallenge, ca), challenge.clone());
            }
        }
    }
    // What nobody has to be asked for.
    for variable in template.variables() {
        match variable {
            Variable::Fixed(Fixed::NdesScepProxyUrl) => {
                let slot = plan::slot(host, Slot::NDES)?;
                let identifier = Identifier::ndes(slot.host(), slot.profile().as_str())?;
                values.insert(variable.clone(), delivery.proxy_url(&identifier)?);
            }
            Variable::OfCa(OfCa::SmallstepScepProxyUrl, name) => {
                let slot = plan::slot(host, name)?;
                let identifier = Identifier::smallstep(slot.host(), slot.profile().as_str(), name)?;
                values.insert(variable.clone(), delivery.proxy_url(&identifier)?);
            }
            Variable::OfCa(OfCa::CustomScepChallenge, name) => {
                if let Some(ca) = authorities.custom_scep_named(name) {
                    values.insert(variable.clone(), ca.challenge().clone());
                }
            }
            _ => {}
        }
    }
    Ok(values)
}

fn of_ca(kind: OfCa, ca: &CaName) -> Variable {
    Variable::OfCa(kind, ca.as_str().to_owned())
}

impl Delivery<'_> {
    fn proxy_url(&self, identifier: &Identifier) -> Result<Secret, Error> {
        Ok(identifier.to_url(&self.authorities.server_url().to_string())?)
    }
}
