//! Source: `com.apple.security.root.yaml`,
//! `com.apple.security.pkcs1.yaml`,
//! `com.apple.security.pem.yaml`.

use super::super::key::Key;
use super::super::platform::Platform::{Ios, MacOs, TvOs, VisionOs, WatchOs};
use super::super::platform::Support;

/// The keys of the payload.
pub(crate) const KEYS: &[Key] =
    &[Key::string("PayloadCertificateFileName"), Key::data("PayloadContent").required()];

/// Where the payload is taken.
pub(crate) const SUPPORT: &[Support] = &[
    Support::new(Ios, "4.0"),
    Support::new(MacOs, "10.7"),
    Support::new(TvOs, "9.0"),
    Support::new(VisionOs, "1.0"),
    Support::new(WatchOs, "3.0"),
];
