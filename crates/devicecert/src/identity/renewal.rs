//! What becomes of an identity when it ends.

use devicecert_mobileconfig::payload::Attribute;

/// When an identity is made anew, and how the server recognises it.
///
/// No device renews by itself what a profile has brought: a server sends the profile again, and
/// keeps this time for itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Renewal {
    /// When the server sends the profile again.
    pub before: Option<RenewBefore>,
    /// What the server finds the certificate again by, at the end of the subject: `OU` with
    /// `$FLEET_VAR_SCEP_RENEWAL_ID` for Fleet.
    pub marker: Option<Attribute>,
    /// Days before the end at which a Mac starts to tell its user: `CertificateRenewalTimeInterval`.
    pub notice_days: Option<u32>,
}

/// A time before the end of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RenewBefore {
    /// So many days before.
    Days(u32),
    /// When so many hundredths of its time are left.
    Percent(u8),
}
