//! Apple configuration profiles: read, build, check, sign and encrypt them, without I/O.
//!
//! What an administrator uploads is XML, a binary property list, a signed message or a template
//! that no other reader takes. All of it becomes a [`Profile`], in which every value knows where it
//! was read:
//!
//! ```text
//! bytes ▸ Profile ─rule::check▸ findings
//! payloads ▸ ProfileBuilder ─build▸ Profile
//!         Profile ─to_xml▸ text;  ─unsigned▸ Unsigned ─sign▸ bytes;  ─encrypted_to▸ Profile ─locked▸ Locked<Profile>
//! ```
//!
//! ```
//! use devicecert_mobileconfig::{Limits, Profile};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let uploaded = br#"<plist version="1.0"><dict>
//! #   <key>PayloadContent</key><array><dict>
//! #     <key>PayloadType</key><string>com.apple.security.pkcs12</string>
//! #     <key>PayloadContent</key><data>$FLEET_VAR_DIGICERT_DATA_CA</data>
//! #   </dict></array>
//! # </dict></plist>"#;
//! let profile = Profile::read(uploaded, &Limits::default())?;
//! for payload in profile.payloads() {
//!     for value in payload.walk() {
//!         if let Some(template) = value.value().as_template() {
//!             println!("{}: {template}", profile.document().place(&value));
//!         }
//!     }
//! }
//! # Ok(())
//! # }
//! ```
//!
//! Payloads as types are in [`payload`], the rules in [`rule`], and the declarations that take the
//! place of profiles in [`ddm`].
//!
//! Covered: XML property lists as Apple's DTD has them, and binary ones (`bplist00`, read only);
//! the keys of a profile (`TopLevel.yaml` of Apple's device-management schemas); signed profiles
//! (CMS SignedData, RFC 5652 §5) and encrypted ones (EnvelopedData, §6); [placeholders] of Fleet,
//! Intune, Jamf, Kandji, Mosyle, Workspace ONE and macOS.
//!
//! Not covered: the old text format of property lists, property lists in JSON, writing binary
//! ones, putting values in for placeholders, and the over-the-air enrolment service (`Profile
//! Service`).
//!
//! [placeholders]: plist::placeholder

pub mod cms;
pub mod ddm;
pub mod error;
mod finding;
mod limits;
pub mod payload;
pub mod plist;
mod profile;
pub mod rule;
mod uuid;

pub use error::Error;
pub use finding::{Finding, Place, Severity};
pub use limits::Limits;
pub use profile::{Profile, Scope};
pub use uuid::Uuid;
