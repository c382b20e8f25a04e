//! What the CA remembers, as files that a person can read.
//!
//! ```text
//! issued/SERIAL.pem           every certificate ever issued, written before anybody gets it
//! transactions/KEY/about.txt  transactionID and subject, for people
//! transactions/KEY/wanted.der what was asked for
//! transactions/KEY/status     pending | approved | rejected | issued SERIAL
//! challenges/DIGEST           which transaction used up a one-time challenge
//! ```
//!
//! Each file appears or changes as a whole, so a kill at any moment leaves a state that was true.
//! The order does the rest: a certificate is on disk before its transaction says so, and the
//! transaction says so before the reply leaves.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use devicecert::pki::algorithm::DigestAlgorithm;
use devicecert::pki::{Certificate, Error as PkiError, Provider, Secret};
use devicecert::scep::{TransactionId, TransactionKey};

use super::Wanted;
use crate::files::{self, FileError, Readers};

/// Why the store did not do what it was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// A file.
    #[error(transparent)]
    File(#[from] FileError),
    /// A value in a file, or one to be written.
    #[error(transparent)]
    Pki(#[from] PkiError),
    /// A status file says something else than this program writes.
    #[error("{}: expected pending, approved, rejected or issued SERIAL", .0.display())]
    Status(PathBuf),
    /// No transaction with this transactionID.
    #[error("no pending request has the transactionID {0}")]
    Unknown(String),
    /// Several clients use the same transactionID, which is legal.
    #[error("several pending requests have the transactionID {id}; name one of: {keys}")]
    Ambiguous {
        /// The transactionID.
        id: String,
        /// The names of their folders.
        keys: String,
    },
}

/// How a transaction stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// Waits for a person.
    Pending,
    /// A person said yes; the certificate is issued at the next poll.
    Approved,
    /// A person said no.
    Rejected,
    /// Done; the serial number of the certificate in hexadecimal digits.
    Issued(String),
}

/// A transaction in the words of a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Its folder's name.
    pub key: String,
    /// Its transactionID and subject.
    pub about: String,
    /// How it stands.
    pub status: Status,
}

/// The folder.
#[derive(Clone, Debug)]
pub struct Store {
    folder: PathBuf,
}

