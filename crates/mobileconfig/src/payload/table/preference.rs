//! Source: `com.apple.security.certificatepreference.yaml`,
//! `com.apple.security.identitypreference.yaml`.

use super::super::key::Key;
use super::super::platform::Platform::MacOs;
use super::super::platform::Support;

/// The keys of the payload.
pub(crate) const KEYS: &[Key] =
    &[Key::string("Name").required(), Key::string("PayloadCertificateUUID").required()];

/// Where the payload is taken.
pub(crate) const SUPPORT: &[Support] = &[Support::new(MacOs, "10.12").user_channel_only()];
