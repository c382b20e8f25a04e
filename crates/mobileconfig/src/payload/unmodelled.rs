//! The keys that have no field of their own in a payload type here.

/// Keys of Apple's schema that the types here have no field for, and why: payload type, key path
/// without indices (everything below it too), reason.
///
/// They are in the tables, so the rules check them; a payload that has them keeps them in `other`.
pub const DELIBERATELY_ABSENT: &[(&str, &str, &str)] = &[
    ("com.apple.wifi.managed", "ProxyType", PROXY),
    ("com.apple.wifi.managed", "ProxyServer", PROXY),
    ("com.apple.wifi.managed", "ProxyServerPort", PROXY),
    ("com.apple.wifi.managed", "ProxyUsername", PROXY),
    ("com.apple.wifi.managed", "ProxyPassword", PROXY),
    ("com.apple.wifi.managed", "ProxyPACURL", PROXY),
    ("com.apple.wifi.managed", "ProxyPACFallbackAllowed", PROXY),
    ("com.apple.wifi.managed", "DisplayedOperatorName", HOTSPOT),
    ("com.apple.wifi.managed", "DomainName", HOTSPOT),
    ("com.apple.wifi.managed", "RoamingConsortiumOIs", HOTSPOT),
    ("com.apple.wifi.managed", "ServiceProviderRoamingEnabled", HOTSPOT),
    ("com.apple.wifi.managed", "IsHotspot", HOTSPOT),
    ("com.apple.wifi.managed", "HESSID", HOTSPOT),
    ("com.apple.wifi.managed", "NAIRealmNames", HOTSPOT),
    ("com.apple.wifi.managed", "MCCAndMNCs", HOTSPOT),
    ("com.apple.wifi.managed", "CaptiveBypass", NETWORK),
    ("com.apple.wifi.managed", "QoSMarkingPolicy", NETWORK),
    ("com.apple.wifi.managed", "EnableIPv6", NETWORK),
    (
        "com.apple.wifi.managed",
        "EAPClientConfiguration.TLSTrustedCertificates",
        "names of certificates, which anchors replaced",
    ),
    ("com.apple.wifi.managed", "EAPClientConfiguration.EAPFASTUsePAC", NO_CERTIFICATE),
    ("com.apple.wifi.managed", "EAPClientConfiguration.EAPFASTProvisionPAC", NO_CERTIFICATE),
    (
        "com.apple.wifi.managed",
        "EAPClientConfiguration.EAPFASTProvisionPACAnonymously",
        NO_CERTIFICATE,
    ),
    ("com.apple.wifi.managed", "EAPClientConfiguration.EAPSIMNumberOfRANDs", NO_CERTIFICATE),
    ("com.apple.wifi.managed", "EAPClientConfiguration.SystemModeCredentialsSource", DIRECTORY),
    (
        "com.apple.wifi.managed",
        "EAPClientConfiguration.SystemModeUseOpenDirectoryCredentials",
        DIRECTORY,
    ),
    ("com.apple.vpn.managed", "VPNSubType", OTHER_VPN),
    ("com.apple.vpn.managed", "VendorConfig", OTHER_VPN),
    ("com.apple.vpn.managed", "VPN", OTHER_VPN),
    ("com.apple.vpn.managed", "PPP", OTHER_VPN),
    ("com.apple.vpn.managed", "IPSec", OTHER_VPN),
    ("com.apple.vpn.managed", "AlwaysOn", OTHER_VPN),
    ("com.apple.vpn.managed", "TransparentProxy", OTHER_VPN),
    ("com.apple.vpn.managed", "IPv4", NETWORK),
    ("com.apple.vpn.managed", "DNS", NETWORK),
    ("com.apple.vpn.managed", "Proxies", PROXY),
    ("com.apple.vpn.managed", "IKEv2.Password", NO_CERTIFICATE),
    ("com.apple.vpn.managed", "IKEv2.ProviderBundleIdentifier", OTHER_VPN),
    ("com.apple.vpn.managed", "IKEv2.ProviderDesignatedRequirement", OTHER_VPN),
    ("com.apple.vpn.managed", "IKEv2.ProviderType", OTHER_VPN),
    ("com.apple.vpn.managed", "IKEv2.OnDemandEnabled", ROUTING),
    ("com.apple.vpn.managed", "IKEv2.OnDemandUserOverrideDisabled", ROUTING),
    ("com.apple.vpn.managed", "IKEv2.OnDemandRules", ROUTING),
    ("com.apple.vpn.managed", "IKEv2.DisconnectOnIdle", ROUTING),
    ("com.apple.vpn.managed", "IKEv2.DisconnectOnIdleTimer", ROUTING),
    ("com.apple.vpn.managed", "IKEv2.IncludeAllNetworks", ROUTING),
    ("com.apple.vpn.managed", "IKEv2.EnforceRoutes", ROUTING),
    ("com.apple.vpn.managed", "IKEv2.ExcludeLocalNetworks", ROUTING),
    ("com.apple.vpn.managed", "IKEv2.ExcludeCellularServices", ROUTING),
    ("com.apple.vpn.managed", "IKEv2.ExcludeAPNs", ROUTING),
    ("com.apple.vpn.managed", "IKEv2.ExcludeDeviceCommunication", ROUTING),
    ("com.apple.vpn.managed", "IKEv2.DeadPeerDetectionRate", TRANSPORT),
    ("com.apple.vpn.managed", "IKEv2.UseConfigurationAttributeInternalIPSubnet", TRANSPORT),
    ("com.apple.vpn.managed", "IKEv2.DisableMOBIKE", TRANSPORT),
    ("com.apple.vpn.managed", "IKEv2.DisableRedirect", TRANSPORT),
    ("com.apple.vpn.managed", "IKEv2.NATKeepAliveOffloadEnable", TRANSPORT),
    ("com.apple.vpn.managed", "IKEv2.NATKeepAliveInterval", TRANSPORT),
    ("com.apple.vpn.managed", "IKEv2.EnableFallback", TRANSPORT),
    ("com.apple.vpn.managed", "IKEv2.MTU", TRANSPORT),
    ("com.apple.vpn.managed", "IKEv2.PPK", NO_CERTIFICATE),
    ("com.apple.vpn.managed", "IKEv2.PPKIdentifier", NO_CERTIFICATE),
    ("com.apple.vpn.managed", "IKEv2.PPKMandatory", NO_CERTIFICATE),
];

const PROXY: &str = "proxies are reached after the certificate has done its work";
const HOTSPOT: &str = "Hotspot 2.0 networks of operators";
const NETWORK: &str = "how the network is used once it is joined";
const NO_CERTIFICATE: &str = "a method without certificates";
const DIRECTORY: &str = "the account of a directory, not a certificate";
const OTHER_VPN: &str = "another kind of VPN than IKEv2";
const ROUTING: &str = "which traffic goes through the tunnel and when";
const TRANSPORT: &str = "how the tunnel is kept open";

/// Whether a key, or one above it, has no field.
#[must_use]
pub fn is_deliberately_absent(payload_type: &str, key_path: &str) -> bool {
    DELIBERATELY_ABSENT.iter().any(|(kind, absent, _)| {
        let below = key_path.strip_prefix(absent);
        *kind == payload_type && below.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    })
}
