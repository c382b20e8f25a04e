//! Source: `TopLevel.yaml` and `CommonPayloadKeys.yaml`.

use super::super::key::Key;
use super::super::platform::Platform::{Ios, MacOs, TvOs, VisionOs, WatchOs};
use super::super::platform::{Availability, Platform, never, since};

const NO_VISION_NO_WATCH: &[(Platform, Availability)] = &[never(VisionOs), never(WatchOs)];
const MAC_10_8: &[(Platform, Availability)] = &[since(MacOs, "10.8")];
const NO_WATCH: &[(Platform, Availability)] = &[never(WatchOs)];
const IOS_12_2_MAC_10_15_TV_12_2_VISION_1_1_WATCH_5_2: &[(Platform, Availability)] = &[
    since(Ios, "12.2"),
    since(MacOs, "10.15"),
    since(TvOs, "12.2"),
    since(VisionOs, "1.1"),
    since(WatchOs, "5.2"),
];

/// The keys of the profile itself.
pub(crate) const PROFILE: &[Key] = &[
    Key::string("PayloadIdentifier").required(),
    Key::string("PayloadUUID").required(),
    Key::string("PayloadType").required().texts(&["Configuration"]),
    Key::integer("PayloadVersion").required().integers(&[1]),
    Key::boolean("IsEncrypted").default_boolean(false),
    Key::array("PayloadContent", &Key::open_dictionary("PayloadContentItem", &[])).required(),
    Key::data("EncryptedPayloadContent"),
    Key::string("PayloadDescription"),
    Key::string("PayloadDisplayName"),
    Key::boolean("HasRemovalPasscode").default_boolean(false),
    Key::string("PayloadOrganization"),
    Key::boolean("PayloadRemovalDisallowed").default_boolean(false).on(NO_VISION_NO_WATCH),
    Key::string("PayloadScope").texts(&["System", "User"]).on(MAC_10_8),
    Key::date("RemovalDate"),
    Key::real("DurationUntilRemoval"),
    Key::date("PayloadExpirationDate").on(NO_WATCH),
    Key::integer("TargetDeviceType")
        .integers(&[0, 1, 2, 3, 4, 5, 6])
        .default_integer(0)
        .on(IOS_12_2_MAC_10_15_TV_12_2_VISION_1_1_WATCH_5_2),
    Key::open_dictionary("ConsentText", &[]),
];

/// The keys that every payload has beside its own.
pub(crate) const COMMON: &[Key] = &[
    Key::string("PayloadIdentifier").required(),
    Key::string("PayloadUUID").required(),
    Key::string("PayloadType").required(),
    Key::integer("PayloadVersion").required().integers(&[1]),
    Key::string("PayloadDescription"),
    Key::string("PayloadDisplayName"),
    Key::string("PayloadOrganization"),
];
