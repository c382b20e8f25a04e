//! When a certificate is to be renewed, and how it is found again.
//!
//! Fleet renews 30 days before the end; what is valid for 30 days or less at half of that; what is
//! valid for less than 2 days never. Days are those of the calendar, in UTC: a certificate from
//! Monday evening to Tuesday morning is valid for 1 day.

use core::fmt;
use core::time::Duration;

use devicecert_pki::{Certificate, Name, Time, Validity};

const DAY: u64 = 86_400;

/// Validities of so many days are renewed by half.
const SHORT_DAYS: i64 = 30;

/// Validities of fewer days are not renewed.
const LEAST_DAYS: i64 = 2;

/// When certificates are renewed.
///
/// ```
/// use devicecert_fleet::Schedule;
/// use devicecert_pki::{Time, Validity};
/// use std::time::Duration;
///
/// let day = Duration::from_secs(86_400);
/// let validity = Validity::lasting(Time::from_unix(1_800_000_000), 365 * day);
/// let schedule = Schedule::default();
/// let due = schedule.due_at(&validity, "host-1").expect("more than two days");
/// assert!(!schedule.is_due(&validity, "host-1", due.before(Duration::from_secs(1))));
/// assert!(schedule.is_due(&validity, "host-1", due));
///
/// // Hosts that were enrolled together are renewed within a week, one after the other.
/// let schedule = Schedule::default().jitter(7 * day);
/// let other = schedule.due_at(&validity, "host-2").expect("more than two days");
/// assert!(other <= due && other > due.before(7 * day));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Schedule {
    jitter: Duration,
}

impl Schedule {
    /// Renews up to so much earlier, by the host: so that those that were enrolled together are
    /// not renewed together. Default none, as Fleet does.
    ///
    /// However much it is, nothing is renewed within the first half of the time that there is
    /// between its beginning and when Fleet would renew it.
    #[must_use]
    pub const fn jitter(self, most: Duration) -> Self {
        Self { jitter: most }
    }

    /// The first second at which it is to be renewed; `None` if it never is. `host` tells hosts
    /// apart for [`jitter`](Self::jitter), and counts for nothing else.
    #[must_use]
    pub fn due_at(&self, validity: &Validity, host: &str) -> Option<Time> {
        let days = days(validity);
        if days < LEAST_DAYS {
            return None;
        }
        let window = match days > SHORT_DAYS {
            true => Duration::from_secs(SHORT_DAYS.unsigned_abs().saturating_mul(DAY)),
            false => Duration::from_secs(days.unsigned_abs().saturating_mul(DAY).div_euclid(2)),
        };
        // Fleet asks for notAfter < now + window, so the second of equality is not yet it.
        let due = validity.not_after.before(window).after(Duration::from_secs(1));
        let span = due.unix().saturating_sub(validity.not_before.unix());
        let most = self.jitter.as_secs().min(u64::try_from(span).unwrap_or(0).div_euclid(2));
        let early = hash(host).checked_rem(most).unwrap_or(0);
        Some(due.before(Duration::from_secs(early)))
    }

    /// Whether it is to be renewed at `now`, which may be after its end.
    #[must_use]
    pub fn is_due(&self, validity: &Validity, host: &str, now: Time) -> bool {
        self.due_at(validity, host).is_some_and(|due| due <= now)
    }
}

/// The days of the calendar between the first and the last one.
fn days(validity: &Validity) -> i64 {
    let day = |time: Time| time.unix().div_euclid(DAY.cast_signed());
    day(validity.not_after).saturating_sub(day(validity.not_before))
}

/// FNV-1a, which is the same on every server and in every version.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// The mark by which a certificate is found again: `fleet-` and the UUID of the profile.
///
/// ```
/// use devicecert_fleet::RenewalId;
///
/// let id = RenewalId::of("a4CD1BD65-1D2C-4E9E-9E18-9BCD400CDEDC");
/// assert_eq!(id.to_string(), "fleet-a4CD1BD65-1D2C-4E9E-9E18-9BCD400CDEDC");
/// assert_eq!(id.to_string().len(), RenewalId::LENGTH);
/// assert!(id.is_in(&"CN=laptop,OU=fleet-a4CD1BD65-1D2C-4E9E-9E18-9BCD400CDEDC".parse()?));
/// # Ok::<(), devicecert_pki::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RenewalId(String);

impl RenewalId {
    /// Characters of a mark: 6, a letter for the platform, and 36 of a UUID.
    pub const LENGTH: usize = 43;

    /// The mark of a profile. The UUID is Fleet's, which starts with `a` for Apple and `w` for
    /// Windows.
    #[must_use]
    pub fn of(profile_uuid: &str) -> Self {
        Self(format!("fleet-{profile_uuid}"))
    }

    /// The mark.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it stands in a common name or organizational unit, alone or in other text.
    #[must_use]
    pub fn is_in(&self, subject: &Name) -> bool {
        subject.attributes().iter().any(|attribute| {
            matches!(attribute.type_name().as_ref(), "CN" | "OU")
                && attribute.text().is_some_and(|text| text.contains(&self.0))
        })
    }

    /// Of the certificates that a host shows, the one that counts: marked, valid at `now`, and of
    /// several the one whose validity began last.
    ///
    /// The mark is of the profile, not of a delivery. Right after the profile is delivered again the
    /// row has no dates and the host shows the old certificate only, which would be taken for the
    /// new one: leave out what was there before, or wait until the device has enrolled.
    pub fn latest<'c>(
        &self,
        certificates: impl IntoIterator<Item = &'c Certificate>,
        now: Time,
    ) -> Option<&'c Certificate> {
        certificates
            .into_iter()
            .filter(|certificate| certificate.validity().contains(now))
            .filter(|certificate| self.is_in(certificate.subject()))
            .max_by_key(|certificate| {
                let validity = certificate.validity();
                (validity.not_before, validity.not_after)
            })
    }
}

impl fmt::Display for RenewalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether what a host shows takes the place of what is known: only if it ends later. So an old
/// certificate that is still there never makes a renewed one look old.
#[must_use]
pub fn supersedes(shown: &Validity, known: Option<&Validity>) -> bool {
    known.is_none_or(|known| known.not_after < shown.not_after)
}

/// The policy of osquery that a host passes while the certificate in a file is valid for longer
/// than `margin`. A host that fails it is to run the script that renews the certificate; Fleet has
/// no renewal of its own for Linux.
///
/// ```
/// use devicecert_fleet::osquery_policy;
/// use std::time::Duration;
///
/// assert_eq!(
///     osquery_policy("/opt/company/certificate.pem", Duration::from_secs(30 * 86_400)),
///     "SELECT 1 FROM certificates WHERE path = '/opt/company/certificate.pem' AND \
///      not_valid_after > (CAST(strftime('%s', 'now') AS INTEGER) + 2592000);",
/// );
/// ```
#[must_use]
pub fn osquery_policy(path: &str, margin: Duration) -> String {
    format!(
        "SELECT 1 FROM certificates WHERE path = '{}' AND not_valid_after > \
         (CAST(strftime('%s', 'now') AS INTEGER) + {});",
        path.replace('\'', "''"),
        margin.as_secs(),
    )
}
