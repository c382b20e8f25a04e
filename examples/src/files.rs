//! Files that are there as a whole or not at all, also after a crash.

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use devicecert::pki::error::KeyError;
use devicecert::pki::{Certificate, Limits, PemError, Secret, from_pem, to_pem};
use tempfile::NamedTempFile;

use crate::token::TokenError;

/// A file that cannot be read or written, by name.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FileError {
    /// The system refused.
    #[error("{}: {source}", path.display())]
    Io {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Somebody else has locked the file.
    #[error("{}: another program is at work here", .0.display())]
    Locked(PathBuf),
    /// The file is to hold a secret, and holds none.
    #[error("{}: the file is empty", .0.display())]
    Empty(PathBuf),
    /// The file holds another key than the one that was asked with.
    #[error("{}: another program has changed the key", .0.display())]
    OtherKey(PathBuf),
    /// There is a file where none may be.
    #[error("{}: there is a file of that name already", .0.display())]
    Taken(PathBuf),
    /// The file holds no usable key.
    #[error("{}: {source}", path.display())]
    Key {
        /// Which file.
        path: PathBuf,
        /// Why not.
        source: KeyError,
    },
    /// The key that the file names cannot be used.
    #[error("{}: {source}", path.display())]
    Token {
        /// Which file.
        path: PathBuf,
        /// Why not.
        source: Box<TokenError>,
    },
    /// The file holds no PEM of the wanted kind.
    #[error("{}: {source}", path.display())]
    Pem {
        /// Which file.
        path: PathBuf,
        /// Why not.
        source: PemError,
    },
    /// The file holds a damaged value.
    #[error("{}: {source}", path.display())]
    Content {
        /// Which file.
        path: PathBuf,
        /// Why not.
        source: devicecert::pki::Error,
    },
}

impl FileError {
    /// Whether a file could not be created because there is one.
    #[must_use]
    pub const fn is_taken(&self) -> bool {
        matches!(self, Self::Taken(_))
    }
}

/// Who may read a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Readers {
    /// Only its owner.
    Owner,
    /// Everybody.
    All,
}

/// Names `path` in an error of the system.
pub fn at(path: &Path) -> impl FnOnce(io::Error) -> FileError {
    move |source| FileError::Io { path: path.to_owned(), source }
}

/// Reads a text file.
///
/// # Errors
/// Names the file.
pub fn read_text(path: &Path) -> Result<String, FileError> {
    std::fs::read_to_string(path).map_err(at(path))
}

/// Reads a secret: the text of a file without the line breaks at its end. Blanks belong to it.
///
/// # Errors
/// Names the file; [`FileError::Empty`] if nothing is left.
pub fn read_secret(path: &Path) -> Result<Secret, FileError> {
    let text = Secret::from(read_text(path)?);
    let mut secret = text.expose();
    while let [before @ .., b'\r' | b'\n'] = secret {
        secret = before;
    }
    match secret.is_empty() {
        true => Err(FileError::Empty(path.to_owned())),
        false => Ok(Secret::new(secret.to_vec())),
    }
}

