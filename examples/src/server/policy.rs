//! Who gets a certificate.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use devicecert::pki::error::KeyError;
use devicecert::pki::{Certificate, Crl, Error as PkiError, KeyKind, Provider, Secret, Time};
use devicecert::scep::{
    Authorisation, Content, Decision, Enrol, Error, FailInfo, Message, Refusal, Reply, Request,
    TransactionKey,
};

use http::Response;

use super::store::hex;
use super::{Generation, Generations, SetupError, Status, Store, StoreError, Verdict, Wanted};

/// Whether a person has to say yes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Approval {
    /// Who has the challenge gets the certificate at once
    #[default]
    Auto,
    /// Requests are PENDING until somebody approves them
    Manual,
}

/// The rules of a CA.
#[derive(Clone, Debug)]
pub struct Policy {
    /// The challenges that open the door. Without one, only approval by a person does.
    pub challenges: Vec<Secret>,
    /// Whether a challenge is good for one device only.
    pub one_time: bool,
    /// Whether a person has to say yes.
    pub approval: Approval,
    /// How long certificates last.
    pub lifetime: Duration,
}

/// A CA with its keys, its rules and its memory.
#[derive(Debug)]
pub struct Ca {
    /// The CA, those before it, and the one that is to take over.
    pub generations: Generations,
    /// The rules.
    pub policy: Policy,
    /// The memory.
    pub store: Store,
    /// Where devices find CRLs: the URL of a folder, without a slash at its end. Without it no
    /// certificate says where.
    pub crl_folder: Option<String>,
    /// The cryptography.
    pub provider: &'static dyn Provider,
    /// One transaction is decided by one thread at a time; different ones do not wait.
    pub busy: Mutex<HashMap<TransactionKey, Arc<Mutex<()>>>>,
}

/// Why a message was not answered with a CertRep, or what went wrong inside.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AnswerError {
    /// The message is no pkiMessage.
    #[error(transparent)]
    Scep(#[from] Error),
    /// The store failed; the client may try again.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A CA that was made meanwhile cannot be used.
    #[error(transparent)]
    Setup(#[from] SetupError),
}

impl From<KeyError> for AnswerError {
    fn from(error: KeyError) -> Self {
        Error::from(PkiError::from(error)).into()
    }
}

impl From<PkiError> for AnswerError {
    fn from(error: PkiError) -> Self {
        Error::from(error).into()
    }
}

/// A request, and all that it is decided by.
struct Asked<'a> {
    request: &'a Request,
    key: &'a TransactionKey,
    /// Whom it is enveloped to.
    generation: &'a Generation,
    now: Time,
}

impl Ca {
    /// Answers one pkiMessage, as the CA that it is enveloped to: the current one, one before it, or
    /// the one that is to take over. `log` is told what was decided and why, without secrets.
    ///
    /// # Errors
    /// [`AnswerError`] where there is no CertRep to send.
    pub fn answer(&self, body: &[u8], now: Time, log: &dyn Fn(&str)) -> Result<Reply, AnswerError> {
        let line = self.generations.line(now)?;
        let message = Message::parse(body, &line.current().authority.limits)?;
        let addressee = message.addressee(line.all().map(|one| &one.authority));
        let is_it = |one: &&Generation| addressee.is_some_and(|it| it.ca() == one.authority.ca());
        let generation = line.all().find(is_it).unwrap_or(line.current());
        let (authority, ra_key) = (&generation.authority, &generation.ra_key);
        let locked = match message.verify(authority, self.provider) {
            Ok(locked) => locked,
            Err(error) => {
                log(&format!("refused a message: {error}"));
                let reply = message.refuse(&error, authority, self.provider)?.ok_or(error)?;
                return Ok(reply.sign(ra_key)?);
            }
        };
        let request = locked.unlock(ra_key)?;
        let key = request.transaction().key(self.provider)?;
        let asked = Asked { request: &request, key: &key, generation, now };
        let decision = self.exclusively(&key, || self.decide(&asked))?;
        log(&describe(&request, &decision));
        Ok(request.reply(decision, authority, self.provider)?.sign(ra_key)?)
    }

    /// The CRL of the CA with this number; `None` if there is no such CA.
    ///
    /// # Errors
    /// [`AnswerError`] if it cannot be made.
    pub fn crl(&self, number: usize, now: Time) -> Result<Option<Crl>, AnswerError> {
        let line = self.generations.line(now)?;
        Ok(line.get(number).map(|one| one.crl(&self.store, now)).transpose()?)
    }

