//! Addresses of nodes in a device's tree (OMA DM 1.2, Tree and Description §4).

use core::fmt;
use core::str::FromStr;

use crate::error::{Error, Misuse};
use crate::placeholder;

/// Whose certificates, profiles or settings are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// The computer.
    Device,
    /// The user of the session, who must be signed in.
    User,
}

impl Scope {
    /// Its segment in a LocURI.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Device => "Device",
            Self::User => "User",
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The address of a node.
///
/// ```
/// use devicecert_syncml::{LocUri, Scope};
///
/// let uri = LocUri::vendor(Scope::User, ["WiFi", "Profile", "Café 5/6", "WlanXml"])?;
/// assert_eq!(uri.to_string(), "./User/Vendor/MSFT/WiFi/Profile/Caf%C3%A9%205%2F6/WlanXml");
/// assert_eq!(uri.scope(), Scope::User);
/// # Ok::<(), devicecert_syncml::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LocUri(String);

impl LocUri {
    /// Characters an address may have: `MaxTotLen` of a usual DevDetail.
    pub const MAX_CHARACTERS: usize = 1023;
    /// Segments an address may have: `MaxDepth` of a usual DevDetail.
    pub const MAX_SEGMENTS: usize = 127;

    /// The address of a node of a configuration service provider of Windows.
    ///
    /// Segments are UTF-8 in percent-encoding where a URI needs it; a segment with a placeholder is
    /// taken as it is.
    ///
    /// # Errors
    /// [`Misuse::LocUri`] if a segment is empty or `.`, or all are too long.
    pub fn vendor<'a>(
        scope: Scope,
        segments: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, Error> {
        let mut text = format!("./{scope}/Vendor/MSFT");
        for segment in segments {
            text.push('/');
            if placeholder::is_in(segment) {
                text.push_str(segment);
            } else {
                encode(segment, &mut text);
            }
        }
        text.parse()
    }

    /// The address as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What is between the slashes, the leading `.` left out.
    pub fn segments(&self) -> impl Iterator<Item = &str> {
        segments(&self.0)
    }

    /// Whom the node belongs to. An address that names nobody is the computer's.
    #[must_use]
    pub fn scope(&self) -> Scope {
        match self.segments().next() {
            Some(first) if first.eq_ignore_ascii_case("User") => Scope::User,
            _ => Scope::Device,
        }
    }

    /// What is wrong with a text as an address; nothing if it is one.
    pub(crate) fn fault(text: &str) -> Option<&'static str> {
        let Some(path) = text.strip_prefix("./") else {
            return Some("one that does not start with ./");
        };
        if text.chars().count() > Self::MAX_CHARACTERS {
            return Some("more than 1023 characters");
        }
        let mut count = 0_usize;
        for segment in path.split('/') {
            count = count.saturating_add(1);
            match segment {
                "" if text.ends_with('/') && !text.ends_with("//") => {
                    return Some("a / at the end");
                }
                "" => return Some("an empty segment"),
                "." | ".." => return Some("a . inside"),
                _ if segment.contains('*') => return Some("a *"),
                _ if segment.contains(char::is_whitespace) && !placeholder::is_in(segment) => {
                    return Some("a blank that is not written as %20");
                }
                _ if segment.contains(['?', '#']) => return Some("a query or fragment"),
                _ => {}
            }
        }
        (count > Self::MAX_SEGMENTS).then_some("more than 127 segments")
    }
}

/// What is between the slashes of an address.
pub(crate) fn segments(text: &str) -> impl Iterator<Item = &str> {
    text.strip_prefix("./").unwrap_or(text).split('/')
}

/// Relative to the root of the tree (`./…`), no empty segment, no `.` inside, no `*`.
impl FromStr for LocUri {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        match Self::fault(text) {
            None => Ok(Self(text.to_owned())),
            Some(found) => Err(Misuse::LocUri { found }.into()),
        }
    }
}

impl fmt::Display for LocUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn encode(segment: &str, out: &mut String) {
    for octet in segment.bytes() {
        match octet {
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'-' | b'.' | b'_' | b'~' => {
                out.push(char::from(octet));
            }
            octet => {
                let digit = |value: u8| {
                    char::from_digit(u32::from(value), 16).unwrap_or('0').to_ascii_uppercase()
                };
                out.extend(['%', digit(octet >> 4), digit(octet & 15)]);
            }
        }
    }
}

/// Undoes percent-encoding; `None` if it is damaged or hides no UTF-8.
pub(crate) fn decode(segment: &str) -> Option<String> {
    let mut octets = Vec::with_capacity(segment.len());
    let mut bytes = segment.bytes();
    while let Some(octet) = bytes.next() {
        if octet != b'%' {
            octets.push(octet);
            continue;
        }
        let mut digit = || char::from(bytes.next()?).to_digit(16);
        let value = digit()?.checked_mul(16)?.checked_add(digit()?)?;
        octets.push(u8::try_from(value).ok()?);
    }
    String::from_utf8(octets).ok()
}
