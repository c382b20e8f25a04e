//! From a profile with variables to the profile of one host: everything that Fleet does between.
//!
//! A [`Delivery`] has a [`Template`], a [`Host`] and the [`Authorities`], and finds out what is still
//! needed: an identity from DigiCert ONE, a challenge from NDES, Okta or Smallstep, a passcode for
//! the SCEP proxy. The caller, who has the network, the clock and the store, does one thing at a
//! time:
//!
//! ```
//! use devicecert::delivery::{Authorities, CustomScep, Step};
//! use devicecert::fleet::{Destination, Host, Template};
//! use devicecert::pki::Time;
//! use devicecert::{Delivery, Error};
//! # use devicecert::crypto_rust::{PrivateKey, RustCrypto};
//! # use devicecert::fleet::proxy::Record;
//! # fn send(_: http::Request<Vec<u8>>) -> http::Response<Vec<u8>> { unreachable!() }
//! # fn store(record: Record) {}
//! # fn now() -> Time { Time::from_unix(1_800_000_000) }
//!
//! let mut authorities = Authorities::new("https://mdm.example.com".parse()?);
//! let url = "https://ca.example.com/scep".parse()?;
//! authorities.custom_scep(CustomScep::new("WIFI".parse()?, url, "secret"))?;
//! let template = Template::compile(
//!     r#"<plist version="1.0"><dict>
//!       <key>URL</key><string>$FLEET_VAR_CUSTOM_SCEP_PROXY_URL_WIFI</string>
//!       <key>Challenge</key><string>$FLEET_VAR_CUSTOM_SCEP_CHALLENGE_WIFI</string>
//!     </dict></plist>"#,
//!     Destination::AppleProfile,
//! )?;
//!
//! // For each host, in parallel if you like: nothing is shared but what is only read.
//! let host = Host::new("6C3E1A22-…", "a4CD1BD65-1D2C-4E9E-9E18-9BCD400CDEDC");
//! let mut delivery = Delivery::new(&template, &host, &authorities, &RustCrypto);
//! let profile = loop {
//!     match delivery.step(now()) {
//!         Ok(Step::Fetch(fetch)) => delivery.received(&send(fetch.request))?,
//!         Ok(Step::GenerateKey(kind)) => {
//!             let key = PrivateKey::generate(kind).map_err(devicecert::pki::Error::from)?;
//!             let pkcs8 = key.to_pkcs8_der().map_err(devicecert::pki::Error::from)?;
//!             delivery.generated(&key, pkcs8)?;
//!         }
//!         Ok(Step::Store(records)) => {
//!             records.into_iter().for_each(store);
//!             delivery.stored()?;
//!         }
//!         Ok(Step::Done(profile)) => break profile, // to be sent to the device
//!         Err(Error::Undelivered(why)) => panic!("shown beside the profile: {why}"),
//!         Err(error) => return Err(error),
//!     }
//! };
//! assert!(profile.as_str().contains("<string>https://mdm.example.com/mdm/scep/proxy/6C3E1A22"));
//! # Ok::<(), devicecert::Error>(())
//! ```
//!
//! # Throttling
//!
//! NDES keeps five challenges by default, each for an hour or until its device enrols, and refuses
//! to make a sixth. A server that delivers to many hosts at once should hold back there. Every
//! [`Fetch`] says which [CA](Fetch::ca) it is for, and [`Turn::First`] marks the request with which
//! a challenge is taken; a caller that finds no room does not send it, does something else, and
//! calls [`Delivery::step`] again later, which asks for the same. A wait that is long can be
//! [saved](Delivery::save).
//!
//! ```
//! use devicecert::delivery::{CaId, Fetch, Turn};
//!
//! /// `outstanding`: challenges of the last hour that no device has used.
//! fn may_be_sent(fetch: &Fetch, outstanding: usize) -> bool {
//!     !matches!((&fetch.ca, fetch.turn), (CaId::Ndes, Turn::First)) || outstanding < 5
//! }
//! ```
//!
//! # Renewal
//!
//! A profile is delivered again when its certificate is due: a new [`Delivery`] fetches and makes
//! everything anew, and the device enrols as if for the first time. When it is due is known by the row
//! that the delivery left behind. That of DigiCert has the dates; those of the others come from what
//! the device shows.
//!
//! ```
//! use devicecert::fleet::proxy::ManagedCertificate;
//! use devicecert::fleet::{RenewalId, Schedule, supersedes};
//! use devicecert::pki::{Certificate, Time};
//!
//! /// `shown`: the certificates that the host has, as its agent or MDM tells.
//! fn note(row: &mut ManagedCertificate, shown: &[Certificate], now: Time) {
//!     let mark = RenewalId::of(row.profile.as_str());
//!     if let Some(certificate) = mark.latest(shown, now)
//!         && supersedes(&certificate.validity(), row.validity.as_ref())
//!     {
//!         row.validity = Some(certificate.validity());
//!     }
//! }
//!
//! fn is_due(row: &ManagedCertificate, schedule: &Schedule, now: Time) -> bool {
//!     row.validity.is_some_and(|validity| schedule.is_due(&validity, &row.host, now))
//! }
//! ```
//!
//! # Covered
//!
//! Every variable of a profile for Apple's devices and for Windows. Certificates for Linux, which
//! has no profiles, are asked for at an [`EstCa`].

