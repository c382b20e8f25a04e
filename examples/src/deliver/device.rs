//! A device: all that it knows of its certificate is what its profile says.

mod apple;
mod install;
mod windows;

pub use windows::Statuses;

use std::path::PathBuf;
use std::time::Duration;

use devicecert::pki::error::KeyError;
use devicecert::pki::{Certificate, Csr, CsrParams, Error as PkiError, KeyKind, Name, Secret};
use devicecert::scep::{Enrolment, Error as ScepError, Fingerprint, Trust};
use devicecert::{mobileconfig, syncml};
use http::{Request, Response};
use tokio::runtime::Handle;

use apple::host_of;

use crate::client::{self, ClientError, Outcome, Patience};
use crate::files::FileError;
use crate::keys::{Backend, Key};
use crate::proxy::Client;

/// A device.
#[derive(Clone, Debug)]
pub struct Device {
    /// What `%SerialNumber%` stands for on Apple's.
    pub serial: String,
    /// Where it installs what it gets.
    pub folder: PathBuf,
    /// Who does its cryptography.
    pub backend: Backend,
    /// Its way to the server. It logs nothing: the addresses in profiles have passcodes in them.
    pub client: Client,
    /// What the way runs on. The device itself waits, so it belongs on another thread.
    pub runtime: Handle,
}

/// What a device has installed.
#[derive(Debug)]
#[non_exhaustive]
pub struct Installed {
    /// Where: `device.pem`, `device.key` and `chain.pem`.
    pub folder: PathBuf,
    /// The certificate.
    pub certificate: Certificate,
    /// Those above it, as far as the device was told.
    pub chain: Vec<Certificate>,
}

/// Why a device did not install a certificate.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DeviceError {
    /// The profile is no property list.
    #[error("the profile: {0}")]
    Apple(#[from] mobileconfig::Error),
    /// The profile is no SyncML.
    #[error("the profile: {0}")]
    Windows(#[from] syncml::Error),
    /// There is a part of the profile that says nothing a device could do.
    #[error("the profile: expected {0}")]
    Profile(&'static str),
    /// The enrolment.
    #[error(transparent)]
    Enrolment(#[from] ClientError),
    /// The CA has not decided.
    #[error("the CA has not decided")]
    Pending,
    /// The certificate is not what was asked for.
    #[error("the certificate is {0}")]
    Certificate(&'static str),
    /// Names, keys, files in PKCS #12.
    #[error(transparent)]
    Pki(#[from] PkiError),
    /// A file.
    #[error(transparent)]
    File(#[from] FileError),
}

impl From<KeyError> for DeviceError {
    fn from(error: KeyError) -> Self {
        PkiError::from(error).into()
    }
}

impl From<ScepError> for DeviceError {
    fn from(error: ScepError) -> Self {
        ClientError::from(error).into()
    }
}

/// A SCEP enrolment, as a profile asks for it.
struct Wanted {
    url: String,
    subject: Name,
    challenge: Option<Secret>,
    bits: usize,
    /// Without one, whoever answers is believed: what Apple's devices do.
    ca: Option<Fingerprint>,
}

impl Device {
    /// Makes a key, and has it certified.
    fn enrol(
        &self,
        wanted: &Wanted,
        say: &mut dyn FnMut(&str),
    ) -> Result<(Box<dyn Key>, Vec<Certificate>), DeviceError> {
        let key = self.backend.generate(KeyKind::Rsa { bits: wanted.bits })?;
        say(&format!("the device made a key (RSA {}) and asks as {}", wanted.bits, wanted.subject));
        let mut params = CsrParams::new(wanted.subject.clone());
        if let Some(challenge) = &wanted.challenge {
            params = params.challenge(challenge.clone());
        }
        let csr: Csr = params.unsigned(key.public_key())?.sign(&*key)?;
        let trust = match &wanted.ca {
            Some(fingerprint) => Trust::Fingerprint(fingerprint.clone()),
            None => Trust::OnFirstUse,
        };
        let provider = self.backend.provider();
        let mut enrolment = Enrolment::new(&wanted.url, csr, trust, provider)?;
        enrolment.options().weakest_digest = self.backend.weakest_digest();
        let send = |request| self.send(request);
        match client::run_over(send, &mut enrolment, &[&*key], Patience::Leave, say)? {
            Outcome::Issued(chain) => Ok((key, chain)),
            Outcome::Pending => Err(DeviceError::Pending),
        }
    }

    fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, ClientError> {
        let url = host_of(&request.uri().to_string()).to_owned();
        let answer = self.runtime.block_on(self.client.send(request, PATIENCE));
        answer.map_err(|error| ClientError::Http { url, source: Box::new(error) })
    }
}

/// How long a device waits for an answer.
const PATIENCE: Duration = Duration::from_secs(60);
