//! Windows MDM SyncML for the delivery of certificates: built, read and checked, without I/O.
//!
//! What goes to a device, or into a server as a profile, is a [`Document`]. It is made of
//! [`Operation`]s, which the builders put in the order the device needs, or read from a text, with
//! the place of everything in it; [`check`](check()) says what a device would not like, and why.
//!
//! ```text
//! ScepInstall, PfxInstall, TrustedCertificate, WifiProfile, WiredProfile ▸ Operations ▸ Document ▸ XML
//! XML ▸ Document ▸ Findings          the device's answer ▸ Document ▸ results::reports
//! ```
//!
//! ```
//! use devicecert_syncml::{Document, Limits, ScepInstall, Scope, Setting, Write, check};
//!
//! let scep = ScepInstall::new(
//!     Scope::Device,
//!     "wifi-1",
//!     "https://ca.example/scep",
//!     "CN=laptop-7".parse()?,
//!     Setting::placeholder("$CA_THUMBPRINT")?,
//! );
//! let profile = Document::fragment(&scep.operations(Write::Add)?)?.to_xml();
//!
//! for finding in check(&Document::read(&profile, &Limits::default())?) {
//!     println!("{finding}"); // 32:13 (./Device/…/Challenge): warning WS011: an empty challenge: …
//! }
//! # Ok::<(), devicecert_syncml::Error>(())
//! ```
//!
//! Covered: of OMA SyncML Representation Protocol 1.2 the message, its header, Add, Replace, Exec,
//! Get, Delete, Atomic, Sequence, Status and Results; lists of commands without envelope; the
//! providers ClientCertificateInstall (SCEP and PFX), RootCATrustedCertificates, CertificateStore,
//! WiFi, WiredNetwork and VPNv2 as of February 2025, with EAP-TLS in their profiles; the rules in
//! `docs/rules-windows.md`.
//!
//! Not covered: WBXML; alerts, authentication and other parts of a session, which are kept as they
//! are; EAP methods other than TLS, which are read but not written; builders for VPN profiles; the
//! declared configuration of Windows 11. [`csp::DELIBERATELY_ABSENT`] lists nodes, with reasons.

mod alt_name;
mod challenge;
mod check;
mod command;
pub mod csp;
mod document;
pub mod error;
mod install;
mod key_usage;
mod limits;
mod loc_uri;
mod name;
mod operation;
mod place;
mod placeholder;
mod profile;
pub mod results;
mod rules;
mod thumbprint;
mod value;
mod verb;
pub mod xml;

pub use devicecert_xml::Found;

pub use alt_name::{AltName, AltNameType, AltNames};
pub use challenge::first_unprintable;
pub use check::{Checks, Finding, Severity, Target, check};
pub use command::{Command, Item};
pub use document::{CmdIds, Document, Form};
pub use error::{AltNameFault, Error, Malformed, Misuse, NameFault};
pub use install::{
    Exportable, Hash, KeyLocation, KeyProtection, PasswordEncryption, PfxInstall, Placeheld,
    ScepInstall, Setting, Store, TrustedCertificate, ValidFor, Write,
};
pub use key_usage::KeyUsage;
pub use limits::Limits;
pub use loc_uri::{LocUri, Scope};
pub use name::SubjectName;
pub use operation::{Content, Header, Operation};
pub use place::Place;
pub use placeholder::{Placeholder, Syntax, placeholders};
pub use profile::{
    AuthMode, Broadcast, Connect, EapTls, Enforcement, UserPrompt, WifiProfile, WifiSecurity,
    WiredProfile,
};
pub use rules::{Rule, rules};
pub use thumbprint::{NotAThumbprint, Thumbprint};
pub use value::Value;
pub use verb::{Format, Verb};
