//! Source: `com.apple.mdm.yaml`.

use super::super::key::Key;
use super::super::platform::Platform::{Ios, MacOs, TvOs, VisionOs, WatchOs};
use super::super::platform::{Availability, Platform, Support, never, since, until};

const UNTIL_IOS_18_UNTIL_MAC_15_NO_TV_NO_VISION_NO_WATCH: &[(Platform, Availability)] =
    &[until(Ios, "18.0"), until(MacOs, "15.0"), never(TvOs), never(VisionOs), never(WatchOs)];
const IOS_15_MAC_14_NO_TV_NO_WATCH: &[(Platform, Availability)] =
    &[since(Ios, "15.0"), since(MacOs, "14.0"), never(TvOs), never(WatchOs)];
const IOS_13_4_MAC_10_13_TV_13_4: &[(Platform, Availability)] =
    &[since(Ios, "13.4"), since(MacOs, "10.13"), since(TvOs, "13.4")];
const IOS_15_1_NO_MAC_NO_TV_NO_WATCH: &[(Platform, Availability)] =
    &[since(Ios, "15.1"), never(MacOs), never(TvOs), never(WatchOs)];
const NO_IOS_MAC_11_NO_TV_NO_VISION_NO_WATCH: &[(Platform, Availability)] =
    &[never(Ios), since(MacOs, "11.0"), never(TvOs), never(VisionOs), never(WatchOs)];

/// The keys of the payload.
pub(crate) const KEYS: &[Key] = &[
    Key::string("IdentityCertificateUUID").required().uuid(),
    Key::string("Topic").required(),
    Key::string("ServerURL").required().prefix("https://"),
    Key::string("CheckInURL").prefix("https://"),
    Key::boolean("SignMessage").default_boolean(false),
    Key::integer("AccessRights"),
    Key::boolean("UseDevelopmentAPNS").default_boolean(false),
    Key::string("ManagedAppleID").on(UNTIL_IOS_18_UNTIL_MAC_15_NO_TV_NO_VISION_NO_WATCH),
    Key::string("AssignedManagedAppleID").on(IOS_15_MAC_14_NO_TV_NO_WATCH),
    Key::string("EnrollmentMode").texts(&["BYOD", "ADDE"]).on(IOS_15_MAC_14_NO_TV_NO_WATCH),
    Key::array(
        "ServerURLPinningCertificateUUIDs",
        &Key::string("ServerURLPinningCertificateUUIDsItem").required(),
    )
    .on(IOS_13_4_MAC_10_13_TV_13_4),
    Key::array(
        "CheckInURLPinningCertificateUUIDs",
        &Key::string("CheckInURLPinningCertificateUUIDsItem").required(),
    )
    .on(IOS_13_4_MAC_10_13_TV_13_4),
    Key::boolean("PinningRevocationCheckRequired")
        .default_boolean(false)
        .on(IOS_13_4_MAC_10_13_TV_13_4),
    Key::array(
        "ServerCapabilities",
        &Key::string("ServerCapabilitiesItems").texts(&[
            "com.apple.mdm.per-user-connections",
            "com.apple.mdm.bootstraptoken",
            "com.apple.mdm.token",
        ]),
    ),
    Key::boolean("CheckOutWhenRemoved").default_boolean(false),
    Key::integer("RequiredAppIDForMDM").on(IOS_15_1_NO_MAC_NO_TV_NO_WATCH),
    Key::boolean("PromptUserToAllowBootstrapTokenForAuthentication")
        .default_boolean(false)
        .on(NO_IOS_MAC_11_NO_TV_NO_VISION_NO_WATCH),
];

/// Where the payload is taken.
pub(crate) const SUPPORT: &[Support] = &[
    Support::new(Ios, "4.0").single(),
    Support::new(MacOs, "10.7").single().device_channel_only(),
    Support::new(TvOs, "9.0").single(),
    Support::new(VisionOs, "1.1").single(),
    Support::new(WatchOs, "10.0").single().supervised_only(),
];
