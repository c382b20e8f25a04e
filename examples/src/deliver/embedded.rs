//! CAs to try everything with: on 127.0.0.1, each behind an address of its own.

use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use devicecert::ca::{Credentials, InvalidSetting, digicert, ndes, smallstep};
use devicecert::delivery::{Authorities, CustomScep, EstCa, Ndes};
use devicecert::est::Credentials as EstCredentials;
use devicecert::est::{LinkingPolicy, Service};
use devicecert::pki::algorithm::DigestAlgorithm;
use devicecert::pki::{Certificate, KeyKind, Secret};
use devicecert::scep::{Fingerprint, Tolerance};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use super::fake;
use super::outstanding::Outstanding;
use crate::clock::Clock;
use crate::est::{self, ClientCertificates, EstFolder, EstPolicy, SessionError, TlsVersions};
use crate::files;
use crate::keys::Backend;
use crate::listen::Log;
use crate::server::{
    Approval, Ca, Plan, Policy, Ra, Setup, SetupError, Store, StoreError, make_ca, own_key, serve,
};

const API_TOKEN: &str = "01_embedded-api-token";
const NDES_PASSWORD: &str = "embedded-ndes-password";
const SMALLSTEP_PASSWORD: &str = "embedded-smallstep-password";
const EST_PASSWORD: &str = "embedded-est-password";
const CHALLENGE: &str = "embedded-wifi-challenge";

/// Everything secret that the embedded CAs are configured with.
pub const SECRETS: [&str; 5] =
    [API_TOKEN, NDES_PASSWORD, SMALLSTEP_PASSWORD, EST_PASSWORD, CHALLENGE];

const DAY: Duration = Duration::from_secs(86_400);
const YEAR: Duration = Duration::from_secs(365 * 86_400);

/// The CAs, until this is dropped.
#[derive(Debug)]
pub struct Embedded {
    /// What a server that uses them has configured.
    pub authorities: Authorities,
    /// The EST CA's certificate, which its TLS leads to.
    pub est_ca: Certificate,
    /// The certificate of the CA behind NDES, Smallstep and the custom SCEP CA.
    pub scep_ca: Certificate,
    /// The certificate of the CA that plays DigiCert.
    pub digicert_ca: Certificate,
    _folder: TempDir,
}