mod authorities;
mod check;
mod est_ca;
mod fetch;
mod finding;
mod had;
mod plan;
mod saved;
mod work;

pub use authorities::{Authorities, CustomScep, Ndes, Okta};
pub use est_ca::{EstCa, EstCaError, EstKind};
pub use fetch::{CaId, Fetch, Turn};
pub use finding::{Cause, Finding, OrderField, Undelivered};
pub use saved::Saved;

use core::fmt;
use std::collections::BTreeMap;

use devicecert_ca as ca;
use devicecert_fleet::proxy::Record;
use devicecert_fleet::{Filled, Host, Template};
use devicecert_pki::{KeyKind, Provider, Secret, Signer, Time};
use http::Response;

use crate::error::{Error, Misuse};
use had::Had;
use work::Work;

/// A profile on its way to one host.
///
/// It is a value that takes turns: [`step`](Self::step) says what it needs, and the caller hands the
/// answer to [`received`](Self::received), [`generated`](Self::generated) or
/// [`stored`](Self::stored). Calling `step` again without an answer asks for the same thing again;
/// only what grew too old meanwhile is had anew, up to [`stored`](Self::stored).
/// [The module](self) shows the loop.
///
/// Whatever happens, a CA is asked for one challenge or one certificate: the two variables of a
/// DigiCert CA are of one file, and a challenge that stands in several places is one.
///
/// A value that is filled in is never looked at for variables, whoever it comes from.
pub struct Delivery<'a> {
    template: &'a Template,
    host: &'a Host,
    authorities: &'a Authorities,
    provider: &'static dyn Provider,
    secrets: BTreeMap<String, Secret>,
    vitals: BTreeMap<u64, String>,
    limits: ca::Limits,
    /// What was had of the CAs so far, in the order of the plan.
    had: Vec<Had>,
    is_stored: bool,
    state: State,
}

/// What a [`Delivery`] needs next.
#[derive(Clone, Debug)]
pub enum Step {
    /// Send this to a CA, and hand the response to [`Delivery::received`], or the failure to get
    /// one to [`Delivery::unreachable`]. [Not yet](self#throttling), if the CA has had enough.
    Fetch(Box<Fetch>),
    /// Make a key of this kind, and hand it to [`Delivery::generated`].
    GenerateKey(KeyKind),
    /// Store these, and say so by [`Delivery::stored`]. The device may ask the proxy for its
    /// certificate as soon as it has the profile, and is refused without them; that is why they
    /// come before it.
    Store(Vec<Record>),
    /// The profile of this host.
    Done(Filled),
}

enum State {
    /// Nothing was looked at.
    Begin,
    /// Waiting for something from a CA, or for a key to ask it with.
    Working(Box<Work>),
    /// Everything was had.
    Store(Filled, Vec<Record>),
    Done(Filled),
    Failed(Error),
}

