//! What the CA remembers, as files that a person can read.
//!
//! ```text
//! issued/SERIAL.pem             every certificate ever issued, written before anybody gets it
//! transactions/KEY/about.txt    transactionID, subject and digest of the request, for people
//! transactions/KEY/wanted.der   what was asked for
//! transactions/KEY/status       pending | rejected | issued SERIAL; only the server writes it
//! transactions/KEY/decision     approved DIGEST | rejected DIGEST; only a person writes it
//! transactions/KEY/news         a request whose outcome somebody has yet to be told; see `news`
//! challenges/DIGEST             which request used up a one-time challenge
//! revoked/SERIAL                which certificates were revoked, and why; only a person writes it
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

use super::Wanted;
use crate::files::{self, FileError, Readers};

mod waiting;

pub use waiting::{Verdict, Waiting};

use waiting::read_decision;

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
    #[error("{}: expected pending, rejected or issued SERIAL", .0.display())]
    Status(PathBuf),
    /// A decision file says something else than this program writes.
    #[error("{}: expected approved DIGEST or rejected DIGEST", .0.display())]
    Decision(PathBuf),
    /// A file about a revocation says something else than this program writes.
    #[error("{}: expected a revocation", .0.display())]
    Revocation(PathBuf),
    /// The CA has issued no certificate with this serial number.
    #[error("no certificate with the serial number {0} was issued here")]
    NotIssued(String),
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
    /// A person said no.
    Rejected,
    /// Done; the serial number of the certificate in hexadecimal digits.
    Issued(String),
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
        for part in ["issued", "transactions", "challenges", "revoked"] {
            files::create_folder(&folder.join(part))?;
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
            Err(error) if error.is_taken() => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// The certificate with this serial number in hexadecimal digits; `None` if the CA issued none.
    ///
    /// # Errors
    /// Names the file.
    pub fn find(&self, serial: &str) -> Result<Option<Certificate>, StoreError> {
        match self.issued(serial).is_file() {
            true => self.certificate(serial).map(Some),
            false => Ok(None),
        }
    }

    /// The certificate with this serial number in hexadecimal digits, which the CA issued.
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
    pub fn transaction(&self, key: &str) -> Result<Option<(Status, Wanted)>, StoreError> {
        let folder = self.transaction_folder(key);
        let Some(status) = read_status(&folder)? else {
            return Ok(None);
        };
        let path = folder.join("wanted.der");
        let wanted = fs::read(&path).map_err(files::at(&path))?;
        Ok(Some((status, Wanted::from_der(&wanted)?)))
    }

    /// Files a transaction, in place of an earlier one under the same key, of which nothing more is
    /// told. There is no transaction until its status is set: a kill in between leaves none, never
    /// half of each.
    ///
    /// # Errors
    /// Names the file.
    pub fn begin(
        &self,
        key: &str,
        id: &str,
        wanted: &Wanted,
        provider: &dyn Provider,
    ) -> Result<(), StoreError> {
        let folder = self.transaction_folder(key);
        files::create_folder(&folder)?;
        self.forget(key)?;
        self.told_news(key)?;
        let names: String = wanted.alt_names.iter().map(|name| format!("also: {name}\n")).collect();
        let digest = wanted.digest(provider)?;
        // A stranger chose it, and a person decides by what is read here.
        let id = id.escape_debug();
        let about =
            format!("transactionID: {id}\nsubject: {}\n{names}digest: {digest}\n", wanted.subject);
        files::replace(&folder.join("about.txt"), Readers::All, |file| {
            file.write_all(about.as_bytes())
        })?;
        let wanted = wanted.to_der()?;
        files::replace(&folder.join("wanted.der"), Readers::All, |file| file.write_all(&wanted))?;
        Ok(())
    }

    /// Ends a transaction, as if it had never been.
    ///
    /// # Errors
    /// Names the file.
    pub(super) fn forget(&self, key: &str) -> Result<(), StoreError> {
        for file in ["status", "decision"] {
            files::remove(&self.transaction_folder(key).join(file))?;
        }
        Ok(())
    }

    /// Says how a transaction stands.
    ///
    /// # Errors
    /// Names the file.
    pub fn set_status(&self, key: &str, status: &Status) -> Result<(), StoreError> {
        write_status(&self.transaction_folder(key), status)
    }

    /// Says by its digest which challenge a transaction is enveloped to, if to any.
    ///
    /// # Errors
    /// Names the file.
    pub(super) fn set_password(&self, key: &str, digest: Option<&str>) -> Result<(), StoreError> {
        let path = self.transaction_folder(key).join("password");
        let digest = digest.unwrap_or_default();
        Ok(files::replace(&path, Readers::Owner, |file| file.write_all(digest.as_bytes()))?)
    }

    /// What [`set_password`](Self::set_password) said.
    ///
    /// # Errors
    /// Names the file.
    pub(super) fn password(&self, key: &str) -> Result<Option<String>, StoreError> {
        let path = self.transaction_folder(key).join("password");
        match fs::read_to_string(&path) {
            Ok(digest) => Ok(Some(digest).filter(|digest| !digest.is_empty())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(files::at(&path)(error).into()),
        }
    }

    /// Uses up a one-time challenge for one request of one transaction; `false` if anything else
    /// has used it up. The same request again is a retry.
    ///
    /// # Errors
    /// Names the file.
    pub fn use_challenge(
        &self,
        challenge: &Secret,
        key: &str,
        wanted: &Wanted,
        provider: &dyn Provider,
    ) -> Result<bool, StoreError> {
        let digest = provider.digest(DigestAlgorithm::Sha256, challenge.expose())?;
        let path = self.folder.join("challenges").join(hex(&digest));
        let user = format!("{key} {}\n", wanted.digest(provider)?);
        match files::create(&path, Readers::Owner, |file| file.write_all(user.as_bytes())) {
            Ok(()) => Ok(true),
            Err(error) if error.is_taken() => Ok(files::read_text(&path)? == user),
            Err(error) => Err(error.into()),
        }
    }

    /// What a person said of a pending request; `None` if nothing, or of another request that had
    /// this transaction before.
    ///
    /// # Errors
    /// Names the file.
    pub fn verdict(
        &self,
        key: &str,
        wanted: &Wanted,
        provider: &dyn Provider,
    ) -> Result<Option<Verdict>, StoreError> {
        let digest = wanted.digest(provider)?;
        let said = read_decision(&self.transaction_folder(key))?;
        Ok(said.filter(|(_, of)| *of == digest).map(|(verdict, _)| verdict))
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(super) fn issued(&self, serial: &str) -> PathBuf {
        self.folder.join("issued").join(format!("{serial}.pem"))
    }

    pub(super) fn transaction_folder(&self, key: &str) -> PathBuf {
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
        Status::Rejected => "rejected\n".to_owned(),
        Status::Issued(serial) => format!("issued {serial}\n"),
    };
    let path = folder.join("status");
    Ok(files::replace(&path, Readers::All, |file| file.write_all(text.as_bytes()))?)
}

/// Hexadecimal digits, in lower case.
pub(crate) fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}
