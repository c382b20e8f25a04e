//! Source: `com.apple.security.acme.yaml`.

use super::super::key::Key;
use super::super::platform::Platform::{Ios, MacOs, TvOs, VisionOs, WatchOs};
use super::super::platform::{Availability, Platform, Support, never, since};

const WATCH_10: &[(Platform, Availability)] = &[since(WatchOs, "10.0")];
const NO_IOS_NO_TV_NO_VISION_NO_WATCH: &[(Platform, Availability)] =
    &[never(Ios), never(TvOs), never(VisionOs), never(WatchOs)];

/// The keys of the payload.
pub(crate) const KEYS: &[Key] = &[
    Key::string("DirectoryURL").required(),
    Key::string("ClientIdentifier").required(),
    Key::integer("KeySize").required(),
    Key::string("KeyType").required().texts(&["RSA", "ECSECPrimeRandom"]),
    Key::boolean("HardwareBound").required(),
    Key::array(
        "Subject",
        &Key::array(
            "ACMESubjectArrayInnerArray",
            &Key::array(
                "ACMESubjectArrayPair",
                &Key::string("ACMESubjectArrayPairItem").times(2, 2),
            ),
        ),
    )
    .required(),
    Key::dictionary(
        "SubjectAltName",
        &[
            Key::string_or_strings("rfc822Name"),
            Key::string_or_strings("dNSName"),
            Key::string_or_strings("uniformResourceIdentifier"),
            Key::string("ntPrincipalName"),
        ],
    ),
    Key::integer("UsageFlags"),
    Key::array("ExtendedKeyUsage", &Key::string("OID")),
    Key::boolean("Attest").default_boolean(false).on(WATCH_10),
    Key::boolean("KeyIsExtractable").default_boolean(true).on(NO_IOS_NO_TV_NO_VISION_NO_WATCH),
    Key::boolean("AllowAllAppsAccess").default_boolean(false).on(NO_IOS_NO_TV_NO_VISION_NO_WATCH),
];

/// Where the payload is taken.
pub(crate) const SUPPORT: &[Support] = &[
    Support::new(Ios, "16.0"),
    Support::new(MacOs, "13.1"),
    Support::new(TvOs, "16.0"),
    Support::new(VisionOs, "1.0"),
    Support::new(WatchOs, "9.0"),
];
