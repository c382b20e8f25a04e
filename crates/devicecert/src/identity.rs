//! One identity, written for three platforms.
//!
//! An [`IdentityRequest`] says once what certificate a device is to have and what for. Every
//! platform gets what it understands, and the caller gets to know what it does not:
//!
//! ```
//! use devicecert::crypto_rust::RustCrypto;
//! use devicecert::identity::{EapTls, IdentityRequest, Lost, Scep, Wifi};
//! use devicecert::syncml::Write;
//! # use devicecert::pki::{Certificate, CertificateParams, KeyKind, Signer, Time, Validity};
//! # use core::time::Duration;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let key = devicecert::crypto_rust::PrivateKey::generate(KeyKind::P256)?;
//! # let time = Validity::lasting(Time::from(std::time::SystemTime::now()), Duration::from_secs(60));
//! # let ca = CertificateParams::self_signed("CN=CA".parse()?, key.public_key().clone(), time, &RustCrypto)?
//! #     .unsigned(key.public_key())?.sign(&key)?;
//! let server = Scep::new("https://ca.example/scep").challenge("one time").ca(ca.clone());
//! let mut identity = IdentityRequest::new("com.example.wifi", server)
//!     .subject("CN=%SerialNumber%,O=Example".parse()?)
//!     .consumer(Wifi::new("Office", EapTls::new(vec![ca], vec!["radius.example".into()])));
//! identity.key.all_apps_access = true;
//!
//! let apple = identity.to_mobileconfig(&RustCrypto)?;
//! println!("{}", apple.output.to_xml()?);
//! assert!(apple.lost.is_empty());
//!
//! let windows = identity.to_syncml(Write::Add, &RustCrypto)?;
//! println!("{}", windows.output.to_xml());
//! assert!(windows.lacks(&Lost::AllAppsAccess));
//! # Ok(())
//! # }
//! ```
//!
//! A value that a platform cannot have is either *lost*, where what is written without it is still
//! what was meant, or an error, where it would be something else: a key on a curve does not
//! silently become RSA, and a request for Windows without the thumbprint of the CA is no request.
//!
//! Not covered: the identity of the management protocol itself (`com.apple.mdm`), networks other
//! than with EAP-TLS, and VPN profiles for Windows.

mod apple;
mod consumer;
mod csr;
mod key;
mod loss;
mod names;
mod renewal;
mod source;
mod windows;

use devicecert_pki::{CsrParams, GeneralName, Provider};
use devicecert_syncml::{Document, Hash, ValidFor, Write};

use crate::error::Error;

pub use const_oid::ObjectIdentifier;
pub use devicecert_mobileconfig::Profile;
pub use devicecert_mobileconfig::payload::{Attribute, Subject};
pub use devicecert_pki::{Certificate, KeyUsage};
pub use devicecert_syncml::Scope;

pub use consumer::{Consumer, EapTls, Ethernet, Vpn, Wifi};
pub use key::{Key, KeyStorage, KeyType};
pub(crate) use names::from_windows as subject_from_windows;

pub use loss::{Loss, Lost, Written};
pub use renewal::{RenewBefore, Renewal};
pub use source::{Acme, Ca, Pkcs12, Retry, Scep, Source};

/// A certificate that a device is to have, and what for.
///
/// Texts may hold placeholders, in the spelling of whichever server fills them in.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct IdentityRequest {
    /// What tells this identity from others, in reverse DNS style: `PayloadIdentifier` on Apple's
    /// devices, where a profile with the same one is an update of it.
    pub identifier: String,
    /// `{UniqueID}` on Windows; the same as `identifier` in a new request.
    pub unique_id: String,
    /// What people see.
    pub display_name: Option<String>,
    /// Who is seen to have made it.
    pub organization: Option<String>,
    /// Whether it is for the device, or for one user of it. The device in a new request.
    pub scope: Scope,
    /// Where the certificate comes from.
    pub source: Source,
    /// The subject, outermost part first. Empty in a new request, which Windows refuses.
    pub subject: Subject,
    /// Alternative names. All platforms know mailboxes, hosts, URIs and principal names.
    pub alternative_names: Vec<GeneralName>,
    /// The key.
    pub key: Key,
    /// What the key is for. Signatures and key encipherment in a new request.
    pub usage: KeyUsage,
    /// What the certificate is for (extKeyUsage). None in a new request: then the CA decides, and
    /// Windows, which has to be told, asks for client authentication.
    pub purposes: Vec<ObjectIdentifier>,
    /// The digest that the request is signed with. In a new request the device chooses.
    pub hash: Option<Hash>,
    /// How long the certificate should last. In a new request the CA decides, as most do anyway.
    pub validity: Option<ValidFor>,
    /// What becomes of it when it ends.
    pub renewal: Renewal,
    /// Certificates to install beside it: those that are self-issued as roots, which the device
    /// then trusts, others as intermediates.
    pub trust: Vec<Certificate>,
    /// What it is for.
    pub consumers: Vec<Consumer>,
}

