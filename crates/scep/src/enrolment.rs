//! A client's enrolment, from the first question to the certificate (RFC 8894 §2.5, §4).

use core::fmt;
use core::time::Duration;

use devicecert_pki::error::KeyError;
use devicecert_pki::{Certificate, Provider, PublicKey, Secret, Time, ToBeDecrypted};
use http::{Request, Response};

use crate::attribute::{Nonce, TransactionId};
use crate::ca_certificates::CaCertificates;
use crate::capabilities::Capabilities;
use crate::error::{Error, Misuse, UnacceptableReply};

mod issued;
mod options;
mod outgoing;
mod saved;
mod start;
mod state;
mod step;

pub use options::{EnrolmentOptions, EnvelopeTo, MessageFormat};
pub use saved::Saved;
pub use step::Step;

use issued::Answer;
use outgoing::{Outgoing, Url};
use state::{Asks, Identity, Sent, Server, State};

/// An enrolment in progress.
///
/// It is a value that takes turns: [`step`](Self::step) says what it needs, and the caller, who has
/// the network, the key and the clock, hands the answer to [`received`](Self::received),
/// [`signed`](Self::signed) or [`decrypted`](Self::decrypted). Calling `step` again without an
/// answer asks for the same thing again.
///
/// ```no_run
/// use devicecert_pki::{Csr, Decryptor, Signer, Time};
/// use devicecert_scep::{Enrolment, Step, Trust};
/// # type Error = Box<dyn std::error::Error>;
/// # fn send(r: http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, Error> { unimplemented!() }
/// # fn now() -> Time { std::time::SystemTime::now().into() }
/// # fn enrol<K: Signer + Decryptor>(csr: Csr, key: K) -> Result<(), Error> {
/// # let provider = &devicecert_crypto_rust::RustCrypto;
///
/// let trust = Trust::Fingerprint("sha256:9F…".parse()?);
/// let mut enrolment = Enrolment::new("https://ca.example/scep", csr, trust, provider)?;
/// let chain = loop {
///     match enrolment.step(now())? {
///         Step::Send(request) => enrolment.received(&send(request)?)?,
///         Step::Sign(ask) => enrolment.signed(&key.sign(&ask)?)?,
///         Step::Decrypt(ask) => enrolment.decrypted(key.decrypt(&ask))?,
///         Step::Wait(pause) => std::thread::sleep(pause),
///         Step::Done(chain) => break chain,
///     }
/// };
/// # Ok(())
/// # }
/// ```
pub struct Enrolment {
    url: Url,
    provider: &'static dyn Provider,
    options: EnrolmentOptions,
    state: State,
    identity: Identity,
}

impl Enrolment {
    /// Sends what follows to another URL: a server may have moved while a request was pending.
    ///
    /// # Errors
    /// [`Misuse::Url`] for a URL that is neither http nor https.
    pub fn move_to(&mut self, url: &str) -> Result<(), Error> {
        self.url = Url::parse(url)?;
        Ok(())
    }

    /// What can be chosen. Changes count from the next step on.
    pub const fn options(&mut self) -> &mut EnrolmentOptions {
        &mut self.options
    }

    /// The transactionID of every message of this enrolment.
    #[must_use]
    pub const fn transaction_id(&self) -> &TransactionId {
        &self.identity.transaction_id
    }

    /// The CA that is trusted; `None` until the server was asked for it. In a rollover it is the next
    /// one as soon as that is known.
    #[must_use]
    pub fn ca(&self) -> Option<&Certificate> {
        match &self.state {
            State::AskNextCertificates(server)
            | State::SelfSign(server, _)
            | State::SignMessage(server, _)
            | State::Send(server, _)
            | State::Open(server, _)
            | State::Pending(server, _) => Some(server.certificates.ca()),
            State::Done(_, ca) => Some(ca),
            State::AskCapabilities | State::AskCertificates(_) | State::Failed(_) => None,
        }
    }

    /// The key that signs the messages and opens the reply; `None` until the first certificate is
    /// signed.
    #[must_use]
    pub fn signer_key(&self) -> Option<&PublicKey> {
        self.identity.signer.as_ref().map(Certificate::public_key)
    }

