//! Apple configuration profiles and Windows SyncML as files: which of the two one is, what is in
//! it, and what a device would not like about it.
//!
//! The program `profile` reads the command line and files for this module, and prints what it
//! gives back.

mod check;
mod draw;
mod file;
mod finding;
mod fingerprint;
mod identity;
mod mask;
mod show;
mod sign;
mod system;

pub use check::{Checked, check};
pub use draw::{Style, draw};
pub use file::{Opener, Profile, Unopened, open};
pub use finding::{Finding, Severity};
pub use fingerprint::{Spelling, fingerprint};
pub use identity::{IdentityFault, ReadFile, SAMPLE, read_identity};
pub use show::show;
pub use sign::{NotSigned, Signed, sign};
pub use system::System;
