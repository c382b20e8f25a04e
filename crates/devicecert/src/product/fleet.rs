//! Fleet: profiles that it fills in for every host, for each of its certificate authorities.
//!
//! Fleet has no form for these: what is filled in here is the text that is uploaded.

use devicecert_mobileconfig::plist::Text;
use devicecert_pki::GeneralName;
use devicecert_scep::Fingerprint;
use devicecert_syncml::Scope;

use super::RsaKeySize;
use crate::error::Error;
use crate::identity::{Attribute, Ca, IdentityRequest, KeyType, Pkcs12, Scep, Source, Subject};

const PRODUCT: &str = "Fleet";

/// What tells Fleet which certificate a device reports on, in the address of its node.
const WINDOWS_ID: &str = "$FLEET_VAR_SCEP_WINDOWS_CERTIFICATE_ID";

/// A profile for one of Fleet's certificate authorities.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CertificateProfile {
    /// The identifier of the profile.
    pub identifier: String,
    /// The certificate authority, as Fleet's settings name it.
    pub authority: CertificateAuthority,
    /// The subject: the guide has `CN=%SerialNumber% WIFI`. The renewal marker comes behind it. Of
    /// no meaning for DigiCert, whose settings have the name.
    pub subject: Subject,
    /// Subject alternative names.
    pub alternative_names: Vec<GeneralName>,
    /// The variable that Fleet finds the certificate again by, to renew it.
    pub renewal_marker: RenewalMarker,
    /// The size of the key: 2048 in the guide.
    pub key_size: RsaKeySize,
    /// How Windows knows the CA: a SHA-1 thumbprint, or a variable such as `$FLEET_SECRET_CA`.
    /// Apple's devices take it too, if it is there.
    pub ca: Option<String>,
    /// Whether it is for the host, or for its user (`PayloadScope` User).
    pub scope: Scope,
}

/// A certificate authority of Fleet. Names are those of its settings: letters, digits and `_`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CertificateAuthority {
    /// *Microsoft NDES*.
    Ndes,
    /// *Smallstep*; for Apple's devices.
    Smallstep(String),
    /// *Custom SCEP proxy*.
    CustomScepProxy(String),
    /// *DigiCert*: the key is made by Fleet; for Apple's devices.
    DigiCert(String),
}

/// The variable that Fleet finds a certificate again by. It stands in an `OU` of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum RenewalMarker {
    /// `$FLEET_VAR_SCEP_RENEWAL_ID`, which every Fleet that renews knows.
    #[default]
    ScepRenewalId,
    /// `$FLEET_VAR_CERTIFICATE_RENEWAL_ID`, its name in new ones.
    CertificateRenewalId,
    /// None: for Windows with a Fleet that does not renew there, and refuses the variable.
    None,
}

impl RenewalMarker {
    const fn variable(self) -> Option<&'static str> {
        match self {
            Self::ScepRenewalId => Some("$FLEET_VAR_SCEP_RENEWAL_ID"),
            Self::CertificateRenewalId => Some("$FLEET_VAR_CERTIFICATE_RENEWAL_ID"),
            Self::None => None,
        }
    }
}

impl CertificateProfile {
    /// The profile of the guide.
    #[must_use]
    pub fn new(identifier: impl Into<String>, authority: CertificateAuthority) -> Self {
        Self {
            identifier: identifier.into(),
            authority,
            subject: Subject::new().with("CN", "%SerialNumber% WIFI"),
            alternative_names: Vec::new(),
            renewal_marker: RenewalMarker::default(),
            key_size: RsaKeySize::Bits2048,
            ca: None,
            scope: Scope::Device,
        }
    }

    /// What the profile asks for.
    ///
    /// # Errors
    /// [`Error`] for the name of an authority that Fleet would not take, and a thumbprint that is
    /// none.
    pub fn identity(&self) -> Result<IdentityRequest, Error> {
        let source: Source = match &self.authority {
            CertificateAuthority::Ndes => self.scep("NDES_SCEP", None)?.into(),
            CertificateAuthority::Smallstep(name) => {
                self.scep("SMALLSTEP_SCEP", Some(name))?.into()
            }
            CertificateAuthority::CustomScepProxy(name) => {
                self.scep("CUSTOM_SCEP", Some(name))?.into()
            }
            CertificateAuthority::DigiCert(name) => {
                let name = suffix(name)?;
                let data = format!("$FLEET_VAR_DIGICERT_DATA{name}");
                let password = format!("$FLEET_VAR_DIGICERT_PASSWORD{name}");
                let file = Pkcs12::placeholder(data, password);
                return Ok(IdentityRequest::new(&self.identifier, file).scope(self.scope));
            }
        };
        let mut identity = IdentityRequest::new(&self.identifier, source)
            .subject(self.subject.clone())
            .scope(self.scope);
        identity.unique_id = WINDOWS_ID.into();
        identity.alternative_names.clone_from(&self.alternative_names);
        identity.key.kind = KeyType::Rsa(self.key_size.bits());
        let variable = self.renewal_marker.variable();
        identity.renewal.marker = variable.map(|variable| Attribute::new("OU", variable.into()));
        Ok(identity)
    }

    /// Fleet's proxy: both variables stand alone in their place, or Fleet refuses the profile.
    fn scep(&self, kind: &str, name: Option<&String>) -> Result<Scep, Error> {
        let name = name.map(|name| suffix(name)).transpose()?.unwrap_or_default();
        let mut server = Scep::new(format!("$FLEET_VAR_{kind}_PROXY_URL{name}"))
            .challenge(format!("$FLEET_VAR_{kind}_CHALLENGE{name}"));
        server.ca = match self.ca.as_deref().map(Text::from) {
            Some(text) if text.has_placeholder() => Some(Ca::Placeholder(text)),
            Some(text) => Some(text.as_str().parse::<Fingerprint>()?.into()),
            None => None,
        };
        Ok(server)
    }
}

/// The end of a variable that names an authority.
fn suffix(name: &str) -> Result<String, Error> {
    let word = |octet: u8| octet.is_ascii_alphanumeric() || octet == b'_';
    if name.is_empty() || name.len() > 255 || name == "NDES" || !name.bytes().all(word) {
        let expected = "letters, digits and _, up to 255, and not NDES";
        return Err(Error::option(PRODUCT, "Name of the certificate authority", expected));
    }
    Ok(format!("_{name}"))
}
