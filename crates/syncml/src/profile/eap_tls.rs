//! EAP-TLS as Windows configures it: OneX (v1) around EapHostConfig around the method.

use crate::thumbprint::Thumbprint;
use crate::xml::Element;

const ONEX: &str = "http://www.microsoft.com/networking/OneX/v1";
const HOST: &str = "http://www.microsoft.com/provisioning/EapHostConfig";
const COMMON: &str = "http://www.microsoft.com/provisioning/EapCommon";
const BASE: &str = "http://www.microsoft.com/provisioning/BaseEapConnectionPropertiesV1";
const TLS_V1: &str = "http://www.microsoft.com/provisioning/EapTlsConnectionPropertiesV1";
const TLS_V2: &str = "http://www.microsoft.com/provisioning/EapTlsConnectionPropertiesV2";
const TLS_V3: &str = "http://www.microsoft.com/provisioning/EapTlsConnectionPropertiesV3";

/// Authentication with a certificate, and of the server by its certificate.
///
/// ```
/// use devicecert_syncml::{EapTls, Thumbprint};
///
/// let root: Thumbprint = "a9 99 3e 36 47 06 81 6a ba 3e 25 71 78 50 c2 6c 9c d0 d8 9d".parse()?;
/// let eap = EapTls::new([root]).server_name("radius.example");
/// # let _ = eap;
/// # Ok::<(), devicecert_syncml::NotAThumbprint>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct EapTls {
    /// `TrustedRootCA`: the roots that the server's certificate may lead to.
    pub trusted_roots: Vec<Thumbprint>,
    /// `ServerNames`: the names that the server's certificate may have. None: any.
    pub server_names: Vec<String>,
    /// `IssuerHash`: the CAs that the device's certificate may lead to. None: any.
    pub issuers: Vec<Thumbprint>,
    /// `authMode`: by default the computer.
    pub mode: AuthMode,
    /// `DisableUserPromptForServerValidation`: by default nobody is asked.
    pub prompt: UserPrompt,
}

/// Whose certificate is shown to the network.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum AuthMode {
    /// The computer's.
    #[default]
    Machine,
    /// The user's who is signed in.
    User,
    /// The user's if one is signed in, else the computer's.
    MachineOrUser,
}

/// What happens when the server's certificate does not lead to a trusted root.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum UserPrompt {
    /// The connection fails.
    #[default]
    Never,
    /// The user is asked, and may say yes.
    Ask,
}

impl EapTls {
    /// Authentication of the computer to servers that lead to one of these roots.
    #[must_use]
    pub fn new(trusted_roots: impl IntoIterator<Item = Thumbprint>) -> Self {
        Self {
            trusted_roots: trusted_roots.into_iter().collect(),
            server_names: Vec::new(),
            issuers: Vec::new(),
            mode: AuthMode::default(),
            prompt: UserPrompt::default(),
        }
    }

    /// Adds a name that the server may have.
    #[must_use]
    pub fn server_name(mut self, name: impl Into<String>) -> Self {
        self.server_names.push(name.into());
        self
    }

    /// Sets whose certificate is shown.
    #[must_use]
    pub const fn mode(mut self, mode: AuthMode) -> Self {
        self.mode = mode;
        self
    }

    /// The `OneX` element, for wireless and wired profiles alike.
    pub(super) fn onex(&self) -> Element {
        let mode = match self.mode {
            AuthMode::Machine => "machine",
            AuthMode::User => "user",
            AuthMode::MachineOrUser => "machineOrUser",
        };
        let host = Element::new("EapHostConfig")
            .attribute("xmlns", HOST)
            .child(method())
            .child(Element::new("Config").child(self.base()));
        Element::new("OneX")
            .attribute("xmlns", ONEX)
            .child(text("authMode", mode))
            .child(Element::new("EAPConfig").child(host))
    }

    fn base(&self) -> Element {
        let selection = text("SimpleCertSelection", "true");
        let store = Element::new("CertificateStore").child(selection);
        let validated = (!self.trusted_roots.is_empty()).to_string();
        let named = (!self.server_names.is_empty()).to_string();
        let mut kind = Element::new("EapType")
            .attribute("xmlns", TLS_V1)
            .child(Element::new("CredentialsSource").child(store))
            .child(self.validation())
            .child(text("DifferentUsername", "false"))
            .child(text("PerformServerValidation", validated).attribute("xmlns", TLS_V2))
            .child(text("AcceptServerName", named).attribute("xmlns", TLS_V2));
        if !self.issuers.is_empty() {
            let issuers = self.issuers.iter().map(|issuer| text("IssuerHash", issuer.to_spaced()));
            let list = Element::new("CAHashList").attribute("Enabled", "true").with(issuers);
            let filter = Element::new("FilteringInfo").attribute("xmlns", TLS_V3).child(list);
            kind =
                kind.child(Element::new("TLSExtensions").attribute("xmlns", TLS_V2).child(filter));
        }
        Element::new("Eap").attribute("xmlns", BASE).child(text("Type", "13")).child(kind)
    }

    fn validation(&self) -> Element {
        let roots = self.trusted_roots.iter().map(|root| text("TrustedRootCA", root.to_spaced()));
        let silent = (self.prompt == UserPrompt::Never).to_string();
        Element::new("ServerValidation")
            .child(text("DisableUserPromptForServerValidation", silent))
            .child(text("ServerNames", self.server_names.join(";")))
            .with(roots)
    }
}

fn method() -> Element {
    let common = |name, value| text(name, value).attribute("xmlns", COMMON);
    Element::new("EapMethod")
        .child(common("Type", "13"))
        .child(common("VendorId", "0"))
        .child(common("VendorType", "0"))
        .child(common("AuthorId", "0"))
}

pub(super) fn text(name: &str, value: impl Into<String>) -> Element {
    let value = value.into();
    let element = Element::new(name);
    if value.is_empty() { element } else { element.text(value) }
}
