//! Source: the `com.apple.*ethernet.managed.yaml` family.

use super::super::key::Key;
use super::super::platform::Platform::{Ios, MacOs, TvOs};
use super::super::platform::Support;
use super::eap;

/// Where the payload is taken.
pub(crate) const GLOBAL_SUPPORT: &[Support] = &[
    Support::new(Ios, "17.0").single(),
    Support::new(MacOs, "10.13").single(),
    Support::new(TvOs, "17.0").single(),
];

/// Where the payload is taken.
pub(crate) const SUPPORT: &[Support] = &[Support::new(MacOs, "10.7").single()];

/// The keys that matter to 802.1X on a cable; Apple's schema leaves them open.
pub(crate) const KEYS: &[Key] = &[
    Key::string("Interface"),
    Key::string("PayloadCertificateUUID").uuid(),
    Key::dictionary("EAPClientConfiguration", eap::KEYS),
    Key::array(
        "SetupModes",
        &Key::string("SetupModesItem").required().texts(&["System", "Loginwindow"]),
    ),
    Key::boolean("TLSCertificateRequired").default_boolean(false),
];
