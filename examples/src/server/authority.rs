//! The certificates and keys of a CA in a folder, made when there are none.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use devicecert::pki::{Certificate, CertificateParams, Error as PkiError, KeyKind, Time, Validity};
use devicecert::scep::{Authority, Error};

use super::{PermitError, StoreError};
use crate::files::{self, FileError};
use crate::keys::{Backend, Key, create_key};

const DAY: Duration = Duration::from_secs(86_400);

/// What to make where there is no CA yet.
#[derive(Clone, Copy, Debug)]
pub struct Setup {
    /// The kind of the CA's key.
    pub ca_key: KeyKind,
    /// Whether an RA receives requests and signs replies.
    pub ra: Ra,
    /// Who does the cryptography.
    pub backend: Backend,
}

/// Whether there is an RA in front of the CA.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ra {
    /// The CA answers itself.
    None,
    /// An RA with a key of its own does.
    Separate,
}

/// A CA, perhaps its RA, and their keys.
#[derive(Debug)]
pub struct AuthorityFolder {
    /// The certificates.
    pub authority: Authority,
    /// The CA's key.
    pub ca_key: Box<dyn Key>,
    /// The RA's key, where there is one.
    pub ra_key: Option<Box<dyn Key>>,
}

/// Why there is no CA to start with.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SetupError {
    /// A file.
    #[error(transparent)]
    File(#[from] FileError),
    /// A key or certificate could not be made.
    #[error(transparent)]
    Pki(#[from] PkiError),
    /// The certificates do not make a SCEP server.
    #[error(transparent)]
    Scep(#[from] Error),
    /// What the CA remembers.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The permits.
    #[error(transparent)]
    Permit(#[from] PermitError),
    /// The folder was made with another set of options.
    #[error("{} has an RA: start the server with --ra", .0.display())]
    HasRa(PathBuf),
    /// Key and certificate do not belong together.
    #[error("{}: the certificate is for another key than the one beside it", .0.display())]
    OtherKey(PathBuf),
}

impl AuthorityFolder {
    /// Opens the CA in `folder`, or makes what is missing there. A key is on disk before its
    /// certificate is, so that a kill in between leaves a key to go on with.
    ///
    /// # Errors
    /// [`SetupError`].
    pub fn open(folder: &Path, setup: Setup) -> Result<Self, SetupError> {
        std::fs::create_dir_all(folder).map_err(files::at(folder))?;
        let backend = setup.backend;
        let (ca_file, ra_file) = (folder.join("ca.pem"), folder.join("ra.pem"));
        let (ca_key_file, ra_key_file) = (folder.join("ca.key"), folder.join("ra.key"));
        let ca_key = own_key(&ca_key_file, setup.ca_key, backend)?;
        if is_missing(&ca_file)? {
            let certificate = make_ca(&*ca_key, backend)?;
            files::write_certificates(&ca_file, &[certificate])?;
        }
        let ca = own_certificate(&ca_file, &*ca_key)?;
        if setup.ra == Ra::None {
            return match is_missing(&ra_file)? {
                false => Err(SetupError::HasRa(folder.to_owned())),
                true => Ok(Self { authority: Authority::new(ca)?, ca_key, ra_key: None }),
            };
        }
        let ra_key = own_key(&ra_key_file, KeyKind::Rsa { bits: 2048 }, backend)?;
        if is_missing(&ra_file)? {
            let certificate = make_ra(&ca, &*ca_key, &*ra_key, backend)?;
            files::write_certificates(&ra_file, &[certificate])?;
        }
        let ra = own_certificate(&ra_file, &*ra_key)?;
        Ok(Self { authority: Authority::with_ra(ca, ra)?, ca_key, ra_key: Some(ra_key) })
    }
}

/// The key in a file. One that is there is never replaced: certificates may hang on it.
fn own_key(path: &Path, kind: KeyKind, backend: Backend) -> Result<Box<dyn Key>, SetupError> {
    if is_missing(path)? {
        let key = backend.generate(kind).map_err(PkiError::from)?;
        match create_key(path, &*key) {
            // Another process was faster; then it is that one's key.
            Err(error) if !error.is_taken() => return Err(error.into()),
            _ => {}
        }
    }
    Ok(backend.load_file(path)?)
}

fn own_certificate(path: &Path, key: &dyn Key) -> Result<Certificate, SetupError> {
    let certificate = files::read_certificate(path)?;
    match certificate.public_key() == key.public_key() {
        true => Ok(certificate),
        false => Err(SetupError::OtherKey(path.to_owned())),
    }
}

/// Whether there is no such file. One that cannot be seen is an error, not a reason for a new CA.
fn is_missing(path: &Path) -> Result<bool, FileError> {
    path.try_exists().map(|exists| !exists).map_err(files::at(path))
}

fn now() -> Time {
    SystemTime::now().into()
}

fn make_ca(key: &dyn Key, backend: Backend) -> Result<Certificate, PkiError> {
    let name = "CN=devicecert example CA,O=devicecert".parse()?;
    let validity = Validity::lasting(now().before(DAY), DAY.saturating_mul(3653));
    let key_copy = key.public_key().clone();
    CertificateParams::ca(name, key_copy, validity, backend.provider())?
        .unsigned(key.public_key())?
        .sign(key)
}

fn make_ra(
    ca: &Certificate,
    ca_key: &dyn Key,
    key: &dyn Key,
    backend: Backend,
) -> Result<Certificate, PkiError> {
    let name = "CN=devicecert example RA,O=devicecert".parse()?;
    let validity = Validity { not_before: now().before(DAY), not_after: ca.validity().not_after };
    let key = key.public_key().clone();
    CertificateParams::end_entity(ca, name, key, validity, backend.provider())?
        .unsigned(ca.public_key())?
        .sign(ca_key)
}
