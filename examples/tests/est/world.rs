//! A server in a folder of its own, and a device.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use devicecert::est::{
    Credentials, CsrAttrs, Draft, Endpoint, Enrolment, ExplicitTrustAnchors, Issued, LinkingPolicy,
    Service,
};
use devicecert::pki::{Certificate, CertificateParams, CsrParams, KeyKind, Secret, Time, Validity};
use devicecert_examples::client::Patience;
use devicecert_examples::est::client::{self, EstError, Linking, Outcome};
use devicecert_examples::est::{
    ClientCertificates, EstCa, EstFolder, EstPolicy, Identity, Kek, Session, TlsVersions, Trust,
    pkcs8, serve, tls_config,
};
use devicecert_examples::files;
use devicecert_examples::keys::{Backend, Key, write_key};
use devicecert_examples::server::{Approval, Store};
use tempfile::TempDir;
use tokio::net::TcpListener;

pub(crate) const USER: &str = "device";
pub(crate) const PASSWORD: &str = "secret";
pub(crate) const BACKEND: Backend = Backend::Rust;
const P256: KeyKind = KeyKind::P256;
const DAY: Duration = Duration::from_secs(86_400);

/// How a server is set up.
#[derive(Clone, Copy)]
pub(crate) struct Options {
    pub(crate) clients: ClientCertificates,
    pub(crate) linking: LinkingPolicy,
    pub(crate) approval: Approval,
    pub(crate) tls: TlsVersions,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            clients: ClientCertificates::Optional,
            linking: LinkingPolicy::IfPresent,
            approval: Approval::Auto,
            tls: TlsVersions::Both,
        }
    }
}

pub(crate) struct World {
    pub(crate) folder: TempDir,
    pub(crate) ca: Certificate,
    pub(crate) address: SocketAddr,
    _runtime: tokio::runtime::Runtime,
}

impl World {
    pub(crate) fn new(options: Options) -> Self {
        Self::in_folder(tempfile::tempdir().unwrap(), options)
    }

    /// With a CA below another.
    pub(crate) fn of_two_tiers(options: Options) -> (Self, Certificate) {
        let folder = tempfile::tempdir().unwrap();
        let (root_key, key) = (BACKEND.generate(P256).unwrap(), BACKEND.generate(P256).unwrap());
        let ca = |name: &str, key: &dyn Key| {
            let now = Time::from(SystemTime::now());
            let validity = Validity::lasting(now.before(DAY), DAY * 30);
            let (name, public) = (name.parse().unwrap(), key.public_key().clone());
            CertificateParams::ca(name, public, validity, BACKEND.provider()).unwrap()
        };
        let sign = |params: CertificateParams| {
            params.unsigned(root_key.public_key()).unwrap().sign(&*root_key).unwrap()
        };
        let root: Certificate = sign(ca("CN=Root", &*root_key));
        let mut below = ca("CN=Sub", &*key);
        below.issuer = root.subject().clone();
        write_key(&folder.path().join("ca.key"), &*key).unwrap();
        let chain = [sign(below), root.clone()];
        files::write_certificates(&folder.path().join("ca.pem"), &chain).unwrap();
        (Self::in_folder(folder, options), root)
    }

    /// The same CA, set up anew.
    pub(crate) fn restarted(self, options: Options) -> Self {
        let Self { folder, _runtime, .. } = self;
        drop(_runtime);
        Self::in_folder(folder, options)
    }

    fn in_folder(folder: TempDir, options: Options) -> Self {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let loopback = SocketAddr::from(([127, 0, 0, 1], 0));
        let est = EstFolder::open(folder.path(), loopback.ip(), BACKEND).unwrap();
        let config = tls_config(&est, options.clients, options.tls, options.linking).unwrap();
        let mut service = Service::default();
        service.linking = options.linking;
        let attrs = CsrAttrs::default().require_linking();
        let ca = est.ca.clone();
        let server = EstCa {
            service,
            ca: est.ca,
            above: est.above,
            ca_key: Arc::from(est.ca_key),
            policy: EstPolicy {
                users: vec![Credentials::new(USER, PASSWORD).unwrap()],
                approval: options.approval,
                lifetime: Duration::from_secs(86_400),
                attrs: (options.linking == LinkingPolicy::Required).then_some(attrs),
                keks: vec![kek()],
                pause: Duration::from_secs(1),
            },
            store: Store::open(folder.path()).unwrap(),
            backend: BACKEND,
            busy: std::sync::Mutex::default(),
        };
        let listener = runtime.block_on(TcpListener::bind(loopback)).unwrap();
        let address = listener.local_addr().unwrap();
        runtime.spawn(serve(listener, Arc::new(config), Arc::new(server), Arc::new(|_: &str| {})));
        Self { folder, ca, address, _runtime: runtime }
    }

    pub(crate) fn endpoint(&self) -> Endpoint {
        Endpoint::new(&format!("https://localhost:{}", self.address.port())).unwrap()
    }

    pub(crate) fn trust(&self) -> Trust {
        Trust::Explicit(self.anchors())
    }

    pub(crate) fn anchors(&self) -> ExplicitTrustAnchors {
        ExplicitTrustAnchors::new(vec![self.ca.clone()])
    }

    pub(crate) fn session(&self, device: Option<&Device>, tls: TlsVersions) -> Session {
        let identity = device.map(|device| Identity {
            chain: vec![device.certificate.clone()],
            key: pkcs8(&*device.key).unwrap(),
        });
        Session::new(&self.trust(), identity, tls).unwrap()
    }

    /// A first enrolment by user and password.
    pub(crate) fn enrol(
        &self,
        name: &str,
        kind: KeyKind,
        tls: TlsVersions,
        linking: Linking,
    ) -> Result<Device, EstError> {
        let key = BACKEND.generate(kind).unwrap();
        let params = CsrParams::new(name.parse().unwrap());
        let draft = Draft::new(params, key.public_key().clone());
        let mut enrolment = Enrolment::new(self.endpoint(), draft, BACKEND.provider());
        let mut session = self.session(None, tls);
        let issued = self.run(&mut enrolment, &mut session, &[&*key], linking)?;
        Ok(Device { certificate: issued.certificate, key })
    }

    pub(crate) fn run(
        &self,
        enrolment: &mut Enrolment,
        session: &mut Session,
        keys: &[&dyn Key],
        linking: Linking,
    ) -> Result<Issued, EstError> {
        let options = enrolment.options();
        if options.credentials.is_none() {
            options.credentials = Some(Credentials::new(USER, PASSWORD).unwrap());
        }
        options.anchors = Some(self.anchors());
        options.least_pause = Duration::ZERO;
        match client::run(enrolment, session, keys, linking, Patience::Wait, |_| {})? {
            Outcome::Issued(issued) => Ok(*issued),
            Outcome::Pending => panic!("pending"),
        }
    }
}

pub(crate) struct Device {
    pub(crate) certificate: Certificate,
    pub(crate) key: Box<dyn Key>,
}

pub(crate) fn kek() -> Kek {
    Kek { name: b"kek".to_vec(), key: Secret::new(vec![9; 16]) }
}
