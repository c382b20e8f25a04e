//! What the example programs share: keys in files, HTTP, and a small CA.

pub mod alt_names;
pub mod client;
pub mod est;
pub mod files;
pub mod fleet_profile;
pub mod inspect;
pub mod keys;
pub mod listen;
pub mod profile;
pub mod proxy;
pub mod request_certificate;
pub mod server;
pub mod token;
