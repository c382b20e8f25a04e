//! The number of a CA in Fleet, and the path of the call.

use core::fmt;

/// Which of Fleet's certificate authorities.
///
/// ```
/// use devicecert_fleet::request_certificate::AuthorityId;
///
/// let path = AuthorityId::from(3).path();
/// assert_eq!(path, "/api/v1/fleet/certificate_authorities/3/request_certificate");
/// assert_eq!(AuthorityId::from_path(&path), Some(AuthorityId::from(3)));
/// let latest = "/api/latest/fleet/certificate_authorities/3/request_certificate";
/// assert_eq!(AuthorityId::from_path(latest), Some(AuthorityId::from(3)));
/// assert_eq!(AuthorityId::from_path("/api/v1/fleet/certificate_authorities/x/request_certificate"), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AuthorityId(u64);

impl AuthorityId {
    /// Finds the number in the path of a request, which is the decoded one.
    #[must_use]
    pub fn from_path(path: &str) -> Option<Self> {
        let rest = path.strip_prefix("/api/v1/").or_else(|| path.strip_prefix("/api/latest/"))?;
        let digits = rest
            .strip_prefix("fleet/certificate_authorities/")?
            .strip_suffix("/request_certificate")?;
        // The standard library would take a sign, too.
        let is_number = digits.bytes().all(|octet| octet.is_ascii_digit());
        digits.parse().ok().filter(|_| is_number).map(Self)
    }

    /// The path of the call.
    #[must_use]
    pub fn path(self) -> String {
        format!("/api/v1/fleet/certificate_authorities/{self}/request_certificate")
    }
}

impl From<u64> for AuthorityId {
    fn from(id: u64) -> Self {
        Self(id)
    }
}

impl fmt::Display for AuthorityId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
