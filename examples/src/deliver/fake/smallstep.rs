//! Smallstep's webhook for challenges.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use devicecert::ca::Credentials;
use devicecert::pki::{Provider, Secret};
use http::{Method, Request, Response, StatusCode};
use hyper::body::Bytes;
use serde_json::Value;

use super::{header, of_type, refusal};
use crate::deliver::outstanding::Outstanding;

/// The webhook.
pub(in crate::deliver) struct Smallstep {
    pub(in crate::deliver) credentials: Credentials,
    pub(in crate::deliver) outstanding: Outstanding,
    pub(in crate::deliver) provider: &'static dyn Provider,
}

impl Smallstep {
    pub(in crate::deliver) fn answer(&self, request: &Request<Bytes>) -> Response<Vec<u8>> {
        if request.method() != Method::POST {
            return refusal(StatusCode::METHOD_NOT_ALLOWED);
        }
        if Secret::new(header(request, "authorization").to_vec()) != self.basic() {
            return refusal(StatusCode::UNAUTHORIZED);
        }
        let body: Option<Value> = serde_json::from_slice(request.body()).ok();
        let event = body.as_ref().and_then(|body| body.pointer("/webhook/webhookEvent"));
        if event != Some(&Value::from("SCEPChallenge")) {
            return refusal(StatusCode::BAD_REQUEST);
        }
        match self.outstanding.hand_out::<16>(usize::MAX, self.provider) {
            Ok(Some(challenge)) => of_type("text/plain", challenge),
            Ok(None) | Err(_) => refusal(StatusCode::INTERNAL_SERVER_ERROR),
        }
    }

    fn basic(&self) -> Secret {
        let password = String::from_utf8_lossy(self.credentials.password().expose()).into_owned();
        let pair = format!("{}:{password}", self.credentials.username());
        Secret::from(format!("Basic {}", STANDARD.encode(pair)))
    }
}
