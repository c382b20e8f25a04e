//! The certificates and keys of an EST server in a folder, made when there are none.

use std::net::IpAddr;
use std::path::Path;
use std::time::{Duration, SystemTime};

use devicecert::pki::{
    Certificate, CertificateParams, Error, Extension, GeneralName, KeyKind, Secret, Time, Validity,
    from_pem, oid,
};

use crate::files::{self, FileError};
use crate::keys::{Backend, Key};
use crate::server::{Plan, SetupError, is_missing, make_ca, own_certificate, own_key};

const DAY: Duration = Duration::from_secs(86_400);

/// A CA, and the TLS server in front of it.
#[derive(Debug)]
pub struct EstFolder {
    /// The CA's certificate, the first in `ca.pem`.
    pub ca: Certificate,
    /// The CAs above it, if it is no root: the others in `ca.pem`.
    pub above: Vec<Certificate>,
    /// The CA's key, `ca.key`.
    pub ca_key: Box<dyn Key>,
    /// The TLS server's certificate, `tls.pem`, which the CA issued.
    pub tls: Certificate,
    /// The TLS server's key, `tls.key`.
    pub tls_key: Box<dyn Key>,
}

impl EstFolder {
    /// Opens the CA in `folder`, or makes what is missing there. The TLS certificate is for
    /// `localhost`, 127.0.0.1 and `address`.
    ///
    /// # Errors
    /// [`SetupError`].
    pub fn open(folder: &Path, address: IpAddr, backend: Backend) -> Result<Self, SetupError> {
        std::fs::create_dir_all(folder).map_err(files::at(folder))?;
        let ca_key = own_key(&folder.join("ca.key"), KeyKind::P256, backend)?;
        let ca_file = folder.join("ca.pem");
        if is_missing(&ca_file)? {
            files::write_certificates(&ca_file, &[make_ca(&Plan::first()?, &*ca_key, backend)?])?;
        }
        let ca = own_certificate(&ca_file, &*ca_key)?;
        let above = files::read_certificates(&ca_file)?.split_off(1);
        let tls_key = own_key(&folder.join("tls.key"), KeyKind::P256, backend)?;
        let tls_file = folder.join("tls.pem");
        if is_missing(&tls_file)? {
            let tls = make_tls(&ca, &*ca_key, &*tls_key, address, backend)?;
            files::write_certificates(&tls_file, &[tls])?;
        }
        let tls = own_certificate(&tls_file, &*tls_key)?;
        Ok(Self { ca, above, ca_key, tls, tls_key })
    }
}

/// With id-kp-cmcRA, so that clients that trust this CA alone take the server under any name
/// (RFC 7030 §3.6.1).
fn make_tls(
    ca: &Certificate,
    ca_key: &dyn Key,
    key: &dyn Key,
    address: IpAddr,
    backend: Backend,
) -> Result<Certificate, Error> {
    let now = Time::from(SystemTime::now());
    let validity = Validity { not_before: now.before(DAY), not_after: ca.validity().not_after };
    let name = "CN=devicecert example EST server,O=devicecert".parse()?;
    let public = key.public_key().clone();
    let provider = backend.provider();
    let mut params = CertificateParams::end_entity(ca, name, public, validity, provider)?;
    let loopback = IpAddr::from([127, 0, 0, 1]);
    let mut names = vec![GeneralName::Dns("localhost".to_owned()), GeneralName::Ip(loopback)];
    if address != loopback && !address.is_unspecified() {
        names.push(GeneralName::Ip(address));
    }
    let purposes = [oid::SERVER_AUTH, oid::CMC_RA];
    params.extensions.push(Extension::extended_key_usage(&purposes));
    params.extensions.push(Extension::subject_alt_name(&names, false)?);
    params.unsigned(ca.public_key())?.sign(ca_key)
}

/// A private key as PKCS #8.
///
/// # Errors
/// If the key cannot be written.
pub fn pkcs8(key: &dyn Key) -> Result<Secret, FileError> {
    let missing = || Path::new("the private key").to_owned();
    let pem = key.to_file().map_err(|source| FileError::Key { path: missing(), source })?;
    let text = String::from_utf8_lossy(pem.expose()).into_owned();
    let mut ders = from_pem("PRIVATE KEY", &text)
        .map_err(|source| FileError::Pem { path: missing(), source })?;
    Ok(Secret::new(ders.pop().unwrap_or_default()))
}
