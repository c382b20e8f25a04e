//! Secrets from files and from the environment: never from arguments, which everybody on the machine
//! can read.

use std::ffi::OsString;
use std::path::Path;

use devicecert::pki::Secret;

use crate::files::{self, FileError};

/// A secret that is not there.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SecretError {
    /// Its file.
    #[error(transparent)]
    File(#[from] FileError),
    /// The environment variable is not text.
    #[error("{0}: the environment variable is not UTF-8")]
    NotText(&'static str),
}

/// Reads a secret: from the file, if there is one ([`files::read_secret`]); else the environment
/// variable, if it is set and not empty.
///
/// # Errors
/// [`SecretError`].
pub fn read_secret(
    file: Option<&Path>,
    variable: &'static str,
    value: Option<OsString>,
) -> Result<Option<Secret>, SecretError> {
    if let Some(file) = file {
        return Ok(Some(files::read_secret(file)?));
    }
    let text = value.map(OsString::into_string).transpose();
    let text = text.map_err(|_| SecretError::NotText(variable))?;
    Ok(text.filter(|text| !text.is_empty()).map(Secret::from))
}