impl<'a> Delivery<'a> {
    /// Delivers a profile to a host. The provider makes the passcodes and passwords, and writes the
    /// file with a certificate of DigiCert.
    #[must_use]
    pub fn new(
        template: &'a Template,
        host: &'a Host,
        authorities: &'a Authorities,
        provider: &'static dyn Provider,
    ) -> Self {
        Self {
            template,
            host,
            authorities,
            provider,
            secrets: BTreeMap::new(),
            vitals: BTreeMap::new(),
            limits: ca::Limits::default(),
            had: Vec::new(),
            is_stored: false,
            state: State::Begin,
        }
    }

    /// Sets the text for `$FLEET_SECRET_<name>`.
    #[must_use]
    pub fn secret(mut self, name: impl Into<String>, text: impl Into<Secret>) -> Self {
        self.secrets.insert(name.into(), text.into());
        self
    }

    /// Sets the text for `$FLEET_HOST_VITAL_<id>`.
    #[must_use]
    pub fn vital(mut self, id: u64, text: impl Into<String>) -> Self {
        self.vitals.insert(id, text.into());
        self
    }

    /// Sets the limits of what is read from CAs.
    #[must_use]
    pub fn limits(mut self, limits: ca::Limits) -> Self {
        self.limits = limits;
        self
    }

    /// What is needed next.
    ///
    /// # Errors
    /// [`Error::Undelivered`] if the host cannot have this profile, from then on always; whatever
    /// keeps a request or a file from being written.
    pub fn step(&mut self, now: Time) -> Result<Step, Error> {
        match self.state {
            State::Begin => self.begin(now)?,
            State::Working(_) | State::Store(..) => self.refresh(now)?,
            State::Done(_) | State::Failed(_) => {}
        }
        match &mut self.state {
            State::Working(work) => match work.step(now) {
                Ok(step) => Ok(step),
                Err(fault) => Err(self.fail(fault)),
            },
            State::Store(_, records) => Ok(Step::Store(records.clone())),
            State::Done(profile) => Ok(Step::Done(profile.clone())),
            State::Failed(error) => Err(error.clone()),
            State::Begin => Err(Misuse::UnexpectedAnswer.into()),
        }
    }

    /// Hands in the response to [`Step::Fetch`].
    ///
    /// # Errors
    /// [`Error::Undelivered`] if the CA refused, or its answer is none; the delivery is over then,
    /// as it is with Fleet, which begins a new one. [`Misuse::UnexpectedAnswer`] if nothing was
    /// asked for.
    pub fn received(&mut self, response: &Response<Vec<u8>>) -> Result<(), Error> {
        let State::Working(work) = &mut self.state else {
            return Err(Misuse::UnexpectedAnswer.into());
        };
        if !work.is_asking() {
            return Err(Misuse::UnexpectedAnswer.into());
        }
        let now = work.asked_at();
        match work.received(response, self.template, self.provider, &self.limits) {
            Ok(None) => Ok(()),
            Ok(Some(had)) => {
                self.had.push(had);
                self.go_on(now)
            }
            Err(fault) => Err(self.fail(fault)),
        }
    }

    /// Says that [`Step::Fetch`] got no response: the CA was not reached, or not in time. `error`
    /// is what the HTTP client says, or a [`Failure`](devicecert_fleet::proxy::Failure). The
    /// delivery is over. To try again instead, call [`step`](Self::step) without saying so.
    ///
    /// # Errors
    /// [`Error::Undelivered`]; [`Misuse::UnexpectedAnswer`] if nothing was asked for.
    pub fn unreachable(&mut self, error: &dyn core::error::Error) -> Result<(), Error> {
        match &self.state {
            State::Working(work) if work.is_asking() => {
                let cause = work.unreachable(error);
                Err(self.fail(cause.into()))
            }
            _ => Err(Misuse::UnexpectedAnswer.into()),
        }
    }

    /// Hands in the key for [`Step::GenerateKey`], which signs the request for its certificate.
    ///
    /// `pkcs8` is the same key as PKCS #8 PrivateKeyInfo: it goes to the device with the
    /// certificate. It should be as new as it looks, since nobody else keeps it.
    ///
    /// # Errors
    /// [`Misuse::UnexpectedAnswer`] if none was asked for; the error of a key that does not sign.
    pub fn generated(&mut self, key: &dyn Signer, pkcs8: Secret) -> Result<(), Error> {
        match &mut self.state {
            State::Working(work) => work.generated(key, pkcs8),
            _ => Err(Misuse::UnexpectedAnswer.into()),
        }
    }

