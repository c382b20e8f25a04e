//! A key and its certificate in files, replaced by new ones.

use std::path::{Path, PathBuf};

use devicecert::pki::Certificate;

use crate::files::{self, FileError};
use crate::keys::Backend;

/// Where a device has its key and its certificate.
#[derive(Clone, Debug)]
pub struct IdentityFiles {
    /// Where a new key is until its certificate is there. The old key stays usable all the while.
    pub new_key: PathBuf,
    /// The key.
    pub key: PathBuf,
    /// The certificate.
    pub certificate: PathBuf,
}

impl IdentityFiles {
    /// The files `NAME.key.new`, `NAME.key` and `NAME.pem` in a folder.
    #[must_use]
    pub fn named(folder: &Path, name: &str) -> Self {
        let [new_key, key, certificate] =
            ["key.new", "key", "pem"].map(|ending| folder.join(format!("{name}.{ending}")));
        Self { new_key, key, certificate }
    }

    /// Puts a certificate in place of the one that may be there, and the new key in place of its
    /// key. Two files cannot be replaced at once: [`finish`](Self::finish) makes up for a kill in
    /// between.
    ///
    /// # Errors
    /// Names the file.
    pub fn put(&self, certificate: &[Certificate]) -> Result<(), FileError> {
        files::write_certificates(&self.certificate, certificate)?;
        files::rename(&self.new_key, &self.key)
    }

    /// Puts a new key in place whose certificate is there already.
    ///
    /// # Errors
    /// Names the file.
    pub fn finish(&self, backend: Backend) -> Result<(), FileError> {
        if !(self.new_key.exists() && self.certificate.exists()) {
            return Ok(());
        }
        let certificate = files::read_certificate(&self.certificate)?;
        match backend.load_file(&self.new_key)?.public_key() == certificate.public_key() {
            true => files::rename(&self.new_key, &self.key),
            false => Ok(()),
        }
    }
}
