//! Who gets a certificate over EST.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use devicecert::est::cmc::{FailInfo, FullRequest, PkiResponse, Status as CmcStatus, StatusInfo};
use devicecert::est::error::InvalidRequest;
use devicecert::est::{
    Authorisation, Authorization, Call, Challenge, Client, Credentials, CsrAttrs, Decision, Enrol,
    EnvelopeKey, Error, GenerateKey, NoRenewal, Operation, Refusal, RenewalEvidence, Request,
    Service, WantedProtection,
};
use devicecert::pki::algorithm::DigestAlgorithm;
use devicecert::pki::{Certificate, Error as PkiError, KeyKind, Provider, PublicKey};
use http::{Response, StatusCode};

use super::folder::pkcs8;
use super::http::TlsFacts;
use super::kek::Kek;
use crate::keys::{Backend, Key};
use crate::server::{Approval, Status, Store, StoreError, Verdict, Wanted, hex};

/// The rules of a CA.
#[derive(Clone, Debug)]
pub struct EstPolicy {
    /// Who may ask. Without any, only a certificate of this CA or a person's word will do.
    pub users: Vec<Credentials>,
    /// Whether a person has to say yes.
    pub approval: Approval,
    /// How long certificates last.
    pub lifetime: Duration,
    /// What requests have to look like.
    pub attrs: Option<CsrAttrs>,
    /// The keys that generated keys can be encrypted with.
    pub keks: Vec<Kek>,
    /// How long a client is told to wait for a person.
    pub pause: Duration,
}

/// A CA with its keys, its rules and its memory.
#[derive(Debug)]
pub struct EstCa {
    /// How requests are read.
    pub service: Service,
    /// The CA's certificate.
    pub ca: Certificate,
    /// The CAs above it, if it is no root: `/cacerts` hands them out, too.
    pub above: Vec<Certificate>,
    /// The CA's key.
    pub ca_key: Arc<dyn Key>,
    /// The rules.
    pub policy: EstPolicy,
    /// The memory.
    pub store: Store,
    /// The cryptography.
    pub backend: Backend,
    /// One request is decided at a time.
    pub busy: Mutex<()>,
}

/// Why a request was not decided.
#[derive(Debug, thiserror::Error)]
enum AnswerError {
    #[error(transparent)]
    Est(#[from] Error),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Key(#[from] crate::files::FileError),
}

impl From<PkiError> for AnswerError {
    fn from(error: PkiError) -> Self {
        Error::from(error).into()
    }
}

impl EstCa {
    /// Answers one HTTP request. `log` is told what was decided and why, without secrets.
    pub fn answer<B: AsRef<[u8]>>(
        &self,
        request: &http::Request<B>,
        tls: &TlsFacts,
        log: &dyn Fn(&str),
    ) -> Response<Vec<u8>> {
        let call = match self.service.route(request) {
            Ok(call) => call,
            Err(error) => {
                log(&format!("refused: {error}"));
                return self.service.refuse(&error);
            }
        };
        let operation = call.operation();
        match self.answer_call(&call, request, tls) {
            Ok(response) => {
                log(&format!("{operation}: {}", response.status()));
                response
            }
            Err(AnswerError::Est(error)) => {
                log(&format!("{operation}: {error}"));
                call.refuse_error(&error)
            }
            Err(error) => {
                log(&format!("{operation}: {error}"));
                let failed = Refusal::new(StatusCode::INTERNAL_SERVER_ERROR);
                failed.map_or_else(|error| call.refuse_error(&error), |no| call.refuse(&no))
            }
        }
    }

    fn answer_call<B: AsRef<[u8]>>(
        &self,
        call: &Call<'_>,
        request: &http::Request<B>,
        tls: &TlsFacts,
    ) -> Result<Response<Vec<u8>>, AnswerError> {
        let client = self.authenticate(call.operation(), request, tls)?;
        let read = call.read(request, &client, self.provider())?;
        let _guard = self.busy.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(match read {
            Request::CaCerts => call.ca_certs([&self.ca].into_iter().chain(&self.above)),
            Request::CsrAttrs => call.csr_attrs(self.policy.attrs.as_ref()),
            Request::Enrol(enrol) => call.reply(&self.decide(&enrol)?)?,
            Request::GenerateKey(generate) => call.reply(&self.generate(&generate)?)?,
            Request::FullCmc(full) => self.full_cmc(call, &full, &client)?,
            _ => call.refuse(&Refusal::new(StatusCode::NOT_IMPLEMENTED)?),
        })
    }

    fn provider(&self) -> &'static dyn Provider {
        self.backend.provider()
    }