/// Locks a file, and makes it if it is not there. The lock ends with what is returned, or with the
/// process.
///
/// # Errors
/// [`FileError::Locked`] if somebody else has it; otherwise names the file.
pub fn lock(path: &Path) -> Result<File, FileError> {
    let mut options = File::options();
    let file = options.create(true).truncate(false).write(true).open(path).map_err(at(path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(FileError::Locked(path.to_owned())),
        Err(TryLockError::Error(source)) => Err(at(path)(source)),
    }
}

/// Reads every certificate of a PEM file.
///
/// # Errors
/// Names the file; also if it has none.
pub fn read_certificates(path: &Path) -> Result<Vec<Certificate>, FileError> {
    let ders = from_pem("CERTIFICATE", &read_text(path)?)
        .map_err(|source| FileError::Pem { path: path.to_owned(), source })?;
    ders.iter()
        .map(|der| Certificate::parse(der, &Limits::default()))
        .collect::<Result<_, _>>()
        .map_err(|source| FileError::Content { path: path.to_owned(), source })
}

/// Reads the first certificate of a PEM file.
///
/// # Errors
/// Names the file.
pub fn read_certificate(path: &Path) -> Result<Certificate, FileError> {
    read_certificates(path)?.into_iter().next().ok_or_else(|| FileError::Pem {
        path: path.to_owned(),
        source: PemError::Missing("CERTIFICATE"),
    })
}

/// Certificates in PEM armour, one after the other.
#[must_use]
pub fn certificates_to_pem(certificates: &[Certificate]) -> String {
    certificates.iter().map(|certificate| to_pem("CERTIFICATE", certificate.as_der())).collect()
}

/// Writes certificates to a PEM file.
///
/// # Errors
/// Names the file.
pub fn write_certificates(path: &Path, certificates: &[Certificate]) -> Result<(), FileError> {
    prepare_certificates(path, certificates)?.put()
}

/// Writes certificates to a PEM file that has not its name yet.
///
/// # Errors
/// Names the file.
pub fn prepare_certificates(
    path: &Path,
    certificates: &[Certificate],
) -> Result<Prepared, FileError> {
    let pem = certificates_to_pem(certificates);
    prepare(path, Readers::All, |file| io::Write::write_all(file, pem.as_bytes()))
}

/// A file that is complete and on the disk, and has not its name yet. Unless it is put in place, it
/// is removed.
#[derive(Debug)]
#[must_use]
pub struct Prepared {
    file: NamedTempFile,
    path: PathBuf,
}

impl Prepared {
    /// Gives it its name, in place of the file that may be there.
    ///
    /// # Errors
    /// Names the file.
    pub fn put(self) -> Result<(), FileError> {
        let Self { file, path } = self;
        file.persist(&path).map_err(|error| at(&path)(error.error))?;
        sync_folder(&path)
    }
}

fn prepare(
    path: &Path,
    readers: Readers,
    write: impl FnOnce(&mut File) -> io::Result<()>,
) -> Result<Prepared, FileError> {
    Ok(Prepared { file: write_temporary(path, readers, write)?, path: path.to_owned() })
}

/// Puts a file in place of the one that may be there. After a crash either the old content or the
/// new one is there, never a part.
///
/// # Errors
/// Names the file.
pub fn replace(
    path: &Path,
    readers: Readers,
    write: impl FnOnce(&mut File) -> io::Result<()>,
) -> Result<(), FileError> {
    prepare(path, readers, write)?.put()
}

/// Puts a file where none may be. Of several processes that try one gets the file, and the others
/// an error for which [`FileError::is_taken`] is true.
///
/// # Errors
/// Names the file.
pub fn create(
    path: &Path,
    readers: Readers,
    write: impl FnOnce(&mut File) -> io::Result<()>,
) -> Result<(), FileError> {
    let file = write_temporary(path, readers, write)?;
    match file.persist_noclobber(path) {
        Ok(_) => sync_folder(path),
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => {
            Err(FileError::Taken(path.to_owned()))
        }
        Err(error) => Err(at(path)(error.error)),
    }
}

/// Removes a file, if there is one.
///
/// # Errors
/// Names the file.
pub fn remove(path: &Path) -> Result<(), FileError> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(at(path)(error)),
        _ => Ok(()),
    }
}

/// Gives a folder that is complete its name, which must not be taken; or a file its name, in place of
/// the one that may be there.
///
/// # Errors
/// Names the folder or file.
pub fn rename(from: &Path, to: &Path) -> Result<(), FileError> {
    std::fs::rename(from, to).map_err(at(to))?;
    sync_folder(to)
}

/// Makes a folder and those above it, so that they survive a power failure.
///
/// # Errors
/// Names the folder.
pub fn create_folder(path: &Path) -> Result<(), FileError> {
    std::fs::create_dir_all(path).map_err(at(path))?;
    sync_folder(path)
}

/// A complete file beside `path` under a random name, which is removed unless it is persisted.
fn write_temporary(
    path: &Path,
    readers: Readers,
    write: impl FnOnce(&mut File) -> io::Result<()>,
) -> Result<NamedTempFile, FileError> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = match readers {
            Readers::Owner => 0o600,
            Readers::All => 0o644,
        };
        builder.permissions(std::fs::Permissions::from_mode(mode));
    }
    #[cfg(not(unix))]
    let _ = readers;
    let mut file = builder.tempfile_in(folder_of(path)).map_err(at(path))?;
    write(file.as_file_mut()).and_then(|()| file.as_file().sync_all()).map_err(at(path))?;
    Ok(file)
}

/// Makes the name of a file survive a power failure, not only its content.
fn sync_folder(path: &Path) -> Result<(), FileError> {
    let folder = folder_of(path);
    #[cfg(unix)]
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(at(folder))?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}
