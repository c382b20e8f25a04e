//! A device and a server for tests, in memory.
#![allow(dead_code)]

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use devicecert_crypto_rust::{PrivateKey, RustCrypto};
use devicecert_pki::cms::Seal;
use devicecert_pki::{
    Certificate, CertificateParams, Crl, Csr, CsrParams, Decryptor, Locked, Secret, Signer, Time,
    Validity, WithPasswords,
};
use devicecert_scep::{
    Authorisation, Authority, Content, Decision, Enrolment, Error, FailInfo, Fingerprint, Message,
    MessageType, Operation, PkiStatus, Queried, Query, Refusal, Request, Step, Tolerance,
    TransactionKey, Trust,
};
use http::Response;

pub(crate) mod certificates;
pub(crate) mod keys;
pub(crate) mod pki_message;
pub(crate) mod signed;
pub(crate) mod surgery;

use certificates::{TEN_YEARS, YEAR, draft};
use pki_message::Received;

pub(crate) const NOW: Time = Time::from_unix(1_800_000_000);
pub(crate) const URL: &str = "http://ca.test/scep";
/// What [`Server::standing`] wants to hear.
pub(crate) const CHALLENGE: &str = "secret";

/// Somebody with a name and a key.
pub(crate) struct Who {
    pub(crate) name: &'static str,
    pub(crate) key: &'static PrivateKey,
}

impl Who {
    /// Somebody with a key that nobody else in this test binary has.
    pub(crate) fn new(name: &'static str) -> Self {
        Self { name, key: Box::leak(Box::new(keys::rsa())) }
    }

    pub(crate) fn device() -> Self {
        Self { name: "CN=device-1", key: &keys::DEVICE }
    }

    pub(crate) fn csr(&self, challenge: Option<&str>) -> Csr {
        let mut params = CsrParams::new(self.name.parse().unwrap());
        params.challenge_password = challenge.map(Secret::from);
        self.signed(&params)
    }

    pub(crate) fn signed(&self, params: &CsrParams) -> Csr {
        params.unsigned(self.key.public_key()).unwrap().sign(self.key).unwrap()
    }

    pub(crate) fn self_signed(&self) -> Certificate {
        draft(self.name, self.key).self_signed()
    }

    /// The start of a first enrolment with the right challenge.
    pub(crate) fn enrolment(&self, server: &Server) -> Enrolment {
        let csr = self.csr(Some(CHALLENGE));
        Enrolment::new(URL, csr, server.trust(), &RustCrypto).unwrap()
    }
}

/// A CA that keeps its state in memory.
pub(crate) struct Server {
    pub(crate) authority: Authority,
    /// Opens requests and signs replies.
    pub(crate) key: &'static PrivateKey,
    /// Issues.
    pub(crate) ca_key: &'static PrivateKey,
    pub(crate) challenge: Secret,
    pub(crate) manual: bool,
    pub(crate) approved: Cell<bool>,
    pub(crate) pending: RefCell<HashMap<TransactionKey, Csr>>,
    pub(crate) seen: RefCell<Vec<(MessageType, PkiStatus)>>,
    /// What GetCert finds, and GetCRL.
    pub(crate) issued: RefCell<Vec<Certificate>>,
    pub(crate) crl: RefCell<Option<Crl>>,
    /// Who takes over.
    pub(crate) next: Option<Box<Self>>,
    pub(crate) now: Cell<Time>,
}

impl Server {
    pub(crate) fn new(challenge: &str) -> Self {
        Self { challenge: Secret::from(challenge), ..Self::standing() }
    }

    /// A CA that answers itself.
    pub(crate) fn standing() -> Self {
        Self::of(Authority::new(root("CN=Test CA", &keys::CA)).unwrap(), &keys::CA, &keys::CA)
    }

    /// A CA with this key, and an RSA key for its RA.
    pub(crate) fn with_ra(ca_key: &'static PrivateKey) -> Self {
        Self::with_ra_key(ca_key, &keys::RA)
    }

