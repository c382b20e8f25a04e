//! A client's enrolment, from the request to the certificate (RFC 7030 §4.2, §4.4).

use core::fmt;
use core::time::Duration;

use devicecert_pki::error::KeyError;
use devicecert_pki::{Certificate, Provider, PublicKey, Secret, Time, ToBeDecrypted, ToBeSigned};
use http::header::AUTHORIZATION;
use http::{Request, Response, StatusCode};

use crate::authentication::Credentials;
use crate::endpoint::Endpoint;
use crate::error::{Error, Misuse, UnacceptableReply};
use crate::key_generation::{self, GeneratedKey, KeyProtection};
use crate::linking::ChannelBinding;
use crate::operation::Operation;
use crate::refusal::Refusal;
use crate::retry_after;

mod draft;
mod issued;
mod options;
mod saved;
mod start;
mod state;

pub use draft::Draft;
pub use options::EnrolmentOptions;
pub use saved::Saved;

use state::{Answering, Nonce, State};

/// An enrolment in progress.
///
/// It is a value that takes turns: [`step`](Self::step) says what it needs, and the caller, who has
/// the network, the key and the clock, hands the answer to [`received`](Self::received),
/// [`signed`](Self::signed) or [`decrypted`](Self::decrypted). Calling `step` again without an
/// answer asks for the same thing again.
///
/// Requests go over TLS, and the server must have been authorised before
/// ([`ExplicitTrustAnchors::authorise`](crate::ExplicitTrustAnchors::authorise)): they may carry a
/// password.
///
/// ```no_run
/// use devicecert_est::{Endpoint, Enrolment, Step};
/// use devicecert_pki::{Csr, Signer, Time};
/// # type Error = Box<dyn std::error::Error>;
/// # fn send(r: http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, Error> { unimplemented!() }
/// # fn now() -> Time { std::time::SystemTime::now().into() }
/// # fn enrol<K: Signer>(csr: Csr, key: K) -> Result<(), Error> {
/// # let provider = &devicecert_crypto_rust::RustCrypto;
///
/// let server = Endpoint::new("https://est.example")?;
/// let mut enrolment = Enrolment::new(server, csr, provider);
/// let issued = loop {
///     match enrolment.step(now())? {
///         Step::Send(request) => enrolment.received(&send(request)?, now())?,
///         Step::Sign(ask) => enrolment.signed(&key.sign(&ask)?)?,
///         Step::Decrypt(_) => unreachable!("only a generated key can be encrypted"),
///         Step::Wait(pause) => std::thread::sleep(pause),
///         Step::Done(issued) => break issued,
///     }
/// };
/// println!("{:?} until {}", issued.certificate, issued.certificate.validity().not_after);
/// # Ok(())
/// # }
/// ```
pub struct Enrolment {
    endpoint: Endpoint,
    provider: &'static dyn Provider,
    options: EnrolmentOptions,
    operation: Operation,
    draft: Draft,
    protection: KeyProtection,
    binding: Option<ChannelBinding>,
    /// The binding that the request has in it.
    signed_for: Option<ChannelBinding>,
    answering: Option<Answering>,
    /// How many requests the server answered with "later".
    waits: u32,
    redirects: u32,
    state: State,
}

/// What an enrolment needs next.
#[derive(Clone, Debug)]
pub enum Step {
    /// Send this, and hand the response to [`Enrolment::received`]. Redirects and HTTP
    /// authentication are this crate's business, not the HTTP client's.
    Send(Request<Vec<u8>>),
    /// Sign this with the key of the request, and hand the signature to [`Enrolment::signed`].
    Sign(ToBeSigned),
    /// Decrypt this with the key of the certificate that [`KeyProtection::Certificate`] named, and
    /// hand the outcome, good or bad, to [`Enrolment::decrypted`].
    Decrypt(ToBeDecrypted),
    /// The server has not decided. Come back after this pause; meanwhile the enrolment may be
    /// [saved](Enrolment::save).
    Wait(Duration),
    /// What was asked for.
    Done(Box<Issued>),
}

/// What a server issued.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Issued {
    /// The certificate.
    pub certificate: Certificate,
    /// The CA certificates above it, as far as the server sent them, and without a root: what
    /// comes along with an enrolment is no trust anchor (RFC 5272 §4.1). With
    /// [`EnrolmentOptions::anchors`] the path was checked, and the anchor is the last.
    pub chain: Vec<Certificate>,
    /// The private key, where the server made it.
    pub key: Option<GeneratedKey>,
}

impl Enrolment {
    /// What can be chosen. Changes count from the next step on.
    pub const fn options(&mut self) -> &mut EnrolmentOptions {
        &mut self.options
    }