    /// The reply to GetNextCACert; `None` if nobody is to take over.
    ///
    /// # Errors
    /// [`AnswerError`] if it cannot be made.
    pub fn next_ca_cert(&self, now: Time) -> Result<Option<Response<Vec<u8>>>, AnswerError> {
        Ok(self.generations.line(now)?.next_ca_cert(self.provider)?)
    }

    fn exclusively<T>(&self, key: &TransactionKey, work: impl FnOnce() -> T) -> T {
        let lock = || self.busy.lock().unwrap_or_else(PoisonError::into_inner);
        let mine = Arc::clone(lock().entry(key.clone()).or_default());
        let result = {
            let _guard = mine.lock().unwrap_or_else(PoisonError::into_inner);
            work()
        };
        drop(mine);
        lock().retain(|_, lock| Arc::strong_count(lock) > 1);
        result
    }

    fn decide(&self, asked: &Asked<'_>) -> Result<Decision, AnswerError> {
        let Asked { request, key, generation, now } = *asked;
        match request.content() {
            Content::Enrol(enrol) => self.decide_enrol(asked, enrol),
            Content::GetCert(wanted) => self.decide_get_cert(request, wanted, now),
            Content::GetCrl(_) => self.decide_get_crl(request, generation, now),
            Content::Poll => match self.store.transaction(key)? {
                Some((status, wanted)) => self.resume(asked, &status, &wanted),
                None => Ok(refuse(FailInfo::BadCertId, "no such transaction")),
            },
            // The library answers it as it must be answered, whatever is decided.
            Content::Unreadable(_) => Ok(Decision::Refuse(Refusal::new(FailInfo::BadMessageCheck))),
        }
    }

    fn decide_enrol(&self, asked: &Asked<'_>, enrol: &Enrol) -> Result<Decision, AnswerError> {
        let key = asked.key;
        let Ok(wanted) = Wanted::of(enrol.csr()) else {
            return Ok(refuse(FailInfo::BadRequest, "unreadable alternative names"));
        };
        if wanted.subject.is_empty() && wanted.alt_names.is_empty() {
            return Ok(refuse(FailInfo::BadRequest, "the request names nobody"));
        }
        if matches!(wanted.public_key.kind(), KeyKind::Rsa { bits } if bits < 2048) {
            return Ok(refuse(FailInfo::BadRequest, "the key is too small"));
        }
        let renewal = self.renewal(asked)?;
        if let Some((status, earlier)) = self.store.transaction(key)? {
            // The same request again, from the same key, is a retry or a client's way to poll.
            if earlier == wanted && !self.is_over(asked, &status, renewal.as_ref())? {
                return self.resume(asked, &status, &earlier);
            }
            // A person may be looking at the other one right now.
            if status == Status::Pending && earlier != wanted {
                return Ok(refuse(FailInfo::BadRequest, "another request is pending"));
            }
        }
        let authorisation = match renewal {
            Some((_, authorisation)) => Some(authorisation),
            None => self.challenge(enrol, key, &wanted)?,
        };
        let approval = self.policy.approval;
        match (authorisation, approval) {
            (Some(authorisation), Approval::Auto) => {
                let id = asked.request.transaction().id();
                self.store.begin(key, id, &wanted, self.provider)?;
                self.issue(asked, authorisation, &wanted)
            }
            (Some(_), Approval::Manual) => self.defer(asked, &wanted),
            // Without any challenge to give, a person is the only judge.
            (None, Approval::Manual) if self.policy.challenges.is_empty() => {
                self.defer(asked, &wanted)
            }
            (None, Approval::Auto | Approval::Manual) => {
                Ok(refuse(FailInfo::BadRequest, "the challenge is missing or wrong"))
            }
        }
    }

    /// Whether what a transaction led to is behind: its certificate is being renewed, or expired.
    fn is_over(
        &self,
        asked: &Asked<'_>,
        status: &Status,
        renewal: Option<&(Vec<u8>, Authorisation)>,
    ) -> Result<bool, AnswerError> {
        let Status::Issued(serial) = status else {
            return Ok(false);
        };
        let renewed = renewal.is_some_and(|(renewed, _)| hex(renewed) == *serial);
        let certificate = self.store.certificate(serial)?;
        Ok(renewed || certificate.validity().not_after < asked.now)
    }

