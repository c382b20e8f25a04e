//! The MDM server: renders profiles, files what the proxy needs, and knows when to renew.

use std::error::Error as StdError;
use std::sync::Arc;

use devicecert::delivery::{Authorities, CaId, Step, Turn};
use devicecert::fleet::proxy::{
    CaType, ManagedCertificate, Profile, ProfileOperation, ProfileStatus, Record, Slot, Store,
};
use devicecert::fleet::{Filled, Host, RenewalId, Rules, Schedule, Template, supersedes};
use devicecert::pki::error::KeyError;
use devicecert::pki::{Certificate, Error as PkiError};
use devicecert::{Delivery, Error};
use rustls::ClientConfig;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::connection::Connection;
use crate::clock::Clock;
use crate::est::pkcs8;
use crate::files::FileError;
use crate::keys::Backend;
use crate::listen::Log;
use crate::server::hex;

/// A server with its CAs, and a store that it shares with the SCEP proxy.
pub struct Mdm<S> {
    /// The CAs.
    pub authorities: Authorities,
    /// What proxy and renewal go by.
    pub store: Arc<S>,
    /// The time.
    pub clock: Clock,
    /// Told of every question to a CA, without secrets.
    pub log: Log,
    /// Whose rules are for the upload, and whose words for what fails.
    pub rules: Rules,
    backend: Backend,
    tls: Arc<ClientConfig>,
    ndes: Arc<Semaphore>,
}