    /// The server.
    #[must_use]
    pub const fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// What is asked of the server.
    #[must_use]
    pub const fn operation(&self) -> Operation {
        self.operation
    }

    /// The key of the request.
    #[must_use]
    pub const fn public_key(&self) -> &PublicKey {
        self.draft.public_key()
    }

    /// Links the request to the TLS connection that it will go over (RFC 7030 §3.5).
    ///
    /// To be called whenever there is a new connection, before the step that sends: the request
    /// is then signed anew. The same binding once more changes nothing.
    pub fn link(&mut self, binding: ChannelBinding) {
        if self.binding.as_ref() == Some(&binding) {
            return;
        }
        self.binding = Some(binding);
        // Who waits may yet be saved, with the request that the server has.
        if matches!(self.state, State::Sign(_) | State::Send(_)) {
            self.state = State::Sign(None);
            self.draft.forget_signature();
        }
    }

    /// What is needed next.
    ///
    /// # Errors
    /// [`UnacceptableReply::StillPending`] after [`EnrolmentOptions::max_waits`]; the error of an
    /// answer that ended the enrolment, again; whatever keeps a request from being written.
    pub fn step(&mut self, now: Time) -> Result<Step, Error> {
        if let State::Waiting { pause, since } = &mut self.state {
            // A clock that was set back must not make the pause longer.
            let start = since.filter(|start| *start <= now).unwrap_or(now);
            *since = Some(start);
            let due = start.after(*pause);
            if now < due {
                return Ok(Step::Wait(Duration::from_secs(due.unix().abs_diff(now.unix()))));
            }
            if self.options.max_waits.is_some_and(|most| self.waits >= most) {
                return Err(UnacceptableReply::StillPending(self.waits).into());
            }
            if self.binding != self.signed_for {
                self.draft.forget_signature();
            }
            self.state = State::Sign(None);
        }
        if let State::Sign(unsigned @ None) = &mut self.state {
            match self.draft.signed() {
                Some(csr) => {
                    let request = self.endpoint.post(self.operation, csr.as_der())?;
                    self.state = State::Send(request);
                }
                None => {
                    let attribute = self.options.linking_attribute;
                    let link = self.binding.as_ref().map(|binding| (binding, attribute));
                    *unsigned = Some(self.draft.unsigned(link)?);
                }
            }
        }
        Ok(match &self.state {
            State::Sign(Some(unsigned)) => Step::Sign(unsigned.to_be_signed().clone()),
            State::Send(request) => Step::Send(self.authorised(request.clone())?),
            State::Open(locked, _) => match locked.to_be_decrypted() {
                Some(ask) => Step::Decrypt(ask.clone()),
                None => {
                    let error = devicecert_pki::error::Rejected::NoRecipient;
                    return Err(devicecert_pki::Error::from(error).into());
                }
            },
            State::Done(issued) => Step::Done(issued.clone()),
            State::Failed(error) => return Err(error.clone()),
            State::Sign(None) | State::Waiting { .. } => {
                return Err(Misuse::UnexpectedAnswer.into());
            }
        })
    }

    /// The request with the answer to the server's challenge.
    fn authorised(&self, mut request: Request<Vec<u8>>) -> Result<Request<Vec<u8>>, Error> {
        let path = request.uri().path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
        let value = match (&self.answering, &self.options.credentials) {
            (Some(answering), Some(credentials)) => credentials.answer(
                &answering.challenge,
                request.method(),
                path,
                answering.count,
                self.provider,
            )?,
            (None, Some(credentials)) if self.options.preemptive_basic => {
                Some(credentials.basic()?)
            }
            _ => None,
        };
        if let Some(value) = value {
            request.headers_mut().insert(AUTHORIZATION, value);
        }
        Ok(request)
    }

    /// Hands in the response to [`Step::Send`].
    ///
    /// # Errors
    /// [`Error::Refused`] if the server says no; the enrolment is over then. Any other answer that
    /// cannot be used is an error too, after which `step` asks to send the same once more.
    pub fn received(&mut self, response: &Response<Vec<u8>>, now: Time) -> Result<(), Error> {
        let State::Send(request) = &self.state else {
            return Err(Misuse::UnexpectedAnswer.into());
        };
        if let Some(answering) = &mut self.answering {
            answering.count = answering.count.saturating_add(1);
        }
        let (tolerance, limits) = (self.endpoint.tolerance, &self.endpoint.limits);
        if let Some(again) = self.endpoint.redirected(request, response)? {
            self.redirects = self.redirects.saturating_add(1);
            if self.redirects > limits.redirects {
                return Err(UnacceptableReply::Redirect.into());
            }
            self.state = State::Send(again);
            return Ok(());
        }
        match response.status() {
            StatusCode::OK => self.issued(response, now),
            StatusCode::CREATED if tolerance.created => self.issued(response, now),
            StatusCode::ACCEPTED => {
                let pause = match retry_after::read(response.headers(), now, limits)? {
                    Some(pause) => pause.max(self.options.least_pause),
                    None if tolerance.missing_retry_after => self.options.default_pause,
                    None => return Err(UnacceptableReply::RetryAfter.into()),
                };
                self.waits = self.waits.saturating_add(1);
                self.redirects = 0;
                if let Some(answering) = &mut self.answering {
                    answering.nonce = Nonce::First;
                }
                self.state = State::Waiting { pause, since: Some(now) };
                Ok(())
            }
            StatusCode::UNAUTHORIZED => self.challenged(response),
            status if status.is_client_error() || status.is_server_error() => {
                Err(self.fail(Refusal::read(response, &tolerance, limits).into()))
            }
            status => Err(UnacceptableReply::HttpStatus(status.as_u16()).into()),
        }
    }

