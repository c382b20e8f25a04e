//! What is configured: the CAs, the edition, the bounds.

use core::time::Duration;
use std::collections::BTreeMap;

use devicecert_pki::Time;
use http::Uri;

use crate::rules::Rules;

/// The bounds of the proxy.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Bytes of the body of a request that are passed on. Default 2 097 152, as Fleet has it; what
    /// is behind them is cut off without a word, so that the CA refuses the message. Have the HTTP
    /// server read no more than that.
    pub body_bytes: usize,
    /// Bytes of the `message` of GetCACert, which names a CA. Default 1 024; Fleet has no bound.
    pub ca_identifier_bytes: usize,
    /// Bytes of a reply of the CA. Default 2 097 152. A longer one is a failure; Fleet cuts it off.
    pub reply_bytes: usize,
    /// Bytes of what the CA says beside an HTTP error that are looked at. Default 4 096.
    pub error_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes: 2 << 20,
            ca_identifier_bytes: 1024,
            reply_bytes: 2 << 20,
            error_bytes: 4096,
        }
    }
}

/// The URL of a SCEP server that the proxy passes requests on to.
///
/// ```
/// use devicecert_fleet::proxy::Upstream;
///
/// let upstream: Upstream = "http://ndes.example/certsrv/mscep/mscep.dll".parse()?;
/// assert!("ftp://ndes.example/".parse::<Upstream>().is_err());
/// # Ok::<(), devicecert_fleet::proxy::InvalidUpstream>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upstream(Uri);

/// A text that is no URL of a SCEP server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected an http or https URL without user, password and fragment")]
pub struct InvalidUpstream;

impl core::str::FromStr for Upstream {
    type Err = InvalidUpstream;

    fn from_str(text: &str) -> Result<Self, InvalidUpstream> {
        let uri: Uri = text.parse().map_err(|_| InvalidUpstream)?;
        let authority = uri.authority().map_or("@", http::uri::Authority::as_str);
        match uri.scheme_str() {
            Some("http" | "https") if !authority.contains('@') && !text.contains('#') => {
                Ok(Self(uri))
            }
            _ => Err(InvalidUpstream),
        }
    }
}

impl Upstream {
    /// The URL.
    #[must_use]
    pub const fn uri(&self) -> &Uri {
        &self.0
    }
}

/// The proxy: which CAs there are, whose behaviour it has, and what is bounded how.
#[derive(Clone, Debug)]
pub struct Proxy {
    pub(super) rules: Rules,
    pub(super) ndes: Option<Upstream>,
    pub(super) smallstep: BTreeMap<String, Upstream>,
    pub(super) custom_scep: BTreeMap<String, Upstream>,
    pub(super) passcode_lifetime: Duration,
    pub(super) upstream_timeout: Duration,
    pub(super) limits: Limits,
}

impl Proxy {
    /// How long the challenge of NDES is taken for good: 57 minutes. It is for 60.
    pub const NDES_CHALLENGE_LIFETIME: Duration = Duration::from_secs(57 * 60);

    /// How long the challenge of Smallstep is taken for good: 4 minutes.
    pub const SMALLSTEP_CHALLENGE_LIFETIME: Duration = Duration::from_secs(4 * 60);

    /// How long to try to file that a profile of Windows failed: 5 seconds.
    pub const REPORT_TIMEOUT: Duration = Duration::from_secs(5);

    /// A proxy without any CA.
    #[must_use]
    pub fn new(rules: Rules) -> Self {
        Self {
            rules,
            ndes: None,
            smallstep: BTreeMap::new(),
            custom_scep: BTreeMap::new(),
            passcode_lifetime: passcode_lifetime(rules),
            upstream_timeout: Duration::from_secs(30),
            limits: Limits::default(),
        }
    }

    /// Configures NDES, or Okta in its place.
    #[must_use]
    pub fn ndes(mut self, upstream: Upstream) -> Self {
        self.ndes = Some(upstream);
        self
    }

    /// Adds a Smallstep CA.
    #[must_use]
    pub fn smallstep(mut self, name: &str, upstream: Upstream) -> Self {
        self.smallstep.insert(name.to_owned(), upstream);
        self
    }

    /// Adds a SCEP CA that is neither NDES nor Smallstep.
    #[must_use]
    pub fn custom_scep(mut self, name: &str, upstream: Upstream) -> Self {
        self.custom_scep.insert(name.to_owned(), upstream);
        self
    }

    /// Sets how long a passcode can be used. Default 1 hour by the guide, 7 days since 2026: hosts
    /// sleep.
    #[must_use]
    pub const fn passcode_lifetime(mut self, lifetime: Duration) -> Self {
        self.passcode_lifetime = lifetime;
        self
    }

    /// When the oldest passcode was made that can still be used. Those before it may go
    /// ([`Store::remove_passcodes_made_before`](super::Store::remove_passcodes_made_before)).
    #[must_use]
    pub fn oldest_passcode(&self, now: Time) -> Time {
        now.before(self.passcode_lifetime)
    }

    /// Sets how long a CA has for its answer. Default 30 seconds.
    #[must_use]
    pub const fn upstream_timeout(mut self, timeout: Duration) -> Self {
        self.upstream_timeout = timeout;
        self
    }

    /// Sets the bounds.
    #[must_use]
    pub const fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }
}

const fn passcode_lifetime(rules: Rules) -> Duration {
    let hour = 3600;
    match rules {
        Rules::Guide => Duration::from_secs(hour),
        Rules::Current => Duration::from_secs(7 * 24 * hour),
    }
}
