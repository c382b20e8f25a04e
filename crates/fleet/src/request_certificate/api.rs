//! Where Fleet is, and the requests that go there.

use core::fmt;

use devicecert_pki::Secret;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use http::{Method, Request, Uri};

use super::ask::Ask;
use super::authority_id::AuthorityId;
use super::error::Misuse;

const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// A Fleet server as a caller sees it.
///
/// ```
/// use devicecert_fleet::request_certificate::Api;
///
/// assert_eq!(Api::new("https://fleet.example/")?.to_string(), "https://fleet.example");
/// assert!(Api::new("fleet.example").is_err());
/// # Ok::<(), devicecert_fleet::request_certificate::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Api {
    /// Without the slash at its end.
    base: String,
}

impl Api {
    /// The server with this URL. What path it has stands before that of the API.
    ///
    /// # Errors
    /// [`Misuse::Url`] for what is no http or https URL, or one with user, query or fragment.
    pub fn new(url: &str) -> Result<Self, Misuse> {
        let uri: Uri = url.trim().parse().map_err(|_| Misuse::Url)?;
        let authority = uri.authority().ok_or(Misuse::Url)?;
        let is_plain = !url.contains('#')
            && uri.query().is_none()
            && !authority.as_str().contains('@')
            && !authority.host().is_empty();
        match uri.scheme_str() {
            Some(scheme @ ("http" | "https")) if is_plain => {
                let path = uri.path().trim_end_matches('/');
                Ok(Self { base: format!("{scheme}://{authority}{path}") })
            }
            _ => Err(Misuse::Url),
        }
    }

    /// The call of a user, who is a global admin or maintainer.
    ///
    /// The body may hold the token of an identity provider: it is not for logs.
    ///
    /// # Errors
    /// [`Misuse::Token`] for a token that cannot be sent.
    pub fn with_token(
        &self,
        ca: AuthorityId,
        ask: &Ask,
        token: &Secret,
    ) -> Result<Request<Vec<u8>>, Misuse> {
        let value = Secret::new([b"Bearer ", token.expose()].concat());
        let value = HeaderValue::from_bytes(value.expose()).ok().filter(|_| !token.is_empty());
        let mut value = value.ok_or(Misuse::Token)?;
        value.set_sensitive(true);
        let mut request = self.unauthenticated(ca, ask)?;
        request.headers_mut().insert(AUTHORIZATION, value);
        Ok(request)
    }

    /// The call of a device, which has to be signed yet:
    /// [`HostIdentity::unsigned`](crate::message_signature::HostIdentity::unsigned).
    ///
    /// # Errors
    /// None that a value of this type could cause.
    pub fn unauthenticated(&self, ca: AuthorityId, ask: &Ask) -> Result<Request<Vec<u8>>, Misuse> {
        let mut request = Request::new(ask.to_json());
        *request.method_mut() = Method::POST;
        *request.uri_mut() =
            format!("{}{}", self.base, ca.path()).parse().map_err(|_| Misuse::Url)?;
        let headers = request.headers_mut();
        headers.insert(CONTENT_TYPE, JSON);
        headers.insert(ACCEPT, JSON);
        Ok(request)
    }
}

impl fmt::Display for Api {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.base)
    }
}