    /// Answers a challenge, once, and once more if all that was wrong is the age of the nonce (RFC
    /// 7616 §3.3): it may expire during a pause.
    fn challenged(&mut self, response: &Response<Vec<u8>>) -> Result<(), Error> {
        let Endpoint { tolerance, limits, .. } = &self.endpoint;
        let refusal = Refusal::read(response, tolerance, limits);
        let chosen = Credentials::choose(&refusal.challenges);
        let chosen = chosen.filter(|_| self.options.credentials.is_some());
        let nonce = match (&self.answering, chosen) {
            (None, Some(_)) if !self.options.preemptive_basic => Some(Nonce::First),
            (Some(Answering { nonce: Nonce::First, .. }), Some(challenge))
                if challenge.is_stale() =>
            {
                Some(Nonce::Renewed)
            }
            _ => None,
        };
        match (chosen, nonce) {
            (Some(challenge), Some(nonce)) => {
                let challenge = challenge.clone();
                self.answering = Some(Answering { challenge, count: 1, nonce });
                Ok(())
            }
            _ => Err(self.fail(refusal.into())),
        }
    }

    fn issued(&mut self, response: &Response<Vec<u8>>, now: Time) -> Result<(), Error> {
        let Endpoint { tolerance, limits, .. } = &self.endpoint;
        let (headers, body) = (response.headers(), response.body());
        if self.operation != Operation::ServerKeyGen {
            let certificates = crate::certs_only::read(headers, body, tolerance, limits)?;
            let key = self.draft.public_key();
            let certificate = issued::find(&certificates, key)?;
            let issued = self.complete(certificate, &certificates, None, now)?;
            self.state = State::Done(Box::new(issued));
            return Ok(());
        }
        let answer = key_generation::read(headers, body, tolerance, limits)?;
        let certificate = issued::leaf(&answer.certificates)?;
        let issued = self.complete(certificate, &answer.certificates, None, now)?;
        self.state = self.with_key(answer.key, issued)?;
        Ok(())
    }

    /// Hands in the signature for [`Step::Sign`].
    ///
    /// # Errors
    /// [`Misuse::UnexpectedAnswer`] if none was asked for.
    pub fn signed(&mut self, signature: &[u8]) -> Result<(), Error> {
        match core::mem::replace(&mut self.state, State::Sign(None)) {
            State::Sign(Some(unsigned)) => {
                self.draft.attach(unsigned.attach(signature)?);
                self.signed_for = self.binding.clone();
                Ok(())
            }
            other => {
                self.state = other;
                Err(Misuse::UnexpectedAnswer.into())
            }
        }
    }

    /// Hands in the content key for [`Step::Decrypt`], or the failure to get it.
    ///
    /// # Errors
    /// [`Rejected`](devicecert_pki::error::Rejected) if the private key does not come out.
    pub fn decrypted(&mut self, answer: Result<Secret, KeyError>) -> Result<(), Error> {
        let placeholder = State::Failed(Misuse::UnexpectedAnswer.into());
        match core::mem::replace(&mut self.state, placeholder) {
            State::Open(locked, issued) => {
                let content = locked.attach(answer).map_err(Error::from);
                match content.and_then(|content| self.opened(&content, *issued)) {
                    Ok(issued) => {
                        self.state = State::Done(Box::new(issued));
                        Ok(())
                    }
                    Err(error) => Err(self.fail(error)),
                }
            }
            other => {
                self.state = other;
                Err(Misuse::UnexpectedAnswer.into())
            }
        }
    }

    fn fail(&mut self, error: Error) -> Error {
        self.state = State::Failed(error.clone());
        error
    }
}

impl fmt::Debug for Enrolment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Enrolment")
            .field("endpoint", &self.endpoint.to_string())
            .field("operation", &self.operation)
            .field("state", &self.state.name())
            .finish_non_exhaustive()
    }
}
