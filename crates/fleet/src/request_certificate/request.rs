//! The body of the call, as Fleet reads it.

use devicecert_pki::Secret;
use serde::Deserialize;

use super::ask::{IdpToken, Output};
use super::error::InvalidAnswer;
use super::json;
use super::refusal::Refusal;
use crate::limits::Limits;

#[derive(Deserialize)]
struct Body {
    csr: Option<String>,
    idp_oauth_url: Option<String>,
    idp_token: Option<String>,
    idp_client_id: Option<String>,
    return_pem_certificate: Option<bool>,
}

/// What a caller wants.
#[derive(Clone, Debug)]
pub(super) struct Wish {
    /// In PEM armour; not looked at yet. It may hold a challengePassword.
    csr: Secret,
    pub(super) idp: Idp,
    pub(super) output: Output,
}

/// The three fields about an identity provider.
#[derive(Clone, Debug)]
pub(super) enum Idp {
    Absent,
    Complete(IdpToken),
    /// One or two of them.
    Partial,
}

impl Wish {
    /// Reads the body. What is not known is passed over, `null` counts as absent.
    pub(super) fn read(body: &[u8], limits: &Limits) -> Result<Self, Refusal> {
        let body: Body = json::read(body, limits).map_err(|error| match error {
            InvalidAnswer::LimitExceeded(_) => Refusal::BodyTooLong,
            _ => Refusal::Body,
        })?;
        let token = body.idp_token.map(Secret::from);
        let idp = match (body.idp_oauth_url, token, body.idp_client_id) {
            (None, None, None) => Idp::Absent,
            (Some(url), Some(token), Some(client_id)) => {
                Idp::Complete(IdpToken { url, token, client_id })
            }
            _ => Idp::Partial,
        };
        let output = match body.return_pem_certificate {
            Some(true) => Output::Certificate,
            Some(false) | None => Output::Pkcs7,
        };
        let csr = Secret::from(body.csr.unwrap_or_default());
        Ok(Self { csr, idp, output })
    }

    pub(super) fn csr(&self) -> &str {
        // It was a text.
        core::str::from_utf8(self.csr.expose()).unwrap_or_default()
    }
}