    /// Proof that the client holds a certificate of this CA, or of one before it, that the CA
    /// remembers and has not revoked, and its serial number.
    fn renewal(&self, asked: &Asked<'_>) -> Result<Option<(Vec<u8>, Authorisation)>, AnswerError> {
        let Ok(evidence) = asked.request.renewal(&asked.generation.authority, asked.now) else {
            return Ok(None);
        };
        let serial = evidence.serial().to_vec();
        let is_good = self.is_good(evidence.certificate(), asked.now)?;
        Ok(is_good.then(|| (serial, evidence.accept())))
    }

    fn challenge(
        &self,
        enrol: &Enrol,
        key: &TransactionKey,
        wanted: &Wanted,
    ) -> Result<Option<Authorisation>, AnswerError> {
        let authorisation = enrol.challenge_matches(&self.policy.challenges);
        match (authorisation, enrol.csr().challenge_password()) {
            (Some(_), Some(challenge))
                if self.policy.one_time
                    && !self.store.use_challenge(challenge, key, wanted, self.provider)? =>
            {
                Ok(None)
            }
            (authorisation, _) => Ok(authorisation),
        }
    }

    fn defer(&self, asked: &Asked<'_>, wanted: &Wanted) -> Result<Decision, AnswerError> {
        let id = asked.request.transaction().id();
        self.store.begin(asked.key, id, wanted, self.provider)?;
        self.store.set_status(asked.key, &Status::Pending)?;
        Ok(Decision::Defer)
    }

    /// Answers for a transaction that is on file.
    fn resume(
        &self,
        asked: &Asked<'_>,
        status: &Status,
        wanted: &Wanted,
    ) -> Result<Decision, AnswerError> {
        let key = asked.key;
        let authorisation = Authorisation::by_administrator();
        match status {
            Status::Pending => match self.store.verdict(key, wanted, self.provider)? {
                None => Ok(Decision::Defer),
                Some(Verdict::Approved) => self.issue(asked, authorisation, wanted),
                Some(Verdict::Rejected) => {
                    self.store.set_status(key, &Status::Rejected)?;
                    Ok(refuse(FailInfo::BadRequest, "rejected"))
                }
            },
            Status::Rejected => Ok(refuse(FailInfo::BadRequest, "rejected")),
            Status::Issued(serial) => {
                let certificate = self.store.certificate(serial)?;
                match self.store.is_revoked(&certificate)? {
                    true => Ok(refuse(FailInfo::BadRequest, "the certificate was revoked")),
                    false => Ok(asked.request.grant(authorisation, certificate)?),
                }
            }
        }
    }

    fn issue(
        &self,
        asked: &Asked<'_>,
        authorisation: Authorisation,
        wanted: &Wanted,
    ) -> Result<Decision, AnswerError> {
        let Asked { request, key, generation, now } = *asked;
        let crl =
            self.crl_folder.as_ref().map(|url| format!("{url}/crl-{}.crl", generation.number));
        let (ca, lifetime) = (generation.authority.ca(), self.policy.lifetime);
        if ca.validity().not_after < now {
            return Ok(refuse(
                FailInfo::BadRequest,
                "this CA has expired; ask for the current one",
            ));
        }
        let certificate = loop {
            let certificate: Certificate = wanted
                .certificate(ca, now, lifetime, crl.as_deref(), self.provider)?
                .sign(&generation.ca_key)?;
            if self.store.record(&certificate)? {
                break certificate;
            }
        };
        self.store.set_status(key, &Status::Issued(hex(certificate.serial())))?;
        Ok(request.grant(authorisation, certificate)?)
    }
}

fn refuse(fail_info: FailInfo, text: &str) -> Decision {
    Decision::Refuse(Refusal::new(fail_info).because(text))
}

/// One line for the log. Neither a challenge nor a CSR is ever in it.
fn describe(request: &Request, decision: &Decision) -> String {
    let transaction = request.transaction();
    let (what, id) = (transaction.message_type(), transaction.id());
    if let Content::Unreadable(cause) = request.content() {
        return format!("refused {what} transactionID {id}: {cause}");
    }
    match decision {
        Decision::Grant(grant) => {
            let certificate = grant.certificate();
            let (serial, subject) = (hex(certificate.serial()), certificate.subject());
            format!("issued serial {serial} to {subject}: {what} transactionID {id}")
        }
        Decision::Found(_) => format!("answered {what} transactionID {id}"),
        Decision::Defer => format!("pending {id} ({what})"),
        Decision::Refuse(refusal) => {
            let text = refusal.text.as_deref().unwrap_or("not supported");
            format!("refused {what} transactionID {id}: {} ({text})", refusal.fail_info)
        }
    }
}
