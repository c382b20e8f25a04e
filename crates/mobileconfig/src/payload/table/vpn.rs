//! Source: `com.apple.vpn.managed.yaml`.

use super::super::key::Key;
use super::super::platform::Platform::{Ios, MacOs, TvOs, VisionOs, WatchOs};
use super::super::platform::{Availability, Platform, Support, deprecated, never, since};
use super::always_on;
use super::ikev2;
use super::on_demand;
use super::vpn_shared;

const NO_IOS_MAC_10_15_NO_VISION: &[(Platform, Availability)] =
    &[never(Ios), since(MacOs, "10.15"), never(VisionOs)];
const IOS_14_MAC_10_15_NO_TV: &[(Platform, Availability)] =
    &[since(Ios, "14.0"), since(MacOs, "10.15"), never(TvOs)];
const IOS_14_2_MAC_11: &[(Platform, Availability)] = &[since(Ios, "14.2"), since(MacOs, "11.0")];
const IOS_14_2_MAC_10_15_NO_TV: &[(Platform, Availability)] =
    &[since(Ios, "14.2"), since(MacOs, "10.15"), never(TvOs)];
const IOS_16_4_MAC_13_3_NO_TV: &[(Platform, Availability)] =
    &[since(Ios, "16.4"), since(MacOs, "13.3"), never(TvOs)];
const IOS_17_4_MAC_14_4_NO_TV_VISION_1_1: &[(Platform, Availability)] =
    &[since(Ios, "17.4"), since(MacOs, "14.4"), never(TvOs), since(VisionOs, "1.1")];
const IOS_14_NO_MAC: &[(Platform, Availability)] = &[since(Ios, "14.0"), never(MacOs)];
const OLD_IOS_7: &[(Platform, Availability)] = &[deprecated(Ios, "7.0")];
const NO_TV: &[(Platform, Availability)] = &[never(TvOs)];
const WATCH_10: &[(Platform, Availability)] = &[since(WatchOs, "10.0")];
const IOS_8_NO_MAC_NO_TV: &[(Platform, Availability)] =
    &[since(Ios, "8.0"), never(MacOs), never(TvOs)];
const NO_IOS_MAC_14_NO_TV_NO_VISION: &[(Platform, Availability)] =
    &[never(Ios), since(MacOs, "14.0"), never(TvOs), never(VisionOs)];

