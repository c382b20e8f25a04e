//! A device and a server for tests, in memory.
#![allow(dead_code)]

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::time::Duration;

use devicecert_crypto_rust::{PrivateKey, RustCrypto};
use devicecert_pki::{
    Certificate, CertificateParams, Csr, CsrParams, Decryptor, KeyKind, Secret, Signer, Time,
    Validity,
};
use devicecert_scep::{
    Authorisation, Authority, Content, Decision, Enrolment, Error, FailInfo, Message, MessageType,
    Operation, PkiStatus, Refusal, Request, Step, Tolerance, TransactionKey,
};
use http::Response;

pub const NOW: Time = Time::from_unix(1_800_000_000);
const YEAR: Duration = Duration::from_secs(365 * 86_400);

/// Somebody with a name and a key.
pub struct Who {
    pub name: &'static str,
    pub key: PrivateKey,
}

impl Who {
    pub fn new(name: &'static str) -> Self {
        Self { name, key: PrivateKey::generate(KeyKind::Rsa { bits: 2048 }).unwrap() }
    }

    pub fn csr(&self, challenge: Option<&str>) -> Csr {
        let mut params = CsrParams::new(self.name.parse().unwrap());
        params.challenge_password = challenge.map(Secret::from);
        params.unsigned(self.key.public_key()).unwrap().sign(&self.key).unwrap()
    }
}

/// A CA that keeps its state in memory.
pub struct Server {
    pub authority: Authority,
    pub key: PrivateKey,
    pub challenge: Secret,
    pub manual: bool,
    pub approved: Cell<bool>,
    pub pending: RefCell<HashMap<TransactionKey, Csr>>,
    pub seen: RefCell<Vec<(MessageType, PkiStatus)>>,
}

impl Server {
    pub fn new(challenge: &str) -> Self {
        let key = PrivateKey::generate(KeyKind::Rsa { bits: 2048 }).unwrap();
        let validity = Validity::lasting(NOW.before(YEAR), YEAR * 10);
        let ca = CertificateParams::ca(
            "CN=Test CA".parse().unwrap(),
            key.public_key().clone(),
            validity,
            &RustCrypto,
        )
        .unwrap()
        .unsigned(key.public_key())
        .unwrap()
        .sign(&key)
        .unwrap();
        Self {
            authority: Authority::new(ca).unwrap(),
            key,
            challenge: Secret::from(challenge),
            manual: false,
            approved: Cell::new(false),
            pending: RefCell::default(),
            seen: RefCell::default(),
        }
    }

    pub fn manual(mut self) -> Self {
        self.manual = true;
        self
    }

    pub fn approve(&self) {
        self.approved.set(true);
    }

    pub fn issue(&self, csr: &Csr) -> Certificate {
        CertificateParams::end_entity(
            self.authority.ca(),
            csr.subject().clone(),
            csr.public_key().clone(),
            Validity::lasting(NOW, YEAR),
            &RustCrypto,
        )
        .unwrap()
        .unsigned(self.key.public_key())
        .unwrap()
        .sign(&self.key)
        .unwrap()
    }

    pub fn handle(&self, request: &http::Request<Vec<u8>>) -> Response<Vec<u8>> {
        match Operation::parse(request, &Tolerance::default()).unwrap() {
            Operation::GetCaCaps { .. } => self.authority.ca_caps(),
            Operation::GetCaCert { .. } => self.authority.ca_cert(),
            Operation::PkiOperation(body) => self.answer(&body).unwrap(),
            other => panic!("{other:?}"),
        }
    }

    pub fn answer(&self, body: &[u8]) -> Result<Response<Vec<u8>>, Error> {
        let message = Message::parse(body, &self.authority.limits)?;
        let reply = match message.verify(&self.authority, &RustCrypto) {
            Ok(locked) => {
                let request = locked.unlock(&self.key)?;
                let decision = self.decide(&request)?;
                let reply =
                    request.reply(decision, &self.authority, &RustCrypto)?.sign(&self.key)?;
                let message_type = request.transaction().message_type();
                self.seen.borrow_mut().push((message_type, reply.status()));
                reply
            }
            Err(error) => message
                .refuse(&error, &self.authority, &RustCrypto)?
                .ok_or(error)?
                .sign(&self.key)?,
        };
        Ok(reply.into_http())
    }

    fn decide(&self, request: &Request) -> Result<Decision, Error> {
        let key = request.transaction().key(&RustCrypto)?;
        let refused = Decision::Refuse(Refusal::new(FailInfo::BadRequest));
        match request.content() {
            Content::Enrol(enrol) => {
                let renewal = request.renewal(&self.authority, NOW, &RustCrypto);
                let authorisation = match renewal {
                    Ok(evidence) => Some(evidence.accept()),
                    Err(_) => enrol.challenge_matches([&self.challenge]),
                };
                let Some(authorisation) = authorisation else { return Ok(refused) };
                if self.manual {
                    self.pending.borrow_mut().insert(key, enrol.csr().clone());
                    return Ok(Decision::Defer);
                }
                request.grant(authorisation, self.issue(enrol.csr()))
            }
            Content::Poll(_) => match self.pending.borrow().get(&key) {
                Some(csr) if self.approved.get() => {
                    request.grant(Authorisation::by_administrator(), self.issue(csr))
                }
                Some(_) => Ok(Decision::Defer),
                None => Ok(refused),
            },
            Content::Unsupported(_) | Content::Unreadable(_) => Ok(refused),
        }
    }
}

/// Runs an enrolment to its end; a server that wants to wait is the end, too.
pub fn drive(
    enrolment: &mut Enrolment,
    key: &PrivateKey,
    server: &Server,
) -> Result<Vec<Certificate>, Error> {
    for _ in 0..20 {
        match enrolment.step(NOW)? {
            Step::Send(request) => enrolment.received(&server.handle(&request))?,
            Step::Sign(ask) => {
                let signature = key.sign(&ask).map_err(devicecert_pki::Error::from)?;
                enrolment.signed(&signature)?;
            }
            Step::Decrypt(ask) => enrolment.decrypted(key.decrypt(&ask))?,
            Step::Wait(_) => return Err(waiting()),
            Step::Done(chain) => return Ok(chain),
        }
    }
    panic!("no end in sight")
}

pub fn waiting() -> Error {
    devicecert_scep::error::UnacceptableReply::StillPending(0).into()
}