    /// A CA with this key, and another one for its RA.
    pub(crate) fn with_ra_key(ca_key: &'static PrivateKey, ra_key: &'static PrivateKey) -> Self {
        let ca = root("CN=Test CA", ca_key);
        let ra = CertificateParams::end_entity(
            &ca,
            "CN=Test RA".parse().unwrap(),
            ra_key.public_key().clone(),
            Validity::lasting(NOW.before(YEAR), TEN_YEARS),
            &RustCrypto,
        )
        .unwrap();
        let ra = ra.unsigned(ca_key.public_key()).unwrap().sign(ca_key).unwrap();
        Self::of(Authority::with_ra(ca, ra).unwrap(), ra_key, ca_key)
    }

    /// A CA with this key that answers itself.
    pub(crate) fn with_key(key: &'static PrivateKey) -> Self {
        Self::of(Authority::new(root("CN=Test CA", key)).unwrap(), key, key)
    }

    /// Who takes over from this CA with the same name, a year after [`NOW`].
    pub(crate) fn followed_by(mut self, key: &'static PrivateKey) -> Self {
        let name = self.authority.ca().subject().clone();
        let validity = Validity::lasting(NOW.after(YEAR), TEN_YEARS);
        let public = key.public_key().clone();
        let ca = CertificateParams::ca(name, public, validity, &RustCrypto).unwrap();
        let ca = ca.unsigned(key.public_key()).unwrap().sign(key).unwrap();
        let mut authority = Authority::new(ca).unwrap();
        authority.predecessors = vec![self.authority.ca().clone()];
        let mut next = Self::of(authority, key, key);
        next.manual = self.manual;
        self.next = Some(Box::new(next));
        self
    }

    pub(crate) fn of(
        authority: Authority,
        key: &'static PrivateKey,
        ca_key: &'static PrivateKey,
    ) -> Self {
        Self {
            authority,
            key,
            ca_key,
            challenge: Secret::from(CHALLENGE),
            manual: false,
            approved: Cell::new(false),
            pending: RefCell::default(),
            seen: RefCell::default(),
            issued: RefCell::default(),
            crl: RefCell::default(),
            next: None,
            now: Cell::new(NOW),
        }
    }

    pub(crate) fn manual(mut self) -> Self {
        self.manual = true;
        self
    }

    pub(crate) fn approve(&self) {
        self.approved.set(true);
    }

    pub(crate) fn trust(&self) -> Trust {
        Trust::Fingerprint(Fingerprint::of(self.authority.ca(), &RustCrypto).unwrap())
    }

    pub(crate) fn issue(&self, csr: &Csr) -> Certificate {
        let mine = self.authority.ca().validity();
        let not_before = self.now.get().max(mine.not_before);
        let not_after = not_before.after(YEAR).min(mine.not_after);
        let certificate = CertificateParams::end_entity(
            self.authority.ca(),
            csr.subject().clone(),
            csr.public_key().clone(),
            Validity { not_before, not_after },
            &RustCrypto,
        )
        .unwrap()
        .unsigned(self.ca_key.public_key())
        .unwrap()
        .sign(self.ca_key)
        .unwrap();
        self.issued.borrow_mut().push(certificate.clone());
        certificate
    }

    /// `content` enveloped to this server.
    pub(crate) fn envelope(&self, content: &[u8]) -> Vec<u8> {
        Seal::default().envelope(content, self.authority.recipient(), &RustCrypto).unwrap()
    }

    pub(crate) fn handle(&self, request: &http::Request<Vec<u8>>) -> Response<Vec<u8>> {
        match Operation::parse(request, &Tolerance::default()).unwrap() {
            Operation::GetCaCaps { .. } => self.authority.ca_caps(),
            Operation::GetCaCert { .. } => self.authority.ca_cert(),
            Operation::PkiOperation(body) => self.answer(&body).unwrap(),
            Operation::GetNextCaCert { .. } => match &self.next {
                Some(next) => {
                    let unsigned = self.authority.next_ca_cert(&next.authority, &RustCrypto);
                    unsigned.unwrap().sign(self.ca_key).unwrap()
                }
                None => Response::builder().status(404).body(Vec::new()).unwrap(),
            },
        }
    }

