//! What Fleet checks when a profile is uploaded, and what it had better check.

mod apple;
mod catalogue;
mod combination;
mod digicert;
mod length;
mod loc_uri;
mod ndes;
mod plist;
mod report;
mod scep;
mod structure;
mod subject;
mod text;
mod windows;

pub use catalogue::{Example, Rule, rule, rules};

use crate::finding::Finding;
use crate::limits::Limits;
use crate::template::find;
use crate::variable::{Destination, Occurrence};
use crate::xml::{Dialect, Fault, Tree, read};
use report::Report;

/// Whose rules.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rules {
    /// Fleet 4.76 to 4.78, of late 2025, as its guide to certificates describes it.
    Guide,
    /// Fleet since 4.86, of 2026.
    #[default]
    Current,
}

impl Rules {
    /// The name that Fleet's texts have for the mark of a certificate.
    pub(crate) const fn renewal_id(self) -> &'static str {
        match self {
            Self::Guide => "SCEP_RENEWAL_ID",
            Self::Current => "CERTIFICATE_RENEWAL_ID",
        }
    }
}

/// What Fleet says if the licence does not include something, with status 402.
pub(crate) const NO_LICENSE: &str = "Requires Fleet Premium license";

/// What is configured on the server.
///
/// ```
/// use devicecert_fleet::Server;
///
/// let server = Server::default().custom_scep("WIFI").ndes();
/// assert!(server.ndes);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Server {
    /// The names of the DigiCert CAs.
    pub digicert: Vec<String>,
    /// The names of the SCEP CAs that are neither NDES nor Smallstep.
    pub custom_scep: Vec<String>,
    /// The names of the Smallstep CAs.
    pub smallstep: Vec<String>,
    /// Whether NDES is configured; Okta is configured as NDES.
    pub ndes: bool,
    /// The licence. Default premium.
    pub license: License,
    /// The names of the secrets; `None` if that is not to be checked.
    pub secrets: Option<Vec<String>>,
}

/// The licence of a server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum License {
    /// Fleet Premium.
    #[default]
    Premium,
    /// Any other, with which no variable may be used on Windows, and none of a CA anywhere.
    Free,
}

impl Server {
    /// Adds a DigiCert CA.
    #[must_use]
    pub fn digicert(mut self, name: &str) -> Self {
        self.digicert.push(name.to_owned());
        self
    }

    /// Adds a SCEP CA.
    #[must_use]
    pub fn custom_scep(mut self, name: &str) -> Self {
        self.custom_scep.push(name.to_owned());
        self
    }

    /// Adds a Smallstep CA.
    #[must_use]
    pub fn smallstep(mut self, name: &str) -> Self {
        self.smallstep.push(name.to_owned());
        self
    }

    /// Configures NDES.
    #[must_use]
    pub const fn ndes(mut self) -> Self {
        self.ndes = true;
        self
    }

    /// Sets the licence.
    #[must_use]
    pub const fn license(mut self, license: License) -> Self {
        self.license = license;
        self
    }

    /// Adds a secret, and asks for all of them to be checked.
    #[must_use]
    pub fn secret(mut self, name: &str) -> Self {
        self.secrets.get_or_insert_default().push(name.to_owned());
        self
    }
}

/// A check with everything that can be said about the circumstances.
#[derive(Clone, Debug)]
pub struct Check<'a> {
    server: &'a Server,
    rules: Rules,
    name: Option<&'a str>,
    limits: Limits,
}

impl<'a> Check<'a> {
    /// A check for a server.
    #[must_use]
    pub fn new(server: &'a Server, rules: Rules) -> Self {
        Self { server, rules, name: None, limits: Limits::default() }
    }

    /// Says what the profile is to be called. On Windows that is the name of the file.
    #[must_use]
    pub const fn name(mut self, name: &'a str) -> Self {
        self.name = Some(name);
        self
    }

    /// Sets the limits. A profile that exceeds them is one finding, FL018.
    #[must_use]
    pub const fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Everything there is to say about a profile, in its order.
    #[must_use]
    pub fn run(&self, profile: &[u8], destination: Destination) -> Vec<Finding> {
        let text = String::from_utf8_lossy(profile);
        let mut report = Report::new(&text, self.rules, self.limits.findings);
        let found = match find(&text, &self.limits) {
            Ok(found) => found,
            Err(limit) => {
                report.find(&catalogue::FL018, 0..0, limit.to_string());
                return report.finish();
            }
        };
        let upload = Upload {
            text: &text,
            bytes: profile,
            found: &found,
            destination,
            server: self.server,
            rules: self.rules,
            name: self.name,
            limits: &self.limits,
            xml: dialect(destination).map(|dialect| read(&text, dialect, &self.limits)),
        };
        text::check(&upload, &mut report);
        match destination {
            Destination::AppleProfile => apple::check(&upload, &mut report),
            Destination::WindowsProfile => windows::check(&upload, &mut report),
            _ => {
                if let Some(Err(fault)) = &upload.xml {
                    report.find(&catalogue::FL018, fault.span.clone(), fault.in_words(&text));
                }
            }
        }
        report.finish()
    }
}

const fn dialect(destination: Destination) -> Option<Dialect> {
    match destination {
        Destination::AppleProfile | Destination::AppleApp => Some(Dialect::Plist),
        Destination::WindowsProfile => Some(Dialect::SyncMl),
        _ => None,
    }
}

/// Checks a profile as it is uploaded, before anything is filled in.
///
/// All findings are given at once, where Fleet stops at the first.
///
/// ```
/// use devicecert_fleet::{Destination, Rules, Server, check};
///
/// let profile = b"<Replace><Item><Target><LocURI>./Device/A</LocURI></Target>\
///     <Data>$FLEET_VAR_HOST_UID</Data></Item></Replace>";
/// let findings =
///     check(profile, Destination::WindowsProfile, &Server::default(), Rules::Current);
/// let message = "Fleet variable $FLEET_VAR_HOST_UID is not supported in Windows profiles.";
/// assert_eq!(findings[0].message, message);
/// assert_eq!(findings[0].instead.as_deref(), Some("$FLEET_VAR_HOST_UUID"));
/// ```
#[must_use]
pub fn check(
    profile: &[u8],
    destination: Destination,
    server: &Server,
    rules: Rules,
) -> Vec<Finding> {
    Check::new(server, rules).run(profile, destination)
}

/// A profile, and all that is known when it is uploaded.
struct Upload<'a> {
    text: &'a str,
    bytes: &'a [u8],
    found: &'a [Occurrence],
    destination: Destination,
    server: &'a Server,
    rules: Rules,
    name: Option<&'a str>,
    limits: &'a Limits,
    /// What was read, where it is XML.
    xml: Option<Result<Tree, Fault>>,
}
