//! What the example programs share: keys in files, HTTP, and a small CA.

pub mod client;
pub mod est;
pub mod files;
pub mod inspect;
pub mod keys;
pub mod server;
