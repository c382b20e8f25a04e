//! The folder of a device: its key, its certificate, and those above it.

use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

use devicecert::fleet::osquery_policy;
use devicecert::fleet::request_certificate::Answer;
use devicecert::pki::{KeyKind, PublicKey, Time, Validity};

use crate::files::{self, FileError};
use crate::keys::{Backend, Key, write_key};

/// Where the files of one device are, or are to be.
#[derive(Clone, Debug)]
pub struct Folder(PathBuf);

/// A folder in which nobody else writes meanwhile, as far as they come this way.
#[derive(Debug)]
pub struct LockedFolder<'f> {
    folder: &'f Folder,
    _lock: File,
}

/// How it stands with the certificate that is there.
#[derive(Debug)]
pub enum Standing {
    /// There is none.
    Missing,
    /// There is a file that holds no certificate.
    Unreadable(FileError),
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
const LOCK: &str = ".lock";

impl Folder {
    /// The folder of this name, which need not be there. A relative name counts from where the
    /// program was started, and is told to osquery, which is somewhere else, as an absolute one.
    ///
    /// # Errors
    /// Names the folder.
    pub fn at(path: &Path) -> Result<Self, FileError> {
        std::path::absolute(path).map(Self).map_err(files::at(path))
    }

    /// Keeps other runs out, and makes the folder if it is not there.
    ///
    /// # Errors
    /// [`FileError::Locked`] if there is another run.
    pub fn lock(&self) -> Result<LockedFolder<'_>, FileError> {
        files::create_folder(&self.0)?;
        let lock = files::lock(&self.0.join(LOCK))?;
        Ok(LockedFolder { folder: self, _lock: lock })
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
            Err(error) => return Standing::Unreadable(error),
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
}

impl LockedFolder<'_> {
    /// The key to ask with. A new one is on disk before anything is sent, so that no certificate can
    /// come back for a key that is lost.
    ///
    /// # Errors
    /// Names the file.
    pub fn load_key(&self, key: &FolderKey, backend: Backend) -> Result<Box<dyn Key>, FileError> {
        let kind = match key {
            FolderKey::File(path) => return backend.load_file(path),
            FolderKey::Same(_) if self.folder.key().exists() => {
                return backend.load_file(&self.folder.key());
            }
            FolderKey::Same(kind) | FolderKey::New(kind) => *kind,
        };
        let path = self.new_key();
        let made = backend.generate(kind);
        let made = made.map_err(|source| FileError::Key { path: path.clone(), source })?;
        write_key(&path, &*made)?;
        Ok(made)
    }

    /// Puts what came back in place. `key` is the one that was asked with where
    /// [`load_key`](Self::load_key) took it from this folder, and `None` where it is kept elsewhere.
    ///
    /// Everything is written before anything gets its name. Then come the certificates above it, the
    /// key, and the certificate, one right after the other; whoever is interrupted between the last
    /// two has a certificate for another key, which [`standing`](Folder::standing) sees.
    ///
    /// # Errors
    /// Names the file; [`FileError::OtherKey`] if the key is not in the folder any more.
    pub fn keep(
        &self,
        answer: &Answer,
        key: Option<&PublicKey>,
        backend: Backend,
    ) -> Result<(), FileError> {
        let chain = match answer.others.as_slice() {
            [] => None,
            others => Some(files::prepare_certificates(&self.folder.chain(), others)?),
        };
        let own = std::slice::from_ref(&answer.certificate);
        let certificate = files::prepare_certificates(&self.folder.certificate(), own)?;
        let is_new = key.map(|key| self.is_new(key, backend)).transpose()?.unwrap_or(false);
        if let Some(chain) = chain {
            chain.put()?;
        }
        if is_new {
            files::rename(&self.new_key(), &self.folder.key())?;
        }
        certificate.put()
    }

    /// Whether it is the new key, and not the one that is in use.
    fn is_new(&self, key: &PublicKey, backend: Backend) -> Result<bool, FileError> {
        let current = backend.load_file(&self.folder.key());
        if current.is_ok_and(|current| current.public_key() == key) {
            return Ok(false);
        }
        let path = self.new_key();
        match backend.load_file(&path)?.public_key() == key {
            true => Ok(true),
            false => Err(FileError::OtherKey(path)),
        }
    }

    fn new_key(&self) -> PathBuf {
        self.folder.0.join(NEW_KEY)
    }
}
