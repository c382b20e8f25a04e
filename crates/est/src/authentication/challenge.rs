//! WWW-Authenticate (RFC 9110 §11.6.1).

use core::fmt;

use devicecert_pki::algorithm::DigestAlgorithm;
use http::HeaderMap;
use http::header::WWW_AUTHENTICATE;

use crate::error::{Error, Misuse};
use crate::limits::Limits;
use crate::quoted;

/// A way to authenticate that a server offers.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Challenge {
    /// User and password, readable for whoever ends TLS (RFC 7617).
    Basic {
        /// What the credentials are for.
        realm: String,
    },
    /// A digest of user, password and nonce (RFC 7616).
    Digest {
        /// What the credentials are for.
        realm: String,
        /// What the server drew for this client.
        nonce: String,
        /// What the client has to send back as it is.
        opaque: Option<String>,
        /// With which hash.
        hash: DigestHash,
        /// Whether `qop=auth` is offered; servers of RFC 2069 do not.
        qop: bool,
        /// Whether the answer to the last challenge was right but for its nonce, which is too old
        /// (RFC 7616 §3.3).
        stale: bool,
    },
    /// Any other: its scheme.
    Other(String),
}

/// The hash of a Digest challenge (RFC 7616 §3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DigestHash {
    /// MD5: what libest's server and other old ones offer.
    Md5,
    /// SHA-256.
    Sha256,
}

impl DigestHash {
    pub(super) const fn algorithm(self) -> DigestAlgorithm {
        match self {
            Self::Md5 => DigestAlgorithm::Md5,
            Self::Sha256 => DigestAlgorithm::Sha256,
        }
    }

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Md5 => "MD5",
            Self::Sha256 => "SHA-256",
        }
    }

    pub(super) fn from_name(name: Option<&str>) -> Option<Self> {
        match name {
            None => Some(Self::Md5),
            Some(name) if name.eq_ignore_ascii_case("MD5") => Some(Self::Md5),
            Some(name) if name.eq_ignore_ascii_case("SHA-256") => Some(Self::Sha256),
            Some(_) => None,
        }
    }
}

/// Challenges that are read of one response.
const MAX_CHALLENGES: usize = 8;

impl Challenge {
    /// Asks for user and password.
    ///
    /// # Errors
    /// [`Misuse::Credentials`] for a realm with control characters or beyond ASCII.
    pub fn basic(realm: impl Into<String>) -> Result<Self, Error> {
        Ok(Self::Basic { realm: checked(realm.into())? })
    }

    /// Asks for a digest, with `qop=auth`. The nonce is the caller's: it must not be predictable,
    /// and how long it is good for is the caller's to remember.
    ///
    /// # Errors
    /// [`Misuse::Credentials`] for a realm or nonce with control characters or beyond ASCII.
    pub fn digest(
        realm: impl Into<String>,
        nonce: impl Into<String>,
        hash: DigestHash,
    ) -> Result<Self, Error> {
        let (realm, nonce) = (checked(realm.into())?, checked(nonce.into())?);
        Ok(Self::Digest { realm, nonce, opaque: None, hash, qop: true, stale: false })
    }

    /// Whether a new nonce is all that is asked for.
    pub(crate) const fn is_stale(&self) -> bool {
        matches!(self, Self::Digest { stale: true, .. })
    }

    /// Every challenge in a response. What cannot be read is left out.
    pub(crate) fn read_all(headers: &HeaderMap, limits: &Limits) -> Vec<Self> {
        headers
            .get_all(WWW_AUTHENTICATE)
            .iter()
            .filter(|value| value.len() <= limits.header_bytes)
            .filter_map(|value| value.to_str().ok())
            .flat_map(Self::parse_list)
            .take(MAX_CHALLENGES)
            .collect()
    }

    fn parse_list(text: &str) -> Vec<Self> {
        let mut all = Vec::new();
        let mut scheme: Option<(String, Parameters)> = None;
        for item in split_list(text) {
            // A new scheme is a word and then, behind a blank, its first parameter or nothing.
            let (first, rest) = item.split_once([' ', '\t']).unwrap_or((item, ""));
            let starts = !first.contains('=') && !rest.trim_start().starts_with('=');
            let parameter = if starts { rest } else { item };
            if starts {
                all.extend(scheme.take().map(Self::from_parts));
                scheme = Some((first.to_ascii_lowercase(), Parameters::default()));
            }
            if let Some((_, parameters)) = &mut scheme {
                parameters.push(parameter);
            }
        }
        all.extend(scheme.map(Self::from_parts));
        all
    }

    fn from_parts((scheme, parameters): (String, Parameters)) -> Self {
        let realm = || parameters.get("realm").unwrap_or_default().to_owned();
        let digest = || {
            let offers = parameters.get("qop");
            let qop = offers.is_some_and(|list| list.split(',').any(|one| one.trim() == "auth"));
            // Only auth-int is offered: nothing here can do that.
            (offers.is_none() || qop).then_some(())?;
            Some(Self::Digest {
                realm: realm(),
                nonce: parameters.get("nonce")?.to_owned(),
                opaque: parameters.get("opaque").map(str::to_owned),
                hash: DigestHash::from_name(parameters.get("algorithm"))?,
                qop,
                stale: parameters.get("stale").is_some_and(|it| it.eq_ignore_ascii_case("true")),
            })
        };
        match scheme.as_str() {
            "basic" => Self::Basic { realm: realm() },
            "digest" => digest().unwrap_or(Self::Other(scheme)),
            _ => Self::Other(scheme),
        }
    }
}

/// The header field value.
impl fmt::Display for Challenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Basic { realm } => write!(f, "Basic realm={}", Quoted(realm)),
            Self::Digest { realm, nonce, opaque, hash, qop, stale } => {
                write!(f, "Digest realm={}, nonce={}", Quoted(realm), Quoted(nonce))?;
                write!(f, ", algorithm={}", hash.name())?;
                if *qop {
                    f.write_str(", qop=\"auth\"")?;
                }
                if *stale {
                    f.write_str(", stale=true")?;
                }
                opaque.as_ref().map_or(Ok(()), |opaque| write!(f, ", opaque={}", Quoted(opaque)))
            }
            Self::Other(scheme) => f.write_str(scheme),
        }
    }
}

/// A quoted-string (RFC 9110 §5.6.4).
pub(super) struct Quoted<'a>(pub(super) &'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.0.replace('\\', "\\\\").replace('"', "\\\""))
    }
}

/// The parameters of one challenge or of one answer: names in lower case, values unquoted.
#[derive(Default)]
pub(super) struct Parameters(Vec<(String, String)>);

impl Parameters {
    pub(super) fn parse(text: &str) -> Self {
        let mut parameters = Self::default();
        split_list(text).for_each(|item| parameters.push(item));
        parameters
    }

    fn push(&mut self, parameter: &str) {
        if let Some((name, value)) = parameter.split_once('=') {
            self.0.push((name.trim().to_ascii_lowercase(), quoted::unquoted(value.trim())));
        }
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }
}

/// The elements of a comma-separated list in which commas may stand inside quotes.
fn split_list(text: &str) -> impl Iterator<Item = &str> {
    quoted::split(text, ',').map(str::trim).filter(|item| !item.is_empty())
}

pub(super) fn checked(text: String) -> Result<String, Error> {
    match text.chars().all(|c| c == ' ' || c.is_ascii_graphic()) {
        true => Ok(text),
        false => Err(Misuse::Credentials.into()),
    }
}
