//! Source: `com.apple.security.certificatetransparency.yaml`,
//! `com.apple.security.certificaterevocation.yaml`,
//! `com.apple.profileRemovalPassword.yaml`.

use super::super::key::Key;
use super::super::platform::Platform::{Ios, MacOs, TvOs, VisionOs, WatchOs};
use super::super::platform::Support;

/// The keys of the payload.
pub(crate) const TRANSPARENCY: &[Key] = &[
    Key::array(
        "DisabledForCerts",
        &Key::dictionary(
            "SubjectPublicKeyInfoHashDict",
            &[Key::string("Algorithm").required().texts(&["sha256"]), Key::data("Hash").required()],
        ),
    ),
    Key::array("DisabledForDomains", &Key::string("domain")),
];

/// The keys of the payload.
pub(crate) const REVOCATION: &[Key] = &[Key::array(
    "EnabledForCerts",
    &Key::dictionary(
        "SubjectPublicKeyInfoHashDict",
        &[Key::string("Algorithm").required().texts(&["sha256"]), Key::data("Hash").required()],
    ),
)];

/// The keys of the payload.
pub(crate) const REMOVAL_PASSWORD: &[Key] = &[Key::string("RemovalPassword")];

/// Where the payload is taken.
pub(crate) const TRANSPARENCY_SUPPORT: &[Support] = &[
    Support::new(Ios, "12.1.1"),
    Support::new(MacOs, "10.14.2").device_channel_only(),
    Support::new(TvOs, "12.1.1"),
    Support::new(VisionOs, "1.0"),
    Support::new(WatchOs, "5.1.1"),
];

/// Where the payload is taken.
pub(crate) const REVOCATION_SUPPORT: &[Support] =
    &[Support::new(Ios, "14.2"), Support::new(VisionOs, "1.1")];

/// Where the payload is taken.
pub(crate) const REMOVAL_PASSWORD_SUPPORT: &[Support] = &[
    Support::new(Ios, "4.0").single().no_user_enrollment().supervised_only(),
    Support::new(MacOs, "10.7").single().no_user_enrollment(),
    Support::new(TvOs, "9.0").single().supervised_only(),
];
