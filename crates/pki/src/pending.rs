//! Values that wait for a private key.
//!
//! The key may be a file, an HSM, a cloud service or a TPM in somebody's laptop. Each value can be
//! finished in three ways that do the same: with a trait object, with a closure that returns a
//! future, or step by step with the answer handed in.

use core::fmt;
use core::future::Future;

use subtle::{Choice, ConditionallySelectable};

use crate::error::{Error, KeyError, Misuse, Rejected};
use crate::provider::{Decryptor, Provider, Signer, ToBeDecrypted, ToBeSigned};
use crate::secret::Secret;

type Attach<T> = Box<dyn FnOnce(&[u8]) -> Result<T, Error> + Send>;
type Open<T> = Box<dyn FnOnce(Result<Secret, Error>) -> Result<T, Error> + Send>;
type Then = Box<dyn FnOnce(Secret) -> Result<Secret, KeyError> + Send>;

/// What a key is asked for, and how its answer becomes a content key.
pub(crate) struct Ask {
    ask: ToBeDecrypted,
    then: Then,
}

impl Ask {
    /// The answer is the content key.
    pub(crate) fn new(ask: ToBeDecrypted) -> Self {
        Self { ask, then: Box::new(Ok) }
    }

    /// The content key is made of the answer.
    pub(crate) fn then(
        self,
        then: impl FnOnce(Secret) -> Result<Secret, KeyError> + Send + 'static,
    ) -> Self {
        Self { then: Box::new(then), ..self }
    }
}

/// A `T` that lacks one signature.
#[must_use = "nothing is signed until a key is applied"]
pub struct Unsigned<T> {
    ask: ToBeSigned,
    attach: Attach<T>,
}

impl<T: 'static> Unsigned<T> {
    /// A value that `attach` completes with the signature that `ask` asks for, as keys make it:
    /// those of ECDSA are DER (RFC 5758 §3.2).
    pub fn new(
        ask: ToBeSigned,
        attach: impl FnOnce(&[u8]) -> Result<T, Error> + Send + 'static,
    ) -> Self {
        Self { ask, attach: Box::new(attach) }
    }

    /// What has to be signed, by which key, with which algorithm.
    #[must_use]
    pub const fn to_be_signed(&self) -> &ToBeSigned {
        &self.ask
    }

    /// Signs with a key at hand.
    ///
    /// # Errors
    /// [`KeyError`] if the key cannot.
    pub fn sign(self, signer: &dyn Signer) -> Result<T, Error> {
        let signature = signer.sign(&self.ask)?;
        self.attach(&signature)
    }

    /// Signs with a key that answers later.
    ///
    /// # Errors
    /// Whatever the closure's future fails with, or this crate's [`Error`] turned into it.
    pub async fn sign_async<F, A, E>(self, sign: F) -> Result<T, E>
    where
        F: FnOnce(ToBeSigned) -> A,
        A: Future<Output = Result<Vec<u8>, E>>,
        E: From<Error>,
    {
        let Self { ask, attach } = self;
        let signature = sign(ask).await?;
        check_signature(&signature).and_then(|()| attach(&signature)).map_err(E::from)
    }

    /// Attaches a signature that was made elsewhere. ECDSA signatures are DER (RFC 5758 §3.2).
    ///
    /// # Errors
    /// [`Misuse`](crate::error::Misuse) if it is empty.
    pub fn attach(self, signature: &[u8]) -> Result<T, Error> {
        check_signature(signature)?;
        (self.attach)(signature)
    }

    /// Changes what comes out once the signature is there.
    pub fn map<U: 'static>(
        self,
        change: impl FnOnce(T) -> Result<U, Error> + Send + 'static,
    ) -> Unsigned<U> {
        let Self { ask, attach } = self;
        Unsigned { ask, attach: Box::new(move |signature| change(attach(signature)?)) }
    }
}

/// A key service that fails quietly answers with nothing; that must not become a message.
fn check_signature(signature: &[u8]) -> Result<(), Error> {
    match signature.is_empty() {
        true => Err(Misuse::Signature.into()),
        false => Ok(()),
    }
}

impl<T> fmt::Debug for Unsigned<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unsigned").field("algorithm", &self.ask.algorithm).finish_non_exhaustive()
    }
}

