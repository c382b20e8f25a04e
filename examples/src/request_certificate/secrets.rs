//! Secrets from files and from the environment: never from arguments, which everybody on the machine
//! can read.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use devicecert::pki::Secret;

use crate::files::{self, FileError};

/// A secret that is not there.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SecretError {
    /// Its file.
    #[error(transparent)]
    File(#[from] FileError),
    /// The file is empty.
    #[error("{}: the file is empty", .0.display())]
    Empty(PathBuf),
    /// The environment variable is not text.
    #[error("{0}: the environment variable is not UTF-8")]
    NotText(&'static str),
}

/// Reads a secret: the file without the line breaks at its end, if there is one; else the
/// environment variable, if it is set and not empty.
///
/// # Errors
/// [`SecretError`].
pub fn read_secret(
    file: Option<&Path>,
    variable: &'static str,
    value: Option<OsString>,
) -> Result<Option<Secret>, SecretError> {
    if let Some(file) = file {
        let text = Secret::from(files::read_text(file)?);
        let trimmed = text.expose().trim_ascii_end();
        return match trimmed.is_empty() {
            true => Err(SecretError::Empty(file.to_owned())),
            false => Ok(Some(Secret::new(trimmed.to_vec()))),
        };
    }
    let text = value.map(OsString::into_string).transpose();
    let text = text.map_err(|_| SecretError::NotText(variable))?;
    Ok(text.filter(|text| !text.is_empty()).map(Secret::from))
}