impl Store {
    /// Opens the store in `folder`, and makes what is missing.
    ///
    /// # Errors
    /// Names what could not be made.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        for part in ["issued", "transactions", "challenges"] {
            let path = folder.join(part);
            fs::create_dir_all(&path).map_err(files::at(&path))?;
        }
        Ok(Self { folder: folder.to_owned() })
    }

    /// Records a certificate. `false` if its serial number is taken, which asks for another one.
    ///
    /// # Errors
    /// Names the file.
    pub fn record(&self, certificate: &Certificate) -> Result<bool, StoreError> {
        let path = self.issued(&hex(certificate.serial()));
        let pem = files::certificates_to_pem(std::slice::from_ref(certificate));
        match files::create(&path, Readers::All, |file| file.write_all(pem.as_bytes())) {
            Ok(()) => Ok(true),
            Err(FileError::Io { source, .. }) if source.kind() == io::ErrorKind::AlreadyExists => {
                Ok(false)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Whether the CA issued the certificate with this serial number.
    #[must_use]
    pub fn has_issued(&self, serial: &[u8]) -> bool {
        self.issued(&hex(serial)).is_file()
    }

    /// The certificate with this serial number in hexadecimal digits.
    ///
    /// # Errors
    /// Names the file.
    pub fn certificate(&self, serial: &str) -> Result<Certificate, StoreError> {
        Ok(files::read_certificate(&self.issued(serial))?)
    }

    /// How a transaction stands, and what it asked for; `None` if it is unknown.
    ///
    /// # Errors
    /// Names the file.
    pub fn transaction(
        &self,
        key: &TransactionKey,
    ) -> Result<Option<(Status, Wanted)>, StoreError> {
        let folder = self.transaction_folder(key.as_str());
        let Some(status) = read_status(&folder)? else {
            return Ok(None);
        };
        let path = folder.join("wanted.der");
        let wanted = fs::read(&path).map_err(files::at(&path))?;
        Ok(Some((status, Wanted::from_der(&wanted)?)))
    }

    /// Files a transaction, in place of an earlier one under the same key. There is no transaction
    /// until its status is set: a kill in between leaves none, never half of each.
    ///
    /// # Errors
    /// Names the file.
    pub fn begin(
        &self,
        key: &TransactionKey,
        id: &TransactionId,
        wanted: &Wanted,
    ) -> Result<(), StoreError> {
        let folder = self.transaction_folder(key.as_str());
        fs::create_dir_all(&folder).map_err(files::at(&folder))?;
        let status = folder.join("status");
        match fs::remove_file(&status) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(files::at(&status)(error).into());
            }
            _ => {}
        }
        let about = format!("transactionID: {id}\nsubject: {}\n", wanted.subject);
        files::replace(&folder.join("about.txt"), Readers::All, |file| {
            file.write_all(about.as_bytes())
        })?;
        let wanted = wanted.to_der()?;
        files::replace(&folder.join("wanted.der"), Readers::All, |file| file.write_all(&wanted))?;
        Ok(())
    }

    /// Says how a transaction stands.
    ///
    /// # Errors
    /// Names the file.
    pub fn set_status(&self, key: &TransactionKey, status: &Status) -> Result<(), StoreError> {
        write_status(&self.transaction_folder(key.as_str()), status)
    }

    /// Uses up a one-time challenge for a transaction; `false` if another one has used it up.
    ///
    /// # Errors
    /// Names the file.
    pub fn use_challenge(
        &self,
        challenge: &Secret,
        key: &TransactionKey,
        provider: &dyn Provider,
    ) -> Result<bool, StoreError> {
        let digest = provider.digest(DigestAlgorithm::Sha256, challenge.expose())?;
        let path = self.folder.join("challenges").join(hex(&digest));
        let user = key.as_str().as_bytes();
        match files::create(&path, Readers::Owner, |file| file.write_all(user)) {
            Ok(()) => Ok(true),
            Err(FileError::Io { source, .. }) if source.kind() == io::ErrorKind::AlreadyExists => {
                Ok(fs::read(&path).map_err(files::at(&path))? == user)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Every transaction that waits for a person or for its next poll.
    ///
    /// # Errors
    /// Names the file.
    pub fn waiting(&self) -> Result<Vec<Waiting>, StoreError> {
        let folder = self.folder.join("transactions");
        let mut all = Vec::new();
        for entry in fs::read_dir(&folder).map_err(files::at(&folder))? {
            let folder = entry.map_err(files::at(&folder))?.path();
            let Some(status) = read_status(&folder)? else { continue };
            if matches!(status, Status::Pending | Status::Approved) {
                let about = files::read_text(&folder.join("about.txt"))?;
                let key = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
                all.push(Waiting { key, about, status });
            }
        }
        all.sort_by(|a, b| a.key.cmp(&b.key));
        Ok(all)
    }

    /// Decides a pending transaction, named by its transactionID or its folder.
    ///
    /// # Errors
    /// [`StoreError::Unknown`] or [`StoreError::Ambiguous`].
    pub fn decide(&self, name: &str, status: &Status) -> Result<(), StoreError> {
        let line = format!("transactionID: {name}");
        let found: Vec<Waiting> = self
            .waiting()?
            .into_iter()
            .filter(|waiting| waiting.key == name || waiting.about.lines().any(|one| one == line))
            .collect();
        match found.as_slice() {
            [] => Err(StoreError::Unknown(name.to_owned())),
            [one] => write_status(&self.transaction_folder(&one.key), status),
            several => {
                let keys: Vec<&str> = several.iter().map(|one| one.key.as_str()).collect();
                Err(StoreError::Ambiguous { id: name.to_owned(), keys: keys.join(", ") })
            }
        }
    }

    fn issued(&self, serial: &str) -> PathBuf {
        self.folder.join("issued").join(format!("{serial}.pem"))
    }

    fn transaction_folder(&self, key: &str) -> PathBuf {
        self.folder.join("transactions").join(key)
    }
}

fn read_status(folder: &Path) -> Result<Option<Status>, StoreError> {
    let path = folder.join("status");
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(files::at(&path)(error).into()),
    };
    match text.trim().split_once(' ').unwrap_or((text.trim(), "")) {
        ("pending", "") => Ok(Some(Status::Pending)),
        ("approved", "") => Ok(Some(Status::Approved)),
        ("rejected", "") => Ok(Some(Status::Rejected)),
        ("issued", serial) if serial.bytes().all(|digit| digit.is_ascii_hexdigit()) => {
            Ok(Some(Status::Issued(serial.to_owned())))
        }
        _ => Err(StoreError::Status(path)),
    }
}

fn write_status(folder: &Path, status: &Status) -> Result<(), StoreError> {
    let text = match status {
        Status::Pending => "pending\n".to_owned(),
        Status::Approved => "approved\n".to_owned(),
        Status::Rejected => "rejected\n".to_owned(),
        Status::Issued(serial) => format!("issued {serial}\n"),
    };
    let path = folder.join("status");
    Ok(files::replace(&path, Readers::All, |file| file.write_all(text.as_bytes()))?)
}

/// Hexadecimal digits, in lower case.
pub(super) fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}
