//! The folder of an EST client: its key and certificate, and whom it believes.

use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use devicecert::est::{CaCertificates, Error, Issued};
use devicecert::pki::{Certificate, Time, to_pem};

use crate::client::IdentityFiles;
use crate::files::{self, FileError, Readers};
use crate::keys::{Backend, Key, write_key};

/// What came with the certificate. It is of use to those who have to show it; it is not believed.
const CHAIN: &str = "chain.pem";
const ANCHORS: &str = "ca.pem";
const INTERMEDIATES: &str = "intermediates.pem";

/// The folder of a device.
#[derive(Clone, Debug)]
pub struct DeviceFolder(PathBuf);

/// Why the folder does not have what was issued.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DeviceFolderError {
    /// A file.
    #[error(transparent)]
    File(#[from] FileError),
    /// The generated key.
    #[error(transparent)]
    Est(#[from] Error),
    /// The generated key is encrypted with a password that nobody has said.
    #[error("the key came under a password")]
    Password,
}

impl DeviceFolder {
    /// The folder of this name, made if it is not there.
    ///
    /// # Errors
    /// Names the folder.
    pub fn open(path: &Path) -> Result<Self, FileError> {
        files::create_folder(path)?;
        Ok(Self(path.to_owned()))
    }

    /// The device's certificate.
    #[must_use]
    pub fn certificate(&self) -> PathBuf {
        self.identity().certificate
    }

    /// Its key and certificate.
    fn identity(&self) -> IdentityFiles {
        IdentityFiles::named(&self.0, "device")
    }

    /// The trust anchors.
    #[must_use]
    pub fn anchors(&self) -> PathBuf {
        self.0.join(ANCHORS)
    }

    /// Keeps the key of a request. To be called before anything is sent, so that no certificate
    /// can come back for a key that is lost.
    ///
    /// # Errors
    /// Names the file.
    pub fn keep_new_key(&self, key: &dyn Key) -> Result<(), FileError> {
        write_key(&self.identity().new_key, key)
    }

    /// The key of a request that has no certificate yet.
    ///
    /// # Errors
    /// Names the file.
    pub fn new_key(&self, backend: Backend) -> Result<Box<dyn Key>, FileError> {
        backend.load_file(&self.identity().new_key)
    }

    /// Keeps what `/cacerts` said: whom to believe from now on, and, in another file, the CAs below,
    /// which are believed only as far as one of the former vouches for them (RFC 7030 §4.1.3).
    ///
    /// # Errors
    /// Names the file.
    pub fn write_ca(&self, found: &CaCertificates, now: Time) -> Result<(), FileError> {
        let intermediates: Vec<_> = found.intermediates().cloned().collect();
        write_or_remove(&self.0.join(INTERMEDIATES), &intermediates)?;
        files::write_certificates(&self.anchors(), found.explicit_trust(now).certificates())
    }

    /// Keeps a certificate, what came with it, and its key. Trust anchors stay as they are.
    ///
    /// # Errors
    /// [`DeviceFolderError`].
    pub fn write_issued(&self, issued: &Issued) -> Result<(), DeviceFolderError> {
        write_or_remove(&self.0.join(CHAIN), &issued.chain)?;
        let Some(generated) = &issued.key else {
            return Ok(self.write_certificate(&issued.certificate)?);
        };
        files::write_certificates(&self.certificate(), std::slice::from_ref(&issued.certificate))?;
        let pkcs8 = generated.to_pkcs8(issued.certificate.public_key())?;
        let pkcs8 = pkcs8.ok_or(DeviceFolderError::Password)?;
        let pem = to_pem("PRIVATE KEY", pkcs8.expose());
        let key = self.identity().key;
        Ok(files::replace(&key, Readers::Owner, |file| file.write_all(pem.as_bytes()))?)
    }

    /// Keeps a certificate for the new key, which becomes the key.
    ///
    /// # Errors
    /// Names the file.
    pub fn write_certificate(&self, certificate: &Certificate) -> Result<(), FileError> {
        self.identity().put(std::slice::from_ref(certificate))
    }

    /// The CAs below those in a file of trust anchors, from the file beside it if there is one.
    ///
    /// # Errors
    /// Names the file.
    pub fn intermediates_beside(anchors: &Path) -> Result<Vec<Certificate>, FileError> {
        let path = anchors.with_file_name(INTERMEDIATES);
        match path.try_exists().map_err(files::at(&path))? {
            true => files::read_certificates(&path),
            false => Ok(Vec::new()),
        }
    }
}

/// A file that was left over would tell of another certificate.
fn write_or_remove(path: &Path, certificates: &[Certificate]) -> Result<(), FileError> {
    if !certificates.is_empty() {
        return files::write_certificates(path, certificates);
    }
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(files::at(path)(error)),
        _ => Ok(()),
    }
}
