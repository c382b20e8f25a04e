//! `WiFi/Profile/{SSID}/WlanXml`: WLANProfile v1 with EAP-TLS.

use super::eap_tls::{EapTls, text};
use super::to_text;
use crate::error::{Error, Misuse};
use crate::install::Write;
use crate::loc_uri::{LocUri, Scope};
use crate::operation::{Content, Operation};
use crate::xml::Element;

const WLAN: &str = "http://www.microsoft.com/networking/WLAN/profile/v1";

/// How a wireless network is secured where 802.1X decides who comes in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WifiSecurity {
    /// WPA2-Enterprise; Windows may connect with WPA3 where the network has both.
    #[default]
    Wpa2Enterprise,
    /// WPA3-Enterprise.
    Wpa3Enterprise,
    /// WPA3-Enterprise in its 192-bit mode.
    Wpa3Enterprise192,
}

/// The profile of a wireless network that takes a certificate.
///
/// ```
/// use devicecert_syncml::{EapTls, Scope, Thumbprint, WifiProfile, Write};
///
/// let root = Thumbprint::new([0x11; 20]);
/// let wifi = WifiProfile::new(Scope::Device, "Office", EapTls::new([root]));
/// let operation = wifi.operation(Write::Add)?;
/// assert!(operation.node().unwrap().as_str().ends_with("/WiFi/Profile/Office/WlanXml"));
/// # Ok::<(), devicecert_syncml::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct WifiProfile {
    /// Whose profile it is.
    pub scope: Scope,
    /// The name of the profile. [`new`](Self::new) makes it the SSID.
    pub name: String,
    /// The SSID: up to 32 bytes of UTF-8.
    pub ssid: String,
    /// `nonBroadcast`: whether the device has to ask for the network by name.
    pub broadcast: Broadcast,
    /// `connectionMode`.
    pub connect: Connect,
    /// `authentication` and `encryption`.
    pub security: WifiSecurity,
    /// How both sides prove who they are.
    pub eap: EapTls,
}

/// Whether a network tells its name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Broadcast {
    /// It does.
    #[default]
    Visible,
    /// It does not.
    Hidden,
}

/// When a device connects.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Connect {
    /// By itself.
    #[default]
    Automatically,
    /// When the user says so.
    Manually,
}

impl WifiProfile {
    /// The profile of a visible network that devices connect to by themselves.
    #[must_use]
    pub fn new(scope: Scope, ssid: impl Into<String>, eap: EapTls) -> Self {
        let ssid = ssid.into();
        Self {
            scope,
            name: ssid.clone(),
            ssid,
            broadcast: Broadcast::default(),
            connect: Connect::default(),
            security: WifiSecurity::default(),
            eap,
        }
    }

    /// The text of `WlanXml`.
    ///
    /// # Errors
    /// [`Misuse`] for an SSID that is empty or too long, or a character that XML cannot carry.
    pub fn to_xml(&self) -> Result<String, Error> {
        if self.ssid.is_empty() || self.ssid.len() > 32 {
            return Err(
                Misuse::Value { node: "WlanXml", expected: "an SSID of 1 to 32 bytes" }.into()
            );
        }
        let hex: String = self.ssid.bytes().map(|octet| format!("{octet:02X}")).collect();
        let ssid = Element::new("SSID").child(text("hex", hex)).child(text("name", &*self.ssid));
        let hidden = (self.broadcast == Broadcast::Hidden).to_string();
        let config = Element::new("SSIDConfig").child(ssid).child(text("nonBroadcast", hidden));
        let mode = match self.connect {
            Connect::Automatically => "auto",
            Connect::Manually => "manual",
        };
        let (authentication, encryption) = match self.security {
            WifiSecurity::Wpa2Enterprise => ("WPA2", "AES"),
            WifiSecurity::Wpa3Enterprise => ("WPA3ENT", "AES"),
            WifiSecurity::Wpa3Enterprise192 => ("WPA3ENT192", "GCMP256"),
        };
        let auth = Element::new("authEncryption")
            .child(text("authentication", authentication))
            .child(text("encryption", encryption))
            .child(text("useOneX", "true"));
        let security = Element::new("security").child(auth).child(self.eap.onex());
        let profile = Element::new("WLANProfile")
            .attribute("xmlns", WLAN)
            .child(text("name", &*self.name))
            .child(config)
            .child(text("connectionType", "ESS"))
            .child(text("connectionMode", mode))
            .child(Element::new("MSM").child(security));
        Ok(to_text(profile)?)
    }

    /// Puts the profile on the device. Certificates it refers to come before it.
    ///
    /// # Errors
    /// As [`to_xml`](Self::to_xml).
    pub fn operation(&self, write: Write) -> Result<Operation, Error> {
        let node = LocUri::vendor(self.scope, ["WiFi", "Profile", &self.name, "WlanXml"])?;
        Ok(write.operation(node, Content::chr(self.to_xml()?)))
    }

    /// Takes the profile off the device.
    ///
    /// # Errors
    /// [`Misuse`] for a name that cannot be part of an address.
    pub fn removal(&self) -> Result<Operation, Error> {
        Ok(Operation::delete(LocUri::vendor(self.scope, ["WiFi", "Profile", &self.name])?))
    }
}
