//! The folder of a device: its key, its certificate, and those above it.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

use devicecert::fleet::osquery_policy;
use devicecert::fleet::request_certificate::Answer;
use devicecert::pki::{KeyKind, PublicKey, Time, Validity};

use crate::files::{self, FileError};
use crate::keys::{Backend, Key, write_key};

/// The files of one device.
#[derive(Clone, Debug)]
pub struct Folder(PathBuf);

/// How it stands with the certificate that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// There is none.
    Missing,
    /// There is a file that holds no certificate.
    Unreadable(String),
    /// There is one for another key than the one beside it.
    OtherKey,
    /// It ends sooner than the margin says, or has ended, or has not begun.
    Due(Validity),
    /// It is good for longer.
    Good(Validity),
}

/// The key that a certificate is asked for.
#[derive(Clone, Debug)]
pub enum FolderKey {
    /// A new one for each certificate. Until its certificate is there the old one stays.
    New(KeyKind),
    /// The one in the folder, or a new one if there is none.
    Same(KeyKind),
    /// One that is somewhere else, in a token for example.
    File(PathBuf),
}

const NEW_KEY: &str = "device.key.new";

impl Folder {
    /// Opens a folder, and makes it if it is not there.
    ///
    /// # Errors
    /// Names the folder.
    pub fn open(path: &Path) -> Result<Self, FileError> {
        files::create_folder(path)?;
        Ok(Self(path.to_owned()))
    }

    /// The certificate.
    #[must_use]
    pub fn certificate(&self) -> PathBuf {
        self.0.join("device.pem")
    }

    /// The certificates above it.
    #[must_use]
    pub fn chain(&self) -> PathBuf {
        self.0.join("ca.pem")
    }

    /// The key, where it is the folder's.
    #[must_use]
    pub fn key(&self) -> PathBuf {
        self.0.join("device.key")
    }

    /// The policy of osquery that passes while nothing is to be done.
    #[must_use]
    pub fn policy(&self, margin: Duration) -> String {
        osquery_policy(&self.certificate().to_string_lossy(), margin)
    }

    /// Whether there is something to be done. `key` is the file with the key; a certificate for
    /// another one is of no use.
    #[must_use]
    pub fn standing(
        &self,
        key: Option<&Path>,
        backend: Backend,
        margin: Duration,
        now: Time,
    ) -> Standing {
        let certificate = match files::read_certificate(&self.certificate()) {
            Ok(certificate) => certificate,
            Err(FileError::Io { source, .. }) if source.kind() == ErrorKind::NotFound => {
                return Standing::Missing;
            }
            Err(error) => return Standing::Unreadable(error.to_string()),
        };
        if let Some(key) = key {
            let own = backend.load_file(key);
            if !own.is_ok_and(|own| own.public_key() == certificate.public_key()) {
                return Standing::OtherKey;
            }
        }
        let validity = certificate.validity();
        // As the policy has it: at the very second it does not pass any more.
        match validity.not_before <= now && validity.not_after > now.after(margin) {
            true => Standing::Good(validity),
            false => Standing::Due(validity),
        }
    }

    /// The key to ask with. A new one is on disk before anything is sent, so that no certificate can
    /// come back for a key that is lost.
    ///
    /// # Errors
    /// Names the file.
    pub fn load_key(&self, key: &FolderKey, backend: Backend) -> Result<Box<dyn Key>, FileError> {
        let kind = match key {
            FolderKey::File(path) => return backend.load_file(path),
            FolderKey::Same(_) if self.key().exists() => return backend.load_file(&self.key()),
            FolderKey::Same(kind) | FolderKey::New(kind) => *kind,
        };
        let path = self.0.join(NEW_KEY);
        let made = backend.generate(kind);
        let made = made.map_err(|source| FileError::Key { path: path.clone(), source })?;
        write_key(&path, &*made)?;
        Ok(made)
    }

    /// Puts what came back in place: the new key, if there is one, then what is above the
    /// certificate, then the certificate. Whoever is interrupted in between has a certificate for
    /// another key, which [`standing`](Self::standing) sees.
    ///
    /// # Errors
    /// Names the file.
    pub fn keep(
        &self,
        answer: &Answer,
        key: &PublicKey,
        backend: Backend,
    ) -> Result<(), FileError> {
        let new = self.0.join(NEW_KEY);
        if new.exists() && backend.load_file(&new)?.public_key() == key {
            files::rename(&new, &self.key())?;
        }
        if !answer.others.is_empty() {
            files::write_certificates(&self.chain(), &answer.others)?;
        }
        files::write_certificates(&self.certificate(), std::slice::from_ref(&answer.certificate))
    }
}