impl IdentityRequest {
    /// A certificate for the device, with an RSA key of 2048 bits that stays on it.
    #[must_use]
    pub fn new(identifier: impl Into<String>, source: impl Into<Source>) -> Self {
        let identifier = identifier.into();
        Self {
            unique_id: identifier.clone(),
            identifier,
            display_name: None,
            organization: None,
            scope: Scope::Device,
            source: source.into(),
            subject: Subject::new(),
            alternative_names: Vec::new(),
            key: Key::default(),
            usage: KeyUsage::SIGN_AND_ENCIPHER,
            purposes: Vec::new(),
            hash: None,
            validity: None,
            renewal: Renewal::default(),
            trust: Vec::new(),
            consumers: Vec::new(),
        }
    }

    /// Sets the subject.
    #[must_use]
    pub fn subject(mut self, subject: Subject) -> Self {
        self.subject = subject;
        self
    }

    /// Adds an alternative name.
    #[must_use]
    pub fn alternative_name(mut self, name: GeneralName) -> Self {
        self.alternative_names.push(name);
        self
    }

    /// Sets whether it is for the device, or for one user of it.
    #[must_use]
    pub const fn scope(mut self, scope: Scope) -> Self {
        self.scope = scope;
        self
    }

    /// Adds a certificate to install.
    #[must_use]
    pub fn trust(mut self, certificate: Certificate) -> Self {
        self.trust.push(certificate);
        self
    }

    /// Adds something that it is for.
    #[must_use]
    pub fn consumer(mut self, consumer: impl Into<Consumer>) -> Self {
        self.consumers.push(consumer.into());
        self
    }

    /// Writes a configuration profile: certificates, identity, and what it is for, bound together.
    ///
    /// The same request always gives the same profile: a device that gets it again keeps its key.
    ///
    /// # Errors
    /// [`RequestError`](crate::error::RequestError) for what Apple's devices cannot do, an error of
    /// the backend for a digest. Characters that XML does not have are found when the profile is
    /// written out.
    pub fn to_mobileconfig(&self, provider: &dyn Provider) -> Result<Written<Profile>, Error> {
        apple::write(self, provider)
    }

    /// Writes commands for Windows: certificates, identity and networks, in the order in which a
    /// device needs them.
    ///
    /// They are a fragment, as servers such as Fleet take it for a profile;
    /// [`into_message`](Document::into_message) makes of it what goes to a device.
    ///
    /// # Errors
    /// [`RequestError`](crate::error::RequestError) and [`Windows`](Error::Windows) for what Windows
    /// cannot do, an error of the backend for a digest.
    pub fn to_syncml(
        &self,
        write: Write,
        provider: &dyn Provider,
    ) -> Result<Written<Document>, Error> {
        windows::write(self, write, provider)
    }

    /// Makes the contents of a certification request, for whoever has the key.
    ///
    /// Where to send it, what to pin and how long to wait are no part of a request, and no losses:
    /// they go into the enrolment, such as [`scep::Enrolment`](devicecert_scep::Enrolment). Of an
    /// ACME server all but the names is its client's business.
    ///
    /// # Errors
    /// [`RequestError`](crate::error::RequestError) for a PKCS #12 file and for placeholders, and
    /// [`Pki`](Error::Pki) for a subject that cannot be encoded. Names that cannot are found when
    /// the request is written.
    pub fn to_csr_params(&self) -> Result<Written<CsrParams>, Error> {
        csr::write(self)
    }

    /// The certificates to trust and those that networks are trusted by, each of them once: a
    /// device refuses one that comes twice.
    fn certificates(&self) -> Vec<&Certificate> {
        let roots = self.consumers.iter().filter_map(Consumer::eap).flat_map(|eap| &eap.roots);
        self.trust.iter().chain(roots).fold(Vec::new(), |mut once, certificate| {
            if !once.contains(&certificate) {
                once.push(certificate);
            }
            once
        })
    }
}