    /// Who asks. CA certificates and CSR attributes are for everybody (RFC 7030 §4.1, §4.5).
    fn authenticate<B>(
        &self,
        operation: Operation,
        request: &http::Request<B>,
        tls: &TlsFacts,
    ) -> Result<Client, Error> {
        let mut client = Client::default();
        client.certificate.clone_from(&tls.certificate);
        client.binding.clone_from(&tls.binding);
        let given = Authorization::read(request.headers(), &self.service.limits)?;
        if let Some(Authorization::Basic(given)) = given {
            // All are compared, whichever fits.
            let found = self.policy.users.iter().fold(false, |found, known| {
                found | (known.user() == given.user() && known.password() == given.password())
            });
            client.user = found.then(|| given.user().to_owned());
        }
        let is_open = matches!(operation, Operation::CaCerts | Operation::CsrAttrs);
        let asks_a_person =
            self.policy.approval == Approval::Manual && self.policy.users.is_empty();
        match is_open || asks_a_person || client.user.is_some() || client.certificate.is_some() {
            true => Ok(client),
            false => {
                let challenge = Challenge::basic("devicecert")?;
                Err(Refusal::unauthorised(vec![challenge]).into())
            }
        }
    }

    fn decide(&self, enrol: &Enrol) -> Result<Decision, AnswerError> {
        let mut wanted = Wanted::of(enrol.csr())?;
        let changes = enrol.changes();
        if let Some(changes) = changes {
            wanted.subject = changes.subject().unwrap_or(&wanted.subject).clone();
            if !changes.subject_alt().is_empty() {
                wanted.alt_names = changes.subject_alt().to_vec();
            }
        }
        if let Some(refusal) = check(&wanted) {
            return Ok(Decision::Refuse(refusal));
        }
        let evidence = enrol.renewal(
            std::slice::from_ref(&self.ca),
            SystemTime::now().into(),
            self.provider(),
            &self.service,
        );
        let evidence = self.remembered(evidence)?;
        let renewed = evidence.as_ref().map(|evidence| hex(evidence.serial()));
        let key = self.transaction(enrol.csr().public_key())?;
        if let Some((status, earlier)) = self.store.transaction(&key)? {
            let is_over = match &status {
                Status::Issued(serial) => {
                    let certificate = self.store.certificate(serial)?;
                    let is_valid = certificate.validity().contains(SystemTime::now().into());
                    renewed.as_ref() == Some(serial) || !is_valid
                }
                Status::Pending | Status::Rejected => false,
            };
            if earlier == wanted && !is_over {
                return self.resume(enrol, &key, &status, &wanted);
            }
            if status == Status::Pending && earlier != wanted {
                return Ok(Decision::Refuse(conflict("another request for this key is pending")?));
            }
        }
        let by_user = match changes {
            // A name of somebody's choosing is a person's business.
            Some(_) => None,
            None => enrol.client().authorised_user(),
        };
        let why = evidence.and_then(RenewalEvidence::accept).or(by_user);
        match (why, self.policy.approval) {
            (Some(why), Approval::Auto) => {
                self.begin(&key, &wanted)?;
                Ok(enrol.grant(why, self.issue(&key, &wanted)?)?)
            }
            (_, Approval::Manual) => {
                self.begin(&key, &wanted)?;
                self.store.set_status(&key, &Status::Pending)?;
                Ok(self.wait(&key))
            }
            (None, Approval::Auto) => {
                let text = "neither a known user nor a certificate of this CA with these names";
                Ok(Decision::Refuse(Refusal::forbidden(text)))
            }
        }
    }

    /// Answers for a request that is on file.
    fn resume(
        &self,
        enrol: &Enrol,
        key: &str,
        status: &Status,
        wanted: &Wanted,
    ) -> Result<Decision, AnswerError> {
        let why = Authorisation::by_policy();
        let rejected = || Ok(Decision::Refuse(Refusal::forbidden("rejected")));
        match status {
            Status::Pending => match self.store.verdict(key, wanted, self.provider())? {
                None => Ok(self.wait(key)),
                Some(Verdict::Approved) => Ok(enrol.grant(why, self.issue(key, wanted)?)?),
                Some(Verdict::Rejected) => {
                    self.store.set_status(key, &Status::Rejected)?;
                    rejected()
                }
            },
            Status::Rejected => rejected(),
            Status::Issued(serial) => Ok(enrol.grant(why, self.store.certificate(serial)?)?),
        }
    }

    /// Evidence by a certificate that the CA remembers and has not revoked.
    fn remembered(
        &self,
        evidence: Result<RenewalEvidence, NoRenewal>,
    ) -> Result<Option<RenewalEvidence>, AnswerError> {
        match evidence {
            Ok(known) if self.is_good(&hex(known.serial()))? => Ok(Some(known)),
            _ => Ok(None),
        }
    }

    /// Whether the CA remembers a certificate and has not revoked it.
    fn is_good(&self, serial: &str) -> Result<bool, AnswerError> {
        match self.store.find(serial)? {
            Some(certificate) => Ok(!self.store.is_revoked(&certificate)?),
            None => Ok(false),
        }
    }

    fn wait(&self, key: &str) -> Decision {
        let text = Some(format!("waits for approval as {key}"));
        Decision::Wait { after: self.policy.pause, text }
    }

    fn begin(&self, key: &str, wanted: &Wanted) -> Result<(), AnswerError> {
        Ok(self.store.begin(key, key, wanted, self.provider())?)
    }

