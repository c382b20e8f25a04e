//! Where the service of a tenant is: each has its own URL, which Microsoft Graph tells.

use http::header::AUTHORIZATION;
use http::{Request, Response};
use serde::Deserialize;

use super::{App, Error, Token};
use crate::error::Misuse;
use crate::limits::Limits;
use crate::message::{bearer, from_json, get_json};
use crate::url::Url;

/// Intune's identifier in every tenant.
const ENDPOINTS: &str =
    "/v1.0/servicePrincipals/appId=0000000a-0000-0000-c000-000000000000/endpoints";
const SERVICE: &str = "ScepRequestValidationFEService";

#[derive(Deserialize)]
struct Answer {
    value: Vec<Endpoint>,
}

/// `providerName` is Microsoft Graph's word, `serviceName` that of its predecessor.
#[derive(Deserialize)]
struct Endpoint {
    #[serde(default, rename = "providerName", alias = "serviceName")]
    name: String,
    #[serde(default)]
    uri: String,
}

impl App {
    /// Asks Microsoft Graph for the services of Intune, with a token of scope
    /// [`Scope::Graph`](super::Scope::Graph).
    ///
    /// # Errors
    /// [`Misuse::Header`] if the token cannot be sent, [`Misuse::Url`] for a Graph with a query in
    /// its URL.
    pub fn service_request(&self, token: &Token) -> Result<Request<Vec<u8>>, Misuse> {
        let uri = self.graph_url()?.join(ENDPOINTS, None)?;
        Ok(get_json(uri, AUTHORIZATION, bearer(&token.secret)?))
    }
}

/// Reads the answer to [`App::service_request`]: the URL for [`Service::new`](super::Service::new).
///
/// # Errors
/// [`Error::NoService`], [`Error::ServiceUrl`], [`Error::Status`] or [`Error::InvalidAnswer`].
pub fn service_url(response: &Response<Vec<u8>>, limits: &Limits) -> Result<Url, Error> {
    if !response.status().is_success() {
        return Err(Error::Status(response.status().as_u16()));
    }
    let Answer { value } = from_json("a list of services", response.body(), limits)?;
    let service = value.iter().find(|service| service.name.eq_ignore_ascii_case(SERVICE));
    let url: Option<Url> = service.ok_or(Error::NoService)?.uri.parse().ok();
    url.filter(Url::is_https).ok_or(Error::ServiceUrl)
}
