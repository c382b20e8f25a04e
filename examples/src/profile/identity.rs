//! An identity in a TOML file, to be written for both platforms.

mod source;
mod table;

use std::path::{Path, PathBuf};

use devicecert::identity::{Certificate, IdentityRequest};
use devicecert::pki::Limits;

use crate::files::FileError;

/// A file to begin with: `profile build --sample` prints it.
pub const SAMPLE: &str = include_str!("identity/sample.toml");

/// Why a file holds no identity.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IdentityFault {
    /// It is no TOML, or has keys that nobody knows; says where.
    #[error("{0}")]
    Toml(#[from] toml::de::Error),
    /// None of `[scep]`, `[acme]` and `[pkcs12]`, or several.
    #[error("expected one of the tables [scep], [acme] and [pkcs12], found {0}")]
    Sources(usize),
    /// A value that cannot be what its key says.
    #[error("{key} = {value:?}: expected {expected}")]
    Value {
        /// The key.
        key: &'static str,
        /// Its value.
        value: String,
        /// What can stand there.
        expected: &'static str,
    },
    /// A file that is named in it.
    #[error(transparent)]
    File(#[from] FileError),
    /// A file that is named in it and holds no certificate.
    #[error("{}: {source}", path.display())]
    Certificate {
        /// Which file.
        path: PathBuf,
        /// Why not.
        source: Box<devicecert::Error>,
    },
}

/// Gives the bytes of a file that the identity names, relative to where it stands itself.
pub type ReadFile<'a> = &'a dyn Fn(&Path) -> Result<Vec<u8>, FileError>;

/// Reads an identity. `read` opens the certificates that it names.
///
/// # Errors
/// [`IdentityFault`]
pub fn read_identity(text: &str, read: ReadFile<'_>) -> Result<IdentityRequest, IdentityFault> {
    toml::from_str::<table::Identity>(text)?.request(read)
}

fn certificates(paths: &[PathBuf], read: ReadFile<'_>) -> Result<Vec<Certificate>, IdentityFault> {
    let mut certificates = Vec::new();
    for path in paths {
        let found = devicecert::certificates(&read(path)?, &Limits::default());
        certificates.extend(found.map_err(|error| IdentityFault::Certificate {
            path: path.clone(),
            source: Box::new(error),
        })?);
    }
    Ok(certificates)
}

fn wrong(key: &'static str, value: &str, expected: &'static str) -> IdentityFault {
    IdentityFault::Value { key, value: value.to_owned(), expected }
}