    fn issue(&self, key: &str, wanted: &Wanted) -> Result<Certificate, AnswerError> {
        let now = SystemTime::now().into();
        let certificate = loop {
            let certificate: Certificate = wanted
                .certificate(&self.ca, now, self.policy.lifetime, None, self.provider())?
                .sign(&self.ca_key)?;
            if self.store.record(&certificate)? {
                break certificate;
            }
        };
        self.store.set_status(key, &Status::Issued(hex(certificate.serial())))?;
        Ok(certificate)
    }

    /// A request is filed under its key: who repeats it has that key (RFC 7030 §4.2.3).
    fn transaction(&self, key: &PublicKey) -> Result<String, AnswerError> {
        Ok(hex(&self.provider().digest(DigestAlgorithm::Sha256, key.as_der())?))
    }

    fn generate(&self, generate: &GenerateKey) -> Result<Decision, AnswerError> {
        let csr = generate.csr();
        let client = generate.client();
        // Whoever has a certificate of this CA may have a key for the same names.
        let evidence = generate.renewal(
            std::slice::from_ref(&self.ca),
            SystemTime::now().into(),
            self.provider(),
            &self.service,
        );
        let evidence = self.remembered(evidence)?;
        let why = client.authorised_user().or(evidence.and_then(RenewalEvidence::accept));
        let why = match (why, self.policy.approval) {
            (Some(why), Approval::Auto) => why,
            (None, Approval::Auto) | (_, Approval::Manual) => {
                return Ok(Decision::Refuse(Refusal::forbidden("no keys for this client")));
            }
        };
        let key = self.backend.generate(KeyKind::P256).map_err(PkiError::from)?;
        let mut wanted = Wanted::of(csr)?;
        wanted.public_key = key.public_key().clone();
        if let Some(refusal) = check(&wanted) {
            return Ok(Decision::Refuse(refusal));
        }
        // Before anything is issued: whether the key can go out as it was asked for.
        let known;
        let recipient = match generate.wanted() {
            WantedProtection::SymmetricKey(name) => {
                let kek = self.policy.keks.iter().find(|kek| kek.name == *name);
                kek.map(|kek| EnvelopeKey::Symmetric(&kek.key))
            }
            WantedProtection::AsymmetricKey(name) => {
                known = client.certificate.as_ref().filter(|known| {
                    known.extensions().subject_key_identifier() == Some(name.as_slice())
                        && known.public_key().can_receive()
                });
                known.map(EnvelopeKey::Certificate)
            }
            _ => None,
        };
        if recipient.is_none() && *generate.wanted() != WantedProtection::Tls {
            return Ok(Decision::Refuse(conflict("the key to encrypt with is not known here")?));
        }
        let name = self.transaction(&wanted.public_key)?;
        self.begin(&name, &wanted)?;
        let certificate = self.issue(&name, &wanted)?;
        let private = pkcs8(&*key)?;
        match recipient {
            None => Ok(generate.grant(why, certificate, private)?),
            Some(recipient) => Ok(generate
                .grant_enveloped(why, certificate, &private, recipient, &self.ca, self.provider())?
                .sign(&self.ca_key)?),
        }
    }

    /// One PKCS #10 request of a known user.
    fn full_cmc(
        &self,
        call: &Call<'_>,
        full: &FullRequest,
        client: &Client,
    ) -> Result<Response<Vec<u8>>, AnswerError> {
        let csrs: Vec<_> = full.data().csrs().collect();
        let [(body_part, csr)] = csrs.as_slice() else {
            return Ok(call.refuse_error(&InvalidRequest::NoCertificate.into()));
        };
        let is_known = client.user.is_some() && self.policy.approval == Approval::Auto;
        let wanted = Wanted::of(csr)?;
        let (http, status, certificates) = if is_known && check(&wanted).is_none() {
            let key = self.transaction(csr.public_key())?;
            self.begin(&key, &wanted)?;
            let certificate = self.issue(&key, &wanted)?;
            let status = StatusInfo::new(CmcStatus::Success, [*body_part]);
            (StatusCode::OK, status, vec![certificate])
        } else {
            let status = StatusInfo::failed(FailInfo::BadIdentity, [*body_part]);
            (StatusCode::FORBIDDEN, status, Vec::new())
        };
        let response = PkiResponse::to(full.data(), &[status])?;
        let message = response.unsigned(&self.ca, &certificates, self.provider())?;
        Ok(call.full_cmc(http, &message.sign(&self.ca_key)?))
    }
}

/// What nobody gets a certificate for.
fn check(wanted: &Wanted) -> Option<Refusal> {
    if wanted.subject.is_empty() && wanted.alt_names.is_empty() {
        return Some(Refusal::forbidden("the request names nobody"));
    }
    match wanted.public_key.kind() {
        KeyKind::Rsa { bits } if bits < 2048 => Some(Refusal::forbidden("the key is too small")),
        _ => None,
    }
}

fn conflict(text: &str) -> Result<Refusal, Error> {
    Ok(Refusal::new(StatusCode::CONFLICT)?.because(text))
}
