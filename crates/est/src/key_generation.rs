//! `/serverkeygen`: a key that the server makes (RFC 7030 §4.4).

mod package;
mod private_key;
mod protection;
mod response;

pub(crate) use package::{open, wrap};
pub use private_key::{GeneratedKey, PrivateKeyFormat};
pub use protection::{KeyProtection, WantedProtection};
pub(crate) use response::{KeyPart, read};
