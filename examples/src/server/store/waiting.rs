//! What a person has to decide, and what was decided.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::{Status, Store, StoreError, read_status};
use crate::files::{self, Readers};

/// What a person says of a pending request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Yes: the certificate is issued when the client asks next.
    Approved,
    /// No.
    Rejected,
}

/// A transaction in the words of a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Its folder's name.
    pub key: String,
    /// Its transactionID and subject.
    pub about: String,
    /// What was said of it already.
    pub verdict: Option<Verdict>,
}

impl Waiting {
    /// The transactionID as a person reads it.
    fn transaction_id(&self) -> Option<&str> {
        self.about.lines().next()?.strip_prefix("transactionID: ")
    }
}

impl Store {
    /// Every request that waits, and what is wrong with those that cannot be read: one damaged
    /// file must not hide the others.
    ///
    /// # Errors
    /// Names the folder.
    pub fn waiting(&self) -> Result<Vec<Result<Waiting, StoreError>>, StoreError> {
        let folders = self.transaction_folders()?;
        Ok(folders.iter().filter_map(|folder| read_waiting(folder).transpose()).collect())
    }

    /// Decides a pending request, named by its folder, or by its transactionID as it is listed. What
    /// is decided is the request that was looked up, also if another one takes its place meanwhile.
    ///
    /// Clients choose their transactionIDs, and the name of another one's folder may be among them:
    /// then the folder is meant.
    ///
    /// # Errors
    /// [`StoreError::Unknown`] or [`StoreError::Ambiguous`]; names the file that is damaged, if it
    /// may be of the transaction.
    pub fn decide(&self, name: &str, verdict: Verdict) -> Result<Waiting, StoreError> {
        let folders = self.transaction_folders()?;
        let folder = folders.iter().find(|folder| folder.file_name().is_some_and(|it| it == name));
        let one = match folder {
            Some(folder) => {
                read_waiting(folder)?.ok_or_else(|| StoreError::Unknown(name.to_owned()))?
            }
            None => self.find_waiting(name)?,
        };
        let word = match verdict {
            Verdict::Approved => "approved",
            Verdict::Rejected => "rejected",
        };
        let text = format!("{word} {}\n", digest_in(&one.about));
        let path = self.transaction_folder(&one.key).join("decision");
        files::replace(&path, Readers::All, |file| file.write_all(text.as_bytes()))?;
        Ok(Waiting { verdict: Some(verdict), ..one })
    }

    /// The only request that waits under this transactionID.
    fn find_waiting(&self, id: &str) -> Result<Waiting, StoreError> {
        let (mut found, mut damaged) = (Vec::new(), None);
        for waiting in self.waiting()? {
            match waiting {
                Ok(one) if one.transaction_id() == Some(id) => found.push(one),
                Ok(_) => {}
                Err(error) => damaged = Some(error),
            }
        }
        match (found.pop(), found.as_slice()) {
            // It may be the one that cannot be read.
            (None, _) => Err(damaged.unwrap_or_else(|| StoreError::Unknown(id.to_owned()))),
            (Some(one), []) => Ok(one),
            (Some(one), others) => {
                let mut keys: Vec<&str> = others.iter().map(|one| one.key.as_str()).collect();
                keys.push(&one.key);
                Err(StoreError::Ambiguous { id: id.to_owned(), keys: keys.join(", ") })
            }
        }
    }

    fn transaction_folders(&self) -> Result<Vec<PathBuf>, StoreError> {
        let folder = self.folder.join("transactions");
        let entries: Result<Vec<_>, _> =
            fs::read_dir(&folder).and_then(|entries| entries.map(|one| Ok(one?.path())).collect());
        let mut folders = entries.map_err(files::at(&folder))?;
        folders.sort();
        Ok(folders)
    }
}

/// `None` for a transaction that does not wait.
fn read_waiting(folder: &Path) -> Result<Option<Waiting>, StoreError> {
    if read_status(folder)? != Some(Status::Pending) {
        return Ok(None);
    }
    let about = files::read_text(&folder.join("about.txt"))?;
    let said = read_decision(folder)?;
    let verdict =
        said.filter(|(_, of)| digest_in(&about) == of.as_str()).map(|(verdict, _)| verdict);
    let key = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok(Some(Waiting { key, about, verdict }))
}

pub(super) fn read_decision(folder: &Path) -> Result<Option<(Verdict, String)>, StoreError> {
    let path = folder.join("decision");
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(files::at(&path)(error).into()),
    };
    match text.trim().split_once(' ') {
        Some(("approved", digest)) => Ok(Some((Verdict::Approved, digest.to_owned()))),
        Some(("rejected", digest)) => Ok(Some((Verdict::Rejected, digest.to_owned()))),
        _ => Err(StoreError::Decision(path)),
    }
}

/// The digest that `about.txt` gives for the request, on its last line.
fn digest_in(about: &str) -> &str {
    about.lines().next_back().and_then(|line| line.strip_prefix("digest: ")).unwrap_or_default()
}