    /// Answers as the CA that the message is enveloped to.
    pub(crate) fn answer(&self, body: &[u8]) -> Result<Response<Vec<u8>>, Error> {
        let message = Message::parse(body, &self.authority.limits)?;
        let next = self.next.as_deref();
        let all = [self].into_iter().chain(next);
        let addressee = message.addressee(all.map(|server| &server.authority));
        match (addressee, next) {
            (Some(authority), Some(next)) if authority.ca() == next.authority.ca() => {
                next.now.set(self.now.get());
                next.approved.set(self.approved.get());
                next.answer_itself(&message)
            }
            _ => self.answer_itself(&message),
        }
    }

    fn answer_itself(&self, message: &Message) -> Result<Response<Vec<u8>>, Error> {
        let reply = match message.verify(&self.authority, &RustCrypto) {
            Ok(locked) => {
                let passwords = [self.challenge.clone()];
                let opener = WithPasswords::new(self.key, &passwords, &RustCrypto);
                let request = locked.unlock(&opener)?;
                let decision = self.decide(&request)?;
                let reply =
                    request.reply(decision, &self.authority, &RustCrypto)?.sign(self.key)?;
                let message_type = request.transaction().message_type();
                self.seen.borrow_mut().push((message_type, reply.status()));
                reply
            }
            Err(error) => message
                .refuse(&error, &self.authority, &RustCrypto)?
                .ok_or(error)?
                .sign(self.key)?,
        };
        Ok(reply.into_http())
    }

    /// The answer to a message that can be answered, its signature checked.
    pub(crate) fn reply(&self, body: &[u8]) -> Received {
        let reply = Received::parse(self.answer(body).unwrap().body());
        let tolerance = devicecert_pki::Tolerance::STRICT;
        reply.0.verify(self.authority.signer(), &RustCrypto, &tolerance).unwrap();
        reply
    }

    /// The message after its signature was checked.
    pub(crate) fn verify(&self, body: &[u8]) -> Result<Locked<Request>, Error> {
        Message::parse(body, &self.authority.limits)?.verify(&self.authority, &RustCrypto)
    }

    /// The message after its signature was checked and its envelope opened.
    pub(crate) fn open(&self, body: &[u8]) -> Request {
        self.verify(body).unwrap().unlock(self.key).unwrap()
    }

