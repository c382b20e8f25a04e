//! JSON in bodies.

use devicecert_pki::error::LimitExceeded;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Response, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::error::InvalidAnswer;
use crate::limits::Limits;

/// Reads an object. A key that is there twice is an error, one that is unknown is not.
pub(super) fn read<T: DeserializeOwned>(body: &[u8], limits: &Limits) -> Result<T, InvalidAnswer> {
    LimitExceeded::check("the body (bytes)", limits.body_bytes, body.len())?;
    // Serde looks at the encoding of what it keeps only, and takes an array for an object whose keys
    // are in that order.
    let text =
        core::str::from_utf8(body).map_err(|_| InvalidAnswer::Json { line: 0, column: 0 })?;
    if !text.trim_ascii_start().starts_with('{') {
        return Err(InvalidAnswer::Json { line: 1, column: 1 });
    }
    serde_json::from_str(text)
        .map_err(|error| InvalidAnswer::Json { line: error.line(), column: error.column() })
}

pub(super) fn write(body: &impl Serialize) -> Vec<u8> {
    // Only maps with keys that are no texts cannot be written, and the bodies here are structs.
    serde_json::to_vec(body).unwrap_or_default()
}

pub(super) fn response(status: StatusCode, body: &impl Serialize) -> Response<Vec<u8>> {
    let mut response = Response::new(write(body));
    *response.status_mut() = status;
    let json = HeaderValue::from_static("application/json; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, json);
    response
}
