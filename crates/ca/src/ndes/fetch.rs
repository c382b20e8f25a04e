//! Fetching the admin page, authentication included.

use core::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use devicecert_pki::{Secret, Time};
use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use http::{Method, Request, Response, StatusCode};

use super::ntlm::{Authenticate, Challenge, ChannelBinding, NEGOTIATE};
use super::offer::Scheme;
use super::{Error, challenge_of_page};
use crate::credentials::Credentials;
use crate::error::Misuse;
use crate::limits::Limits;
use crate::message::{request, sensitive};
use crate::url::Url;

/// A challenge on its way from the admin page of NDES.
///
/// It is a value that takes turns: [`step`](Self::step) says what to send, and the response goes to
/// [`received`](Self::received). Calling `step` again without a response asks for the same again.
pub struct ChallengeFetch {
    url: Url,
    credentials: Credentials,
    client_challenge: [u8; 8],
    channel_binding: Option<ChannelBinding>,
    limits: Limits,
    state: State,
}

/// What was, or is to be, sent; or how it ended.
enum State {
    /// No credentials, to learn what the server offers.
    Ask,
    Basic,
    Negotiate(Scheme),
    Authenticate(Scheme, Challenge),
    Done(Secret),
    Failed(Error),
}

/// What a [`ChallengeFetch`] needs next.
#[derive(Clone, Debug)]
pub enum Step {
    /// Send this, and hand the response to [`ChallengeFetch::received`]. Redirects are not followed.
    Send(Request<Vec<u8>>),
    /// The same, on the connection that the last response came from: what NTLM authenticates is a
    /// connection, and over HTTP/1.1 only.
    SendOnSameConnection(Request<Vec<u8>>),
    /// The challenge.
    Done(Secret),
}

impl ChallengeFetch {
    /// Fetches the page at `url` as this user: by NTLM if the server offers it, by Basic if it does
    /// not and the URL is https.
    ///
    /// Nobody may be able to predict `client_challenge`.
    ///
    /// # Errors
    /// [`Misuse::Empty`] without a user name.
    pub fn new(
        url: Url,
        credentials: Credentials,
        client_challenge: [u8; 8],
    ) -> Result<Self, Misuse> {
        Self::with(url, credentials, client_challenge, State::Ask)
    }

    /// Fetches the page with Basic authentication from the first request on, whatever the server
    /// offers. Over http whoever listens reads the password.
    ///
    /// # Errors
    /// [`Misuse::Empty`], [`Misuse::ColonInUsername`] or [`Misuse::Header`] for credentials that
    /// cannot be sent.
    pub fn basic(url: Url, credentials: Credentials) -> Result<Self, Misuse> {
        credentials.basic()?;
        Self::with(url, credentials, [0; 8], State::Basic)
    }

    fn with(
        url: Url,
        credentials: Credentials,
        client_challenge: [u8; 8],
        state: State,
    ) -> Result<Self, Misuse> {
        if credentials.username().is_empty() {
            return Err(Misuse::Empty("the user name"));
        }
        let (channel_binding, limits) = (None, Limits::default());
        Ok(Self { url, credentials, client_challenge, channel_binding, limits, state })
    }

    /// Binds the NTLM answer to the server that showed its certificate on this TLS connection.
    #[must_use]
    pub fn channel_binding(mut self, binding: ChannelBinding) -> Self {
        self.channel_binding = Some(binding);
        self
    }

    /// Sets the limits of what is read.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// What is needed next. `now` counts only where an NTLM server does not tell the time.
    ///
    /// # Errors
    /// The error of an answer that could not be used, again; credentials that cannot be sent.
    pub fn step(&self, now: Time) -> Result<Step, Error> {
        Ok(match &self.state {
            State::Ask => Step::Send(self.get(None)),
            State::Basic => Step::Send(self.get(Some(self.credentials.basic()?))),
            State::Negotiate(scheme) => {
                Step::SendOnSameConnection(self.get(Some(token(*scheme, &NEGOTIATE)?)))
            }
            State::Authenticate(scheme, challenge) => {
                let mut answer =
                    Authenticate::new(challenge, &self.credentials, self.client_challenge)
                        .target_name(format!("HTTP/{}", self.url.host()));
                if let Some(binding) = &self.channel_binding {
                    answer = answer.channel_binding(binding);
                }
                let answer = answer.to_bytes(now)?;
                Step::SendOnSameConnection(self.get(Some(token(*scheme, &answer)?)))
            }
            State::Done(challenge) => Step::Done(challenge.clone()),
            State::Failed(error) => return Err(error.clone()),
        })
    }

    /// Hands in the response to what [`step`](Self::step) asked to send.
    ///
    /// # Errors
    /// Whatever keeps the challenge from being had; [`Misuse::UnexpectedAnswer`] if nothing was
    /// asked for.
    pub fn received(&mut self, response: &Response<Vec<u8>>) -> Result<(), Error> {
        let is_refused = response.status() == StatusCode::UNAUTHORIZED;
        let next = match &self.state {
            State::Done(_) | State::Failed(_) => return Err(Misuse::UnexpectedAnswer.into()),
            State::Ask if is_refused => self.choose(response),
            State::Negotiate(scheme) if is_refused => self.challenged(*scheme, response),
            State::Ask | State::Basic | State::Negotiate(_) | State::Authenticate(..) => {
                self.page(response)
            }
        };
        match next {
            Ok(state) => {
                self.state = state;
                Ok(())
            }
            Err(error) => {
                self.state = State::Failed(error.clone());
                Err(error)
            }
        }
    }

    fn choose(&self, response: &Response<Vec<u8>>) -> Result<State, Error> {
        Ok(match Scheme::choose(response.headers(), self.url.is_https())? {
            Scheme::Basic => State::Basic,
            scheme @ (Scheme::Ntlm | Scheme::Negotiate) => State::Negotiate(scheme),
        })
    }

    fn challenged(&self, scheme: Scheme, response: &Response<Vec<u8>>) -> Result<State, Error> {
        match scheme.token(response.headers(), &self.limits)? {
            Some(message) => {
                Ok(State::Authenticate(scheme, Challenge::parse(&message, &self.limits)?))
            }
            None => Err(Error::Status(response.status().as_u16())),
        }
    }

    fn page(&self, response: &Response<Vec<u8>>) -> Result<State, Error> {
        if response.status() != StatusCode::OK {
            return Err(Error::Status(response.status().as_u16()));
        }
        let content_type = response.headers().get(CONTENT_TYPE);
        let content_type = content_type.and_then(|value| value.to_str().ok());
        challenge_of_page(response.body(), content_type, &self.limits).map(State::Done)
    }

    fn get(&self, authorization: Option<HeaderValue>) -> Request<Vec<u8>> {
        let headers = authorization.map(|value| (AUTHORIZATION, value));
        request(Method::GET, self.url.as_uri().clone(), headers, Vec::new())
    }
}

/// The name of the scheme and a message for it.
fn token(scheme: Scheme, message: &[u8]) -> Result<HeaderValue, Misuse> {
    let text = format!("{} {}", scheme.name(), STANDARD.encode(message));
    sensitive("the NTLM message", &Secret::from(text))
}

impl fmt::Debug for ChallengeFetch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChallengeFetch")
            .field("url", &self.url)
            .field("credentials", &self.credentials)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ask => "Ask",
            Self::Basic => "Basic",
            Self::Negotiate(_) => "Negotiate",
            Self::Authenticate(..) => "Authenticate",
            Self::Done(_) => "Done",
            Self::Failed(_) => "Failed",
        })
    }
}
