//! One thing that is being had: whom to ask next, and what the answer brings.

pub(super) mod digicert;

use core::time::Duration;

use devicecert_ca::{Limits, Uuid, ndes, smallstep};
use devicecert_fleet::Template;
use devicecert_fleet::proxy::Passcode;
use devicecert_pki as pki;
use devicecert_pki::{KeyKind, Provider, Secret, Signer, Time};
use http::{Request, Response};

use super::finding::Cause;
use super::had::Had;
use super::plan::Job;
use super::{CaId, Delivery, Fetch, Step, Turn, check};
use crate::error::{Error, Misuse};

/// Something that is being had, with the time at which it was last asked for.
pub(super) struct Work {
    asked_at: Time,
    kind: Kind,
}

enum Kind {
    DigiCert(Box<digicert::Purchase>),
    Ndes { fetch: Box<ndes::ChallengeFetch>, turn: Turn },
    Smallstep { account: Box<smallstep::Account>, identifier: Uuid },
}

/// What came of beginning a job.
pub(super) enum Begun {
    Working(Work),
    /// It needed nobody.
    Had(Had),
}

/// What ends a delivery.
pub(super) enum Fault {
    Ca(Box<Cause>),
    Other(Error),
}

impl From<Cause> for Fault {
    fn from(cause: Cause) -> Self {
        Self::Ca(Box::new(cause))
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::Other(error)
    }
}

impl From<Misuse> for Fault {
    fn from(misuse: Misuse) -> Self {
        Self::Other(misuse.into())
    }
}

impl From<ndes::Error> for Fault {
    fn from(error: ndes::Error) -> Self {
        Cause::Ndes(error).into()
    }
}

/// Begins a job, of which the checks have found that it can be done.
pub(super) fn begin(job: &Job, now: Time, delivery: &Delivery<'_>) -> Result<Begun, Error> {
    let Delivery { host, authorities, provider, .. } = delivery;
    let gone = || Error::from(Misuse::Saved);
    let kind = match job {
        Job::DigiCert(name) => {
            let account = authorities.digicert_named(name.as_str()).ok_or_else(gone)?;
            Kind::DigiCert(Box::new(digicert::Purchase::new(account, host)?))
        }
        Job::CustomScep(ca) => {
            let passcode = Passcode::from_random(random(*provider)?);
            return Ok(Begun::Had(Had::CustomScep { ca: ca.clone(), passcode, made_at: now }));
        }
        Job::Ndes => {
            let ndes = authorities.the_ndes().ok_or_else(gone)?;
            let fetch = ndes.challenge(random(*provider)?)?;
            Kind::Ndes { fetch: Box::new(fetch), turn: Turn::First }
        }
        Job::Smallstep(name) => {
            let account = authorities.smallstep_named(name.as_str()).ok_or_else(gone)?;
            let identifier = Uuid::from_random(random(*provider)?);
            Kind::Smallstep { account: Box::new(account.clone()), identifier }
        }
    };
    Ok(Begun::Working(Work { asked_at: now, kind }))
}

impl Work {
    /// When it was last asked for: what comes of it is not younger.
    pub(super) const fn asked_at(&self) -> Time {
        self.asked_at
    }

    /// Whether it is a response that is waited for.
    pub(super) fn is_asking(&self) -> bool {
        match &self.kind {
            Kind::DigiCert(purchase) => purchase.has_order(),
            Kind::Ndes { .. } | Kind::Smallstep { .. } => true,
        }
    }

    pub(super) fn step(&mut self, now: Time) -> Result<Step, Fault> {
        self.asked_at = now;
        Ok(match &self.kind {
            Kind::DigiCert(purchase) => match purchase.request()? {
                None => Step::GenerateKey(KeyKind::Rsa { bits: 2048 }),
                Some(request) => {
                    let ca = CaId::DigiCert(purchase.name().clone());
                    fetch(request, ca, Turn::First, devicecert_ca::digicert::TIMEOUT)
                }
            },
            Kind::Ndes { fetch: page, turn } => {
                let (request, turn) = match page.step(now)? {
                    ndes::Step::Send(request) => (request, *turn),
                    ndes::Step::SendOnSameConnection(request) => (request, Turn::SameConnection),
                    ndes::Step::Done(_) => return Err(Misuse::UnexpectedAnswer.into()),
                };
                fetch(request, CaId::Ndes, turn, ndes::TIMEOUT)
            }
            Kind::Smallstep { account, identifier } => {
                let request = account.challenge_request(*identifier, now).map_err(Error::from)?;
                let ca = CaId::Smallstep(account.name().clone());
                fetch(request, ca, Turn::First, smallstep::TIMEOUT)
            }
        })
    }

    /// What an answer brings; `None` if there is more to ask.
    pub(super) fn received(
        &mut self,
        response: &Response<Vec<u8>>,
        template: &Template,
        provider: &dyn Provider,
        limits: &Limits,
    ) -> Result<Option<Had>, Fault> {
        let at = self.asked_at;
        match &mut self.kind {
            Kind::DigiCert(purchase) => purchase.received(response, provider, limits).map(Some),
            Kind::Ndes { fetch, turn } => {
                fetch.received(response)?;
                *turn = Turn::Next;
                match fetch.step(at)? {
                    ndes::Step::Done(challenge) => {
                        sendable(template, &challenge)?;
                        Ok(Some(Had::Ndes { challenge, retrieved_at: at }))
                    }
                    ndes::Step::Send(_) | ndes::Step::SendOnSameConnection(_) => Ok(None),
                }
            }
            Kind::Smallstep { account, .. } => {
                let ca = account.name().clone();
                match account.challenge(response, limits) {
                    Ok(challenge) => {
                        sendable(template, &challenge)?;
                        Ok(Some(Had::Smallstep { ca, challenge, retrieved_at: at }))
                    }
                    Err(error) => Err(Cause::Smallstep { ca, error }.into()),
                }
            }
        }
    }

    pub(super) fn unreachable(&self, error: &dyn core::error::Error) -> Cause {
        match &self.kind {
            Kind::DigiCert(purchase) => purchase.unreachable(error),
            Kind::Ndes { .. } => Cause::Ndes(ndes::Error::unreachable(error)),
            Kind::Smallstep { account, .. } => {
                let error = smallstep::Error::unreachable(error);
                Cause::Smallstep { ca: account.name().clone(), error }
            }
        }
    }

    pub(super) fn generated(&mut self, key: &dyn Signer, pkcs8: Secret) -> Result<(), Error> {
        match &mut self.kind {
            Kind::DigiCert(purchase) => purchase.generated(key, pkcs8),
            Kind::Ndes { .. } | Kind::Smallstep { .. } => Err(Misuse::UnexpectedAnswer.into()),
        }
    }
}

fn fetch(request: Request<Vec<u8>>, ca: CaId, turn: Turn, timeout: Duration) -> Step {
    Step::Fetch(Box::new(Fetch { request, ca, turn, timeout }))
}

fn sendable(template: &Template, challenge: &Secret) -> Result<(), Fault> {
    match check::unprintable(template, challenge.expose()) {
        Some(cause) => Err(cause.into()),
        None => Ok(()),
    }
}

/// Octets that nobody can predict.
pub(super) fn random<const N: usize>(provider: &dyn Provider) -> Result<[u8; N], Error> {
    let mut octets = [0; N];
    provider.random(&mut octets).map_err(pki::Error::from)?;
    Ok(octets)
}