/// A `T` behind an envelope whose content key has to be decrypted first.
///
/// Opening never tells why a content key was bad. A failed or ill-sized unwrap goes on with a
/// random key that was drawn before the private key was asked, so the wrong padding of an
/// attacker's guess (Bleichenbacher, Manger) fails where a wrong content key fails: at the
/// content, with [`Rejected::Undecryptable`].
#[must_use = "nothing is opened until a key is applied"]
pub struct Locked<T> {
    ask: Result<Box<(Ask, Secret)>, Rejected>,
    open: Open<T>,
}

impl<T: 'static> Locked<T> {
    /// `ask` is `Err` where no recipient is ours; then no key is asked and `open` learns so.
    pub(crate) fn new(
        ask: Result<Ask, Rejected>,
        key_len: usize,
        provider: &dyn Provider,
        open: impl FnOnce(Result<Secret, Error>) -> Result<T, Error> + Send + 'static,
    ) -> Result<Self, Error> {
        let mut stand_in = vec![0; key_len];
        provider.random(&mut stand_in)?;
        let ask = ask.map(|ask| Box::new((ask, Secret::new(stand_in))));
        Ok(Self { ask, open: Box::new(open) })
    }

    /// What has to be decrypted; `None` if the envelope is for somebody else, or asks for something
    /// that no key must be asked for.
    #[must_use]
    pub fn to_be_decrypted(&self) -> Option<&ToBeDecrypted> {
        self.ask.as_ref().ok().map(|asked| &asked.0.ask)
    }

    /// Opens with a key at hand.
    ///
    /// # Errors
    /// [`Rejected`] if the content does not open.
    pub fn unlock(self, decryptor: &dyn Decryptor) -> Result<T, Error> {
        let answer = self.to_be_decrypted().map(|ask| decryptor.decrypt(ask));
        self.attach(answer.unwrap_or(Err(KeyError::Failed)))
    }

    /// Opens with a key that answers later.
    ///
    /// An error of the closure stands for a failed unwrap and is treated like one: what a remote
    /// key says about a padding must not reach the peer. Keep what you need for the log before
    /// you return it.
    ///
    /// # Errors
    /// [`Rejected`] if the content does not open.
    pub async fn unlock_async<F, A>(self, decrypt: F) -> Result<T, Error>
    where
        F: FnOnce(ToBeDecrypted) -> A,
        A: Future<Output = Result<Secret, KeyError>>,
    {
        let answer = match self.to_be_decrypted().cloned() {
            Some(ask) => decrypt(ask).await,
            None => Err(KeyError::Failed),
        };
        self.attach(answer)
    }

    /// Opens with the answer to [`to_be_decrypted`](Self::to_be_decrypted), or the failure to get
    /// one, that was obtained elsewhere.
    ///
    /// # Errors
    /// [`Rejected`] if the content does not open.
    pub fn attach(self, answer: Result<Secret, KeyError>) -> Result<T, Error> {
        let content_key = match self.ask {
            Ok(asked) => {
                let (ask, stand_in) = *asked;
                Ok(implicit_rejection(&answer.and_then(ask.then), &stand_in))
            }
            Err(rejected) => Err(rejected.into()),
        };
        (self.open)(content_key)
    }

    /// Changes what comes out, including the failure to open.
    pub fn and_then<U: 'static>(
        self,
        change: impl FnOnce(Result<T, Error>) -> Result<U, Error> + Send + 'static,
    ) -> Locked<U> {
        let Self { ask, open } = self;
        Locked { ask, open: Box::new(move |key| change(open(key))) }
    }
}

impl<T> fmt::Debug for Locked<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Locked").finish_non_exhaustive()
    }
}

/// The unwrapped key where it has the right length, the stand-in otherwise, chosen without a
/// branch on which of the two it was.
fn implicit_rejection(answer: &Result<Secret, KeyError>, stand_in: &Secret) -> Secret {
    // As many octets to go through in either case.
    let unwrapped = answer.as_ref().unwrap_or(stand_in).expose();
    let fits = Choice::from(u8::from(answer.is_ok() & (unwrapped.len() == stand_in.len())));
    let padded = unwrapped.iter().copied().chain(core::iter::repeat(0));
    let key = stand_in
        .expose()
        .iter()
        .zip(padded)
        .map(|(stand_in, unwrapped)| u8::conditional_select(stand_in, &unwrapped, fits))
        .collect();
    Secret::new(key)
}
