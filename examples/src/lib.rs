//! What the example programs share: keys in files, HTTP, and a small CA.

pub mod alt_names;
pub mod client;
pub mod files;
pub mod inspect;
pub mod keys;
pub mod profile;
pub mod server;
