//! What stands in the URL that a device gets.

use core::fmt;

use devicecert_pki::Secret;
use http::Uri;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::passcode::Passcode;
use super::profile::{InvalidProfileUuid, ProfileUuid};
use super::refusal::{Refusal, shown};
use super::slot::{InvalidSlot, Slot};

/// Where the proxy is on its server.
pub const PATH: &str = "/mdm/scep/proxy/";

/// Bytes of a segment that is looked at: four fields of 255 bytes, each of them escaped.
const MAX_SEGMENT_BYTES: usize = 3072;

/// What Go's `url.PathEscape` escapes.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~')
    .remove(b'$')
    .remove(b'&')
    .remove(b'+')
    .remove(b'=')
    .remove(b':')
    .remove(b'@');

/// What stands in the URL that a device gets: for whom, for what profile, from which CA, and the
/// passcode. With a passcode the URL is a secret.
///
/// ```
/// use devicecert_fleet::proxy::{Identifier, Passcode};
///
/// let passcode = Passcode::from_random([7; Passcode::RANDOM_BYTES]);
/// let identifier = Identifier::custom_scep("6C3E1A", "w4CD1BD65", "WIFI", passcode)?;
/// let url = identifier.to_url("https://mdm.example")?;
/// assert_eq!(
///     url.expose(),
///     b"https://mdm.example/mdm/scep/proxy/\
///       6C3E1A%2Cw4CD1BD65%2CWIFI%2CBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcH",
/// );
/// assert_eq!(Identifier::parse("6C3E1A%2Cw4CD1BD65%2CWIFI%2CBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcH")?, identifier);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identifier {
    slot: Slot,
    passcode: Option<Passcode>,
}

impl Identifier {
    /// For NDES, of which there is one.
    ///
    /// # Errors
    /// As [`Slot::new`].
    pub fn ndes(host: &str, profile: &str) -> Result<Self, InvalidSlot> {
        Ok(Self { slot: Slot::new(host, profile, Slot::NDES)?, passcode: None })
    }

    /// For Smallstep.
    ///
    /// # Errors
    /// As [`Slot::new`].
    pub fn smallstep(host: &str, profile: &str, ca: &str) -> Result<Self, InvalidSlot> {
        Ok(Self { slot: Slot::new(host, profile, ca)?, passcode: None })
    }

    /// For any other SCEP server.
    ///
    /// # Errors
    /// As [`Slot::new`].
    pub fn custom_scep(
        host: &str,
        profile: &str,
        ca: &str,
        passcode: Passcode,
    ) -> Result<Self, InvalidSlot> {
        Ok(Self { slot: Slot::new(host, profile, ca)?, passcode: Some(passcode) })
    }

    /// For a certificate template of Android, whose agent may know no passcode.
    ///
    /// # Errors
    /// As [`Slot::new`].
    pub fn android(
        host: &str,
        template: u32,
        ca: &str,
        passcode: Option<Passcode>,
    ) -> Result<Self, InvalidSlot> {
        Ok(Self { slot: Slot::new(host, &format!("g{template}"), ca)?, passcode })
    }

    /// Reads the segment of the path, as it arrived.
    ///
    /// It is percent-decoded twice, as Fleet does: there are clients that escape it once more.
    ///
    /// # Errors
    /// [`Refusal::InvalidIdentifier`], [`Refusal::InvalidProfile`], [`Refusal::InvalidTemplate`] or,
    /// for a CA that cannot exist, [`Refusal::UnknownIdentifier`].
    pub fn parse(segment: &str) -> Result<Self, Refusal> {
        if segment.len() > MAX_SEGMENT_BYTES {
            return Err(Refusal::InvalidIdentifier);
        }
        let once = decode(segment)?;
        let text = decode(&once)?;
        let mut fields = text.split(',');
        let host = fields.next().unwrap_or_default();
        let profile = fields.next().unwrap_or_default();
        let ca = fields.next().unwrap_or(Slot::NDES);
        let passcode = match fields.next() {
            None | Some("") => None,
            Some(text) => Some(Passcode::new(text).ok_or(Refusal::InvalidIdentifier)?),
        };
        let is_whole = fields.next().is_none() && !host.is_empty() && !profile.is_empty();
        if !is_whole || text.chars().any(|character| character != ',' && Slot::bars(character)) {
            return Err(Refusal::InvalidIdentifier);
        }
        match profile.parse::<ProfileUuid>() {
            Ok(_) => {}
            Err(InvalidProfileUuid::Platform) => {
                return Err(Refusal::InvalidProfile(shown(profile)));
            }
            Err(InvalidProfileUuid::Template) => {
                let number = profile.get(1..).unwrap_or_default();
                return Err(Refusal::InvalidTemplate(shown(number)));
            }
        }
        // What is left are lengths, and names that no row has.
        let slot = Slot::new(host, profile, ca).map_err(|_| Refusal::UnknownIdentifier)?;
        Ok(Self { slot, passcode })
    }

    /// For whom, for what profile, from which CA.
    #[must_use]
    pub const fn slot(&self) -> &Slot {
        &self.slot
    }

    /// The passcode.
    #[must_use]
    pub const fn passcode(&self) -> Option<&Passcode> {
        self.passcode.as_ref()
    }

    /// The URL for the profile. `server_url` is that of the MDM server, as its devices know it; a
    /// slash at its end does not count.
    ///
    /// # Errors
    /// [`InvalidServerUrl`] if it is none of http or https, or has a query or fragment.
    pub fn to_url(&self, server_url: &str) -> Result<Secret, InvalidServerUrl> {
        let parsed: Uri = server_url.parse().map_err(|_| InvalidServerUrl)?;
        let is_web = matches!(parsed.scheme_str(), Some("http" | "https"));
        if !is_web || server_url.contains(['?', '#', '@']) {
            return Err(InvalidServerUrl);
        }
        Ok(Secret::from(format!("{}{PATH}{}", server_url.trim_end_matches('/'), self.segment())))
    }

    /// The segment, escaped.
    fn segment(&self) -> String {
        let Slot { host, profile, ca } = &self.slot;
        let mut text = format!("{host},{profile},{ca}");
        if let Some(passcode) = &self.passcode {
            text.push(',');
            text.push_str(passcode.expose());
        }
        utf8_percent_encode(&text, ESCAPED).to_string()
    }
}

fn decode(text: &str) -> Result<String, Refusal> {
    match percent_decode_str(text).decode_utf8() {
        Ok(text) => Ok(text.into_owned()),
        Err(_) => Err(Refusal::InvalidIdentifier),
    }
}

/// The URL of an MDM server that cannot be continued.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected an http or https URL without user, password, query and fragment")]
pub struct InvalidServerUrl;

/// For logs: without the passcode, and with what would break or turn a line escaped. The name of
/// the CA is a stranger's until somebody expects a certificate of it.
impl fmt::Display for Identifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Slot { host, profile, ca } = &self.slot;
        let [host, profile, ca] = [host, profile.as_str(), ca].map(shown);
        write!(f, "host:{host} profile:{profile} CA:{ca}")
    }
}
