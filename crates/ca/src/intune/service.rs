//! The service that validates SCEP requests.

use core::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use devicecert_pki::Secret;
use http::header::{ACCEPT, AUTHORIZATION};
use http::{HeaderName, HeaderValue, Request, Response};
use serde::{Deserialize, Serialize};

use super::notify::{FailureBody, FailureReason, Issued, SuccessBody};
use super::{Code, Error, Token};
use crate::error::{Misuse, PeerText};
use crate::limits::Limits;
use crate::message::{JSON, bearer, from_json, post_json};
use crate::url::Url;
use crate::uuid::Uuid;

const API_VERSION: HeaderValue = HeaderValue::from_static("2018-02-20");

/// One SCEP transaction.
#[derive(Clone, PartialEq, Eq)]
pub struct Transaction {
    pub(super) transaction_id: String,
    /// The request holds the challenge.
    pub(super) certificate_request: Secret,
}

impl Transaction {
    /// The transactionID of the pkiMessage, and the certification request (DER) as it came.
    ///
    /// # Errors
    /// [`Misuse::Empty`] if there is no transactionID or no request.
    pub fn new(transaction_id: impl Into<String>, csr: &[u8]) -> Result<Self, Misuse> {
        let transaction_id = transaction_id.into();
        if transaction_id.trim().is_empty() {
            return Err(Misuse::Empty("the transactionID"));
        }
        if csr.is_empty() {
            return Err(Misuse::Empty("the certification request"));
        }
        Ok(Self { transaction_id, certificate_request: Secret::from(STANDARD.encode(csr)) })
    }

    /// The request in base64, as it goes into JSON.
    pub(super) fn csr(&self) -> &str {
        // Made of base64 above.
        core::str::from_utf8(self.certificate_request.expose()).unwrap_or_default()
    }
}

impl fmt::Debug for Transaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transaction")
            .field("transaction_id", &self.transaction_id)
            .finish_non_exhaustive()
    }
}

/// The service of one tenant, and who asks.
///
/// Every request holds the certification request with its challenge in the body, which is not for
/// logs.
#[derive(Clone, Debug)]
pub struct Service {
    url: Url,
    token: Token,
    caller: String,
}

#[derive(Serialize)]
struct ValidationBody<'a> {
    request: Validation<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Validation<'a> {
    transaction_id: &'a str,
    certificate_request: &'a str,
    caller_info: &'a str,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    code: String,
    error_description: Option<String>,
}

impl Service {
    /// The service at the URL that [`service_url`](super::service_url) returned, with a token of
    /// scope [`Scope::Intune`](super::Scope::Intune). `caller` names the CA and its version; it is
    /// shown in Intune's logs.
    #[must_use]
    pub fn new(url: Url, token: Token, caller: impl Into<String>) -> Self {
        Self { url, token, caller: caller.into() }
    }

    /// Asks whether a certificate may be issued.
    ///
    /// # Errors
    /// [`Misuse::Header`] if the token cannot be sent.
    pub fn validate(
        &self,
        transaction: &Transaction,
        request_id: Uuid,
    ) -> Result<Request<Vec<u8>>, Misuse> {
        let request = Validation {
            transaction_id: &transaction.transaction_id,
            certificate_request: transaction.csr(),
            caller_info: &self.caller,
        };
        self.post("validateRequest", &ValidationBody { request }, request_id)
    }

    /// Tells that a certificate was issued: before the device gets it, and if Intune does not take
    /// the news, the device does not get it.
    ///
    /// # Errors
    /// As [`validate`](Self::validate).
    pub fn succeeded(
        &self,
        transaction: &Transaction,
        issued: &Issued,
        request_id: Uuid,
    ) -> Result<Request<Vec<u8>>, Misuse> {
        let body = SuccessBody::new(transaction, issued, &self.caller);
        self.post("successNotification", &body, request_id)
    }

    /// Tells that no certificate will be issued.
    ///
    /// # Errors
    /// As [`validate`](Self::validate).
    pub fn failed(
        &self,
        transaction: &Transaction,
        reason: &FailureReason,
        request_id: Uuid,
    ) -> Result<Request<Vec<u8>>, Misuse> {
        let body = FailureBody::new(transaction, reason, &self.caller);
        self.post("failureNotification", &body, request_id)
    }

    /// Reads the answer to any of the three.
    ///
    /// # Errors
    /// [`Error::Refused`] for every code but [`Code::Success`], those that are unknown included;
    /// [`Error::Status`], [`Error::InvalidAnswer`].
    pub fn answer(&self, response: &Response<Vec<u8>>, limits: &Limits) -> Result<(), Error> {
        if !response.status().is_success() {
            return Err(Error::Status(response.status().as_u16()));
        }
        let Answer { code, error_description } = from_json("a verdict", response.body(), limits)?;
        let secrets = [&self.token.secret];
        match Code::read(&code, &secrets, limits) {
            Code::Success => Ok(()),
            code => {
                let description = error_description.unwrap_or_default();
                let description = PeerText::new(&description, &secrets, limits.text_characters);
                Err(Error::Refused { code, description })
            }
        }
    }

    fn post(
        &self,
        action: &str,
        body: &impl Serialize,
        request_id: Uuid,
    ) -> Result<Request<Vec<u8>>, Misuse> {
        let uri = self.url.join("/ScepActions", Some(action))?;
        let request_id = HeaderValue::try_from(request_id.to_string());
        let request_id = request_id.map_err(|_| Misuse::Header("the request ID"))?;
        let headers = [
            (AUTHORIZATION, bearer(&self.token.secret)?),
            (HeaderName::from_static("client-request-id"), request_id),
            (HeaderName::from_static("api-version"), API_VERSION),
            (ACCEPT, JSON),
        ];
        Ok(post_json(uri, headers, body))
    }
}
