//! What an identity provider says of a token (RFC 7662), in the form that Fleet asks.

use devicecert_pki::PeerText;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Method, Request, Response, StatusCode, Uri};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};
use serde::Deserialize;

use super::ask::IdpToken;
use super::error::InvalidAnswer;
use super::json;
use crate::limits::Limits;

/// What stays as it is in a form: as Go's `QueryEscape` has it, which escapes `*` and leaves `~`.
const FORM: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b' ');

/// What came of the question to an identity provider.
#[derive(Clone, Debug)]
pub enum Introspection {
    /// It answered.
    Response(Response<Vec<u8>>),
    /// It did not. Fleet gives it 20 seconds.
    Unreachable(PeerText),
}

/// Why a token is worth nothing. The caller of the API is told none of it: these are for the log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IdpFault {
    /// The introspection endpoint is no http or https URL.
    #[error("the introspection endpoint is no http or https URL")]
    Url,
    /// The endpoint did not answer.
    #[error("Failed to introspect IDP token: {0}")]
    Unreachable(PeerText),
    /// The endpoint did not answer with 200.
    #[error("IDP token introspection failed with status code {0}")]
    Status(u16),
    /// The endpoint did not answer in JSON.
    #[error("Failed to decode IDP token introspection response: {0}")]
    Answer(InvalidAnswer),
    /// The token is not active, or no longer.
    #[error("the IDP token is not active")]
    Inactive,
    /// The answer names no user.
    #[error("the IDP token introspection response has no username")]
    NoUsername,
    /// The answer names another user than the certification request.
    #[error("the email address of the CSR is not the username of the IDP token")]
    OtherUser,
    /// Fleet does not tell its callers.
    #[error("the server did not say")]
    Untold,
}

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    active: bool,
    username: Option<String>,
}

/// The question. There is no client secret in it, and the body holds the token: it is not for logs.
pub(super) fn request(idp: &IdpToken) -> Result<Request<Vec<u8>>, IdpFault> {
    let uri: Uri = idp.url.parse().map_err(|_| IdpFault::Url)?;
    let is_absolute = matches!(uri.scheme_str(), Some("http" | "https"));
    if !is_absolute || uri.host().is_none_or(str::is_empty) {
        return Err(IdpFault::Url);
    }
    let escape = |text: &[u8]| percent_encode(text, FORM).to_string().replace(' ', "+");
    let client_id = escape(idp.client_id.as_bytes());
    let body = format!("client_id={client_id}&token={}", escape(idp.token.expose()));
    let mut request = Request::new(body.into_bytes());
    *request.method_mut() = Method::POST;
    *request.uri_mut() = uri;
    let form = HeaderValue::from_static("application/x-www-form-urlencoded");
    request.headers_mut().insert(CONTENT_TYPE, form);
    Ok(request)
}

/// The user whom the token is for.
pub(super) fn username(answer: &Introspection, limits: &Limits) -> Result<String, IdpFault> {
    let response = match answer {
        Introspection::Response(response) => response,
        Introspection::Unreachable(why) => return Err(IdpFault::Unreachable(why.clone())),
    };
    if response.status() != StatusCode::OK {
        return Err(IdpFault::Status(response.status().as_u16()));
    }
    let answer: Answer = json::read(response.body(), limits).map_err(IdpFault::Answer)?;
    match answer {
        Answer { active: false, .. } => Err(IdpFault::Inactive),
        Answer { username, .. } => {
            username.filter(|username| !username.is_empty()).ok_or(IdpFault::NoUsername)
        }
    }
}
