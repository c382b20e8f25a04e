//! Authorization (RFC 9110 §11.6.2), and the user and password it is made of.

use core::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use devicecert_pki::{Provider, Secret};
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue, Method};

use super::digest::{self, DigestAuthorization};
use super::{Challenge, DigestHash};
use crate::error::{Error, InvalidRequest, Misuse};
use crate::limits::Limits;

/// User and password. Either may be empty.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    pub(super) user: String,
    pub(super) password: Secret,
}

/// What a client sent to say who it is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Authorization {
    /// User and password.
    Basic(Credentials),
    /// A digest over them.
    Digest(Box<DigestAuthorization>),
    /// Any other scheme: its name, in lower case.
    Other(String),
}

impl Credentials {
    /// This user and password.
    ///
    /// # Errors
    /// [`Misuse::Credentials`] for a user with a colon or a control character (RFC 7617 §2).
    pub fn new(user: impl Into<String>, password: impl Into<Secret>) -> Result<Self, Error> {
        let user = user.into();
        match user.chars().any(|c| c == ':' || c.is_control()) {
            true => Err(Misuse::Credentials.into()),
            false => Ok(Self { user, password: password.into() }),
        }
    }

    /// The user.
    #[must_use]
    pub fn user(&self) -> &str {
        &self.user
    }

    /// The password.
    #[must_use]
    pub const fn password(&self) -> &Secret {
        &self.password
    }

    /// Authorization for Basic, for requests that no [`Enrolment`](crate::Enrolment) sends.
    ///
    /// # Errors
    /// None that a value of this type could cause.
    pub fn basic(&self) -> Result<HeaderValue, Error> {
        let pair = [self.user.as_bytes(), b":", self.password.expose()].concat();
        let pair = Secret::new(pair);
        let value = format!("Basic {}", STANDARD.encode(pair.expose()));
        let mut value = HeaderValue::try_from(value).map_err(|_| Misuse::Credentials)?;
        value.set_sensitive(true);
        Ok(value)
    }

    /// The best of these challenges that can be answered: Digest with SHA-256, then with MD5, then
    /// Basic.
    pub(crate) fn choose(challenges: &[Challenge]) -> Option<&Challenge> {
        let rank = |challenge: &&Challenge| match challenge {
            Challenge::Digest { hash: DigestHash::Sha256, .. } => Some(0),
            Challenge::Digest { hash: DigestHash::Md5, .. } => Some(1),
            Challenge::Basic { .. } => Some(2),
            Challenge::Other(_) => None,
        };
        challenges.iter().filter(|one| rank(one).is_some()).min_by_key(rank)
    }

    /// Authorization for a challenge, to be sent with the `count`-th request under its nonce.
    pub(crate) fn answer(
        &self,
        challenge: &Challenge,
        method: &Method,
        path: &str,
        count: u32,
        provider: &dyn Provider,
    ) -> Result<Option<HeaderValue>, Error> {
        match challenge {
            Challenge::Basic { .. } => self.basic().map(Some),
            Challenge::Digest { .. } => {
                digest::answer(self, challenge, method, path, count, provider)
            }
            Challenge::Other(_) => Ok(None),
        }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("user", &self.user).finish_non_exhaustive()
    }
}

impl Authorization {
    /// Reads the Authorization of a request; `None` where there is none.
    ///
    /// # Errors
    /// [`InvalidRequest::Authorization`] if it is damaged, too long, or there are several.
    pub fn read(headers: &HeaderMap, limits: &Limits) -> Result<Option<Self>, Error> {
        let mut values = headers.get_all(AUTHORIZATION).iter();
        let value = match (values.next(), values.next()) {
            (None, _) => return Ok(None),
            (Some(value), None) if value.len() <= limits.header_bytes => value,
            _ => return Err(InvalidRequest::Authorization.into()),
        };
        let text = value.to_str().map_err(|_| InvalidRequest::Authorization)?;
        let (scheme, rest) = text.split_once(' ').unwrap_or((text, ""));
        Ok(Some(match scheme.to_ascii_lowercase().as_str() {
            "basic" => Self::Basic(read_basic(rest).ok_or(InvalidRequest::Authorization)?),
            "digest" => {
                let digest =
                    DigestAuthorization::parse(rest).ok_or(InvalidRequest::Authorization)?;
                Self::Digest(Box::new(digest))
            }
            other => Self::Other(other.to_owned()),
        }))
    }
}

/// One vendor's clients send a code without a colon: a user without a password.
fn read_basic(base64: &str) -> Option<Credentials> {
    let pair = Secret::new(STANDARD.decode(base64.trim()).ok()?);
    let text = core::str::from_utf8(pair.expose()).ok()?;
    let (user, password) = text.split_once(':').unwrap_or((text, ""));
    let has_controls = user.chars().any(char::is_control);
    (!has_controls).then(|| Credentials { user: user.to_owned(), password: Secret::from(password) })
}
