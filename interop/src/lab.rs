//! One test's own folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use crate::Outcome;

/// A folder that belongs to one test and goes away with it.
///
/// `DEVICECERT_INTEROP_KEEP=1` leaves the folder behind and prints where it is: the logs of every
/// program that ran are in it.
#[derive(Debug)]
pub struct Lab {
    folder: Option<tempfile::TempDir>,
    root: PathBuf,
    programs: AtomicU32,
}

impl Lab {
    /// Makes the folder.
    ///
    /// # Errors
    /// When the temporary folder of this machine is not writable.
    pub fn new(test: &str) -> Outcome<Self> {
        // Short and under the system's temporary folder: certmonger's socket lives in here, and the
        // path of a Unix socket is limited to 107 bytes.
        let folder = tempfile::Builder::new().prefix("devicecert-").tempdir()?;
        let root = folder.path().to_owned();
        if std::env::var_os("DEVICECERT_INTEROP_KEEP").is_none() {
            return Ok(Self { folder: Some(folder), root, programs: AtomicU32::new(0) });
        }
        let root = folder.keep();
        fs::write(root.join("TEST"), test)?;
        Ok(Self { folder: None, root, programs: AtomicU32::new(0) })
    }

    /// A path in this test's folder.
    #[must_use]
    pub fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// A new folder in this test's folder.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn folder(&self, name: &str) -> Outcome<PathBuf> {
        let path = self.path(name);
        fs::create_dir_all(&path)?;
        Ok(path)
    }

    /// Writes a file into this test's folder.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> Outcome<PathBuf> {
        let path = self.path(name);
        fs::write(&path, content)?;
        Ok(path)
    }

    /// The folder itself.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Whether the folder stays after the test.
    #[must_use]
    pub fn is_kept(&self) -> bool {
        self.folder.is_none()
    }

    /// A file stem for the output of the next program.
    pub(crate) fn next_log(&self, program: &str) -> PathBuf {
        let number = self.programs.fetch_add(1, Ordering::Relaxed);
        self.root.join(format!("log-{number:03}-{program}"))
    }
}