    /// What is needed next.
    ///
    /// # Errors
    /// [`UnacceptableReply::StillPending`] when the last of [`EnrolmentOptions::max_polls`] was
    /// answered with PENDING too; the error of an
    /// answer that could not be used, again; whatever keeps a message from being written.
    pub fn step(&mut self, now: Time) -> Result<Step, Error> {
        if let State::Pending(server, since) = &mut self.state {
            if self.options.max_polls.is_some_and(|most| self.identity.polls >= most) {
                return Err(UnacceptableReply::StillPending(self.identity.polls).into());
            }
            let start = since.filter(|start| *start <= now).unwrap_or(now);
            // A clock that was set back must not make the pause longer.
            *since = Some(start);
            let due = start.after(self.options.poll_interval);
            if now < due {
                return Ok(Step::Wait(Duration::from_secs(due.unix().abs_diff(now.unix()))));
            }
            let server = server.clone();
            self.identity.polls = self.identity.polls.saturating_add(1);
            self.state = State::SignMessage(server, None);
        }
        self.prepare(now)?;
        Ok(match &self.state {
            State::AskCapabilities => Step::Send(self.question("GetCACaps")?),
            State::AskCertificates(_) => Step::Send(self.question("GetCACert")?),
            State::AskNextCertificates(_) => Step::Send(self.question("GetNextCACert")?),
            State::SelfSign(_, Some(unsigned)) => Step::Sign(unsigned.to_be_signed().clone()),
            State::SignMessage(_, Some((_, unsigned))) => {
                Step::Sign(unsigned.to_be_signed().clone())
            }
            State::Send(_, sent) => Step::Send(match sent.get {
                true => self.url.get_message(&sent.message)?,
                false => self.url.post_message(&sent.message)?,
            }),
            State::Open(_, locked) => match locked.to_be_decrypted() {
                Some(ask) => Step::Decrypt(ask.clone()),
                None => {
                    let error = devicecert_pki::error::Rejected::NoRecipient;
                    return Err(devicecert_pki::Error::from(error).into());
                }
            },
            State::Done(chain, _) => Step::Done(chain.clone()),
            State::Failed(error) => return Err(error.clone()),
            State::SelfSign(_, None) | State::SignMessage(_, None) | State::Pending(..) => {
                return Err(Misuse::UnexpectedAnswer.into());
            }
        })
    }

    /// Writes what has to be signed, once.
    fn prepare(&mut self, now: Time) -> Result<(), Error> {
        match &mut self.state {
            State::SelfSign(_, unsigned @ None) => {
                *unsigned = Some(self.identity.self_signed(now, self.provider)?);
            }
            State::SignMessage(server, unsigned @ None) => {
                let nonce = Nonce::random(self.provider)?;
                let message =
                    self.identity.message(server, &nonce, &self.options, self.provider)?;
                *unsigned = Some((nonce, message));
            }
            _ => {}
        }
        Ok(())
    }

    fn question(&self, operation: &str) -> Result<Request<Vec<u8>>, Error> {
        self.url.question(operation, self.options.ca_identifier.as_deref())
    }

    /// Hands in the response to [`Step::Send`].
    ///
    /// # Errors
    /// [`Error::Refused`] if the server says FAILURE; the enrolment is over then. Any other answer
    /// that cannot be used is an error too, but whom it is from is unknown: `step` asks to send the
    /// same once more.
    pub fn received(&mut self, response: &Response<Vec<u8>>) -> Result<(), Error> {
        let ok = response.status().is_success();
        let status = UnacceptableReply::HttpStatus(response.status().as_u16());
        let body = response.body();
        match &mut self.state {
            State::AskCapabilities => {
                // An empty answer and an HTTP error both announce nothing (RFC 8894 §3.5.2).
                let capabilities = match ok {
                    true => Capabilities::parse(&String::from_utf8_lossy(body)),
                    false => Capabilities::default(),
                };
                self.state = State::AskCertificates(capabilities);
                Ok(())
            }
            State::AskCertificates(_) | State::AskNextCertificates(_) | State::Send(..) if !ok => {
                Err(status.into())
            }
            State::AskCertificates(capabilities) => {
                let EnrolmentOptions { trust, tolerance, limits, .. } = &self.options;
                let certificates =
                    CaCertificates::parse(body, trust, self.provider, tolerance, limits)?;
                let capabilities = capabilities.clone();
                let server = Server { capabilities, certificates, predecessor: None };
                self.state = match (&self.identity.asks, &self.identity.signer) {
                    (Asks::CertificateOfNextCa, _) => State::AskNextCertificates(server),
                    (_, Some(_)) => State::SignMessage(server, None),
                    (_, None) => State::SelfSign(server, None),
                };
                Ok(())
            }
            State::AskNextCertificates(server) => {
                let (tolerance, limits) = self.options.parts();
                let current = &server.certificates;
                let certificates =
                    CaCertificates::parse_next(body, current, self.provider, tolerance, limits)?;
                let capabilities = server.capabilities.clone();
                let predecessor = Some(current.clone());
                let server = Server { capabilities, certificates, predecessor };
                self.state = State::SignMessage(server, None);
                Ok(())
            }
            // One old server answers a POST with nothing at all, and understands GET.
            State::Send(_, sent)
                if body.is_empty()
                    && !sent.get
                    && self.options.message_format != MessageFormat::Post =>
            {
                sent.get = true;
                Ok(())
            }
            State::Send(server, sent) => {
                let identity = &self.identity;
                let (provider, options) = (self.provider, &self.options);
                // Whatever comes back before the CA's word for it may come from anybody: a login
                // page, an old reply. It must not end an enrolment.
                let verified =
                    identity.authenticate(body, server, &sent.outgoing, options, provider)?;
                let answer = identity.understand(&verified, options, provider);
                let server = server.clone();
                self.advance(answer, |answer, identity| match answer {
                    Answer::Success(locked) => State::Open(server, *locked),
                    Answer::Pending => {
                        identity.is_submitted = true;
                        State::Pending(server, None)
                    }
                })?;
                self.open_with_challenge()
            }
            _ => Err(Misuse::UnexpectedAnswer.into()),
        }
    }

