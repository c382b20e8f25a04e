//! The certificates and keys of a CA in a folder, made when there are none.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use devicecert::pki::{Certificate, CertificateParams, Error as PkiError, KeyKind, Time, Validity};
use devicecert::scep::{Authority, Error};

use crate::files::{self, FileError};
use crate::keys::{Backend, Key, write_key};

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
    /// The folder was made with another set of options.
    #[error("{} has an RA: start the server with --ra", .0.display())]
    HasRa(PathBuf),
}

impl AuthorityFolder {
    /// Opens the CA in `folder`, or makes one there. A key is on disk before its certificate is,
    /// so that a kill in between leaves nothing that looks complete and is not.
    ///
    /// # Errors
    /// [`SetupError`].
    pub fn open(folder: &Path, setup: Setup) -> Result<Self, SetupError> {
        std::fs::create_dir_all(folder).map_err(files::at(folder))?;
        let backend = setup.backend;
        let (ca_file, ra_file) = (folder.join("ca.pem"), folder.join("ra.pem"));
        let (ca_key_file, ra_key_file) = (folder.join("ca.key"), folder.join("ra.key"));
        if !ca_file.exists() {
            let key = backend.generate(setup.ca_key).map_err(PkiError::from)?;
            write_key(&ca_key_file, &*key)?;
            let certificate = make_ca(&*key, backend)?;
            files::write_certificates(&ca_file, &[certificate])?;
        }
        let ca = files::read_certificate(&ca_file)?;
        let ca_key = backend.load_file(&ca_key_file)?;
        if setup.ra == Ra::None {
            return match ra_file.exists() {
                true => Err(SetupError::HasRa(folder.to_owned())),
                false => Ok(Self { authority: Authority::new(ca)?, ca_key, ra_key: None }),
            };
        }
        if !ra_file.exists() {
            let kind = KeyKind::Rsa { bits: 2048 };
            let key = backend.generate(kind).map_err(PkiError::from)?;
            write_key(&ra_key_file, &*key)?;
            let certificate = make_ra(&ca, &*ca_key, &*key, backend)?;
            files::write_certificates(&ra_file, &[certificate])?;
        }
        let ra = files::read_certificate(&ra_file)?;
        let ra_key = Some(backend.load_file(&ra_key_file)?);
        Ok(Self { authority: Authority::with_ra(ca, ra)?, ca_key, ra_key })
    }
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
