//! What an identity is for.

use devicecert_mobileconfig::payload::Interface;
use devicecert_pki::Certificate;
use devicecert_syncml::{Broadcast, Connect, WifiSecurity};

/// Something on the device that shows the identity.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Consumer {
    /// A wireless network with EAP-TLS.
    Wifi(Wifi),
    /// A wired network with EAP-TLS.
    Ethernet(Ethernet),
    /// A virtual private network with IKEv2; on Apple's devices.
    Vpn(Vpn),
    /// A server, mailbox or URL that this identity is shown to; on a Mac, for one user.
    Preference(String),
}

/// Whom a network is trusted by, in EAP-TLS.
///
/// Give at least one root or name: without, a device joins whoever uses the name of the network.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct EapTls {
    /// The roots that the certificate of the RADIUS server may lead to. They are installed with
    /// the identity, once, whether or not they are among the certificates to trust too.
    pub roots: Vec<Certificate>,
    /// The names that the server may have. `*` stands for one component on Apple's devices.
    pub server_names: Vec<String>,
}

/// A wireless network that asks for a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Wifi {
    /// Its name: up to 32 bytes of UTF-8.
    pub ssid: String,
    /// How it is secured. WPA2-Enterprise in a new one.
    pub security: WifiSecurity,
    /// Whether it announces itself. Yes in a new one.
    pub broadcast: Broadcast,
    /// Whether devices join by themselves. Yes in a new one.
    pub connect: Connect,
    /// Whether it sees the address of the hardware rather than a random one. `None`: as the device
    /// likes. Windows has no such setting.
    pub disable_mac_randomization: Option<bool>,
    /// Whom to trust.
    pub eap: EapTls,
}

/// A wired network that asks for a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Ethernet {
    /// Which socket of a Mac. All in a new one, which is the only choice elsewhere.
    pub interface: Interface,
    /// Whom to trust.
    pub eap: EapTls,
}

/// An IKEv2 gateway that asks for a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Vpn {
    /// What people see.
    pub name: String,
    /// The gateway, which its certificate must name.
    pub remote_address: String,
    /// Who the device says it is; most gateways want a name of its certificate.
    pub local_identifier: String,
    /// The common name of the CA that the gateway's certificate is from. A device that shows a key
    /// on a curve has to know it, because only then can it be told that the key is no RSA key; with
    /// a PKCS #12 file [`Key::kind`](super::Key::kind) says which key is in it. Not in a new one.
    pub server_certificate_issuer: Option<String>,
}

impl EapTls {
    /// Servers whose certificates lead to one of these roots, and have one of the names if any is
    /// given.
    #[must_use]
    pub const fn new(roots: Vec<Certificate>, server_names: Vec<String>) -> Self {
        Self { roots, server_names }
    }
}

impl Wifi {
    /// A network with WPA2-Enterprise that devices see and join by themselves.
    #[must_use]
    pub fn new(ssid: impl Into<String>, eap: EapTls) -> Self {
        Self {
            ssid: ssid.into(),
            security: WifiSecurity::default(),
            broadcast: Broadcast::default(),
            connect: Connect::default(),
            disable_mac_randomization: None,
            eap,
        }
    }
}

impl Ethernet {
    /// A network on every socket.
    #[must_use]
    pub const fn new(eap: EapTls) -> Self {
        Self { interface: Interface::Global, eap }
    }
}

impl Vpn {
    /// A gateway.
    #[must_use]
    pub fn new(
        name: impl Into<String>,
        remote_address: impl Into<String>,
        local_identifier: impl Into<String>,
    ) -> Self {
        Self {
            name: name.into(),
            remote_address: remote_address.into(),
            local_identifier: local_identifier.into(),
            server_certificate_issuer: None,
        }
    }

    /// Sets the common name of the CA that the gateway's certificate is from.
    #[must_use]
    pub fn server_certificate_issuer(mut self, common_name: impl Into<String>) -> Self {
        self.server_certificate_issuer = Some(common_name.into());
        self
    }
}

impl Consumer {
    /// Whom a network is trusted by; nothing for what is no network.
    pub(super) const fn eap(&self) -> Option<&EapTls> {
        match self {
            Self::Wifi(wifi) => Some(&wifi.eap),
            Self::Ethernet(ethernet) => Some(&ethernet.eap),
            Self::Vpn(_) | Self::Preference(_) => None,
        }
    }
}

macro_rules! consumer {
    ($($name:ident),*) => {
        $(impl From<$name> for Consumer {
            fn from(consumer: $name) -> Self {
                Self::$name(consumer)
            }
        })*
    };
}

consumer!(Wifi, Ethernet, Vpn);
