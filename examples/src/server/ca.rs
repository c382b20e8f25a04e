//! A CA as it answers messages.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use devicecert::pki::error::KeyError;
use devicecert::pki::{Crl, Error as PkiError, Provider, Time, WithPasswords};
use devicecert::scep::{Content, Decision, Error, Message, Reply, Request, TransactionKey};
use http::Response;

use super::store::hex;
use super::{
    Generation, Generations, Judge, JudgeError, PermitError, Permits, Policy, Setup, SetupError,
    Store, StoreError,
};
use crate::clock::Clock;

/// A CA with its keys, its rules and its memory.
#[derive(Debug)]
pub struct Ca {
    /// The CA, those before it, and the one that is to take over.
    pub generations: Generations,
    /// Where devices find CRLs: the URL of a folder, without a slash at its end. Without it no
    /// certificate says where.
    pub crl_folder: Option<String>,
    /// The rules.
    pub policy: Policy,
    /// The memory.
    pub store: Store,
    /// The challenges that say what they are for.
    pub permits: Permits,
    /// Who is asked about requests that no challenge or permit lets in.
    pub judge: Option<Box<dyn Judge>>,
    /// The cryptography.
    pub provider: &'static dyn Provider,
    /// The time.
    pub clock: Clock,
    /// One transaction is decided by one thread at a time; different ones do not wait.
    busy: Mutex<HashMap<TransactionKey, Arc<Mutex<()>>>>,
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
    /// The permits could not be read; the client may try again.
    #[error(transparent)]
    Permit(#[from] PermitError),
    /// Who has to decide did not; the client may try again.
    #[error(transparent)]
    Judge(#[from] JudgeError),
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
pub(super) struct Asked<'a> {
    pub(super) request: &'a Request,
    pub(super) key: &'a TransactionKey,
    /// Whom it is enveloped to.
    pub(super) generation: &'a Generation,
    pub(super) now: Time,
    pub(super) log: &'a dyn Fn(&str),
}

impl Ca {
    /// Opens the CA in a folder, or makes what is missing there.
    ///
    /// # Errors
    /// [`SetupError`].
    pub fn open(folder: &Path, setup: Setup, policy: Policy) -> Result<Self, SetupError> {
        Ok(Self {
            generations: Generations::open(folder, setup)?,
            crl_folder: None,
            policy,
            store: Store::open(folder)?,
            permits: Permits::open(folder)?,
            judge: None,
            provider: setup.backend.provider(),
            clock: Clock::default(),
            busy: Mutex::default(),
        })
    }

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
        // A permit's challenge is not kept, so nothing that is enveloped to one can be opened.
        let opener = WithPasswords::new(ra_key, &self.policy.challenges, self.provider);
        let request = locked.unlock(&opener)?;
        let key = request.transaction().key(self.provider)?;
        let asked = Asked { request: &request, key: &key, generation, now, log };
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
