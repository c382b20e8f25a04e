//! `WiredNetwork/LanXML`: LANProfile v1 with EAP-TLS.

use super::eap_tls::{EapTls, text};
use super::to_text;
use crate::error::Error;
use crate::install::Write;
use crate::loc_uri::{LocUri, Scope};
use crate::operation::{Content, Operation};
use crate::xml::Element;

const LAN: &str = "http://www.microsoft.com/networking/LAN/profile/v1";

/// What happens on a port that does not ask for 802.1X.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Enforcement {
    /// The device uses it as it is.
    #[default]
    WhereAsked,
    /// The device does not use it.
    Always,
}

/// The profile of wired networks that take a certificate. A device has one, for all its ports.
///
/// ```
/// use devicecert_syncml::{EapTls, Scope, Thumbprint, WiredProfile, Write};
///
/// let wired = WiredProfile::new(Scope::Device, EapTls::new([Thumbprint::new([0x11; 20])]));
/// assert_eq!(wired.operations(Write::Replace)?.len(), 1);
/// # Ok::<(), devicecert_syncml::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct WiredProfile {
    /// Whose profile it is.
    pub scope: Scope,
    /// `OneXEnforced`.
    pub enforcement: Enforcement,
    /// `EnableBlockPeriod`: minutes without further attempts after one has failed.
    pub block_minutes: Option<u32>,
    /// How both sides prove who they are.
    pub eap: EapTls,
}

impl WiredProfile {
    /// A profile for ports that ask for 802.1X.
    #[must_use]
    pub fn new(scope: Scope, eap: EapTls) -> Self {
        Self { scope, enforcement: Enforcement::default(), block_minutes: None, eap }
    }

    /// The text of `LanXML`.
    ///
    /// # Errors
    /// [`Misuse::Character`](crate::Misuse::Character) for a server name that XML cannot carry.
    pub fn to_xml(&self) -> Result<String, Error> {
        let enforced = (self.enforcement == Enforcement::Always).to_string();
        let security = Element::new("security")
            .child(text("OneXEnforced", enforced))
            .child(text("OneXEnabled", "true"))
            .child(self.eap.onex());
        let profile = Element::new("LANProfile")
            .attribute("xmlns", LAN)
            .child(Element::new("MSM").child(security));
        Ok(to_text(profile)?)
    }

    /// Puts the profile on the device. Certificates it refers to come before it.
    ///
    /// # Errors
    /// As [`to_xml`](Self::to_xml).
    pub fn operations(&self, write: Write) -> Result<Vec<Operation>, Error> {
        let node = |leaf| LocUri::vendor(self.scope, ["WiredNetwork", leaf]);
        let mut operations = vec![write.operation(node("LanXML")?, Content::chr(self.to_xml()?))];
        if let Some(minutes) = self.block_minutes {
            operations.push(write.operation(node("EnableBlockPeriod")?, Content::int(minutes)));
        }
        Ok(operations)
    }

    /// Takes the profile off the device.
    ///
    /// # Errors
    /// None in practice: the address is always one.
    pub fn removal(&self) -> Result<Operation, Error> {
        Ok(Operation::delete(LocUri::vendor(self.scope, ["WiredNetwork", "LanXML"])?))
    }
}