    /// Hands in the signature for [`Step::Sign`].
    ///
    /// # Errors
    /// [`Misuse::UnexpectedAnswer`] if none was asked for.
    pub fn signed(&mut self, signature: &[u8]) -> Result<(), Error> {
        match &mut self.state {
            State::SelfSign(server, unsigned) => {
                let unsigned = unsigned.take().ok_or(Misuse::UnexpectedAnswer)?;
                let server = server.clone();
                let certificate = unsigned.attach(signature).map_err(Error::from);
                self.advance(certificate, |certificate, identity| {
                    identity.signer = Some(certificate);
                    State::SignMessage(server, None)
                })
            }
            State::SignMessage(server, unsigned) => {
                let (nonce, unsigned) = unsigned.take().ok_or(Misuse::UnexpectedAnswer)?;
                let get = match self.options.message_format {
                    MessageFormat::Announced => !server.capabilities.post(),
                    MessageFormat::Get => true,
                    MessageFormat::Post => false,
                };
                let server = server.clone();
                let message = unsigned.attach(signature).map_err(Error::from);
                self.advance(message, |message, _| {
                    State::Send(server, Sent { outgoing: Outgoing { nonce }, message, get })
                })
            }
            _ => Err(Misuse::UnexpectedAnswer.into()),
        }
    }

    /// Hands in the content key for [`Step::Decrypt`], or the failure to get it.
    ///
    /// # Errors
    /// [`UnacceptableReply`] if the reply holds no certificate for the key of the request that the
    /// CA signed; [`Rejected`](devicecert_pki::error::Rejected) if it does not open.
    pub fn decrypted(&mut self, answer: Result<Secret, KeyError>) -> Result<(), Error> {
        let (chain, ca) = self.open(answer, |this, content, server| {
            this.identity.read_certificates(content, server, &this.options, this.provider)
        })?;
        self.state = State::Done(chain, ca);
        Ok(())
    }

    /// The same for a reply that is no certificate of ours.
    ///
    /// # Errors
    /// As [`decrypted`](Self::decrypted), and those of `read`.
    pub(crate) fn decrypted_as<T>(
        &mut self,
        answer: Result<Secret, KeyError>,
        read: impl FnOnce(&Secret, &CaCertificates, &EnrolmentOptions) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let (held, ca) = self.open(answer, |this, content, server| {
            read(content, &server.certificates, &this.options)
        })?;
        self.state = State::Done(Vec::new(), ca);
        Ok(held)
    }

    /// What the reply holds, and the CA that it is of. An error is the end.
    fn open<T>(
        &mut self,
        answer: Result<Secret, KeyError>,
        read: impl FnOnce(&Self, &Secret, &Server) -> Result<T, Error>,
    ) -> Result<(T, Certificate), Error> {
        let placeholder = State::Failed(Misuse::UnexpectedAnswer.into());
        match core::mem::replace(&mut self.state, placeholder) {
            State::Open(server, locked) => {
                let content = locked.attach(answer).map_err(Error::from);
                match content.and_then(|content| read(self, &content, &server)) {
                    Ok(held) => Ok((held, server.certificates.ca().clone())),
                    Err(error) => {
                        self.state = State::Failed(error.clone());
                        Err(error)
                    }
                }
            }
            other => {
                self.state = other;
                Err(Misuse::UnexpectedAnswer.into())
            }
        }
    }

    /// Opens a reply that is enveloped to the challengePassword, if that is at hand.
    fn open_with_challenge(&mut self) -> Result<(), Error> {
        let ask = match &self.state {
            State::Open(_, locked) => locked.to_be_decrypted(),
            _ => None,
        };
        match (ask, self.identity.challenge()) {
            (Some(ToBeDecrypted::Password(recipient)), Some(challenge)) => {
                let answer = recipient.open(challenge, self.provider);
                self.decrypted(answer)
            }
            _ => Ok(()),
        }
    }

    /// Moves on with what was learnt, or to the end if it was an error.
    fn advance<T>(
        &mut self,
        outcome: Result<T, Error>,
        next: impl FnOnce(T, &mut Identity) -> State,
    ) -> Result<(), Error> {
        match outcome {
            Ok(value) => {
                self.state = next(value, &mut self.identity);
                Ok(())
            }
            Err(error) => {
                self.state = State::Failed(error.clone());
                Err(error)
            }
        }
    }
}

impl fmt::Debug for Enrolment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Enrolment")
            .field("transaction_id", &self.identity.transaction_id)
            .field("subject", &self.identity.subject)
            .field("state", &self.state.name())
            .finish_non_exhaustive()
    }
}
