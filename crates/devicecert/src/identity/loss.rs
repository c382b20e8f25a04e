//! What a platform could not be told.

use core::fmt;
use core::time::Duration;

use devicecert_pki::{GeneralName, KeyUsage};

use super::{IdentityRequest, Key};

/// Something written for a platform, and what of the request is not in it.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Written<T> {
    /// What was written.
    pub output: T,
    /// What the platform cannot express. Only what differs from a new request is named here: what
    /// nobody asked for is not lost.
    pub lost: Vec<Loss>,
}

/// One thing that a platform cannot express.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Loss {
    /// What is lost.
    pub what: Lost,
    /// What happens instead.
    pub why: &'static str,
}

/// The parts of a request that can be lost.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Lost {
    /// The name that people see.
    DisplayName,
    /// The organization that people see.
    Organization,
    /// The subject.
    Subject,
    /// This alternative name.
    AlternativeName(GeneralName),
    /// This further address of the server.
    ServerUrl(String),
    /// The identifier of the CA.
    CaIdentifier,
    /// The template.
    Template,
    /// That a pending request is asked about so often.
    RetryCount(u32),
    /// That exactly this pause is made in between.
    RetryDelay(Duration),
    /// The type and length of the key.
    KeyType,
    /// Where the key is kept.
    KeyStorage,
    /// What the user reads while asked for the PIN.
    PinPrompt,
    /// That the key can be exported.
    KeyExport,
    /// That every app may use the key.
    AllAppsAccess,
    /// Whether this bit of keyUsage is set, by its name in RFC 5280 §4.2.1.3.
    KeyUsage(&'static str),
    /// The purposes (extKeyUsage).
    Purposes,
    /// The digest that the request is signed with.
    Hash,
    /// How long the certificate should last.
    Validity,
    /// When to renew.
    Renewal,
    /// When to warn of the end.
    ExpiryNotice,
    /// The certificates to trust.
    Trust,
    /// That certificates are trusted by one user only.
    TrustScope,
    /// A wireless network.
    Wifi,
    /// How exactly a wireless network is secured.
    WifiSecurity,
    /// Whether a wireless network sees the address of the hardware.
    MacRandomization,
    /// A wired network.
    Ethernet,
    /// Which socket of a wired network is meant.
    Interface,
    /// A virtual private network.
    Vpn,
    /// The server that the identity is shown to.
    Preference,
}

impl fmt::Display for Lost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AlternativeName(name) => return write!(f, "the alternative name {name}"),
            Self::ServerUrl(url) => return write!(f, "the server {url}"),
            Self::RetryCount(count) => return write!(f, "{count} retries"),
            Self::RetryDelay(delay) => return write!(f, "a pause of {delay:?} between retries"),
            Self::KeyUsage(bit) => return write!(f, "the key usage {bit}"),
            Self::DisplayName => "the display name",
            Self::Organization => "the organization",
            Self::Subject => "the subject",
            Self::CaIdentifier => "the identifier of the CA",
            Self::Template => "the template",
            Self::KeyType => "the type of the key",
            Self::KeyStorage => "where the key is kept",
            Self::PinPrompt => "what the user reads while asked for the PIN",
            Self::KeyExport => "that the key can be exported",
            Self::AllAppsAccess => "that every app may use the key",
            Self::Purposes => "the extended key usages",
            Self::Hash => "the digest of the request",
            Self::Validity => "how long the certificate lasts",
            Self::Renewal => "when to renew",
            Self::ExpiryNotice => "when to warn of the end",
            Self::Trust => "the certificates to trust",
            Self::TrustScope => "that one user only trusts the roots",
            Self::Wifi => "the wireless network",
            Self::WifiSecurity => "the security of the wireless network",
            Self::MacRandomization => "the address that the wireless network sees",
            Self::Ethernet => "the wired network",
            Self::Interface => "the socket of the wired network",
            Self::Vpn => "the virtual private network",
            Self::Preference => "the server that the identity is for",
        })
    }
}

/// `the extended key usages: the CA decides`
impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.what, self.why)
    }
}

/// Losses in the making.
#[derive(Debug, Default)]
pub(super) struct Losses(Vec<Loss>);

impl Losses {
    pub(super) fn add(&mut self, what: Lost, why: &'static str) {
        self.0.push(Loss { what, why });
    }

    pub(super) fn add_if(&mut self, lost: bool, what: Lost, why: &'static str) {
        if lost {
            self.add(what, why);
        }
    }

    /// What a PKCS #12 file has settled already.
    pub(super) fn in_the_file(&mut self, request: &IdentityRequest) {
        let why = "the certificate in the file says it";
        let named = !request.subject.is_empty() || request.renewal.marker.is_some();
        self.add_if(named, Lost::Subject, why);
        for name in &request.alternative_names {
            self.add(Lost::AlternativeName(name.clone()), why);
        }
        self.add_if(request.key.kind != Key::default().kind, Lost::KeyType, why);
        let new = KeyUsage::SIGN_AND_ENCIPHER;
        let has = |usage: KeyUsage, bit| usage.names().any(|name| name == bit);
        for bit in (new | request.usage).names() {
            let differs = has(new, bit) != has(request.usage, bit);
            self.add_if(differs, Lost::KeyUsage(bit), why);
        }
        self.add_if(!request.purposes.is_empty(), Lost::Purposes, why);
        self.add_if(request.hash.is_some(), Lost::Hash, why);
        self.add_if(request.validity.is_some(), Lost::Validity, why);
    }

    pub(super) fn with<T>(self, output: T) -> Written<T> {
        Written { output, lost: self.0 }
    }
}

impl<T> Written<T> {
    /// Whether this part of the request is not in what was written.
    #[must_use]
    pub fn lacks(&self, what: &Lost) -> bool {
        self.lost.iter().any(|loss| loss.what == *what)
    }
}

/// Without the output, in which the challenge stands in clear.
impl<T> fmt::Debug for Written<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Written").field("lost", &self.lost).finish_non_exhaustive()
    }
}