/// The keys of the payload.
pub(crate) const KEYS: &[Key] = &[
    Key::string("VPNType").required().texts(&[
        "VPN",
        "L2TP",
        "IPSec",
        "IKEv2",
        "AlwaysOn",
        "TransparentProxy",
    ]),
    Key::string("VPNSubType"),
    Key::string("UserDefinedName").required(),
    // What stands in there is for the app of the vendor, which may want any key.
    Key::open_dictionary(
        "VendorConfig",
        &[
            Key::string("Realm"),
            Key::string("Role"),
            Key::string("Group"),
            Key::string("LoginGroupOrDomain"),
        ],
    ),
    // Apps get this dictionary, too; those of most vendors read the gateway from RemoteAddress.
    Key::open_dictionary(
        "VPN",
        &[
            Key::string("AuthenticationMethod")
                .texts(&["Password", "Certificate", "Password+Certificate"])
                .default_text("Password"),
            Key::string("PayloadCertificateUUID"),
            Key::string("Password"),
            Key::string("ProviderBundleIdentifier"),
            Key::string("ProviderDesignatedRequirement").on(NO_IOS_MAC_10_15_NO_VISION),
            Key::flag("DisconnectOnIdle", 0),
            Key::integer("DisconnectOnIdleTimer"),
            Key::string("ProviderType")
                .texts(&["packet-tunnel", "app-proxy"])
                .default_text("packet-tunnel"),
            Key::flag("IncludeAllNetworks", 0).on(IOS_14_MAC_10_15_NO_TV),
            Key::flag("EnforceRoutes", 0).on(IOS_14_2_MAC_11),
            Key::integer("ExcludeLocalNetworks").integers(&[0, 1]).on(IOS_14_2_MAC_10_15_NO_TV),
            Key::flag("ExcludeCellularServices", 1).on(IOS_16_4_MAC_13_3_NO_TV),
            Key::flag("ExcludeAPNs", 1).on(IOS_16_4_MAC_13_3_NO_TV),
            Key::flag("ExcludeDeviceCommunication", 1).on(IOS_17_4_MAC_14_4_NO_TV_VISION_1_1),
            Key::flag("OnDemandEnabled", 0),
            Key::flag("OnDemandUserOverrideDisabled", 0).on(IOS_14_NO_MAC),
            Key::array("OnDemandMatchDomainsAlways", &Key::string("MatchDomainAlwaysElement"))
                .on(OLD_IOS_7),
            Key::array("OnDemandMatchDomainsNever", &Key::string("MatchDomainNeverElement"))
                .on(OLD_IOS_7),
            Key::array("OnDemandMatchDomainsOnRetry", &Key::string("MatchDomainOnRetryElement"))
                .on(OLD_IOS_7),
            Key::array("OnDemandRules", &on_demand::RULE),
        ],
    ),
    Key::dictionary("IPv4", &[Key::flag("OverridePrimary", 0)]).on(NO_TV),
    Key::dictionary(
        "PPP",
        &[
            Key::string("AuthName"),
            Key::string("AuthPassword"),
            Key::flag("TokenCard", 0),
            Key::string("CommRemoteAddress"),
            Key::array(
                "AuthEAPPlugins",
                &Key::string("EAPPluginElement")
                    .texts(&["EAP-RSA", "EAP-TLS", "EAP-KRB"])
                    .times(1, 1),
            ),
            Key::array(
                "AuthProtocol",
                &Key::string("AuthProtocolElement").texts(&["EAP"]).times(1, 1),
            ),
            Key::integer("CCPMPPE40Enabled").integers(&[0, 1]),
            Key::integer("CCPMPPE128Enabled").integers(&[0, 1]),
            Key::integer("CCPEnabled").integers(&[0, 1]),
            Key::flag("DisconnectOnIdle", 0),
            Key::integer("DisconnectOnIdleTimer"),
        ],
    )
    .on(NO_TV),
    Key::dictionary(
        "IPSec",
        &[
            Key::string("RemoteAddress"),
            Key::string("AuthenticationMethod")
                .texts(&["SharedSecret", "Certificate"])
                .default_text("SharedSecret"),
            Key::string("XAuthName"),
            Key::string("XAuthPassword"),
            Key::integer("XAuthEnabled").integers(&[0, 1]),
            Key::string("XAuthPasswordEncryption").texts(&["Prompt"]),
            Key::string("LocalIdentifier"),
            Key::string("LocalIdentifierType").texts(&["KeyID"]).default_text("KeyID"),
            Key::data("SharedSecret"),
            Key::string("PayloadCertificateUUID"),
            Key::boolean("PromptForVPNPIN").default_boolean(false),
            Key::flag("DisconnectOnIdle", 0),
            Key::integer("DisconnectOnIdleTimer"),
            Key::flag("OnDemandEnabled", 0),
            Key::array("OnDemandMatchDomainsAlways", &Key::string("MatchDomainAlwaysElement"))
                .on(OLD_IOS_7),
            Key::array("OnDemandMatchDomainsNever", &Key::string("MatchDomainNeverElement"))
                .on(OLD_IOS_7),
            Key::array("OnDemandMatchDomainsOnRetry", &Key::string("MatchDomainOnRetryElement"))
                .on(OLD_IOS_7),
            Key::array("OnDemandRules", &on_demand::RULE),
        ],
    )
    .on(NO_TV),
    Key::dictionary("IKEv2", ikev2::KEYS).on(WATCH_10),
    Key::dictionary("DNS", vpn_shared::DNS).on(WATCH_10),
    Key::dictionary("Proxies", vpn_shared::PROXIES).on(WATCH_10),
    Key::dictionary("AlwaysOn", always_on::KEYS).on(IOS_8_NO_MAC_NO_TV),
    Key::dictionary(
        "TransparentProxy",
        &[
            Key::string("AuthenticationMethod")
                .texts(&["Password", "Certificate", "Password+Certificate"])
                .default_text("Password"),
            Key::flag("DisconnectOnIdle", 0),
            Key::integer("DisconnectOnIdleTimer"),
            Key::flag("EnforceRoutes", 0),
            Key::flag("OnDemandEnabled", 0),
            Key::array("OnDemandRules", &on_demand::RULE),
            Key::string("PayloadCertificateUUID"),
            Key::string("Password"),
            Key::string("ProviderBundleIdentifier"),
            Key::string("ProviderDesignatedRequirement"),
            Key::string("ProviderType")
                .texts(&["packet-tunnel", "app-proxy"])
                .default_text("packet-tunnel"),
            Key::integer("Order"),
        ],
    )
    .on(NO_IOS_MAC_14_NO_TV_NO_VISION),
];

/// Where the payload is taken.
pub(crate) const SUPPORT: &[Support] = &[
    Support::new(Ios, "4.0").no_user_enrollment(),
    Support::new(MacOs, "10.7").no_user_enrollment(),
    Support::new(TvOs, "17.0"),
    Support::new(VisionOs, "1.0").no_user_enrollment(),
];
