//! Source: `com.apple.ADCertificate.managed.yaml`.

use super::super::key::Key;
use super::super::platform::Platform::MacOs;
use super::super::platform::{Availability, Platform, Support, since};

const MAC_10_8: &[(Platform, Availability)] = &[since(MacOs, "10.8")];
const MAC_10_10: &[(Platform, Availability)] = &[since(MacOs, "10.10")];
const MAC_10_11: &[(Platform, Availability)] = &[since(MacOs, "10.11")];
const MAC_10_13_4: &[(Platform, Availability)] = &[since(MacOs, "10.13.4")];

/// The keys of the payload.
pub(crate) const KEYS: &[Key] = &[
    Key::string("CertServer").required(),
    Key::string("CertTemplate").required(),
    Key::string("Description"),
    Key::integer("CertificateRenewalTimeInterval"),
    Key::string("CertificateAuthority").on(MAC_10_8),
    Key::string("CertificateAcquisitionMechanism").on(MAC_10_8),
    Key::boolean("AllowAllAppsAccess").default_boolean(false).on(MAC_10_10),
    Key::boolean("PromptForCredentials").default_boolean(false).on(MAC_10_8),
    Key::boolean("KeyIsExtractable").default_boolean(false).on(MAC_10_10),
    Key::integer("Keysize").default_integer(2048).on(MAC_10_11),
    Key::boolean("EnableAutoRenewal").default_boolean(false).on(MAC_10_13_4),
];

/// Where the payload is taken.
pub(crate) const SUPPORT: &[Support] = &[Support::new(MacOs, "10.7")];