    fn decide(&self, request: &Request) -> Result<Decision, Error> {
        let key = request.transaction().key(&RustCrypto)?;
        let refused = Decision::Refuse(Refusal::new(FailInfo::BadRequest));
        match request.content() {
            Content::Enrol(enrol) => {
                let renewal = request.renewal(&self.authority, self.now.get());
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
            Content::Poll => match self.pending.borrow().get(&key) {
                Some(csr) if self.approved.get() => {
                    let authorisation = Authorisation::by_administrator();
                    let granted = request.grant(authorisation, self.issue(csr))?;
                    Ok(match (granted, csr.challenge_password()) {
                        (Decision::Grant(grant), Some(challenge))
                            if request.transaction().is_enveloped_to_password() =>
                        {
                            Decision::Grant(grant.with_password(challenge.clone()))
                        }
                        (granted, _) => granted,
                    })
                }
                Some(_) => Ok(Decision::Defer),
                None => Ok(refused),
            },
            Content::GetCert(wanted) => {
                let issued = self.issued.borrow();
                let strict = devicecert_pki::Tolerance::STRICT;
                match issued.iter().find(|certificate| wanted.names(certificate, &strict)) {
                    Some(certificate) => request.found_certificate(certificate.clone()),
                    None => Ok(Decision::Refuse(Refusal::new(FailInfo::BadCertId))),
                }
            }
            Content::GetCrl(_) => match self.crl.borrow().clone() {
                Some(crl) => request.found_crl(crl),
                None => Ok(refused),
            },
            Content::Unreadable(_) => Ok(refused),
        }
    }
}

/// The default, and single DES and MD5.
pub(crate) fn legacy() -> Tolerance {
    let mut tolerance = Tolerance::default();
    tolerance.cms.legacy_algorithms = true;
    tolerance
}

/// A CA certificate as this project makes it.
pub(crate) fn root(name: &str, key: &PrivateKey) -> Certificate {
    CertificateParams::ca(
        name.parse().unwrap(),
        key.public_key().clone(),
        Validity::lasting(NOW.before(YEAR), TEN_YEARS),
        &RustCrypto,
    )
    .unwrap()
    .unsigned(key.public_key())
    .unwrap()
    .sign(key)
    .unwrap()
}

/// Runs an enrolment to its end; a server that wants to wait is the end, too.
pub(crate) fn drive(
    enrolment: &mut Enrolment,
    key: &PrivateKey,
    server: &Server,
) -> Result<Vec<Certificate>, Error> {
    for _ in 0..20 {
        match enrolment.step(NOW)? {
            Step::Send(request) => enrolment.received(&server.handle(&request))?,
            Step::Sign(ask) => sign(enrolment, &ask, key)?,
            Step::Decrypt(ask) => enrolment.decrypted(key.decrypt(&ask))?,
            Step::Wait(_) => return Err(waiting()),
            Step::Done(chain) => return Ok(chain),
        }
    }
    panic!("no end in sight")
}

/// Runs a query to its end.
pub(crate) fn ask<T: Queried>(
    query: &mut Query<T>,
    key: &PrivateKey,
    answer: impl Fn(&http::Request<Vec<u8>>) -> Response<Vec<u8>>,
) -> Result<T, Error> {
    for _ in 0..10 {
        match query.step(NOW)? {
            Step::Send(request) => query.received(&answer(&request))?,
            Step::Sign(ask) => {
                query.signed(&key.sign(&ask).map_err(devicecert_pki::Error::from)?)?;
            }
            Step::Decrypt(ask) => query.decrypted(key.decrypt(&ask))?,
            Step::Wait(_) => panic!("nothing to wait for"),
            Step::Done(answer) => return Ok(answer),
        }
    }
    panic!("no end in sight")
}

/// Runs an enrolment until it has a pkiMessage to send.
pub(crate) fn until_sent(
    enrolment: &mut Enrolment,
    key: &PrivateKey,
    server: &Server,
    now: Time,
) -> http::Request<Vec<u8>> {
    for _ in 0..20 {
        match enrolment.step(now).unwrap() {
            Step::Send(request) if request.uri().query().unwrap().contains("PKIOperation") => {
                return request;
            }
            Step::Send(request) => enrolment.received(&server.handle(&request)).unwrap(),
            Step::Sign(ask) => sign(enrolment, &ask, key).unwrap(),
            other => panic!("{other:?}"),
        }
    }
    panic!("no end in sight")
}

/// Lets a device make of a body, sent as the answer to its request, what it can.
pub(crate) fn receive(
    enrolment: &mut Enrolment,
    key: &PrivateKey,
    body: Vec<u8>,
) -> Result<Vec<Certificate>, Error> {
    enrolment.received(&Response::new(body))?;
    if let Step::Decrypt(ask) = enrolment.step(NOW)? {
        enrolment.decrypted(key.decrypt(&ask))?;
    }
    match enrolment.step(NOW)? {
        Step::Done(chain) => Ok(chain),
        Step::Wait(_) => Err(waiting()),
        other => panic!("{other:?}"),
    }
}

/// Whether an answer that was not believed changed nothing: the same request goes out again.
pub(crate) fn asks_again(enrolment: &mut Enrolment, request: &http::Request<Vec<u8>>) -> bool {
    match enrolment.step(NOW) {
        Ok(Step::Send(again)) => again.body() == request.body() && again.uri() == request.uri(),
        _ => false,
    }
}

fn sign(
    enrolment: &mut Enrolment,
    ask: &devicecert_pki::ToBeSigned,
    key: &PrivateKey,
) -> Result<(), Error> {
    enrolment.signed(&key.sign(ask).map_err(devicecert_pki::Error::from)?)
}

pub(crate) fn waiting() -> Error {
    devicecert_scep::error::UnacceptableReply::StillPending(0).into()
}
