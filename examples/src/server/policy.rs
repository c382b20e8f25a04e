//! Who gets a certificate.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use devicecert::pki::error::KeyError;
use devicecert::pki::{Certificate, Error as PkiError, KeyKind, Provider, Secret};
use devicecert::scep::{
    Authorisation, Authority, Content, Decision, Enrol, Error, FailInfo, Message, Refusal, Reply,
    Request, TransactionKey,
};

use super::store::hex;
use super::{Status, Store, StoreError, Verdict, Wanted};
use crate::keys::Key;

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
    /// The certificates, and how strictly requests are read.
    pub authority: Authority,
    /// The key that issues.
    pub ca_key: Arc<dyn Key>,
    /// The key that opens requests and signs replies: the RA's, or the CA's.
    pub ra_key: Arc<dyn Key>,
    /// The rules.
    pub policy: Policy,
    /// The memory.
    pub store: Store,
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

impl Ca {
    /// Answers one pkiMessage. `log` is told what was decided and why, without secrets.
    ///
    /// # Errors
    /// [`AnswerError`] where there is no CertRep to send.
    pub fn answer(&self, body: &[u8], log: &dyn Fn(&str)) -> Result<Reply, AnswerError> {
        let message = Message::parse(body, &self.authority.limits)?;
        let locked = match message.verify(&self.authority, self.provider) {
            Ok(locked) => locked,
            Err(error) => {
                log(&format!("refused a message: {error}"));
                let reply = message.refuse(&error, &self.authority, self.provider)?.ok_or(error)?;
                return Ok(reply.sign(&self.ra_key)?);
            }
        };
        let request = locked.unlock(&self.ra_key)?;
        let transaction = request.transaction();
        let key = transaction.key(self.provider)?;
        let decision = self.exclusively(&key, || self.decide(&request, &key))?;
        log(&describe(&request, &decision));
        Ok(request.reply(decision, &self.authority, self.provider)?.sign(&self.ra_key)?)
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

    fn decide(&self, request: &Request, key: &TransactionKey) -> Result<Decision, AnswerError> {
        match request.content() {
            Content::Enrol(enrol) => self.decide_enrol(request, enrol, key),
            Content::Poll => match self.store.transaction(key.as_str())? {
                Some((status, wanted)) => self.resume(request, key, &status, &wanted),
                None => Ok(refuse(FailInfo::BadCertId, "no such transaction")),
            },
            // The library answers it as it must be answered, whatever is decided.
            Content::Unreadable(_) => Ok(Decision::Refuse(Refusal::new(FailInfo::BadMessageCheck))),
        }
    }

    fn decide_enrol(
        &self,
        request: &Request,
        enrol: &Enrol,
        key: &TransactionKey,
    ) -> Result<Decision, AnswerError> {
        let Ok(wanted) = Wanted::of(enrol.csr()) else {
            return Ok(refuse(FailInfo::BadRequest, "unreadable alternative names"));
        };
        if wanted.subject.is_empty() && wanted.alt_names.is_empty() {
            return Ok(refuse(FailInfo::BadRequest, "the request names nobody"));
        }
        if matches!(wanted.public_key.kind(), KeyKind::Rsa { bits } if bits < 2048) {
            return Ok(refuse(FailInfo::BadRequest, "the key is too small"));
        }
        let renewal = self.renewal(request);
        if let Some((status, earlier)) = self.store.transaction(key.as_str())? {
            // The same request again, from the same key, is a retry or a client's way to poll.
            if earlier == wanted && !self.is_over(&status, renewal.as_ref())? {
                return self.resume(request, key, &status, &earlier);
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
                self.store.begin(
                    key.as_str(),
                    request.transaction().id().as_str(),
                    &wanted,
                    self.provider,
                )?;
                self.issue(request, key, authorisation, &wanted)
            }
            (Some(_), Approval::Manual) => self.defer(request, key, &wanted),
            // Without any challenge to give, a person is the only judge.
            (None, Approval::Manual) if self.policy.challenges.is_empty() => {
                self.defer(request, key, &wanted)
            }
            (None, Approval::Auto | Approval::Manual) => {
                Ok(refuse(FailInfo::BadRequest, "the challenge is missing or wrong"))
            }
        }
    }

    /// Whether what a transaction led to is behind: its certificate is being renewed, or expired.
    fn is_over(
        &self,
        status: &Status,
        renewal: Option<&(Vec<u8>, Authorisation)>,
    ) -> Result<bool, AnswerError> {
        let Status::Issued(serial) = status else {
            return Ok(false);
        };
        let renewed = renewal.is_some_and(|(renewed, _)| hex(renewed) == *serial);
        let certificate = self.store.certificate(serial)?;
        Ok(renewed || !certificate.validity().contains(SystemTime::now().into()))
    }

    /// Proof that the client holds a certificate of this CA that the CA remembers, and its serial
    /// number.
    fn renewal(&self, request: &Request) -> Option<(Vec<u8>, Authorisation)> {
        let now = SystemTime::now().into();
        let evidence = request.renewal(&self.authority, now).ok()?;
        let serial = evidence.serial().to_vec();
        self.store.has_issued(&serial).then(|| (serial, evidence.accept()))
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
                    && !self.store.use_challenge(
                        challenge,
                        key.as_str(),
                        wanted,
                        self.provider,
                    )? =>
            {
                Ok(None)
            }
            (authorisation, _) => Ok(authorisation),
        }
    }

    fn defer(
        &self,
        request: &Request,
        key: &TransactionKey,
        wanted: &Wanted,
    ) -> Result<Decision, AnswerError> {
        self.store.begin(
            key.as_str(),
            request.transaction().id().as_str(),
            wanted,
            self.provider,
        )?;
        self.store.set_status(key.as_str(), &Status::Pending)?;
        Ok(Decision::Defer)
    }

    /// Answers for a transaction that is on file.
    fn resume(
        &self,
        request: &Request,
        key: &TransactionKey,
        status: &Status,
        wanted: &Wanted,
    ) -> Result<Decision, AnswerError> {
        let authorisation = Authorisation::by_administrator();
        match status {
            Status::Pending => match self.store.verdict(key.as_str(), wanted, self.provider)? {
                None => Ok(Decision::Defer),
                Some(Verdict::Approved) => self.issue(request, key, authorisation, wanted),
                Some(Verdict::Rejected) => {
                    self.store.set_status(key.as_str(), &Status::Rejected)?;
                    Ok(refuse(FailInfo::BadRequest, "rejected"))
                }
            },
            Status::Rejected => Ok(refuse(FailInfo::BadRequest, "rejected")),
            Status::Issued(serial) => {
                Ok(request.grant(authorisation, self.store.certificate(serial)?)?)
            }
        }
    }

    fn issue(
        &self,
        request: &Request,
        key: &TransactionKey,
        authorisation: Authorisation,
        wanted: &Wanted,
    ) -> Result<Decision, AnswerError> {
        let certificate = loop {
            let certificate: Certificate = wanted
                .certificate(self.authority.ca(), self.policy.lifetime, self.provider)?
                .sign(&self.ca_key)?;
            if self.store.record(&certificate)? {
                break certificate;
            }
        };
        self.store.set_status(key.as_str(), &Status::Issued(hex(certificate.serial())))?;
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
        Decision::Defer => format!("pending {id} ({what})"),
        Decision::Refuse(refusal) => {
            let text = refusal.text.as_deref().unwrap_or("not supported");
            format!("refused {what} transactionID {id}: {} ({text})", refusal.fail_info)
        }
    }
}
