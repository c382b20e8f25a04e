//! Source: the dictionary `IKEv2` of `com.apple.vpn.managed.yaml`.

use super::super::key::Key;
use super::super::platform::Platform::{Ios, MacOs, TvOs, VisionOs, WatchOs};
use super::super::platform::{Availability, Platform, never, since};
use super::on_demand;

const NO_IOS_MAC_10_15_NO_VISION: &[(Platform, Availability)] =
    &[never(Ios), since(MacOs, "10.15"), never(VisionOs)];
const IOS_14_NO_MAC: &[(Platform, Availability)] = &[since(Ios, "14.0"), never(MacOs)];
const NO_WATCH: &[(Platform, Availability)] = &[never(WatchOs)];
const IOS_11_MAC_10_13: &[(Platform, Availability)] = &[since(Ios, "11.0"), since(MacOs, "10.13")];
const IOS_9: &[(Platform, Availability)] = &[since(Ios, "9.0")];
const IOS_13_NO_MAC_NO_WATCH: &[(Platform, Availability)] =
    &[since(Ios, "13.0"), never(MacOs), never(WatchOs)];
const IOS_14_MAC_11: &[(Platform, Availability)] = &[since(Ios, "14.0"), since(MacOs, "11.0")];
const IOS_14_MAC_10_15_NO_TV_NO_WATCH: &[(Platform, Availability)] =
    &[since(Ios, "14.0"), since(MacOs, "10.15"), never(TvOs), never(WatchOs)];
const IOS_14_2_MAC_11_NO_WATCH: &[(Platform, Availability)] =
    &[since(Ios, "14.2"), since(MacOs, "11.0"), never(WatchOs)];
const IOS_14_2_MAC_10_15_NO_TV_NO_WATCH: &[(Platform, Availability)] =
    &[since(Ios, "14.2"), since(MacOs, "10.15"), never(TvOs), never(WatchOs)];
const IOS_16_4_MAC_13_3_NO_TV_NO_WATCH: &[(Platform, Availability)] =
    &[since(Ios, "16.4"), since(MacOs, "13.3"), never(TvOs), never(WatchOs)];
const IOS_17_4_MAC_14_4_NO_TV_VISION_1_1_NO_WATCH: &[(Platform, Availability)] = &[
    since(Ios, "17.4"),
    since(MacOs, "14.4"),
    never(TvOs),
    since(VisionOs, "1.1"),
    never(WatchOs),
];
const IOS_18_MAC_15_TV_18_VISION_2_WATCH_11: &[(Platform, Availability)] = &[
    since(Ios, "18.0"),
    since(MacOs, "15.0"),
    since(TvOs, "18.0"),
    since(VisionOs, "2.0"),
    since(WatchOs, "11.0"),
];

