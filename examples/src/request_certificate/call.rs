//! The call, over HTTP.

use std::io::ErrorKind;
use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use devicecert::fleet::Limits;
use devicecert::fleet::message_signature::{Error as SignatureError, HostIdentity};
use devicecert::fleet::request_certificate::{Answer, Api, Ask, AuthorityId, Error, Misuse};
use devicecert::pki::error::KeyError;
use devicecert::pki::{Error as PkiError, Provider, Secret, Time};
use http::Uri;
use ureq::tls::{Certificate as Root, RootCerts, TlsConfig};

use crate::client::{ClientError, agent_with, send};
use crate::files::{self, FileError};
use crate::keys::Key;

/// How Fleet is to know who calls.
#[derive(Debug)]
pub enum Authentication {
    /// By the API token of a user.
    Token(Secret),
    /// By the signature of a device.
    Device {
        /// The host identity certificate.
        identity: HostIdentity,
        /// Its key.
        key: Box<dyn Key>,
    },
}

/// Why there is no certificate.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CallError {
    /// Fleet, or what it sent.
    #[error(transparent)]
    Fleet(#[from] Error),
    /// The request cannot be signed.
    #[error(transparent)]
    Signature(#[from] SignatureError),
    /// The key of the host identity certificate.
    #[error(transparent)]
    Pki(#[from] PkiError),
    /// There is no chance to be had.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The network.
    #[error(transparent)]
    Network(#[from] ClientError),
    /// A token and what comes back would be readable on the way, and could be changed.
    #[error("{0}: Fleet is called over https only, or on this machine")]
    InTheClear(Api),
    /// A file.
    #[error(transparent)]
    File(#[from] FileError),
}

impl CallError {
    /// Whether the same call may go well later: Fleet, or the way to it, is not there or too busy.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Fleet(Error::Refused { status, retry_after, .. }) => {
                retry_after.is_some() || matches!(status, 408 | 429 | 500..)
            }
            Self::Network(ClientError::Http { source, .. }) => match source.downcast_ref() {
                // So rustls says that it does not believe Fleet's certificate.
                Some(ureq::Error::Io(error)) => error.kind() != ErrorKind::InvalidData,
                Some(
                    ureq::Error::Timeout(_)
                    | ureq::Error::HostNotFound
                    | ureq::Error::ConnectionFailed,
                ) => true,
                _ => false,
            },
            Self::Fleet(_)
            | Self::Signature(_)
            | Self::Pki(_)
            | Self::Key(_)
            | Self::Network(_)
            | Self::InTheClear(_)
            | Self::File(_) => false,
        }
    }
}

impl From<Misuse> for CallError {
    fn from(error: Misuse) -> Self {
        Error::from(error).into()
    }
}

/// Somebody who calls Fleet.
#[derive(Debug)]
pub struct Caller {
    agent: ureq::Agent,
    api: Api,
    authentication: Authentication,
    provider: &'static dyn Provider,
}

/// How long Fleet may take: it asks an identity provider and a CA, each for 20 seconds at most.
const PATIENCE: Duration = Duration::from_secs(90);

impl Caller {
    /// Calls `api`. `roots` is a file with the certificates that vouch for Fleet, in place of those
    /// that vouch for everybody.
    ///
    /// # Errors
    /// [`CallError::InTheClear`], [`CallError::File`].
    pub fn new(
        api: Api,
        authentication: Authentication,
        roots: Option<&Path>,
        provider: &'static dyn Provider,
    ) -> Result<Self, CallError> {
        if !is_confidential(&api) {
            return Err(CallError::InTheClear(api));
        }
        let mut tls = TlsConfig::builder();
        if let Some(roots) = roots {
            let roots = files::read_certificates(roots)?;
            let roots = roots.iter().map(|root| Root::from_der(root.as_der()).to_owned());
            tls = tls.root_certs(RootCerts::Specific(Arc::new(roots.collect())));
        }
        let agent = agent_with(PATIENCE, tls.build());
        Ok(Self { agent, api, authentication, provider })
    }

    /// Asks for a certificate.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn call(&self, ca: AuthorityId, ask: &Ask, now: Time) -> Result<Answer, CallError> {
        let request = match &self.authentication {
            Authentication::Token(token) => self.api.with_token(ca, ask, token)?,
            Authentication::Device { identity, key } => {
                let mut nonce = [0; 32];
                self.provider.random(&mut nonce)?;
                let request = self.api.unauthenticated(ca, ask)?;
                identity.unsigned(request, now, &nonce, self.provider)?.sign(&**key)?
            }
        };
        let response = send(&self.agent, request)?;
        Ok(ask.read(&response, &Limits::default())?)
    }
}

/// Whether nobody on the way can read what is sent: over TLS, or to this machine.
fn is_confidential(api: &Api) -> bool {
    let Ok(uri) = api.to_string().parse::<Uri>() else { return false };
    let host = uri.host().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
    let is_here = host == "localhost" || host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback());
    is_here || uri.scheme_str() == Some("https")
}
