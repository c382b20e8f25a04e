//! What a server has to know of an enrolment of Windows.

use super::slot::Slot;
use super::store::{Store, UpstreamFailure};

/// That the CA failed to answer a device with Windows, or that it did answer.
///
/// Windows acknowledges the command at once and enrols afterwards, so that nobody else would say.
/// File it whatever became of the device's connection, in a task of its own, for
/// [`Proxy::REPORT_TIMEOUT`](super::Proxy::REPORT_TIMEOUT) at most.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    pub(super) slot: Slot,
    pub(super) failure: Option<UpstreamFailure>,
}

impl Report {
    /// Whose certificate it was to be.
    #[must_use]
    pub const fn slot(&self) -> &Slot {
        &self.slot
    }

    /// What went wrong; `None` if nothing did.
    #[must_use]
    pub const fn failure(&self) -> Option<UpstreamFailure> {
        self.failure
    }

    /// Marks the profile as failed, or takes back that it was.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn file<S: Store>(&self, store: &S) -> Result<(), S::Error> {
        let (host, profile) = (self.slot.host(), self.slot.profile());
        match self.failure {
            Some(failure) => store.fail_profile(host, profile, failure).await,
            None => store.clear_failure(host, profile).await,
        }
    }
}
