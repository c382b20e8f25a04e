//! What a delivery leaves behind.

use devicecert_pki::Time;

use super::certificate::ManagedCertificate;
use super::passcode::Passcode;
use super::slot::Slot;

/// What a delivery leaves behind for the proxy and for renewal. It has to be in the store
/// ([`Store::record`](super::Store::record)) before the profile is sent: the device may be faster.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Record {
    /// A passcode for one enrolment.
    Passcode {
        /// What it may be used for.
        slot: Slot,
        /// The passcode.
        passcode: Passcode,
        /// When it was made, which is when it starts to age.
        made_at: Time,
    },
    /// A certificate to look after. It takes the place of the one with the same host, profile and
    /// CA, and with it of the dates of that: until the new certificate is seen, or for DigiCert
    /// issued, the row has none.
    Certificate(ManagedCertificate),
}