/// Why a host got no profile.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MdmError {
    /// A CA, or what is configured. Of a host that cannot have the profile it is what Fleet shows.
    #[error(transparent)]
    Delivery(#[from] Error),
    /// A key could not be made.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// A key could not be written.
    #[error(transparent)]
    File(#[from] FileError),
    /// The store.
    #[error("the store: {0}")]
    Store(Box<dyn StdError + Send + Sync>),
    /// The server is being stopped.
    #[error("the server is being stopped")]
    Stopped,
}

/// A profile on its way to the device.
#[derive(Debug)]
pub struct Sent {
    /// The profile.
    pub profile: Filled,
    /// One of the challenges that NDES keeps. To be held until the device has used it.
    pub room: Option<OwnedSemaphorePermit>,
}

/// How many challenges NDES keeps by default.
const NDES_CACHE: usize = 5;

impl<S: Store> Mdm<S> {
    /// A server. `tls` is for its questions to CAs.
    #[must_use]
    pub fn new(
        rules: Rules,
        authorities: Authorities,
        store: Arc<S>,
        clock: Clock,
        backend: Backend,
        tls: Arc<ClientConfig>,
        log: Log,
    ) -> Self {
        let ndes = Arc::new(Semaphore::new(NDES_CACHE));
        Self { authorities, store, clock, log, rules, backend, tls, ndes }
    }

    /// Renders a profile for a host, and files it as pending.
    ///
    /// # Errors
    /// [`MdmError`]; if it is [`Error::Undelivered`], the profile is filed as failed.
    pub async fn deliver(&self, template: &Template, host: &Host) -> Result<Sent, MdmError> {
        let slot = slot(host, Slot::NDES)?;
        let rendered = self.render(template, host).await;
        let state = match &rendered {
            Ok(_) => Profile::new(ProfileStatus::Pending),
            Err(MdmError::Delivery(Error::Undelivered(why))) => {
                let mut failed = Profile::new(ProfileStatus::Failed);
                failed.detail = why.detail(self.rules);
                failed
            }
            Err(_) => return rendered,
        };
        self.store.set_profile(slot.host(), slot.profile(), state).await.map_err(of_store)?;
        rendered
    }

    async fn render(&self, template: &Template, host: &Host) -> Result<Sent, MdmError> {
        let provider = self.backend.provider();
        let mut connection = Connection::new(Arc::clone(&self.tls));
        let mut room = None;
        let mut delivery = Delivery::new(template, host, &self.authorities, provider);
        loop {
            match delivery.step(self.clock.now())? {
                Step::Fetch(fetch) => {
                    // NDES refuses a sixth challenge, so the sixth host waits for the first.
                    if fetch.ca == CaId::Ndes && fetch.turn == Turn::First && room.is_none() {
                        let free = Arc::clone(&self.ndes).acquire_owned().await;
                        room = Some(free.map_err(|_| MdmError::Stopped)?);
                        continue;
                    }
                    let what = format!("{} {}", fetch.request.method(), fetch.request.uri());
                    match connection.fetch(*fetch).await {
                        Ok(response) => {
                            (self.log)(&format!("{what}: {}", response.status().as_u16()));
                            delivery.received(&response)?;
                        }
                        Err(error) => {
                            (self.log)(&format!("{what}: {error}"));
                            delivery.unreachable(&error)?;
                        }
                    }
                }
                Step::GenerateKey(kind) => {
                    let key = self.backend.generate(kind)?;
                    delivery.generated(&*key, pkcs8(&*key)?)?;
                }
                Step::Store(records) => {
                    for record in records {
                        self.store.record(record).await.map_err(of_store)?;
                    }
                    delivery.stored()?;
                }
                Step::Done(profile) => return Ok(Sent { profile, room }),
            }
        }
    }

    /// Takes note of what a device shows: the certificates that it has. That of DigiCert is known by
    /// its serial number; of those with the mark of the profile the latest counts. Without any the
    /// profile stays as it is.
    ///
    /// # Errors
    /// [`MdmError::Store`].
    pub async fn inventory(
        &self,
        host: &Host,
        ca: &str,
        certificates: &[Certificate],
    ) -> Result<(), MdmError> {
        let slot = slot(host, ca)?;
        let Some(row) = self.certificate(&slot).await? else { return Ok(()) };
        let seen = match row.ca_type {
            Some(CaType::DigiCert) => certificates.iter().find(|one| is_of(&row, one)),
            _ => RenewalId::of(slot.profile().as_str()).latest(certificates, self.clock.now()),
        };
        let Some(certificate) = seen else { return Ok(()) };
        if supersedes(&certificate.validity(), row.validity.as_ref()) {
            let row = row.issued(certificate.validity(), &hex(certificate.serial()));
            self.store.record(Record::Certificate(row)).await.map_err(of_store)?;
        }
        let found = self.store.profile(slot.host(), slot.profile()).await.map_err(of_store)?;
        let Some(mut profile) = found else { return Ok(()) };
        match (profile.operation, profile.status) {
            (
                ProfileOperation::Install,
                ProfileStatus::Pending | ProfileStatus::Verifying | ProfileStatus::Failed,
            ) => {
                profile.status = ProfileStatus::Verified;
                profile.detail.clear();
                let (host, uuid) = (slot.host(), slot.profile());
                self.store.set_profile(host, uuid, profile).await.map_err(of_store)
            }
            // One that is to be sent again, or to be removed, is not what the device still shows.
            _ => Ok(()),
        }
    }

    /// Whether a certificate is to be renewed now.
    ///
    /// # Errors
    /// [`MdmError::Store`].
    pub async fn is_due(&self, host: &Host, ca: &str) -> Result<bool, MdmError> {
        let slot = slot(host, ca)?;
        let row = self.certificate(&slot).await?;
        let validity = row.and_then(|row| row.validity);
        let schedule = Schedule::default();
        Ok(validity.is_some_and(|it| schedule.is_due(&it, slot.host(), self.clock.now())))
    }

    async fn certificate(&self, slot: &Slot) -> Result<Option<ManagedCertificate>, MdmError> {
        self.store.managed_certificate(slot).await.map_err(of_store)
    }
}

/// Whether a certificate is the one that a CA said it had issued.
fn is_of(row: &ManagedCertificate, certificate: &Certificate) -> bool {
    let serial = row.serial.as_deref().unwrap_or_default().trim_start_matches('0');
    let shown = hex(certificate.serial());
    row.validity == Some(certificate.validity())
        && shown.trim_start_matches('0').eq_ignore_ascii_case(serial)
}

fn slot(host: &Host, ca: &str) -> Result<Slot, Error> {
    use devicecert::fleet::{Fixed, Variable};
    let value = |fixed| host.value(&Variable::Fixed(fixed)).unwrap_or_default();
    Ok(Slot::new(value(Fixed::HostUuid), value(Fixed::ScepWindowsCertificateId), ca)?)
}

fn of_store(error: impl StdError + Send + Sync + 'static) -> MdmError {
    MdmError::Store(Box::new(error))
}

impl From<PkiError> for MdmError {
    fn from(error: PkiError) -> Self {
        Error::from(error).into()
    }
}

impl<S> std::fmt::Debug for Mdm<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mdm").field("authorities", &self.authorities).finish_non_exhaustive()
    }
}
