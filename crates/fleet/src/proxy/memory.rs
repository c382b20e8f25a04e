//! The store of a single process.

use core::convert::Infallible;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use devicecert_pki::Time;

use super::certificate::ManagedCertificate;
use super::passcode::Passcode;
use super::profile::{Profile, ProfileOperation, ProfileStatus, ProfileUuid};
use super::record::Record;
use super::slot::Slot;
use super::store::{Claim, Resend, Store, UpstreamFailure};

/// A store in memory, for a single process: what it holds is gone when it ends.
#[derive(Debug, Default)]
pub struct Memory {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// A map by passcode would compare as it sorts, which is not in constant time.
    passcodes: BTreeMap<Slot, Vec<(Passcode, Time)>>,
    certificates: BTreeMap<(String, ProfileUuid, Option<String>), ManagedCertificate>,
    profiles: BTreeMap<(String, ProfileUuid), Profile>,
}

impl Memory {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Every step below is done or not done: a panic elsewhere leaves nothing half.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, host: &str, profile: &ProfileUuid, change: impl FnOnce(&mut Profile)) {
        if let Some(found) = self.state().profiles.get_mut(&(host.to_owned(), profile.clone())) {
            change(found);
        }
    }
}

impl Store for Memory {
    type Error = Infallible;

    async fn record(&self, record: Record) -> Result<(), Infallible> {
        let mut state = self.state();
        match record {
            Record::Passcode { slot, passcode, made_at } => {
                state.passcodes.entry(slot).or_default().push((passcode, made_at));
            }
            Record::Certificate(certificate) => {
                let ManagedCertificate { host, profile, ca, .. } = certificate.clone();
                state.certificates.insert((host, profile, ca), certificate);
            }
        }
        Ok(())
    }

    async fn managed_certificate(
        &self,
        slot: &Slot,
    ) -> Result<Option<ManagedCertificate>, Infallible> {
        let key = (slot.host.clone(), slot.profile.clone(), Some(slot.ca.clone()));
        Ok(self.state().certificates.get(&key).cloned())
    }

    async fn profile(
        &self,
        host: &str,
        profile: &ProfileUuid,
    ) -> Result<Option<Profile>, Infallible> {
        Ok(self.state().profiles.get(&(host.to_owned(), profile.clone())).cloned())
    }

    async fn set_profile(
        &self,
        host: &str,
        profile: &ProfileUuid,
        state: Profile,
    ) -> Result<(), Infallible> {
        self.state().profiles.insert((host.to_owned(), profile.clone()), state);
        Ok(())
    }

    async fn consume_passcode(
        &self,
        slot: &Slot,
        claimed: Claim<'_>,
    ) -> Result<Option<Time>, Infallible> {
        let mut state = self.state();
        let Some(passcodes) = state.passcodes.get_mut(slot) else { return Ok(None) };
        let index = match claimed {
            Claim::Presented(presented) => {
                passcodes.iter().position(|(known, _)| known == presented)
            }
            Claim::OnFile => {
                let last = passcodes.iter().enumerate().max_by_key(|(_, (_, made_at))| *made_at);
                last.map(|(index, _)| index)
            }
        };
        let made_at = index.map(|index| passcodes.remove(index).1);
        if passcodes.is_empty() {
            state.passcodes.remove(slot);
        }
        Ok(made_at)
    }

    async fn remove_passcodes_made_before(&self, time: Time) -> Result<u64, Infallible> {
        let mut removed = 0_u64;
        self.state().passcodes.retain(|_, passcodes| {
            passcodes.retain(|(_, made_at)| {
                let stays = *made_at >= time;
                removed = removed.saturating_add(u64::from(!stays));
                stays
            });
            !passcodes.is_empty()
        });
        Ok(removed)
    }

    async fn resend(
        &self,
        host: &str,
        profile: &ProfileUuid,
        resend: Resend,
        _: Time,
    ) -> Result<(), Infallible> {
        self.change(host, profile, |found| {
            if found.operation == ProfileOperation::Install {
                found.status = ProfileStatus::Null;
                if resend == Resend::Full {
                    found.detail.clear();
                    found.retries = 0;
                }
            }
        });
        Ok(())
    }

    async fn fail_profile(
        &self,
        host: &str,
        profile: &ProfileUuid,
        failure: UpstreamFailure,
    ) -> Result<(), Infallible> {
        self.change(host, profile, |found| {
            let is_open = match found.status {
                ProfileStatus::Pending | ProfileStatus::Verifying => true,
                ProfileStatus::Failed => found.detail.starts_with(UpstreamFailure::DETAIL),
                _ => false,
            };
            if is_open && found.operation == ProfileOperation::Install {
                found.status = ProfileStatus::Failed;
                found.detail = failure.to_string();
            }
        });
        Ok(())
    }

    async fn clear_failure(&self, host: &str, profile: &ProfileUuid) -> Result<(), Infallible> {
        self.change(host, profile, |found| {
            let is_ours = found.status == ProfileStatus::Failed
                && found.operation == ProfileOperation::Install
                && found.detail.starts_with(UpstreamFailure::DETAIL);
            if is_ours {
                found.status = ProfileStatus::Verifying;
                found.detail.clear();
            }
        });
        Ok(())
    }
}
