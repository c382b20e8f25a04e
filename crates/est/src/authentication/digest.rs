//! Digest (RFC 7616), with `qop=auth` or, for servers of RFC 2069, without.

use core::fmt::Write;

use devicecert_pki::{Provider, Secret};
use http::{HeaderValue, Method};

use super::challenge::{Parameters, Quoted};
use super::{Challenge, Credentials, DigestHash};
use crate::error::{Error, Misuse};

/// The digest that a client sent.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DigestAuthorization {
    /// Who the client says to be.
    pub user: String,
    /// What the credentials are for.
    pub realm: String,
    /// The server's nonce, of which the server has to know that it drew it.
    pub nonce: String,
    /// The path that the client asked for. Compare it with the request's.
    pub uri: String,
    hash: DigestHash,
    response: Secret,
    qop: Option<Qop>,
}

/// What `qop=auth` adds.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Qop {
    count: String,
    client_nonce: String,
}

impl DigestAuthorization {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let parameters = Parameters::parse(text);
        let owned = |name| parameters.get(name).map(str::to_owned);
        let qop = match parameters.get("qop") {
            None => None,
            Some("auth") => Some(Qop { count: owned("nc")?, client_nonce: owned("cnonce")? }),
            Some(_) => return None,
        };
        Some(Self {
            user: owned("username")?,
            realm: owned("realm")?,
            nonce: owned("nonce")?,
            uri: owned("uri")?,
            hash: DigestHash::from_name(parameters.get("algorithm"))?,
            response: Secret::from(parameters.get("response")?.to_ascii_lowercase()),
            qop,
        })
    }

    /// Whether the digest is that of this password. Nonce and URI are the caller's to check.
    ///
    /// # Errors
    /// [`Unsupported`](devicecert_pki::error::Unsupported) if the backend lacks the hash.
    pub fn is_of(
        &self,
        password: &Secret,
        method: &Method,
        provider: &dyn Provider,
    ) -> Result<bool, Error> {
        let expected = self.response(password, method, provider)?;
        Ok(Secret::from(expected) == self.response)
    }

    /// RFC 7616 §3.4.1.
    fn response(
        &self,
        password: &Secret,
        method: &Method,
        provider: &dyn Provider,
    ) -> Result<String, Error> {
        let user = [self.user.as_bytes(), b":", self.realm.as_bytes(), b":"].concat();
        let secret = Secret::new([&user, password.expose()].concat());
        let secret = self.hash_of(secret.expose(), provider)?;
        let request = self.hash_of(format!("{method}:{}", self.uri).as_bytes(), provider)?;
        let nonce = &self.nonce;
        let whole = match &self.qop {
            Some(Qop { count, client_nonce }) => {
                format!("{secret}:{nonce}:{count}:{client_nonce}:auth:{request}")
            }
            None => format!("{secret}:{nonce}:{request}"),
        };
        self.hash_of(whole.as_bytes(), provider)
    }

    fn hash_of(&self, message: &[u8], provider: &dyn Provider) -> Result<String, Error> {
        Ok(hex(&provider.digest(self.hash.algorithm(), message)?))
    }
}

/// Authorization for a Digest challenge.
pub(super) fn answer(
    credentials: &Credentials,
    challenge: &Challenge,
    method: &Method,
    path: &str,
    count: u32,
    provider: &dyn Provider,
) -> Result<Option<HeaderValue>, Error> {
    let Challenge::Digest { realm, nonce, opaque, hash, qop, .. } = challenge else {
        return Ok(None);
    };
    let qop = match qop {
        true => {
            let mut random = [0; 16];
            provider.random(&mut random).map_err(devicecert_pki::Error::from)?;
            Some(Qop { count: format!("{count:08x}"), client_nonce: hex(&random) })
        }
        false => None,
    };
    let mut digest = DigestAuthorization {
        user: credentials.user.clone(),
        realm: realm.clone(),
        nonce: nonce.clone(),
        uri: path.to_owned(),
        hash: *hash,
        response: Secret::new(Vec::new()),
        qop,
    };
    let response = digest.response(&credentials.password, method, provider)?;
    digest.response = Secret::from(response.as_str());
    let mut text = format!(
        "Digest username={}, realm={}, nonce={}, uri={}, algorithm={}, response=\"{response}\"",
        Quoted(&digest.user),
        Quoted(realm),
        Quoted(nonce),
        Quoted(path),
        hash.name(),
    );
    if let Some(Qop { count, client_nonce }) = &digest.qop {
        text.push_str(&format!(", qop=auth, nc={count}, cnonce=\"{client_nonce}\""));
    }
    if let Some(opaque) = opaque {
        text.push_str(&format!(", opaque={}", Quoted(opaque)));
    }
    let mut value = HeaderValue::try_from(text).map_err(|_| Misuse::Credentials)?;
    value.set_sensitive(true);
    Ok(Some(value))
}

fn hex(octets: &[u8]) -> String {
    octets.iter().fold(String::new(), |mut text, octet| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{octet:02x}");
        text
    })
}