/// Why they do not stand.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EmbeddedError {
    /// A CA.
    #[error(transparent)]
    Setup(#[from] SetupError),
    /// Its memory.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Its TLS.
    #[error(transparent)]
    Tls(#[from] SessionError),
    /// A folder, or an address to listen on.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// A file.
    #[error(transparent)]
    File(#[from] files::FileError),
    /// A setting.
    #[error(transparent)]
    Setting(#[from] InvalidSetting),
    /// A name, key or URL.
    #[error(transparent)]
    Other(#[from] devicecert::Error),
}

impl From<devicecert::pki::Error> for EmbeddedError {
    fn from(error: devicecert::pki::Error) -> Self {
        Self::Other(error.into())
    }
}

impl From<devicecert::ca::Misuse> for EmbeddedError {
    fn from(error: devicecert::ca::Misuse) -> Self {
        Self::Other(error.into())
    }
}

impl From<devicecert::est::Error> for EmbeddedError {
    fn from(error: devicecert::est::Error) -> Self {
        Self::Other(error.into())
    }
}

impl From<devicecert::pki::error::KeyError> for EmbeddedError {
    fn from(error: devicecert::pki::error::KeyError) -> Self {
        devicecert::pki::Error::from(error).into()
    }
}

impl Embedded {
    /// Writes the certificates of the CAs into a folder, for who is to trust their devices: a RADIUS
    /// server, a VPN.
    ///
    /// # Errors
    /// Names the file that cannot be written.
    pub fn write_certificates(&self, folder: &Path) -> Result<(), files::FileError> {
        files::create_folder(folder)?;
        let all = [("scep", &self.scep_ca), ("digicert", &self.digicert_ca), ("est", &self.est_ca)];
        for (name, ca) in all {
            let file = folder.join(name).with_extension("pem");
            files::write_certificates(&file, std::slice::from_ref(ca))?;
        }
        Ok(())
    }

    /// Starts them. `server_url` is where devices reach the proxy.
    ///
    /// # Errors
    /// [`EmbeddedError`].
    pub fn start(
        runtime: &Runtime,
        server_url: devicecert::ca::Url,
        backend: Backend,
        clock: &Clock,
        log: &Log,
    ) -> Result<Self, EmbeddedError> {
        let folder = tempfile::tempdir()?;
        let outstanding = Outstanding::default();
        let provider = backend.provider();
        let mut authorities = Authorities::new(server_url);

        let ca = scep_ca(&folder.path().join("scep"), backend, clock, outstanding.clone())?;
        let scep_ca = ca.generations.line(clock.now())?.current().authority.ca().clone();
        let (listener, address) = listen(runtime)?;
        runtime.spawn(serve(listener, Arc::new(ca), Arc::clone(log)));
        let scep_url = format!("http://{address}/scep");
        let custom = CustomScep::new("WIFI".parse()?, scep_url.parse()?, CHALLENGE);
        authorities.custom_scep(custom)?;

        let credentials = Credentials::new(r"EXAMPLE\svc-ndes", NDES_PASSWORD);
        let page = fake::ndes::Ndes {
            credentials: credentials.clone(),
            outstanding: outstanding.clone(),
            provider,
        };
        let (listener, address) = listen(runtime)?;
        runtime.spawn(fake::serve(listener, Arc::clone(log), move || page.begin()));
        let admin_url = format!("http://{address}/certsrv/mscep_admin/");
        let settings = ndes::Settings::new(&scep_url, admin_url, credentials);
        authorities.ndes(Ndes::Microsoft(settings.account().map_err(first)?))?;

        let credentials = Credentials::new("fleet", SMALLSTEP_PASSWORD);
        let webhook =
            fake::smallstep::Smallstep { credentials: credentials.clone(), outstanding, provider };
        let (listener, address) = listen(runtime)?;
        let webhook = fake::each(move |request| webhook.answer(request));
        runtime.spawn(fake::serve(listener, Arc::clone(log), webhook));
        let challenge_url = format!("http://{address}/webhook/challenge");
        let settings = smallstep::Settings::new("STEP", &scep_url, challenge_url, credentials);
        authorities.smallstep(settings.account().map_err(first)?)?;

        let digicert_ca = digicert(runtime, backend, clock, log, &mut authorities)?;
        let (est, est_ca) = est_ca(runtime, &folder.path().join("est"), backend, log)?;
        authorities.est(est)?;
        Ok(Self { authorities, est_ca, scep_ca, digicert_ca, _folder: folder })
    }

    /// What Windows knows the SCEP CA by.
    ///
    /// # Errors
    /// None for a backend that knows SHA-1.
    pub fn thumbprint(&self, backend: Backend) -> Result<Fingerprint, EmbeddedError> {
        let digest = backend.provider().digest(DigestAlgorithm::Sha1, self.scep_ca.as_der())?;
        let digest = <[u8; 20]>::try_from(digest).unwrap_or_default();
        Ok(Fingerprint::sha1(digest))
    }
}

fn listen(runtime: &Runtime) -> Result<(TcpListener, std::net::SocketAddr), std::io::Error> {
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

/// The settings here have nothing wrong in them; if they had, this would be it.
fn first(wrong: Vec<InvalidSetting>) -> InvalidSetting {
    wrong.into_iter().next().unwrap_or(InvalidSetting::NoCa)
}

/// A CA that is as old as the clock says, with one challenge that is always the same, and those that
/// were handed out.
fn scep_ca(
    folder: &Path,
    backend: Backend,
    clock: &Clock,
    outstanding: Outstanding,
) -> Result<Ca, EmbeddedError> {
    let ca_key = KeyKind::Rsa { bits: 2048 };
    files::create_folder(folder)?;
    let key = own_key(&folder.join("ca.key"), ca_key, backend)?;
    let plan = Plan { not_before: clock.now().before(DAY), ..Plan::first()? };
    files::write_certificates(&folder.join("ca.pem"), &[make_ca(&plan, &*key, backend)?])?;
    let setup = Setup { ca_key, ra: Ra::None, backend, tolerance: Tolerance::default() };
    let policy = Policy {
        challenges: vec![Secret::from(CHALLENGE)],
        one_time: false,
        approval: Approval::Auto,
        lifetime: YEAR,
    };
    let mut ca = Ca::open(folder, setup, policy)?;
    ca.judge = Some(Box::new(outstanding));
    ca.clock = clock.clone();
    Ok(ca)
}

fn digicert(
    runtime: &Runtime,
    backend: Backend,
    clock: &Clock,
    log: &Log,
    authorities: &mut Authorities,
) -> Result<Certificate, EmbeddedError> {
    let mut settings = digicert::Settings::new("CORP", "");
    settings.api_token = Secret::from(API_TOKEN);
    settings.profile_id = "cc80e3d1-3b52-4a1f-9a4b-2b9f3c8e1d40".into();
    settings.certificate_common_name = "$FLEET_VAR_HOST_HARDWARE_SERIAL".into();
    settings.certificate_seat_id = "$FLEET_VAR_HOST_END_USER_EMAIL_IDP".into();
    settings.certificate_user_principal_names = vec!["$FLEET_VAR_HOST_END_USER_EMAIL_IDP".into()];
    let ca_key = backend.generate(KeyKind::P256)?;
    let ca = "CN=devicecert example instead of DigiCert,O=devicecert".parse()?;
    let plan = Plan { ca, not_before: clock.now().before(DAY), ..Plan::first()? };
    let ca = make_ca(&plan, &*ca_key, backend)?;
    let account = fake::digicert::DigiCert {
        api_token: settings.api_token.clone(),
        profile_id: settings.profile_id.clone(),
        ca: ca.clone(),
        ca_key,
        lifetime: YEAR,
        clock: clock.clone(),
        provider: backend.provider(),
    };
    let (listener, address) = listen(runtime)?;
    let account = fake::each(move |request| account.answer(request));
    runtime.spawn(fake::serve(listener, Arc::clone(log), account));
    settings.url = format!("http://{address}");
    authorities.digicert(settings.account().map_err(first)?)?;
    Ok(ca)
}

fn est_ca(
    runtime: &Runtime,
    folder: &Path,
    backend: Backend,
    log: &Log,
) -> Result<(EstCa, Certificate), EmbeddedError> {
    let linking = LinkingPolicy::IfPresent;
    let folder_of_ca = EstFolder::open(folder, IpAddr::from([127, 0, 0, 1]), backend)?;
    let config =
        est::tls_config(&folder_of_ca, ClientCertificates::Optional, TlsVersions::Both, linking)?;
    let certificate = folder_of_ca.ca.clone();
    let server = est::EstCa {
        service: Service::default(),
        ca: folder_of_ca.ca,
        above: folder_of_ca.above,
        ca_key: Arc::from(folder_of_ca.ca_key),
        policy: EstPolicy {
            users: vec![EstCredentials::new("client", EST_PASSWORD)?],
            approval: Approval::Auto,
            lifetime: YEAR,
            attrs: None,
            keks: Vec::new(),
            pause: DAY,
        },
        store: Store::open(folder)?,
        backend,
        busy: std::sync::Mutex::default(),
    };
    let (listener, address) = listen(runtime)?;
    runtime.spawn(est::serve(listener, Arc::new(config), Arc::new(server), Arc::clone(log)));
    let url = format!("https://{address}/.well-known/est");
    let ca = EstCa::hydrant("LINUX".parse()?, &url, "client", EST_PASSWORD)?;
    Ok((ca, certificate))
}
