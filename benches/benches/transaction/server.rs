//! One transaction as a server has it: a body comes in, a certificate is issued, a reply goes out.

use std::hint::black_box;
use std::time::Duration;

use devicecert::pki::{Certificate, CertificateParams, Csr, CsrParams, Secret, Time, Validity};
use devicecert::scep::{Authority, Content, Enrolment, Message, Reply, Step, Trust};

use crate::backends::{Backend, Key};

pub(crate) const NOW: Time = Time::from_unix(1_800_000_000);
const YEAR: Duration = Duration::from_secs(365 * 86_400);
const CHALLENGE: &str = "one-time password";

pub(crate) struct Server {
    pub(crate) backend: &'static Backend,
    pub(crate) authority: Authority,
    pub(crate) key: Box<dyn Key>,
    challenge: Secret,
    /// The device that the prepared request is from.
    pub(crate) device_key: Box<dyn Key>,
    pub(crate) csr: Csr,
    /// Its PKCSReq.
    pub(crate) body: Vec<u8>,
}

impl Server {
    pub(crate) fn new(backend: &'static Backend) -> Self {
        let key = (backend.generate)();
        let ca = CertificateParams::ca(
            "CN=Device CA,O=Example".parse().unwrap(),
            key.public_key().clone(),
            Validity::lasting(NOW.before(YEAR), YEAR * 10),
            backend.provider,
        )
        .unwrap();
        let ca = ca.unsigned(key.public_key()).unwrap().sign(&*key).unwrap();
        let device_key = (backend.generate)();
        let csr = CsrParams::new("CN=laptop-7,O=Example".parse().unwrap())
            .challenge(CHALLENGE)
            .unsigned(device_key.public_key())
            .unwrap()
            .sign(&*device_key)
            .unwrap();
        let mut server = Self {
            backend,
            authority: Authority::new(ca).unwrap(),
            key,
            challenge: Secret::from(CHALLENGE),
            device_key,
            csr,
            body: Vec::new(),
        };
        (_, server.body) = server.waiting();
        server
    }

    /// Parse, verify, unlock, decide, issue, reply, sign.
    pub(crate) fn answer(&self, body: &[u8]) -> Reply {
        let Self { authority, key, backend, .. } = self;
        let message = Message::parse(body, &authority.limits).unwrap();
        let locked = message.verify(authority, backend.provider).unwrap();
        let request = locked.unlock(&**key).unwrap();
        let Content::Enrol(enrol) = request.content() else { panic!("not opened") };
        let authorisation = enrol.challenge_matches([&self.challenge]).unwrap();
        let decision = request.grant(authorisation, self.issue(enrol.csr())).unwrap();
        request.reply(decision, authority, backend.provider).unwrap().sign(&**key).unwrap()
    }

    pub(crate) fn transaction(&self) {
        black_box(self.answer(black_box(&self.body)).into_http());
    }

    pub(crate) fn issue(&self, csr: &Csr) -> Certificate {
        let ca = self.authority.ca();
        CertificateParams::end_entity(
            ca,
            csr.subject().clone(),
            csr.public_key().clone(),
            Validity::lasting(NOW, YEAR),
            self.backend.provider,
        )
        .unwrap()
        .unsigned(ca.public_key())
        .unwrap()
        .sign(&*self.key)
        .unwrap()
    }

    /// A device's enrolment that waits for the reply to its request, and the request.
    pub(crate) fn waiting(&self) -> (Enrolment, Vec<u8>) {
        let trust = Trust::Fingerprint(
            devicecert::scep::Fingerprint::of(self.authority.ca(), self.backend.provider).unwrap(),
        );
        let csr = self.csr.clone();
        let mut enrolment =
            Enrolment::new("https://ca.example/scep", csr, trust, self.backend.repeating).unwrap();
        loop {
            match enrolment.step(NOW).unwrap() {
                Step::Send(request) => match request.uri().query() {
                    Some("operation=GetCACaps") => {
                        enrolment.received(&self.authority.ca_caps()).unwrap();
                    }
                    Some("operation=GetCACert") => {
                        enrolment.received(&self.authority.ca_cert()).unwrap();
                    }
                    _ => return (enrolment, request.into_body()),
                },
                Step::Sign(ask) => {
                    let signature = self.device_key.sign(&ask).unwrap();
                    enrolment.signed(&signature).unwrap();
                }
                other => panic!("{other:?}"),
            }
        }
    }
}
