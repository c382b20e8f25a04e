//! What several proxies have in common.

use core::fmt;

use devicecert_pki::Time;

use super::certificate::ManagedCertificate;
use super::passcode::Passcode;
use super::profile::{Profile, ProfileUuid};
use super::record::Record;
use super::slot::Slot;

/// What the proxy has to know, and what it changes. Several proxies may share one.
///
/// [`Memory`](super::Memory) is one for a single process.
pub trait Store: Send + Sync {
    /// What can go wrong. A device is never told.
    type Error: core::error::Error + Send + Sync + 'static;

    /// Files what a delivery leaves behind.
    fn record(&self, record: Record) -> impl Future<Output = Result<(), Self::Error>> + Send;

    /// The certificate of a place; `None` if nobody expects one there.
    fn managed_certificate(
        &self,
        slot: &Slot,
    ) -> impl Future<Output = Result<Option<ManagedCertificate>, Self::Error>> + Send;

    /// A profile on a host; `None` if it is not to be there.
    fn profile(
        &self,
        host: &str,
        profile: &ProfileUuid,
    ) -> impl Future<Output = Result<Option<Profile>, Self::Error>> + Send;

    /// Says how far a profile on a host has come: an MDM server does, when it has sent it and when
    /// the device answers.
    fn set_profile(
        &self,
        host: &str,
        profile: &ProfileUuid,
        state: Profile,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send;

    /// Takes a passcode out of the store, whatever its age, and says when it was made; `None` if
    /// there is none for this place that is `claimed`.
    ///
    /// Looking it up and removing it is one step: of any number of calls at the same time, also
    /// from other processes, one gets the passcode. A passcode of another place is neither found
    /// nor removed. What a stranger can time must not tell how much of a passcode was right:
    /// compare in constant time, as [`Passcode`] does, or look for a digest of it.
    fn consume_passcode(
        &self,
        slot: &Slot,
        claimed: Claim<'_>,
    ) -> impl Future<Output = Result<Option<Time>, Self::Error>> + Send;

    /// Removes the passcodes that were made before a time, and says how many there were.
    fn remove_passcodes_made_before(
        &self,
        time: Time,
    ) -> impl Future<Output = Result<u64, Self::Error>> + Send;

    /// Has a profile sent again, with a new challenge in it. One that is not to be on the host is
    /// left alone.
    fn resend(
        &self,
        host: &str,
        profile: &ProfileUuid,
        resend: Resend,
        now: Time,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send;

    /// Marks a profile of Windows as failed, with the text for the administrator.
    ///
    /// Only one that is being installed, and whose status is pending, verifying, or failed by this
    /// method: the others say something that the proxy cannot know better.
    fn fail_profile(
        &self,
        host: &str,
        profile: &ProfileUuid,
        failure: UpstreamFailure,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send;

    /// Takes back what [`fail_profile`](Self::fail_profile) did: the status is verifying again, and
    /// the detail empty. A profile that failed for another reason stays as it is; its detail does
    /// not start with [`UpstreamFailure::DETAIL`].
    fn clear_failure(
        &self,
        host: &str,
        profile: &ProfileUuid,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send;
}

/// Which passcode is to be consumed.
#[derive(Clone, Copy, Debug)]
pub enum Claim<'a> {
    /// The one that the device presents.
    Presented(&'a Passcode),
    /// The one on file for the place that was made last. The agent on Android may leave it out of
    /// the URL.
    OnFile,
}

/// How much is forgotten when a profile is sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Resend {
    /// The status becomes NULL. The number of retries stays, and so does a command that is queued.
    StatusOnly,
    /// The status becomes NULL, detail and command are emptied, the number of retries is 0, the
    /// variables count as updated at this time, and a command that is still queued is withdrawn.
    Full,
}

/// Why the CA did not answer a device's PKIOperation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum UpstreamFailure {
    /// It did not answer in time.
    Timeout,
    /// It answered with another HTTP status than 2xx.
    Status(http::StatusCode),
    /// Nobody listens there.
    ConnectionRefused,
    /// Its name is not known.
    Dns,
    /// Connection, TLS or HTTP failed in another way, or the answer is too long.
    Upstream,
    /// Fleet's word for a failure without an error. The proxy has none.
    Unknown,
}

impl UpstreamFailure {
    /// How the detail of a profile starts that failed in the proxy.
    pub const DETAIL: &str = "SCEP PKIOperation failed: ";
}

/// The detail for the administrator, in Fleet's words: `SCEP PKIOperation failed: timeout`.
impl fmt::Display for UpstreamFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Self::DETAIL)?;
        match self {
            Self::Timeout => f.write_str("timeout"),
            Self::Status(status) => write!(f, "HTTP {}", status.as_u16()),
            Self::ConnectionRefused => f.write_str("connection refused"),
            Self::Dns => f.write_str("DNS resolution error"),
            Self::Upstream => f.write_str("upstream error"),
            Self::Unknown => f.write_str("unknown error"),
        }
    }
}
