//! Somebody else who decides: a service of the organisation that knows which device may have what.

use std::fmt;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use devicecert::ca::{Misuse, intune};
use devicecert::pki::algorithm::DigestAlgorithm;
use devicecert::pki::error::KeyError;
use devicecert::pki::{Certificate, Csr, Error as PkiError, Provider, Secret, Time};
use devicecert::scep::{Authorisation, Transaction};
use http::header::CONTENT_TYPE;
use http::{Request, Uri};
use serde_json::{Value, json};

use super::store::hex;
use crate::client::{self, ClientError};

/// What a judge is told of a request whose challenge this CA does not know.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Case<'a> {
    /// Who asks.
    pub transaction: &'a Transaction,
    /// What is asked for, and with which challenge: octet by octet as the client sent it.
    pub csr: &'a Csr,
    /// When.
    pub now: Time,
}

/// What a judge decides.
#[derive(Debug)]
pub enum Judgement {
    /// The request may be granted.
    Allow(Authorisation),
    /// It is refused.
    Refuse(No),
}

/// Why a judge says no. It is for the log: a client would learn from it how far its challenge got.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum No {
    /// The web hook said so.
    #[error("the web hook does not allow it")]
    Webhook,
    /// Intune said so.
    #[error(transparent)]
    Intune(intune::Error),
    /// The challenge is none of those that were handed out, or was used before.
    #[error("the challenge was not handed out, or was used before")]
    Challenge,
}

/// Which requests a judge is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Jurisdiction {
    /// Those of devices that have no certificate yet. Who has one may renew it.
    FirstRequests,
    /// Renewals, too.
    EveryRequest,
}

/// Decides about requests.
pub trait Judge: fmt::Debug + Send + Sync {
    /// Whether the request may be granted.
    ///
    /// # Errors
    /// [`JudgeError`] if there is no decision; nothing is issued then, and the client may ask again.
    fn judge(&self, case: Case<'_>) -> Result<Judgement, JudgeError>;

    /// Which requests it wants to be asked about.
    fn jurisdiction(&self) -> Jurisdiction {
        Jurisdiction::FirstRequests
    }

    /// Who wants to be told what became of the requests that were allowed.
    fn follower(&self) -> Option<&dyn Follower> {
        None
    }
}

/// Is told what became of requests that its judge allowed, each before the client is told.
pub trait Follower {
    /// A certificate was issued.
    ///
    /// # Errors
    /// [`JudgeError`] if the news did not get there: the client does not get the certificate, and
    /// may ask again.
    fn issued(&self, case: Case<'_>, certificate: &Certificate) -> Result<Reception, JudgeError>;

    /// No certificate will be issued.
    ///
    /// # Errors
    /// [`JudgeError`] if the news did not get there: the client is not told either, and may ask
    /// again.
    fn failed(&self, case: Case<'_>, failure: Failure) -> Result<Reception, JudgeError>;
}

/// What a follower says to the news.
#[derive(Debug)]
pub enum Reception {
    /// It knows now.
    Noted,
    /// It disagrees: a certificate must not get to the client.
    Objection(No),
}

/// Why a request that was allowed came to nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Failure {
    /// A person rejected it.
    Rejected,
    /// The CA that was asked has expired.
    CaExpired,
}

/// Why there is no decision, or why the news did not get there.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum JudgeError {
    /// The service cannot be reached.
    #[error(transparent)]
    Http(#[from] ClientError),
    /// The service answers with another status than 200.
    #[error("{url}: expected HTTP status 200, found {status}")]
    Status {
        /// The service.
        url: Uri,
        /// What it said.
        status: u16,
    },
    /// The service answers with something else than a decision.
    #[error(r#"{0}: expected {{"allow": true}} or {{"allow": false}}"#)]
    Answer(Uri),
    /// The request to the service cannot be written.
    #[error(transparent)]
    Pki(#[from] PkiError),
    /// There are no random octets for it.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// Intune was not reached, or does not answer as it should.
    #[error(transparent)]
    Intune(#[from] intune::Error),
    /// Intune cannot be asked about this.
    #[error(transparent)]
    Misuse(#[from] Misuse),
    /// Another request has just tried to find out where Intune's service is, or who may ask it.
    #[error("Intune was not reached for another request that came just before this one")]
    InVain,
    /// Who allowed the request wanted to know its outcome, and is not there any more.
    #[error("nobody is configured who could be told what became of this request")]
    NoFollower,
}

/// A web hook: one POST for each request, answered with `{"allow": true}` or `{"allow": false}`.
///
/// The body is a JSON object with `transactionID`, `subject`, `subjectAltNames` (texts such as
/// `DNS:laptop-7.example`), `challenge` and `csr` (base64 of the DER). The header
/// `X-Signature-SHA256` is the HMAC-SHA256 of the body under the secret that both sides know, in
/// hexadecimal digits. The body holds the challenge: the hook belongs behind https, or on this
/// machine.
#[derive(Debug)]
pub struct Webhook {
    url: Uri,
    secret: Secret,
    provider: &'static dyn Provider,
    agent: ureq::Agent,
}

impl Webhook {
    /// A hook at `url`.
    #[must_use]
    pub fn new(url: Uri, secret: Secret, provider: &'static dyn Provider) -> Self {
        Self { url, secret, provider, agent: client::agent(Duration::from_secs(10)) }
    }

    fn ask(&self, case: Case<'_>) -> Result<Request<Vec<u8>>, PkiError> {
        let csr = case.csr;
        let names: Vec<String> = csr.subject_alt_name()?.iter().map(ToString::to_string).collect();
        let challenge = csr.challenge_password().map(|one| String::from_utf8_lossy(one.expose()));
        let body = json!({
            "transactionID": case.transaction.id().to_string(),
            "subject": csr.subject().to_string(),
            "subjectAltNames": names,
            "challenge": challenge,
            "csr": STANDARD.encode(csr.as_der()),
        });
        let body = body.to_string().into_bytes();
        let signature = self.provider.hmac(DigestAlgorithm::Sha256, &self.secret, &body)?;
        let mut request = Request::new(body);
        *request.method_mut() = http::Method::POST;
        *request.uri_mut() = self.url.clone();
        let headers = request.headers_mut();
        headers.insert(CONTENT_TYPE, http::HeaderValue::from_static("application/json"));
        if let Ok(signature) = hex(&signature).parse() {
            headers.insert("x-signature-sha256", signature);
        }
        Ok(request)
    }
}

impl Judge for Webhook {
    fn judge(&self, case: Case<'_>) -> Result<Judgement, JudgeError> {
        let response = client::send(&self.agent, self.ask(case)?)?;
        let status = response.status().as_u16();
        if status != 200 {
            return Err(JudgeError::Status { url: self.url.clone(), status });
        }
        let answer: Option<Value> = serde_json::from_slice(response.body()).ok();
        match answer.as_ref().and_then(|answer| answer.get("allow")?.as_bool()) {
            Some(true) => Ok(Judgement::Allow(Authorisation::by_administrator())),
            Some(false) => Ok(Judgement::Refuse(No::Webhook)),
            None => Err(JudgeError::Answer(self.url.clone())),
        }
    }
}
