//! Source: the dictionary `EAPClientConfiguration` of `com.apple.wifi.managed.yaml`.

use super::super::key::Key;
use super::super::platform::Platform::{Ios, MacOs, TvOs, VisionOs};
use super::super::platform::{Availability, Platform, never, since, until};

const UNTIL_IOS_8_NO_VISION: &[(Platform, Availability)] = &[until(Ios, "8.0"), never(VisionOs)];
const IOS_7: &[(Platform, Availability)] = &[since(Ios, "7.0")];
const IOS_11_MAC_10_13_TV_11: &[(Platform, Availability)] =
    &[since(Ios, "11.0"), since(MacOs, "10.13"), since(TvOs, "11.0")];
const IOS_8: &[(Platform, Availability)] = &[since(Ios, "8.0")];
const IOS_8_MAC_10_8_TV_9: &[(Platform, Availability)] =
    &[since(Ios, "8.0"), since(MacOs, "10.8"), since(TvOs, "9.0")];

/// The keys of the payload.
pub(crate) const KEYS: &[Key] = &[
    Key::array("AcceptEAPTypes", &Key::integer("EAPType").integers(&[13, 17, 18, 21, 23, 25, 43]))
        .required(),
    Key::string("UserName"),
    Key::string("UserPassword"),
    Key::array("PayloadCertificateAnchorUUID", &Key::string("CertificateAnchorUUID").uuid()),
    Key::array("TLSTrustedCertificates", &Key::string("TLSTrustedCertificatesItem").required()),
    Key::array("TLSTrustedServerNames", &Key::string("TLSTrustedServerName")),
    Key::boolean("TLSAllowTrustExceptions").default_boolean(true).on(UNTIL_IOS_8_NO_VISION),
    Key::boolean("TLSCertificateIsRequired").default_boolean(false).on(IOS_7),
    Key::string("TTLSInnerAuthentication")
        .texts(&["PAP", "EAP", "CHAP", "MSCHAP", "MSCHAPv2"])
        .default_text("MSCHAPv2"),
    Key::string("TLSMinimumVersion")
        .texts(&["1.0", "1.1", "1.2", "1.3"])
        .default_text("1.0")
        .on(IOS_11_MAC_10_13_TV_11),
    Key::string("TLSMaximumVersion")
        .texts(&["1.0", "1.1", "1.2", "1.3"])
        .default_text("1.2")
        .on(IOS_11_MAC_10_13_TV_11),
    Key::string("OuterIdentity"),
    Key::boolean("EAPFASTUsePAC").default_boolean(false),
    Key::boolean("EAPFASTProvisionPAC").default_boolean(false),
    Key::boolean("EAPFASTProvisionPACAnonymously").default_boolean(false),
    Key::integer("EAPSIMNumberOfRANDs").integers(&[2, 3]).default_integer(3).on(IOS_8),
    Key::string("SystemModeCredentialsSource"),
    Key::boolean("SystemModeUseOpenDirectoryCredentials").default_boolean(false),
    Key::boolean("OneTimeUserPassword").default_boolean(false).on(IOS_8_MAC_10_8_TV_9),
];
