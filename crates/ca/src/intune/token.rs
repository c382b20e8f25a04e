//! Tokens for Microsoft's services: client credentials (RFC 6749 §4.4).

use core::fmt;
use core::time::Duration;

use devicecert_pki::Secret;
use http::header::{ACCEPT, CONTENT_TYPE, HeaderValue};
use http::{Method, Request, Response};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use zeroize::Zeroizing;

use super::Error;
use crate::error::{Misuse, PeerText};
use crate::limits::Limits;
use crate::message::{JSON, from_json, request};
use crate::url::Url;

const AUTHORITY: &str = "https://login.microsoftonline.com";
const GRAPH: &str = "https://graph.microsoft.com";

/// Which service a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Microsoft Graph, which knows where the services of a tenant are.
    Graph,
    /// Intune itself.
    Intune,
}

impl Scope {
    /// Intune's identifier ends in a slash, and so there are two.
    const fn as_str(self) -> &'static str {
        match self {
            Self::Graph => "https://graph.microsoft.com/.default",
            Self::Intune => "https://api.manage.microsoft.com//.default",
        }
    }
}

/// An app registration of the tenant, with the permission `scep_challenge_provider` of Intune and
/// `Application.Read.All` of Microsoft Graph.
#[derive(Clone, Debug)]
pub struct App {
    tenant: String,
    client_id: String,
    client_secret: Secret,
    authority: Option<Url>,
    graph: Option<Url>,
}

impl App {
    /// The app of this tenant.
    #[must_use]
    pub fn new(
        tenant: impl Into<String>,
        client_id: impl Into<String>,
        client_secret: impl Into<Secret>,
    ) -> Self {
        let (tenant, client_id) = (tenant.into(), client_id.into());
        Self {
            tenant,
            client_id,
            client_secret: client_secret.into(),
            authority: None,
            graph: None,
        }
    }

    /// Asks another authority than `https://login.microsoftonline.com`: that of a national cloud.
    #[must_use]
    pub fn authority(mut self, url: Url) -> Self {
        self.authority = Some(url);
        self
    }

    /// Asks another Microsoft Graph than `https://graph.microsoft.com`: that of a national cloud.
    #[must_use]
    pub fn graph(mut self, url: Url) -> Self {
        self.graph = Some(url);
        self
    }

    /// Asks for a token. The client secret is in the body: not for logs.
    ///
    /// # Errors
    /// [`Misuse::Url`] if the tenant makes no URL, or for a URL with a query.
    pub fn token_request(&self, scope: Scope) -> Result<Request<Vec<u8>>, Misuse> {
        let authority = match &self.authority {
            Some(url) => url.clone(),
            None => AUTHORITY.parse()?,
        };
        let tenant = authority.join("", Some(&self.tenant))?.to_string();
        let uri = format!("{tenant}/oauth2/v2.0/token").parse().map_err(|_| Misuse::Url)?;
        let scope = match (scope, &self.graph) {
            (Scope::Graph, Some(graph)) => graph.join("/.default", None)?.to_string(),
            (scope, _) => scope.to_string(),
        };
        let secret = String::from_utf8_lossy(self.client_secret.expose());
        let form = Zeroizing::new(format!(
            "client_id={}&scope={}&client_secret={}&grant_type=client_credentials",
            utf8_percent_encode(&self.client_id, NON_ALPHANUMERIC),
            utf8_percent_encode(&scope, NON_ALPHANUMERIC),
            utf8_percent_encode(&secret, NON_ALPHANUMERIC),
        ));
        let media_type = HeaderValue::from_static("application/x-www-form-urlencoded");
        let headers = [(CONTENT_TYPE, media_type), (ACCEPT, JSON)];
        Ok(request(Method::POST, uri, headers, form.as_bytes().to_vec()))
    }

    pub(super) fn graph_url(&self) -> Result<Url, Misuse> {
        match &self.graph {
            Some(url) => Ok(url.clone()),
            None => GRAPH.parse(),
        }
    }

    /// Reads the answer to [`token_request`](Self::token_request).
    ///
    /// # Errors
    /// [`Error::NoToken`] if there is none; [`Error::Status`], [`Error::InvalidAnswer`].
    pub fn token(&self, response: &Response<Vec<u8>>, limits: &Limits) -> Result<Token, Error> {
        if response.status().is_success() {
            let Issued { access_token, expires_in } =
                from_json("a token", response.body(), limits)?;
            let lifetime = Duration::from_secs(expires_in);
            return Ok(Token { secret: Secret::from(access_token), lifetime });
        }
        let fault = from_json("an error of OAuth", response.body(), limits);
        let Ok(Fault { error, error_description }) = fault else {
            return Err(Error::Status(response.status().as_u16()));
        };
        let shown =
            |text: &str| PeerText::new(text, &[&self.client_secret], limits.text_characters);
        Err(Error::NoToken { error: shown(&error), description: shown(&error_description) })
    }
}

/// A bearer token.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Token {
    /// The token itself.
    pub secret: Secret,
    /// For how long it is good, from when it was issued.
    pub lifetime: Duration,
}

impl Token {
    /// A token that was had in some other way, and lasts an hour.
    #[must_use]
    pub fn new(secret: impl Into<Secret>) -> Self {
        Self { secret: secret.into(), lifetime: Duration::from_secs(3600) }
    }
}

#[derive(Deserialize)]
struct Issued {
    access_token: String,
    #[serde(default)]
    expires_in: u64,
}

#[derive(Deserialize)]
struct Fault {
    #[serde(default)]
    error: String,
    #[serde(default)]
    error_description: String,
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
