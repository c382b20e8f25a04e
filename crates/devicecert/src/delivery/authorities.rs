//! What an administrator has configured: the server, its CAs, its secrets.

use std::collections::BTreeMap;

use devicecert_ca::{
    CaKind, CaName, Credentials, InvalidSetting, Misuse, Url, digicert, ndes, okta, smallstep,
};
use devicecert_fleet::{License, Server};
use devicecert_pki::Secret;

/// The CAs of a server, and where the server itself is.
///
/// A CA is looked up by its kind and its name, letter case included; names are told apart within a
/// kind, as Fleet does. It is read and never changed by a [`Delivery`](crate::Delivery), so any
/// number of them can share one.
///
/// ```
/// use devicecert::ca::{Credentials, smallstep};
/// use devicecert::delivery::{Authorities, CustomScep};
///
/// let mut authorities = Authorities::new("https://mdm.example.com".parse()?);
/// let url = "https://ca.example.com/scep".parse()?;
/// authorities.custom_scep(CustomScep::new("WIFI".parse()?, url, "secret"))?;
/// let vpn = smallstep::Settings::new(
///     "VPN",
///     "https://example.scep.smallstep.com/p/agents/integration-fleet",
///     "https://example.ca.smallstep.com/webhook/challenge",
///     Credentials::new("fleet", "password"),
/// );
/// authorities.smallstep(vpn.account().map_err(|all| all[0].clone())?)?;
/// # Ok::<(), devicecert::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Authorities {
    server_url: Url,
    /// The licence of the server. Without [`License::Premium`] no CA is used.
    pub license: License,
    digicert: BTreeMap<String, digicert::Account>,
    smallstep: BTreeMap<String, smallstep::Account>,
    custom_scep: BTreeMap<String, CustomScep>,
    ndes: Option<Ndes>,
}

/// A SCEP server whose challenge is always the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomScep {
    name: CaName,
    url: Url,
    challenge: Secret,
}

/// The one CA that Fleet calls NDES.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Ndes {
    /// Windows' NDES, or what behaves like it.
    Microsoft(ndes::Account),
    /// Okta, which takes Basic authentication only.
    Okta(Okta),
}

/// A CA of Okta with dynamic challenges.
#[derive(Clone, Debug)]
pub struct Okta {
    scep_url: Url,
    challenge_url: Url,
    credentials: Credentials,
}

impl CustomScep {
    /// A SCEP server.
    #[must_use]
    pub fn new(name: CaName, url: Url, challenge: impl Into<Secret>) -> Self {
        Self { name, url, challenge: challenge.into() }
    }

    /// The name of the CA.
    #[must_use]
    pub const fn name(&self) -> &CaName {
        &self.name
    }

    /// Where the proxy sends what devices ask.
    #[must_use]
    pub const fn scep_url(&self) -> &Url {
        &self.url
    }

    /// The challenge.
    #[must_use]
    pub const fn challenge(&self) -> &Secret {
        &self.challenge
    }
}

impl Okta {
    /// A CA: where devices enrol, where challenges come from, and as whom.
    ///
    /// # Errors
    /// [`Misuse`] as for [`okta::challenge`].
    pub fn new(
        scep_url: Url,
        challenge_url: Url,
        credentials: Credentials,
    ) -> Result<Self, Misuse> {
        okta::challenge(challenge_url.clone(), credentials.clone())?;
        Ok(Self { scep_url, challenge_url, credentials })
    }
}

impl Ndes {
    /// Where the proxy sends what devices ask.
    #[must_use]
    pub const fn scep_url(&self) -> &Url {
        match self {
            Self::Microsoft(account) => account.scep_url(),
            Self::Okta(okta) => &okta.scep_url,
        }
    }

    pub(super) fn challenge(&self, random: [u8; 8]) -> Result<ndes::ChallengeFetch, Misuse> {
        match self {
            Self::Microsoft(account) => account.challenge(random),
            Self::Okta(okta) => {
                okta::challenge(okta.challenge_url.clone(), okta.credentials.clone())
            }
        }
    }
}

impl Authorities {
    /// A server without CAs. `server_url` is where devices reach it: it starts the address of the
    /// SCEP proxy.
    #[must_use]
    pub const fn new(server_url: Url) -> Self {
        Self {
            server_url,
            license: License::Premium,
            digicert: BTreeMap::new(),
            smallstep: BTreeMap::new(),
            custom_scep: BTreeMap::new(),
            ndes: None,
        }
    }

    /// Adds an account of DigiCert ONE.
    ///
    /// # Errors
    /// [`InvalidSetting::NameTaken`].
    pub fn digicert(&mut self, account: digicert::Account) -> Result<(), InvalidSetting> {
        add(&mut self.digicert, CaKind::DigiCert, digicert::Account::name, account)
    }

    /// Adds a Smallstep authority.
    ///
    /// # Errors
    /// [`InvalidSetting::NameTaken`].
    pub fn smallstep(&mut self, account: smallstep::Account) -> Result<(), InvalidSetting> {
        add(&mut self.smallstep, CaKind::Smallstep, smallstep::Account::name, account)
    }

    /// Adds a SCEP server.
    ///
    /// # Errors
    /// [`InvalidSetting::NameTaken`].
    pub fn custom_scep(&mut self, ca: CustomScep) -> Result<(), InvalidSetting> {
        add(&mut self.custom_scep, CaKind::CustomScep, CustomScep::name, ca)
    }

    /// Sets the NDES.
    ///
    /// # Errors
    /// [`InvalidSetting::SecondNdes`].
    pub fn ndes(&mut self, ndes: Ndes) -> Result<(), InvalidSetting> {
        match self.ndes {
            Some(_) => Err(InvalidSetting::SecondNdes),
            None => {
                self.ndes = Some(ndes);
                Ok(())
            }
        }
    }

    /// Where devices reach the server.
    #[must_use]
    pub const fn server_url(&self) -> &Url {
        &self.server_url
    }

    /// The account of DigiCert ONE with this name.
    #[must_use]
    pub fn digicert_named(&self, name: &str) -> Option<&digicert::Account> {
        self.digicert.get(name)
    }

    /// The Smallstep authority with this name.
    #[must_use]
    pub fn smallstep_named(&self, name: &str) -> Option<&smallstep::Account> {
        self.smallstep.get(name)
    }

    /// The SCEP server with this name.
    #[must_use]
    pub fn custom_scep_named(&self, name: &str) -> Option<&CustomScep> {
        self.custom_scep.get(name)
    }

    /// The NDES, if there is one.
    #[must_use]
    pub const fn the_ndes(&self) -> Option<&Ndes> {
        self.ndes.as_ref()
    }

    /// The same for [`fleet::check`](devicecert_fleet::check()): what a profile may ask for when it
    /// is uploaded.
    #[must_use]
    pub fn to_server(&self) -> Server {
        let mut server = Server::default().license(self.license);
        server.digicert = self.digicert.keys().cloned().collect();
        server.smallstep = self.smallstep.keys().cloned().collect();
        server.custom_scep = self.custom_scep.keys().cloned().collect();
        server.ndes = self.ndes.is_some();
        server
    }
}

fn add<T>(
    all: &mut BTreeMap<String, T>,
    kind: CaKind,
    name: fn(&T) -> &CaName,
    one: T,
) -> Result<(), InvalidSetting> {
    name(&one).check_unused(kind, all.values().map(name))?;
    all.insert(name(&one).as_str().to_owned(), one);
    Ok(())
}
