//! Source: the elements of `OnDemandRules` in `com.apple.vpn.managed.yaml`, the same for every VPN
//! type.

use super::super::key::Key;

/// One element of `OnDemandRules`.
pub(crate) const RULE: Key = Key::dictionary(
    "OnDemandRulesElement",
    &[
        Key::string("Action").required().texts(&[
            "Allow",
            "Connect",
            "Disconnect",
            "EvaluateConnection",
            "Ignore",
        ]),
        Key::array(
            "ActionParameters",
            &Key::dictionary(
                "ActionParameter",
                &[
                    Key::array("Domains", &Key::string("DomainsElement")).required(),
                    Key::string("DomainAction")
                        .required()
                        .texts(&["ConnectIfNeeded", "NeverConnect"]),
                    Key::array("RequiredDNSServers", &Key::string("RequiredDNSServersElement")),
                    Key::string("RequiredURLStringProbe"),
                ],
            ),
        ),
        Key::array("DNSDomainMatch", &Key::string("DNSDomainMatchElement")),
        Key::array("DNSServerAddressMatch", &Key::string("DNSServerAddressMatchElement")),
        Key::string("InterfaceTypeMatch").texts(&["Ethernet", "WiFi", "Cellular"]),
        Key::array("SSIDMatch", &Key::string("SSIDMatchElement")),
        Key::string("URLStringProbe"),
    ],
);
