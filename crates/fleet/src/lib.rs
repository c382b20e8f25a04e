//! What Fleet's server does to a profile, and to the SCEP requests of its devices.
//!
//! An administrator uploads a profile with variables in it; [`check`](check()) says what Fleet would refuse
//! it for, in Fleet's words, and what a device or CA would. A [`Template`] is made of it once, and
//! filled for one host after the other. [`Delivery`] makes the command for a Windows device of it,
//! [`proxy`] decides about the SCEP requests that follow and passes them on, and [`Schedule`] knows
//! when the certificate is to be renewed. Nothing here does I/O, reads a clock or draws a random
//! number.
//!
//! ```
//! use devicecert_fleet::{
//!     Destination, Fixed, Host, OfCa, Rules, Server, Severity, Template, Value, Variable, check,
//! };
//! use devicecert_pki::Secret;
//!
//! let uploaded = r#"<plist version="1.0"><dict><key>PayloadContent</key><array><dict>
//!   <key>PayloadType</key><string>com.apple.security.scep</string>
//!   <key>PayloadContent</key><dict>
//!     <key>URL</key><string>$FLEET_VAR_CUSTOM_SCEP_PROXY_URL_WIFI</string>
//!     <key>Challenge</key><string>$FLEET_VAR_CUSTOM_SCEP_CHALLENGE_WIFI</string>
//!     <key>Subject</key><array>
//!       <array><array><string>CN</string><string>$FLEET_VAR_HOST_END_USER_IDP_USERNAME</string></array></array>
//!       <array><array><string>OU</string><string>$FLEET_VAR_CERTIFICATE_RENEWAL_ID</string></array></array>
//!     </array>
//!   </dict>
//! </dict></array></dict></plist>"#;
//!
//! // When it is uploaded:
//! let server = Server::default().custom_scep("WIFI");
//! let findings = check(uploaded.as_bytes(), Destination::AppleProfile, &server, Rules::Current);
//! assert!(findings.iter().all(|finding| finding.severity < Severity::Error), "{findings:?}");
//! let template = Template::compile(uploaded, Destination::AppleProfile)?;
//!
//! // For each host:
//! # use devicecert_fleet::User;
//! # let user = User { username: "o'brien@example.com".into(), ..User::default() };
//! let host = Host::new("6C3E1A…", "a4CD1BD65-1D2C-4E9E-9E18-9BCD400CDEDC").user(user);
//! let (challenge, url) = (Secret::from("correct horse"), Secret::from("https://mdm.example/…"));
//! let filled = template.fill(|variable| match variable {
//!     Variable::OfCa(OfCa::CustomScepChallenge, _) => Ok(Value::from(&challenge)),
//!     Variable::OfCa(OfCa::CustomScepProxyUrl, _) => Ok(Value::from(&url)),
//!     other => host.value(other).map(Value::from),
//! })?;
//! assert!(filled.as_str().contains("<string>o&#39;brien@example.com</string>"));
//! # Ok::<(), devicecert_fleet::Error>(())
//! ```
//!
//! Covered: every variable of Fleet up to 4.92, and where each may stand (`docs/fleet-variables.md`);
//! profiles for Apple devices and Windows, configurations of managed apps, subjects of Android,
//! fields of DigiCert CAs, shell scripts; the rules at upload of late 2025 and of 2026
//! (`docs/rules-fleet.md`); renewal; delivery to Windows; the SCEP proxy of both years, for NDES,
//! Smallstep and any other SCEP server; certificates over Fleet's API ([`request_certificate`]), and
//! the signatures of devices ([`message_signature`]).
//!
//! Not covered: CAs, and the rest of Fleet's API; the preamble by which Fleet of 2026 hands
//! variables to scripts; binary property lists.

pub mod error;
pub mod proxy;

mod finding;
mod host;
mod limits;
pub mod message_signature;
mod place;
mod renewal;
pub mod request_certificate;
mod rules;
mod template;
mod unavailable;
mod variable;
mod windows;
mod xml;

pub use devicecert_pki::PeerText;
pub use devicecert_xml::Found;
pub use error::{Error, Malformed};
pub use finding::{Finding, Severity};
pub use host::{Host, User};
pub use limits::Limits;
pub use place::Place;
pub use renewal::{RenewalId, Schedule, osquery_policy, supersedes};
pub use rules::{Check, Example, License, Rule, Rules, Server, check, rule, rules};
pub use template::{
    Context, Filled, Misplaced, Template, Unfilled, Value, WhyMisplaced, WhyUnfilled,
};
pub use unavailable::Unavailable;
pub use variable::{
    Destination, Fixed, Occurrence, Occurrences, OfCa, Row, Spelling, Variable, occurrences, rows,
};
pub use windows::{
    BAD_CHALLENGE, Command, Delivery, MissingStatus, State, Verb, first_unprintable, loc_uris,
    substituted,
};
