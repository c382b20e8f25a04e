//! Everything that Fleet stands on, and a folder for the device.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use devicecert::est::{Credentials, ExplicitTrustAnchors, LinkingPolicy, Service as EstService};
use devicecert::fleet::message_signature::HostIdentity;
use devicecert::fleet::request_certificate::{Authority, EnrolledHost};
use devicecert::pki::{Certificate, CertificateParams, KeyKind, Secret, Time, Tolerance, Validity};
use devicecert::scep::{Fingerprint, Tolerance as ScepTolerance};
use devicecert_examples::est::{
    ClientCertificates, EstCa, EstFolder, EstPolicy, TlsVersions, serve as serve_est, tls_config,
};
use devicecert_examples::files::{self, Readers};
use devicecert_examples::keys::{Backend, Key, write_key};
use devicecert_examples::server::{Approval, Ca, Policy, Ra, Setup, Store, serve as serve_scep};
use http::{Request, Response, StatusCode};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use crate::fleet::{Fleet, State, service};
use crate::http_server::{Answer, serve};

pub(crate) const BACKEND: Backend = Backend::Rust;
pub(crate) const EMAIL: &str = "ada@example.com";
pub(crate) const CHALLENGE: &str = "8CE317021F690069";
/// The CAs in Fleet.
pub(crate) const EST: &str = "3";
pub(crate) const NDES: &str = "4";
pub(crate) const DIGICERT: &str = "5";

/// What the identity provider was asked, and what it answers.
pub(crate) struct IdentityProvider {
    pub(crate) asked: Vec<Request<Vec<u8>>>,
    pub(crate) answer: String,
}

pub(crate) struct World {
    pub(crate) folder: TempDir,
    pub(crate) fleet: Arc<Fleet>,
    pub(crate) idp: Arc<Mutex<IdentityProvider>>,
    pub(crate) idp_url: String,
    pub(crate) url: String,
    /// The same over TLS, and who vouches for it.
    pub(crate) tls_url: String,
    pub(crate) roots: PathBuf,
    /// The CAs behind Fleet.
    pub(crate) est_ca: Certificate,
    pub(crate) scep_ca: Certificate,
    _runtime: Runtime,
}

impl World {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let runtime = Runtime::new().unwrap();
        let (est_ca, est) = start_est(&runtime, &folder.path().join("est"));
        let (scep_ca, scep) = start_scep(&runtime, &folder.path().join("scep"));
        let (idp, idp_address) = start_idp(&runtime);
        let fleet = Arc::new(Fleet {
            state: Mutex::new(State {
                service: service(),
                authorities: vec![
                    (3, est_authority(est, "secret")),
                    (4, ndes_authority(scep)),
                    (5, Authority::Other),
                ],
                hosts: Vec::new(),
                names: Vec::new(),
                ahead: Duration::ZERO,
                log: Vec::new(),
            }),
            est: ExplicitTrustAnchors::new(vec![est_ca.clone()]),
            scep: Fingerprint::of(&scep_ca, BACKEND.provider()).unwrap(),
        });
        let answering = Arc::clone(&fleet);
        let answer: Answer = Arc::new(move |request| answering.answer(&request));
        let (roots, tls) = tls_of_fleet(&folder.path().join("tls"));
        let address = serve(&runtime, None, Arc::clone(&answer));
        let tls_address = serve(&runtime, Some(tls), answer);
        let names = vec![address.to_string(), format!("localhost:{}", tls_address.port())];
        fleet.state.lock().unwrap().names = names;
        Self {
            folder,
            fleet,
            idp,
            idp_url: format!("http://{idp_address}/oauth2/v1/introspect"),
            url: format!("http://{address}"),
            tls_url: format!("https://localhost:{}", tls_address.port()),
            roots,
            est_ca,
            scep_ca,
            _runtime: runtime,
        }
    }

    pub(crate) fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.fleet.state.lock().unwrap());
    }

    /// How the calls so far have ended.
    pub(crate) fn statuses(&self) -> Vec<u16> {
        let state = self.fleet.state.lock().unwrap();
        state.log.iter().map(|(_, status)| status.as_u16()).collect()
    }

    /// A file of the device's folder.
    pub(crate) fn out(&self, name: &str) -> PathBuf {
        self.folder.path().join("device").join(name)
    }

    pub(crate) fn certificate(&self) -> Certificate {
        files::read_certificate(&self.out("device.pem")).unwrap()
    }

    pub(crate) fn key(&self) -> Box<dyn Key> {
        BACKEND.load_file(&self.out("device.key")).unwrap()
    }

    /// What was issued is for the key in the folder, and by this CA.
    pub(crate) fn check_issued(&self, ca: &Certificate) {
        let (certificate, key) = (self.certificate(), self.key());
        assert_eq!(certificate.public_key(), key.public_key());
        certificate.is_signed_by(ca.public_key(), BACKEND.provider(), &Tolerance::STRICT).unwrap();
        assert!(!self.out("device.key.new").exists());
    }

    /// A device that Fleet knows, as files: its host identity certificate and key.
    pub(crate) fn host(&self, serial: &[u8], host: Option<EnrolledHost>) -> (PathBuf, PathBuf) {
        let (identity, certificate, key) = host_identity(serial);
        self.change(|state| state.hosts.push((identity, host)));
        let (certificate_file, key_file) =
            (self.folder.path().join("host.pem"), self.folder.path().join("host.key"));
        files::write_certificates(&certificate_file, &[certificate]).unwrap();
        write_key(&key_file, &*key).unwrap();
        (certificate_file, key_file)
    }

    pub(crate) fn write(&self, name: &str, text: &str) -> String {
        let path = self.folder.path().join(name);
        let write = |file: &mut std::fs::File| std::io::Write::write_all(file, text.as_bytes());
        files::replace(&path, Readers::Owner, write).unwrap();
        path.to_str().unwrap().to_owned()
    }
}

