//! Source: the dictionaries of `com.apple.vpn.managed.yaml` that several VPN types use.

use super::super::key::Key;
use super::super::platform::Platform::{Ios, MacOs};
use super::super::platform::{Availability, Platform, since};

const IOS_14_MAC_11: &[(Platform, Availability)] = &[since(Ios, "14.0"), since(MacOs, "11.0")];
const IOS_10_MAC_10_12: &[(Platform, Availability)] = &[since(Ios, "10.0"), since(MacOs, "10.12")];
const IOS_16_MAC_13: &[(Platform, Availability)] = &[since(Ios, "16.0"), since(MacOs, "13.0")];

/// The keys of the payload.
pub(crate) const DNS: &[Key] = &[
    Key::string("DNSProtocol").required().texts(&["Cleartext", "HTTPS", "TLS"]).on(IOS_14_MAC_11),
    Key::string("ServerURL").on(IOS_14_MAC_11),
    Key::string("ServerName").on(IOS_14_MAC_11),
    Key::array("ServerAddresses", &Key::string("ServerAddressesElement"))
        .required()
        .on(IOS_10_MAC_10_12),
    Key::array("SearchDomains", &Key::string("SearchDomainsElement")).on(IOS_10_MAC_10_12),
    Key::string("DomainName").on(IOS_10_MAC_10_12),
    Key::array("SupplementalMatchDomains", &Key::string("SupplementalMatchDomainsElement"))
        .on(IOS_10_MAC_10_12),
    Key::flag("SupplementalMatchDomainsNoSearch", 0).on(IOS_10_MAC_10_12),
    Key::string("PayloadCertificateUUID").uuid().on(IOS_16_MAC_13),
];

/// The keys of the payload.
pub(crate) const PROXIES: &[Key] = &[
    Key::integer("ProxyAutoConfigEnable").integers(&[0, 1]),
    Key::flag("ProxyAutoDiscoveryEnable", 1),
    Key::string("ProxyAutoConfigURLString"),
    Key::array("SupplementalMatchDomains", &Key::string("SupplementalMatchDomainsElement")),
    Key::flag("HTTPEnable", 0),
    Key::string("HTTPProxy"),
    Key::integer("HTTPPort").range(0, 65535),
    Key::string("HTTPProxyUsername"),
    Key::string("HTTPProxyPassword"),
    Key::flag("HTTPSEnable", 0),
    Key::string("HTTPSProxy"),
    Key::integer("HTTPSPort").range(0, 65535),
];
