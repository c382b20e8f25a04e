//! A certificate profile of DigiCert ONE.

use devicecert_pki::Secret;
use http::{Response, StatusCode};
use serde::Deserialize;

use super::Error;
use crate::error::PeerText;
use crate::limits::Limits;
use crate::message::from_json;

/// A certificate profile that is active.
///
/// Nothing else is known of it: neither the type of its seats nor of its certificates.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Profile {
    /// Its GUID, as DigiCert says it.
    pub id: PeerText,
    /// Its name.
    pub name: PeerText,
}

#[derive(Deserialize)]
struct Answer {
    id: Option<String>,
    name: Option<String>,
    status: Option<String>,
}

impl Profile {
    pub(super) fn read(
        response: &Response<Vec<u8>>,
        api_token: &Secret,
        limits: &Limits,
    ) -> Result<Self, Error> {
        match response.status() {
            StatusCode::OK => {}
            StatusCode::UNAUTHORIZED => return Err(Error::ProfileUnauthorized),
            StatusCode::FORBIDDEN => return Err(Error::ProfileForbidden),
            other => return Err(Error::ProfileStatus(other.as_u16())),
        }
        let Answer { id, name, status } =
            from_json("a certificate profile", response.body(), limits)?;
        let shown = |text: Option<String>| {
            PeerText::new(&text.unwrap_or_default(), &[api_token], limits.text_characters)
        };
        match status.as_deref() {
            Some("Active") => Ok(Self { id: shown(id), name: shown(name) }),
            _ => Err(Error::ProfileNotActive(shown(status))),
        }
    }
}
