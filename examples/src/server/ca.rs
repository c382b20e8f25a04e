//! A CA as it answers messages.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use devicecert::pki::error::KeyError;
use devicecert::pki::{Error as PkiError, Provider};
use devicecert::scep::{
    Authority, Content, Decision, Error, Message, Reply, Request, TransactionKey,
};

use super::store::hex;
use super::{
    AuthorityFolder, Judge, JudgeError, PermitError, Permits, Policy, Setup, SetupError, Store,
    StoreError,
};
use crate::keys::Key;

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
    /// The challenges that say what they are for.
    pub permits: Permits,
    /// Who is asked about first requests that no challenge or permit lets in.
    pub judge: Option<Box<dyn Judge>>,
    /// The cryptography.
    pub provider: &'static dyn Provider,
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
    /// Opens the CA in a folder, or makes what is missing there.
    ///
    /// # Errors
    /// [`SetupError`].
    pub fn open(folder: &Path, setup: Setup, policy: Policy) -> Result<Self, SetupError> {
        let AuthorityFolder { mut authority, ca_key, ra_key } =
            AuthorityFolder::open(folder, setup)?;
        authority.weakest_digest = setup.backend.weakest_digest();
        let ca_key: Arc<dyn Key> = Arc::from(ca_key);
        Ok(Self {
            authority,
            ra_key: ra_key.map_or_else(|| Arc::clone(&ca_key), Arc::from),
            ca_key,
            policy,
            store: Store::open(folder)?,
            permits: Permits::open(folder)?,
            judge: None,
            provider: setup.backend.provider(),
            busy: Mutex::default(),
        })
    }

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
