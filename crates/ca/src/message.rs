//! HTTP requests as values, and the JSON in them.

use devicecert_pki::Secret;
use http::header::{ACCEPT, CONTENT_TYPE, HeaderValue};
use http::{HeaderName, Method, Request, Uri};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::error::Category;

use crate::error::{InvalidAnswer, JsonFault, Misuse};
use crate::limits::Limits;

pub(crate) const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// A header whose value HTTP libraries neither show nor compress.
pub(crate) fn sensitive(what: &'static str, value: &Secret) -> Result<HeaderValue, Misuse> {
    let mut value = HeaderValue::from_bytes(value.expose()).map_err(|_| Misuse::Header(what))?;
    value.set_sensitive(true);
    Ok(value)
}

/// `Authorization: Bearer …` (RFC 6750 §2.1).
pub(crate) fn bearer(token: &Secret) -> Result<HeaderValue, Misuse> {
    sensitive("the token", &Secret::new([b"Bearer ", token.expose()].concat()))
}

pub(crate) fn request(
    method: Method,
    uri: Uri,
    headers: impl IntoIterator<Item = (HeaderName, HeaderValue)>,
    body: Vec<u8>,
) -> Request<Vec<u8>> {
    let mut request = Request::new(body);
    *request.method_mut() = method;
    *request.uri_mut() = uri;
    request.headers_mut().extend(headers);
    request
}

pub(crate) fn get_json(uri: Uri, name: HeaderName, value: HeaderValue) -> Request<Vec<u8>> {
    request(Method::GET, uri, [(name, value), (ACCEPT, JSON)], Vec::new())
}

pub(crate) fn post_json(
    uri: Uri,
    headers: impl IntoIterator<Item = (HeaderName, HeaderValue)>,
    body: &impl Serialize,
) -> Request<Vec<u8>> {
    let mut request = request(Method::POST, uri, headers, to_json(body));
    request.headers_mut().insert(CONTENT_TYPE, JSON);
    request
}

fn to_json(body: &impl Serialize) -> Vec<u8> {
    // Only maps with keys that are no texts cannot be written, and the bodies here are structs.
    serde_json::to_vec(body).unwrap_or_default()
}

/// Reads an object. A key that is there twice is an error, one that is unknown is not.
pub(crate) fn from_json<T: DeserializeOwned>(
    expected: &'static str,
    body: &[u8],
    limits: &Limits,
) -> Result<T, InvalidAnswer> {
    limits.check_body(body)?;
    // Serde looks at the encoding of what it keeps only: of values under unknown keys it does not.
    let text = core::str::from_utf8(body).map_err(|error| {
        let lines =
            body.get(..error.valid_up_to()).unwrap_or_default().split(|&byte| byte == b'\n');
        let column = lines.clone().next_back().map_or(0, <[u8]>::len).saturating_add(1);
        InvalidAnswer::Json { expected, found: JsonFault::Encoding, line: lines.count(), column }
    })?;
    let object = serde_json::from_str(text).map_err(|error| InvalidAnswer::Json {
        expected,
        found: match error.classify() {
            Category::Eof => JsonFault::End,
            Category::Syntax | Category::Io => JsonFault::Syntax,
            Category::Data => JsonFault::Shape,
        },
        line: error.line(),
        column: error.column(),
    })?;
    // Serde takes an array for an object whose keys are in that order.
    match body.trim_ascii_start().first() {
        Some(b'{') => Ok(object),
        _ => Err(InvalidAnswer::Json { expected, found: JsonFault::Shape, line: 0, column: 0 }),
    }
}
