//! EST over TLS, both roles: what `est-client` and `est-server` are made of.

mod ca;
mod folder;
mod http;
mod kek;
mod session;
mod verify;

pub mod client;

pub use ca::{EstCa, EstPolicy};
pub use folder::{EstFolder, pkcs8};
pub use http::{ClientCertificates, TlsFacts, serve, tls_config};
pub use kek::{Kek, parse_hex};
pub use session::{Identity, Session, SessionError, TlsVersions, Trust};