    /// Says that the records of [`Step::Store`] are stored.
    ///
    /// # Errors
    /// [`Misuse::UnexpectedAnswer`] if there were none to store.
    pub fn stored(&mut self) -> Result<(), Error> {
        match &self.state {
            State::Store(profile, _) => {
                self.is_stored = true;
                self.state = State::Done(profile.clone());
                Ok(())
            }
            _ => Err(Misuse::UnexpectedAnswer.into()),
        }
    }

    fn begin(&mut self, now: Time) -> Result<(), Error> {
        if let Err(error) = check::check(self) {
            return Err(self.over(error));
        }
        self.drop_stale(now);
        self.go_on(now)
    }

    /// Goes back to what grew old while something else was waited for.
    fn refresh(&mut self, now: Time) -> Result<(), Error> {
        match self.drop_stale(now) {
            true => self.go_on(now),
            false => Ok(()),
        }
    }

    /// Drops what no device could use any more, with everything that was had after it, and says
    /// whether there was any. What is stored stays: it is on its way, and the proxy has the profile
    /// sent again if need be.
    fn drop_stale(&mut self, now: Time) -> bool {
        let fresh = self.had.iter().take_while(|had| !had.is_stale(now)).count();
        let is_any = !self.is_stored && fresh < self.had.len();
        if is_any {
            self.had.truncate(fresh);
        }
        is_any
    }

    /// To what is still to be had, or to the end.
    fn go_on(&mut self, now: Time) -> Result<(), Error> {
        let jobs = plan::jobs(self.template, self.authorities);
        while let Some(job) = jobs.get(self.had.len()) {
            match work::begin(job, now, self) {
                Ok(work::Begun::Working(work)) => {
                    self.state = State::Working(Box::new(work));
                    return Ok(());
                }
                Ok(work::Begun::Had(had)) => self.had.push(had),
                Err(error) => return Err(self.over(error)),
            }
        }
        let (profile, records) = match self.fill() {
            Ok(filled) => filled,
            Err(error) => return Err(self.over(error)),
        };
        self.state = match records.is_empty() || self.is_stored {
            true => State::Done(profile),
            false => State::Store(profile, records),
        };
        Ok(())
    }

    fn fill(&self) -> Result<(Filled, Vec<Record>), Error> {
        let values = had::values(self)?;
        let filled = self.template.fill(|variable| match values.get(variable) {
            Some(value) => Ok(value.into()),
            None => self.own_value(variable),
        });
        match filled {
            Ok(profile) => Ok((profile, had::records(self)?)),
            Err(unfilled) => Err(check::refused(self.template, unfilled)),
        }
    }

    /// The end, because of a CA.
    fn fail(&mut self, fault: work::Fault) -> Error {
        let error = match fault {
            work::Fault::Ca(cause) => {
                let jobs = plan::jobs(self.template, self.authorities);
                let job = jobs.get(self.had.len());
                let variable = job.and_then(|job| job.variable(self.template, self.authorities));
                match variable {
                    Some(variable) => {
                        Undelivered::one(Finding::new(self.template, variable, *cause)).into()
                    }
                    None => Misuse::UnexpectedAnswer.into(),
                }
            }
            work::Fault::Other(error) => error,
        };
        self.over(error)
    }

    fn over(&mut self, error: Error) -> Error {
        self.state = State::Failed(error.clone());
        error
    }
}

impl fmt::Debug for Delivery<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Delivery")
            .field("template", &self.template)
            .field("had", &self.had.len())
            .field("state", &self.state.name())
            .finish_non_exhaustive()
    }
}

impl State {
    const fn name(&self) -> &'static str {
        match self {
            Self::Begin => "not begun",
            Self::Working(_) => "asking a CA",
            Self::Store(..) => "storing",
            Self::Done(_) => "done",
            Self::Failed(_) => "failed",
        }
    }
}
