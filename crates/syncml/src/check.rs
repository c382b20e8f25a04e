//! What a device, or a server on the way to it, would not like about a document.

mod altname;
mod envelope;
mod fleet;
mod item;
mod node;
mod onex;
mod pfx;
mod plan;
mod report;
mod scep;
mod secret;
mod server_url;
mod subject;
mod thumbprint;
mod trusted;
mod variable;
mod wlan;

use core::fmt;

use devicecert_pki::{Certificate, Provider};

use crate::document::Document;
use crate::error::Error;
use crate::limits::Limits;
use crate::place::Place;

use plan::Plan;
use report::Report;

/// How bad a [`Finding`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// It works, and could be better.
    Advice,
    /// It may not work, or not as meant.
    Warning,
    /// It will not work.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Advice => "advice",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

/// Something that a device or server would not like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The id of the rule, to be looked up in [`rules`](crate::rules).
    pub rule: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// Where it stands.
    pub place: Place,
    /// What stands there.
    pub found: String,
    /// Why that does not work.
    pub why: &'static str,
    /// What to write instead, where that can be said.
    pub instead: Option<String>,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { rule, severity, place, found, why, instead } = self;
        write!(f, "{place}: {severity} {rule}: {found}: {why}")?;
        match instead {
            Some(instead) => write!(f, "; write {instead}"),
            None => Ok(()),
        }
    }
}

/// Where a document goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Target {
    /// To a device.
    #[default]
    Device,
    /// To Fleet, as a profile, which has rules of its own.
    Fleet,
}

/// A check with everything that can be said about the circumstances.
///
/// ```
/// use devicecert_crypto_rust::RustCrypto;
/// use devicecert_syncml::{Checks, Target};
///
/// let findings = Checks::new()
///     .target(Target::Fleet)
///     .provider(&RustCrypto) // so that thumbprints can be compared with certificates
///     .run_text("<Get/>");
/// assert_eq!(findings[0].rule, "WS004");
/// ```
#[derive(Clone, Debug, Default)]
pub struct Checks<'a> {
    target: Target,
    provider: Option<&'a dyn Provider>,
    ca: Option<&'a Certificate>,
    limits: Limits,
}

impl<'a> Checks<'a> {
    /// A check for a device, without knowledge of certificates.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Says where the document goes.
    #[must_use]
    pub const fn target(mut self, target: Target) -> Self {
        self.target = target;
        self
    }

    /// Lends what makes digests: thumbprints are then compared with the certificates they name.
    #[must_use]
    pub const fn provider(mut self, provider: &'a dyn Provider) -> Self {
        self.provider = Some(provider);
        self
    }

    /// Names the CA that `CAThumbprint` should be of; needs a [`provider`](Self::provider).
    #[must_use]
    pub const fn ca(mut self, ca: &'a Certificate) -> Self {
        self.ca = Some(ca);
        self
    }

    /// Sets the limits for [`run_text`](Self::run_text), and for profiles within a document.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Everything there is to say, in the order of the text.
    #[must_use]
    pub fn run(&self, document: &Document) -> Vec<Finding> {
        let mut report = Report::new(document);
        let plan = Plan::of(document);
        envelope::check(document, &mut report);
        item::check(document, &mut report);
        node::check(&plan, &mut report);
        scep::check(&plan, &mut report);
        server_url::check(&plan, &mut report);
        subject::check(&plan, &mut report);
        altname::check(&plan, &mut report);
        thumbprint::check(&plan, self.ca.zip(self.provider), &mut report);
        pfx::check(&plan, &mut report);
        trusted::check(&plan, self.provider, &mut report);
        wlan::check(&plan, &self.limits, &mut report);
        secret::check(&plan, &mut report);
        variable::check(&plan, self.target, &mut report);
        if self.target == Target::Fleet {
            fleet::check(document, &plan, &mut report);
        }
        report.finish()
    }

    /// Reads a text and checks it. One that cannot be read gives a single finding, WS001.
    #[must_use]
    pub fn run_text(&self, text: &str) -> Vec<Finding> {
        match Document::read(text, &self.limits) {
            Ok(document) => self.run(&document),
            Err(error) => vec![Finding::from(&error)],
        }
    }
}

/// Checks a document for a device.
///
/// All findings are given at once. Where a placeholder stands for a value, rules that need the
/// value are silent.
///
/// ```
/// use devicecert_syncml::{Document, Limits, Severity, check};
///
/// let text = "<Add><Item><Target><LocURI>./Device/Vendor/MSFT/ClientCertificateInstall/SCEP/c1\
///     /Install/Challenge</LocURI></Target><Data>pass_word</Data></Item></Add>";
/// let findings = check(&Document::read(text, &Limits::default())?);
/// let alphabet = findings.iter().find(|finding| finding.rule == "WS011").expect("_ is refused");
/// assert_eq!(alphabet.severity, Severity::Error);
/// assert_eq!(&text[alphabet.place.span.clone()], "_");
/// # Ok::<(), devicecert_syncml::Error>(())
/// ```
#[must_use]
pub fn check(document: &Document) -> Vec<Finding> {
    Checks::new().run(document)
}

/// A text that cannot be read breaks rule WS001.
impl From<&Error> for Finding {
    fn from(error: &Error) -> Self {
        let (place, found) = match error {
            Error::Malformed(malformed) => {
                let found = format!("expected {}, found {}", malformed.expected, malformed.found);
                (malformed.place.clone(), found)
            }
            other => (Place { line: 1, column: 1, ..Place::default() }, other.to_string()),
        };
        let why = "the device answers a message that it cannot parse with an error for the whole \
                   message, and carries out nothing";
        Self { rule: "WS001", severity: Severity::Error, place, found, why, instead: None }
    }
}
