//! What an MDM server files before it sends a profile, by hand.

use std::str::FromStr;

use devicecert::fleet::proxy::{
    CaType, Identifier, InvalidServerUrl, InvalidSlot, ManagedCertificate, Passcode, Profile,
    ProfileStatus, Record, Slot, Store,
};
use devicecert::pki::error::KeyError;
use devicecert::pki::{Secret, Time};

use super::config::{Config, ConfigFault};
use crate::keys::Backend;

/// `HOST,PROFILE,CA`: a certificate that a device is to ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted(pub Slot);

/// A text that does not say for whom.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidWanted {
    /// It has not three parts.
    #[error("expected HOST,PROFILE,CA, such as 6C3E1A,a4CD1BD65,WIFI")]
    Parts,
    /// One of them cannot be.
    #[error(transparent)]
    Slot(#[from] InvalidSlot),
}

impl FromStr for Wanted {
    type Err = InvalidWanted;

    fn from_str(text: &str) -> Result<Self, InvalidWanted> {
        let mut parts = text.split(',');
        match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some(host), Some(profile), Some(ca), None) => Ok(Self(Slot::new(host, profile, ca)?)),
            _ => Err(InvalidWanted::Parts),
        }
    }
}

/// The URL for one device, and what has to be filed for it.
#[derive(Debug)]
pub struct Delivery {
    /// The URL for the profile. It has the passcode in it.
    pub url: Secret,
    slot: Slot,
    records: Vec<Record>,
}

/// Why nothing can be filed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DeliveryFault {
    /// By the configuration.
    #[error(transparent)]
    Config(#[from] ConfigFault),
    /// The URL of the server is none.
    #[error("server-url: {0}")]
    ServerUrl(#[from] InvalidServerUrl),
    /// The parts do not make an identifier.
    #[error(transparent)]
    Slot(#[from] InvalidSlot),
    /// There is no passcode without random bytes.
    #[error("no random bytes")]
    Random(#[from] KeyError),
}

impl Delivery {
    /// Makes a passcode, if the CA needs one, and the URL. The challenge of NDES and Smallstep is
    /// not in the URL, and counts as fetched now.
    ///
    /// # Errors
    /// [`DeliveryFault`]
    pub fn new(wanted: &Wanted, config: &Config, now: Time) -> Result<Self, DeliveryFault> {
        let slot = wanted.0.clone();
        let ca_type = config.ca_type(slot.ca())?;
        let (host, profile, ca) = (slot.host(), slot.profile().as_str(), slot.ca());
        let mut certificate = ManagedCertificate::new(&slot, ca_type);
        let mut records = Vec::new();
        let identifier = match ca_type {
            CaType::CustomScep => {
                let mut random = [0; Passcode::RANDOM_BYTES];
                Backend::default().provider().random(&mut random)?;
                let passcode = Passcode::from_random(random);
                records.push(Record::Passcode {
                    slot: slot.clone(),
                    passcode: passcode.clone(),
                    made_at: now,
                });
                Identifier::custom_scep(host, profile, ca, passcode)?
            }
            CaType::Ndes => {
                certificate = certificate.challenge_retrieved_at(now);
                Identifier::ndes(host, profile)?
            }
            _ => {
                certificate = certificate.challenge_retrieved_at(now);
                Identifier::smallstep(host, profile, ca)?
            }
        };
        records.push(Record::Certificate(certificate));
        Ok(Self { url: identifier.to_url(&config.server_url)?, slot, records })
    }

    /// Files it. The URL is good afterwards.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn file<S: Store>(self, store: &S) -> Result<Secret, S::Error> {
        for record in self.records {
            store.record(record).await?;
        }
        let (host, profile) = (self.slot.host(), self.slot.profile());
        store.set_profile(host, profile, Profile::new(ProfileStatus::Pending)).await?;
        Ok(self.url)
    }
}