pub(crate) fn enrolled(username: &str) -> Option<EnrolledHost> {
    Some(EnrolledHost { idp_username: Some(username.to_owned()) })
}

pub(crate) fn host_identity(serial: &[u8]) -> (HostIdentity, Certificate, Box<dyn Key>) {
    let key = BACKEND.generate(KeyKind::P256).unwrap();
    let now = Time::from(SystemTime::now()).before(Duration::from_secs(600));
    let validity = Validity::lasting(now, Duration::from_secs(86_400));
    let name = "CN=6C3E1A".parse().unwrap();
    let public = key.public_key().clone();
    let mut params =
        CertificateParams::self_signed(name, public, validity, BACKEND.provider()).unwrap();
    params.serial = serial.to_vec();
    let certificate = params.unsigned(key.public_key()).unwrap().sign(&*key).unwrap();
    (HostIdentity::of(&certificate).unwrap(), certificate, key)
}

pub(crate) fn est_authority(url: String, password: &str) -> Authority {
    Authority::Hydrant {
        url,
        client_id: Some("fleet".to_owned()),
        client_secret: Some(Secret::from(password)),
    }
}

pub(crate) fn ndes_authority(scep_url: String) -> Authority {
    Authority::Ndes { scep_url: Some(scep_url), admin_url: None }
}

fn start_est(runtime: &Runtime, folder: &std::path::Path) -> (Certificate, String) {
    let loopback = SocketAddr::from(([127, 0, 0, 1], 0));
    let est = EstFolder::open(folder, loopback.ip(), BACKEND).unwrap();
    let (clients, linking) = (ClientCertificates::Optional, LinkingPolicy::IfPresent);
    let config = tls_config(&est, clients, TlsVersions::Both, linking).unwrap();
    let ca = est.ca.clone();
    let server = EstCa {
        service: EstService::default(),
        ca: est.ca,
        above: est.above,
        ca_key: Arc::from(est.ca_key),
        policy: EstPolicy {
            users: vec![Credentials::new("fleet", "secret").unwrap()],
            approval: Approval::Auto,
            lifetime: Duration::from_secs(365 * 86_400),
            attrs: None,
            keks: Vec::new(),
            pause: Duration::from_secs(1),
        },
        store: Store::open(folder).unwrap(),
        backend: BACKEND,
        busy: Mutex::default(),
    };
    let listener = runtime.block_on(TcpListener::bind(loopback)).unwrap();
    let port = listener.local_addr().unwrap().port();
    runtime.spawn(serve_est(listener, Arc::new(config), Arc::new(server), Arc::new(|_: &str| {})));
    (ca, format!("https://localhost:{port}/.well-known/est"))
}

/// A certificate for `localhost` from a CA of its own.
fn tls_of_fleet(folder: &std::path::Path) -> (PathBuf, rustls::ServerConfig) {
    let est = EstFolder::open(folder, [127, 0, 0, 1].into(), BACKEND).unwrap();
    let (clients, linking) = (ClientCertificates::Optional, LinkingPolicy::IfPresent);
    (folder.join("ca.pem"), tls_config(&est, clients, TlsVersions::Both, linking).unwrap())
}

fn start_scep(runtime: &Runtime, folder: &std::path::Path) -> (Certificate, String) {
    let setup = Setup {
        ca_key: KeyKind::Rsa { bits: 2048 },
        ra: Ra::None,
        backend: BACKEND,
        tolerance: ScepTolerance::default(),
    };
    let policy = Policy {
        challenges: vec![Secret::from(CHALLENGE)],
        one_time: true,
        approval: Approval::Auto,
        lifetime: Duration::from_secs(365 * 86_400),
    };
    std::fs::create_dir_all(folder).unwrap();
    let ca = Ca::open(folder, setup, policy).unwrap();
    let line = ca.generations.line(Time::from(SystemTime::now())).unwrap();
    let certificate = line.current().authority.ca().clone();
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    let address = listener.local_addr().unwrap();
    runtime.spawn(serve_scep(listener, Arc::new(ca), Arc::new(|_: &str| {})));
    (certificate, format!("http://{address}/certsrv/mscep/mscep.dll"))
}

fn start_idp(runtime: &Runtime) -> (Arc<Mutex<IdentityProvider>>, SocketAddr) {
    let answer = format!(r#"{{"active":true,"username":"{EMAIL}"}}"#);
    let idp = Arc::new(Mutex::new(IdentityProvider { asked: Vec::new(), answer }));
    let answering = Arc::clone(&idp);
    let address = serve(
        runtime,
        None,
        Arc::new(move |request| {
            let mut idp = answering.lock().unwrap();
            idp.asked.push(request);
            let mut response = Response::new(idp.answer.clone().into_bytes());
            *response.status_mut() = StatusCode::OK;
            response
        }),
    );
    (idp, address)
}
