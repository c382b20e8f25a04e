//! EST over TLS, both roles: what `est-client` and `est-server` are made of.

mod body_lines;
mod ca;
mod connection;
mod device_folder;
mod folder;
mod http;
mod kek;
mod session;
mod verify;
mod wanted;

pub mod client;

pub use body_lines::BodyLines;
pub use ca::{EstCa, EstPolicy};
pub use connection::{Connection, ConnectionError, Renewable};
pub use device_folder::{DeviceFolder, DeviceFolderError};
pub use folder::{EstFolder, pkcs8};
pub use http::{ClientCertificates, TlsFacts, serve, tls_config};
pub use kek::{Kek, parse_hex};
pub use session::{Identity, Session, SessionError, TlsVersions, Trust};
pub use wanted::{Unsatisfied, Wanted};
