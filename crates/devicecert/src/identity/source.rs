//! Where an identity comes from.

use core::time::Duration;

use devicecert_mobileconfig::plist::{Scalar, Text};
use devicecert_pki::{Certificate, Secret};
use devicecert_scep::Fingerprint;

/// Where the certificate, and perhaps its key, comes from.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Source {
    /// The device makes a key and has it certified by SCEP (RFC 8894).
    Scep(Scep),
    /// The device makes a key and has it certified by ACME (RFC 8555), which Windows cannot do.
    Acme(Acme),
    /// Key and certificate were made elsewhere.
    Pkcs12(Pkcs12),
}

/// A SCEP server.
///
/// ```
/// use devicecert::identity::Scep;
///
/// let scep = Scep::new("https://ca.example/scep")
///     .challenge("$FLEET_VAR_CUSTOM_SCEP_CHALLENGE_WIFI")
///     .ca("SHA256:9F86D081884C7D659A2FEAA0C55AD015A3BF4F1B2B0B822CD15D6C15B0F00A08"
///         .parse::<devicecert::scep::Fingerprint>()?);
/// # assert!(scep.ca.is_some());
/// # Ok::<(), devicecert::scep::Error>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Scep {
    /// Where the server is: at least one address, without `/pkiclient.exe`, which Windows adds.
    /// Apple's devices know the first only.
    pub server_urls: Vec<String>,
    /// What tells one CA of the server from another (RFC 8894 §4.1): `Name` on Apple's devices.
    pub ca_identifier: Option<String>,
    /// `TemplateName` on Windows: a name or object identifier that some servers choose by.
    pub template: Option<String>,
    /// The challenge password, or its placeholder.
    pub challenge: Option<Secret>,
    /// How the device knows the CA. Windows needs it.
    pub ca: Option<Ca>,
    /// How to wait for a decision. Without it every platform has its own habits: 3 times, 10
    /// seconds on Apple's devices and 5 minutes on Windows.
    pub retry: Option<Retry>,
}

/// How a device knows the CA of a SCEP server.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ca {
    /// By its certificate, of which every platform gets the digest that it wants: SHA-256 Apple's
    /// devices, SHA-1 Windows.
    Certificate(Box<Certificate>),
    /// By a digest of it. Windows takes SHA-1 only, Apple's devices SHA-1 and SHA-256.
    Fingerprint(Fingerprint),
    /// By what a server puts in for this text.
    Placeholder(Text),
}

/// How a device waits while the server has not decided (PENDING).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Retry {
    /// How often to ask again. Windows asks up to 30 times.
    pub count: u32,
    /// The pause in between. Apple's devices count whole seconds, Windows whole minutes; both are
    /// rounded up, and the latter is one at least.
    pub delay: Duration,
}

/// An ACME server that the device proves itself to by what it is.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Acme {
    /// Its directory, over https.
    pub directory_url: String,
    /// What the server knows the device by, or its placeholder.
    pub client_identifier: String,
}

/// A key and its certificates, in a PKCS #12 file.
///
/// What the certificate says is in there: of the request only the [storage](super::Key) of the key
/// counts.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Pkcs12 {
    /// The file in DER, or a placeholder for its base64.
    pub content: Scalar<Secret>,
    /// Its password, or the placeholder of it.
    pub password: Secret,
}

impl Scep {
    /// A server without challenge, whose CA is not pinned.
    #[must_use]
    pub fn new(server_url: impl Into<String>) -> Self {
        Self {
            server_urls: vec![server_url.into()],
            ca_identifier: None,
            template: None,
            challenge: None,
            ca: None,
            retry: None,
        }
    }

    /// Sets the challenge password, or its placeholder.
    #[must_use]
    pub fn challenge(mut self, challenge: impl Into<Secret>) -> Self {
        self.challenge = Some(challenge.into());
        self
    }

    /// Sets how the device knows the CA.
    #[must_use]
    pub fn ca(mut self, ca: impl Into<Ca>) -> Self {
        self.ca = Some(ca.into());
        self
    }

    /// Sets what tells the CA from others of the server.
    #[must_use]
    pub fn ca_identifier(mut self, identifier: impl Into<String>) -> Self {
        self.ca_identifier = Some(identifier.into());
        self
    }

    /// Sets how to wait for a decision.
    #[must_use]
    pub const fn retry(mut self, count: u32, delay: Duration) -> Self {
        self.retry = Some(Retry { count, delay });
        self
    }
}

impl Acme {
    /// A server, and what it knows the device by.
    #[must_use]
    pub fn new(directory_url: impl Into<String>, client_identifier: impl Into<String>) -> Self {
        Self { directory_url: directory_url.into(), client_identifier: client_identifier.into() }
    }
}

impl Pkcs12 {
    /// A file, in DER.
    #[must_use]
    pub fn new(der: Secret, password: impl Into<Secret>) -> Self {
        Self { content: Scalar::Value(der), password: password.into() }
    }

    /// A file that a server puts in for a placeholder.
    #[must_use]
    pub fn placeholder(placeholder: impl Into<Text>, password: impl Into<Secret>) -> Self {
        Self { content: Scalar::Template(placeholder.into()), password: password.into() }
    }
}

macro_rules! source {
    ($($name:ident),*) => {
        $(impl From<$name> for Source {
            fn from(source: $name) -> Self {
                Self::$name(source)
            }
        })*
    };
}

source!(Scep, Acme, Pkcs12);

impl From<Certificate> for Ca {
    fn from(certificate: Certificate) -> Self {
        Self::Certificate(Box::new(certificate))
    }
}

impl From<Fingerprint> for Ca {
    fn from(fingerprint: Fingerprint) -> Self {
        Self::Fingerprint(fingerprint)
    }
}

impl From<Text> for Ca {
    fn from(placeholder: Text) -> Self {
        Self::Placeholder(placeholder)
    }
}
