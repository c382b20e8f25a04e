//! Source: `com.apple.wifi.managed.yaml`.

use super::super::key::Key;
use super::super::platform::Platform::{Ios, MacOs, TvOs, VisionOs, WatchOs};
use super::super::platform::{Availability, Platform, Support, deprecated, never, since};
use super::eap;

const IOS_5: &[(Platform, Availability)] = &[since(Ios, "5.0")];
const IOS_7: &[(Platform, Availability)] = &[since(Ios, "7.0")];
const IOS_7_MAC_10_9: &[(Platform, Availability)] = &[since(Ios, "7.0"), since(MacOs, "10.9")];
const IOS_7_NO_MAC: &[(Platform, Availability)] = &[since(Ios, "7.0"), never(MacOs)];
const IOS_10_NO_MAC: &[(Platform, Availability)] = &[since(Ios, "10.0"), never(MacOs)];
const IOS_14_5_MAC_14: &[(Platform, Availability)] = &[since(Ios, "14.5"), since(MacOs, "14.0")];
const OLD_IOS_14_5_OLD_MAC_14_NO_VISION: &[(Platform, Availability)] =
    &[deprecated(Ios, "14.5"), deprecated(MacOs, "14.0"), never(VisionOs)];
const IOS_10_MAC_10_13: &[(Platform, Availability)] = &[since(Ios, "10.0"), since(MacOs, "10.13")];
const NO_IOS_MAC_10_7_NO_TV_NO_VISION_NO_WATCH: &[(Platform, Availability)] =
    &[never(Ios), since(MacOs, "10.7"), never(TvOs), never(VisionOs), never(WatchOs)];
const IOS_14_MAC_15_NO_TV_WATCH_7: &[(Platform, Availability)] =
    &[since(Ios, "14.0"), since(MacOs, "15.0"), never(TvOs), since(WatchOs, "7.0")];

/// The keys of the payload.
pub(crate) const KEYS: &[Key] = &[
    Key::boolean("AutoJoin").default_boolean(true).on(IOS_5),
    Key::string("SSID_STR").on(IOS_7),
    Key::boolean("HIDDEN_NETWORK").default_boolean(false),
    Key::string("ProxyType").texts(&["None", "Manual", "Auto"]).default_text("None"),
    Key::string("EncryptionType")
        .texts(&["WEP", "WPA", "WPA2", "WPA3", "Any", "None"])
        .default_text("Any"),
    Key::string("Password"),
    Key::string("PayloadCertificateUUID").uuid(),
    Key::dictionary("EAPClientConfiguration", eap::KEYS),
    Key::string("DisplayedOperatorName").on(IOS_7_MAC_10_9),
    Key::string("DomainName").on(IOS_7_MAC_10_9),
    Key::array("RoamingConsortiumOIs", &Key::string("RoamingConsortiumOI")).on(IOS_7_MAC_10_9),
    Key::boolean("ServiceProviderRoamingEnabled").default_boolean(false).on(IOS_7_MAC_10_9),
    Key::boolean("IsHotspot").default_boolean(false).on(IOS_7_MAC_10_9),
    Key::string("HESSID").on(IOS_7),
    Key::array("NAIRealmNames", &Key::string("NAIRealmName")).on(IOS_7_MAC_10_9),
    Key::array("MCCAndMNCs", &Key::string("MCCAndMNC")).on(IOS_7_NO_MAC),
    Key::boolean("CaptiveBypass").default_boolean(false).on(IOS_10_NO_MAC),
    Key::dictionary(
        "QoSMarkingPolicy",
        &[
            Key::array("QoSMarkingAllowListAppIdentifiers", &Key::string("appBundleID"))
                .on(IOS_14_5_MAC_14),
            Key::array("QoSMarkingWhitelistedAppIdentifiers", &Key::string("appBundleID"))
                .on(OLD_IOS_14_5_OLD_MAC_14_NO_VISION),
            Key::boolean("QoSMarkingAppleAudioVideoCalls").default_boolean(true),
            Key::boolean("QoSMarkingEnabled").default_boolean(true),
        ],
    )
    .on(IOS_10_MAC_10_13),
    Key::array(
        "SetupModes",
        &Key::string("SetupModesItem").required().texts(&["System", "Loginwindow"]),
    )
    .on(NO_IOS_MAC_10_7_NO_TV_NO_VISION_NO_WATCH),
    Key::boolean("EnableIPv6").default_boolean(true),
    Key::boolean("TLSCertificateRequired").default_boolean(false),
    Key::string("ProxyServer"),
    Key::integer("ProxyServerPort").range(0, 65535),
    Key::string("ProxyUsername"),
    Key::string("ProxyPassword"),
    Key::string("ProxyPACURL"),
    Key::boolean("ProxyPACFallbackAllowed").default_boolean(false),
    Key::boolean("DisableAssociationMACRandomization")
        .default_boolean(false)
        .on(IOS_14_MAC_15_NO_TV_WATCH_7),
];

/// Where the payload is taken.
pub(crate) const SUPPORT: &[Support] = &[
    Support::new(Ios, "4.0"),
    Support::new(MacOs, "10.7"),
    Support::new(TvOs, "9.0"),
    Support::new(VisionOs, "1.0"),
    Support::new(WatchOs, "3.2"),
];
