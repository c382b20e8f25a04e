//! Whether a request may be passed on, and to whom.

use core::time::Duration;

use devicecert_pki::Time;
use http::{Response, StatusCode};

use super::call::{Call, Operation};
use super::certificate::{CaType, ManagedCertificate};
use super::profile::{Platform, Profile, ProfileOperation, ProfileStatus};
use super::refusal::{GENERIC, Refusal, error};
use super::relay::Relay;
use super::settings::Proxy;
use super::store::{Claim, Resend, Store};
use crate::rules::Rules;

/// Why a request is not passed on.
///
/// With a store that fails nothing is passed on either.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Denied<E> {
    /// It must not be.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The store did not say.
    #[error("the store failed")]
    Store(#[source] E),
}

impl<E> Denied<E> {
    /// The response for the device. What is wrong with the store is not in it.
    #[must_use]
    pub fn to_response(&self) -> Response<Vec<u8>> {
        match self {
            Self::Refused(refusal) => refusal.to_response(),
            Self::Store(_) => error(StatusCode::INTERNAL_SERVER_ERROR, GENERIC),
        }
    }
}

impl Proxy {
    /// Decides whether a request may be passed on, in Fleet's order:
    ///
    /// 1. somebody expects the certificate;
    /// 2. the profile is not being removed; of Windows that is looked at since 2026 only;
    /// 3. the profile is on its way to the host; of Windows it may be there already;
    /// 4. the CA is configured;
    /// 5. for a PKIOperation, its challenge is fresh, or its passcode right, unused and fresh. If
    ///    not, the profile is sent again;
    /// 6. the CA is configured under this name.
    ///
    /// A passcode is used up by the PKIOperation that presents it, whatever becomes of it.
    ///
    /// # Errors
    /// [`Denied`].
    pub async fn check<S: Store>(
        &self,
        call: Call,
        store: &S,
        now: Time,
    ) -> Result<Relay, Denied<S::Error>> {
        let slot = call.identifier.slot();
        let found = store.managed_certificate(slot).await.map_err(Denied::Store)?;
        let certificate = found.ok_or(Refusal::UnknownIdentifier)?;
        let profile = store.profile(slot.host(), slot.profile()).await.map_err(Denied::Store)?;
        self.check_profile(&call, &profile.ok_or(Refusal::UnknownIdentifier)?)?;
        let upstream = match certificate.ca_type {
            Some(CaType::Ndes) => {
                let upstream = self.ndes.as_ref().ok_or(Refusal::NotConfigured)?;
                let lifetime = Self::NDES_CHALLENGE_LIFETIME;
                self.check_challenge(&call, &certificate, lifetime, store, now).await?;
                Some(upstream)
            }
            Some(CaType::Smallstep) => {
                if self.smallstep.is_empty() {
                    return Err(Refusal::NotConfigured.into());
                }
                let lifetime = Self::SMALLSTEP_CHALLENGE_LIFETIME;
                self.check_challenge(&call, &certificate, lifetime, store, now).await?;
                self.smallstep.get(slot.ca())
            }
            Some(CaType::CustomScep) => {
                if self.custom_scep.is_empty() {
                    return Err(Refusal::NotConfigured.into());
                }
                self.check_passcode(&call, store, now).await?;
                self.custom_scep.get(slot.ca())
            }
            Some(CaType::DigiCert) | None => None,
        };
        let upstream = upstream.ok_or(Refusal::NotConfigured)?;
        Ok(Relay::new(self, call, upstream))
    }

    fn check_profile(&self, call: &Call, profile: &Profile) -> Result<(), Refusal> {
        let slot = call.identifier.slot();
        let is_windows = slot.profile().platform() == Platform::Windows;
        match (profile.operation, profile.status) {
            // Windows acknowledges the command before it starts to enrol.
            (ProfileOperation::Remove, _) if is_windows && self.rules == Rules::Guide => Ok(()),
            (ProfileOperation::Remove, _) => Err(Refusal::BeingRemoved { slot: slot.clone() }),
            (ProfileOperation::Install, ProfileStatus::Pending) => Ok(()),
            (ProfileOperation::Install, _) if is_windows => Ok(()),
            (ProfileOperation::Install, status) => {
                Err(Refusal::NotPending { status, slot: slot.clone() })
            }
        }
    }

    async fn check_challenge<S: Store>(
        &self,
        call: &Call,
        certificate: &ManagedCertificate,
        lifetime: Duration,
        store: &S,
        now: Time,
    ) -> Result<(), Denied<S::Error>> {
        let retrieved_at = certificate.challenge_retrieved_at;
        let is_stale = retrieved_at.is_some_and(|at| at.after(lifetime) < now);
        if call.operation != Operation::PkiOperation || !is_stale {
            return Ok(());
        }
        self.resend(call, certificate.ca_type, store, now).await?;
        Err(Refusal::ChallengeExpired.into())
    }

    async fn check_passcode<S: Store>(
        &self,
        call: &Call,
        store: &S,
        now: Time,
    ) -> Result<(), Denied<S::Error>> {
        let slot = call.identifier.slot();
        let platform = slot.profile().platform();
        if call.operation != Operation::PkiOperation
            || (platform == Platform::Windows && self.rules == Rules::Guide)
        {
            return Ok(());
        }
        let claim = match (call.identifier.passcode(), platform) {
            (Some(passcode), _) => Some(Claim::Presented(passcode)),
            (None, Platform::Android(_)) => Some(Claim::OnFile),
            (None, Platform::Apple | Platform::Windows) => None,
        };
        let made_at = match claim {
            Some(claim) => store.consume_passcode(slot, claim).await.map_err(Denied::Store)?,
            None => None,
        };
        if made_at.is_some_and(|made_at| now <= made_at.after(self.passcode_lifetime)) {
            return Ok(());
        }
        self.resend(call, Some(CaType::CustomScep), store, now).await?;
        Err(Refusal::PasscodeFailed.into())
    }

    async fn resend<S: Store>(
        &self,
        call: &Call,
        ca_type: Option<CaType>,
        store: &S,
        now: Time,
    ) -> Result<(), Denied<S::Error>> {
        let slot = call.identifier.slot();
        let resend = match (slot.profile().platform(), ca_type, self.rules) {
            (Platform::Apple, Some(CaType::Ndes), Rules::Guide) => Resend::StatusOnly,
            (Platform::Apple, _, _) => Resend::Full,
            (Platform::Windows | Platform::Android(_), _, _) => Resend::StatusOnly,
        };
        let done = store.resend(slot.host(), slot.profile(), resend, now).await;
        done.map_err(Denied::Store)
    }

    /// Removes the passcodes that are too old to be used, and says how many there were. Fleet does
    /// so now and then; nothing depends on it but how much there is in the store.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn remove_expired_passcodes<S: Store>(
        &self,
        store: &S,
        now: Time,
    ) -> Result<u64, S::Error> {
        store.remove_passcodes_made_before(now.before(self.passcode_lifetime)).await
    }
}
