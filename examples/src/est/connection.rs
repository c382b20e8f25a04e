//! On the command line: who the client is, and whom it believes.

use std::path::PathBuf;

use devicecert::est::{ExplicitTrustAnchors, ImplicitTrustAnchors};
use devicecert::pki::Certificate;

use super::{DeviceFolder, Identity, Session, SessionError, TlsVersions, Trust, pkcs8};
use crate::files::{self, FileError};
use crate::keys::{Backend, Key};

/// Both ends of TLS.
#[derive(Clone, Debug, clap::Args)]
pub struct Connection {
    /// The certificate to authenticate with in TLS, and to renew
    #[arg(long, requires = "key")]
    cert: Option<PathBuf>,
    /// The key of --cert
    #[arg(long, requires = "cert")]
    key: Option<PathBuf>,
    /// A file with certificates of CAs that vouch for servers of any kind
    #[arg(long, value_name = "FILE")]
    ca: Option<PathBuf>,
    /// A file with certificates of the CA itself, such as the ca.pem of an earlier run. An
    /// intermediates.pem beside it is read as well, but not believed
    #[arg(long, value_name = "FILE", conflicts_with = "ca")]
    explicit_ta: Option<PathBuf>,
    /// The versions of TLS that are offered
    #[arg(long, value_enum, default_value_t)]
    tls: TlsVersions,
}

/// A certificate that can be renewed, and its key.
#[derive(Debug)]
pub struct Renewable {
    /// The certificate.
    pub certificate: Certificate,
    /// The key.
    pub key: Box<dyn Key>,
}

/// Why there is no connection to be had.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConnectionError {
    /// A file.
    #[error(transparent)]
    File(#[from] FileError),
    /// TLS.
    #[error(transparent)]
    Session(#[from] SessionError),
}

impl Connection {
    /// Whom to believe; `None` if nobody was named.
    ///
    /// # Errors
    /// Names the file.
    pub fn trust(&self) -> Result<Option<Trust>, FileError> {
        Ok(match (&self.explicit_ta, &self.ca) {
            (Some(file), _) => {
                let anchors = files::read_certificates(file)?;
                Some(Trust::Explicit(ExplicitTrustAnchors::new(anchors)))
            }
            (None, Some(file)) => {
                let anchors = files::read_certificates(file)?;
                Some(Trust::Implicit(ImplicitTrustAnchors::new(anchors)))
            }
            (None, None) => None,
        })
    }

    /// The CAs below the explicit anchors, as far as they are known.
    ///
    /// # Errors
    /// Names the file.
    pub fn intermediates(&self) -> Result<Vec<Certificate>, FileError> {
        let beside = self.explicit_ta.as_deref().map(DeviceFolder::intermediates_beside);
        Ok(beside.transpose()?.unwrap_or_default())
    }

    /// The certificate to renew, and its key; `None` if they were not named.
    ///
    /// # Errors
    /// Names the file.
    pub fn renewable(&self, backend: Backend) -> Result<Option<Renewable>, FileError> {
        Ok(match (&self.cert, &self.key) {
            (Some(cert), Some(key)) => {
                let certificate = files::read_certificate(cert)?;
                Some(Renewable { certificate, key: backend.load_file(key)? })
            }
            _ => None,
        })
    }

    /// A session with a server that `trust` vouches for.
    ///
    /// # Errors
    /// [`ConnectionError`].
    pub fn session(&self, trust: &Trust, backend: Backend) -> Result<Session, ConnectionError> {
        let identity = match (&self.cert, &self.key) {
            (Some(cert), Some(key)) => {
                let chain = files::read_certificates(cert)?;
                Some(Identity { chain, key: pkcs8(&*backend.load_file(key)?)? })
            }
            _ => None,
        };
        Ok(Session::new(trust, identity, self.tls)?)
    }
}
