//! Source: `com.apple.security.scep.yaml`.

use super::super::key::Key;
use super::super::platform::Platform::{Ios, MacOs, TvOs, VisionOs, WatchOs};
use super::super::platform::{Availability, Platform, Support, since};

const MAC_10_7: &[(Platform, Availability)] = &[since(MacOs, "10.7")];
const MAC_10_11: &[(Platform, Availability)] = &[since(MacOs, "10.11")];
const MAC_10_10: &[(Platform, Availability)] = &[since(MacOs, "10.10")];
const MAC_10_13_4: &[(Platform, Availability)] = &[since(MacOs, "10.13.4")];

/// The keys of the payload.
pub(crate) const KEYS: &[Key] = &[Key::dictionary(
    "PayloadContent",
    &[
        Key::string("URL").required().on(MAC_10_7),
        Key::string("Name"),
        Key::array(
            "Subject",
            &Key::array(
                "SCEPSubjectArrayInnerArray",
                &Key::array(
                    "SCEPSubjectArrayPair",
                    &Key::string("SCEPSubjectArrayPairItem").times(2, 2),
                ),
            ),
        ),
        Key::string("Challenge"),
        Key::integer("Keysize").integers(&[1024, 2048, 4096]).default_integer(1024),
        Key::string("Key Type").default_text("RSA"),
        Key::integer("Key Usage").default_integer(0).on(MAC_10_11),
        Key::data("CAFingerprint"),
        Key::integer("Retries").default_integer(3).on(MAC_10_10),
        Key::integer("RetryDelay").default_integer(10).on(MAC_10_10),
        Key::dictionary(
            "SubjectAltName",
            &[
                Key::string_or_strings("rfc822Name"),
                Key::string_or_strings("dNSName"),
                Key::string_or_strings("uniformResourceIdentifier"),
                Key::string("ntPrincipalName"),
            ],
        ),
        Key::boolean("KeyIsExtractable").default_boolean(true).on(MAC_10_13_4),
        Key::boolean("AllowAllAppsAccess").default_boolean(false).on(MAC_10_10),
    ],
)
.required()];

/// Where the payload is taken.
pub(crate) const SUPPORT: &[Support] = &[
    Support::new(Ios, "4.0"),
    Support::new(MacOs, "10.7"),
    Support::new(TvOs, "9.0"),
    Support::new(VisionOs, "1.0"),
    Support::new(WatchOs, "3.0"),
];