/// The keys of the payload.
pub(crate) const KEYS: &[Key] = &[
    Key::string("RemoteAddress").required(),
    Key::string("LocalIdentifier").required(),
    Key::string("RemoteIdentifier").required(),
    Key::string("AuthenticationMethod").required().texts(&["None", "SharedSecret", "Certificate"]),
    Key::string("CertificateType")
        .texts(&["RSA", "ECDSA256", "ECDSA384", "ECDSA521", "RSA-PSS"])
        .default_text("RSA"),
    Key::string("PayloadCertificateUUID"),
    Key::string("Password"),
    Key::string("ProviderBundleIdentifier"),
    Key::string("ProviderDesignatedRequirement").on(NO_IOS_MAC_10_15_NO_VISION),
    Key::string("SharedSecret"),
    Key::flag("ExtendedAuthEnabled", 0),
    Key::string("AuthName"),
    Key::string("AuthPassword"),
    Key::flag("OnDemandEnabled", 0),
    Key::flag("OnDemandUserOverrideDisabled", 0).on(IOS_14_NO_MAC),
    Key::array("OnDemandRules", &on_demand::RULE),
    Key::string("DeadPeerDetectionRate")
        .texts(&["None", "Low", "Medium", "High"])
        .default_text("Medium")
        .on(NO_WATCH),
    Key::string("ServerCertificateIssuerCommonName"),
    Key::string("ServerCertificateCommonName"),
    Key::string("TLSMinimumVersion")
        .texts(&["1.0", "1.1", "1.2"])
        .default_text("1.0")
        .on(IOS_11_MAC_10_13),
    Key::string("TLSMaximumVersion")
        .texts(&["1.0", "1.1", "1.2"])
        .default_text("1.2")
        .on(IOS_11_MAC_10_13),
    Key::flag("UseConfigurationAttributeInternalIPSubnet", 0).on(IOS_9),
    Key::flag("DisableMOBIKE", 0).on(IOS_9),
    Key::flag("DisableRedirect", 0).on(IOS_9),
    Key::flag("DisconnectOnIdle", 0),
    Key::integer("DisconnectOnIdleTimer"),
    Key::flag("NATKeepAliveOffloadEnable", 1).on(IOS_9),
    Key::integer("NATKeepAliveInterval").default_integer(20).on(IOS_9),
    Key::flag("EnablePFS", 0).on(IOS_9),
    Key::flag("EnableCertificateRevocationCheck", 0).on(IOS_9),
    Key::flag("EnableFallback", 0).on(IOS_13_NO_MAC_NO_WATCH),
    Key::integer("MTU").range(1280, 1400).default_integer(1280).on(IOS_14_MAC_11),
    Key::string("ProviderType")
        .texts(&["packet-tunnel", "app-proxy"])
        .default_text("packet-tunnel"),
    Key::flag("IncludeAllNetworks", 0).on(IOS_14_MAC_10_15_NO_TV_NO_WATCH),
    Key::flag("EnforceRoutes", 0).on(IOS_14_2_MAC_11_NO_WATCH),
    Key::integer("ExcludeLocalNetworks").integers(&[0, 1]).on(IOS_14_2_MAC_10_15_NO_TV_NO_WATCH),
    Key::flag("ExcludeCellularServices", 1).on(IOS_16_4_MAC_13_3_NO_TV_NO_WATCH),
    Key::flag("ExcludeAPNs", 1).on(IOS_16_4_MAC_13_3_NO_TV_NO_WATCH),
    Key::flag("ExcludeDeviceCommunication", 1).on(IOS_17_4_MAC_14_4_NO_TV_VISION_1_1_NO_WATCH),
    Key::data("PPK").on(IOS_18_MAC_15_TV_18_VISION_2_WATCH_11),
    Key::string("PPKIdentifier").on(IOS_18_MAC_15_TV_18_VISION_2_WATCH_11),
    Key::flag("PPKMandatory", 1).on(IOS_18_MAC_15_TV_18_VISION_2_WATCH_11),
    Key::dictionary(
        "IKESecurityAssociationParameters",
        &[
            Key::string("EncryptionAlgorithm")
                .texts(&[
                    "DES",
                    "3DES",
                    "AES-128",
                    "AES-256",
                    "AES-128-GCM",
                    "AES-256-GCM",
                    "ChaCha20Poly1305",
                ])
                .default_text("AES-256"),
            Key::string("IntegrityAlgorithm")
                .texts(&["SHA1-96", "SHA1-160", "SHA2-256", "SHA2-384", "SHA2-512"])
                .default_text("SHA2-256"),
            Key::integer("DiffieHellmanGroup")
                .integers(&[1, 2, 5, 14, 15, 16, 17, 18, 19, 20, 21, 31, 32])
                .default_integer(14),
            Key::integer("LifeTimeInMinutes").range(10, 1440).default_integer(1440),
        ],
    ),
    Key::dictionary(
        "ChildSecurityAssociationParameters",
        &[
            Key::string("EncryptionAlgorithm")
                .texts(&[
                    "DES",
                    "3DES",
                    "AES-128",
                    "AES-256",
                    "AES-128-GCM",
                    "AES-256-GCM",
                    "ChaCha20Poly1305",
                ])
                .default_text("AES-256"),
            Key::string("IntegrityAlgorithm")
                .texts(&["SHA1-96", "SHA1-160", "SHA2-256", "SHA2-384", "SHA2-512"])
                .default_text("SHA2-256"),
            Key::integer("DiffieHellmanGroup")
                .integers(&[1, 2, 5, 14, 15, 16, 17, 18, 19, 20, 21, 31, 32])
                .default_integer(14),
            Key::integer("LifeTimeInMinutes").range(10, 1440).default_integer(1440),
        ],
    ),
];
