//! Where a CA is.

use core::fmt;

use http::Uri;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::error::Misuse;

/// What stays as it is in a segment of a path (RFC 3986 §2.3).
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// An absolute http or https URL.
///
/// ```
/// use devicecert_ca::Url;
///
/// let url: Url = "https://one.digicert.com/".parse()?;
/// assert!(url.is_https());
/// assert_eq!(url.to_string(), "https://one.digicert.com/");
/// assert!("one.digicert.com".parse::<Url>().is_err());
/// // Whoever reads a log would read this password, too.
/// assert!("https://user:password@ca.example/".parse::<Url>().is_err());
/// # Ok::<(), devicecert_ca::Misuse>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Url(Uri);

impl Url {
    /// Whether what is sent there is encrypted.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.0.scheme_str() == Some("https")
    }

    /// The host's name or address, without port and brackets.
    #[must_use]
    pub fn host(&self) -> &str {
        let host = self.0.host().unwrap_or_default();
        host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host)
    }

    pub(crate) const fn as_uri(&self) -> &Uri {
        &self.0
    }

    /// The URL without its trailing slashes, `path`, and after that one segment that may be
    /// anything. What has a query has no place for them.
    pub(crate) fn join(&self, path: &str, segment: Option<&str>) -> Result<Uri, Misuse> {
        if self.0.query().is_some() {
            return Err(Misuse::Url);
        }
        let base = self.0.to_string();
        let base = base.trim_end_matches('/');
        let segment = segment
            .map(|segment| format!("/{}", utf8_percent_encode(segment, SEGMENT)))
            .unwrap_or_default();
        format!("{base}{path}{segment}").parse().map_err(|_| Misuse::Url)
    }
}

impl core::str::FromStr for Url {
    type Err = Misuse;

    /// # Errors
    /// [`Misuse::Url`] for what has no http or https scheme, no host, a fragment, or a password in
    /// it.
    fn from_str(text: &str) -> Result<Self, Misuse> {
        let uri: Uri = text.trim().parse().map_err(|_| Misuse::Url)?;
        let authority = uri.authority().ok_or(Misuse::Url)?;
        let is_plain = !text.contains('#') && !authority.as_str().contains('@');
        match uri.scheme_str() {
            Some("http" | "https") if is_plain && !authority.host().is_empty() => Ok(Self(uri)),
            _ => Err(Misuse::Url),
        }
    }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
