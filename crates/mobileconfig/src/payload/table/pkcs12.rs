//! Source: `com.apple.security.pkcs12.yaml`.

use super::super::key::Key;
use super::super::platform::Platform::{Ios, MacOs, TvOs, VisionOs, WatchOs};
use super::super::platform::{Availability, Platform, Support, never, since};

const NO_IOS_MAC_10_10_NO_TV_NO_VISION_NO_WATCH: &[(Platform, Availability)] =
    &[never(Ios), since(MacOs, "10.10"), never(TvOs), never(VisionOs), never(WatchOs)];
const NO_IOS_MAC_10_15_NO_TV_NO_VISION_NO_WATCH: &[(Platform, Availability)] =
    &[never(Ios), since(MacOs, "10.15"), never(TvOs), never(VisionOs), never(WatchOs)];

/// The keys of the payload.
pub(crate) const KEYS: &[Key] = &[
    Key::string("PayloadCertificateFileName"),
    Key::data("PayloadContent").required(),
    Key::string("Password"),
    Key::boolean("AllowAllAppsAccess")
        .default_boolean(false)
        .on(NO_IOS_MAC_10_10_NO_TV_NO_VISION_NO_WATCH),
    Key::boolean("KeyIsExtractable")
        .default_boolean(true)
        .on(NO_IOS_MAC_10_15_NO_TV_NO_VISION_NO_WATCH),
];

/// Where the payload is taken.
pub(crate) const SUPPORT: &[Support] = &[
    Support::new(Ios, "4.0"),
    Support::new(MacOs, "10.7"),
    Support::new(TvOs, "9.0"),
    Support::new(VisionOs, "1.0"),
    Support::new(WatchOs, "3.0"),
];
