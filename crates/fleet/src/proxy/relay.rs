//! A request that is passed on to the CA, and what comes back.

use core::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use devicecert_pki::PeerText;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderValue};
use http::uri::PathAndQuery;
use http::{Method, Request, Response, StatusCode, Uri};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};

use super::call::{Call, Operation};
use super::identifier::Identifier;
use super::profile::Platform;
use super::refusal::{GENERIC, TIMED_OUT, error};
use super::report::Report;
use super::settings::{Limits, Proxy, Upstream};
use super::store::UpstreamFailure;
use crate::rules::Rules;

const CHAIN: &str = "application/x-x509-ca-ra-cert";
const OCTETS: HeaderValue = HeaderValue::from_static("application/octet-stream");

/// All but what RFC 3986 §2.3 leaves as it is.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// A request on its way to the CA.
///
/// A PKIOperation takes two turns: the CA is asked whether it takes POST, and then for the
/// certificate.
#[derive(Clone, Debug)]
pub struct Relay {
    call: Call,
    upstream: Uri,
    rules: Rules,
    limits: Limits,
    timeout: Duration,
    turn: Turn,
}

#[derive(Clone, Debug)]
enum Turn {
    Capabilities,
    Ask(Method),
    Done(Box<Answer>),
}

/// What is to be done next.
#[derive(Clone, Debug)]
pub enum Step {
    /// Send this to the CA, within [`Relay::timeout`], and hand in what comes of it. A redirection
    /// is for the HTTP client to follow, as Fleet's does; here it is a failure.
    Send(Request<Vec<u8>>),
    /// Send this to the device, and file what there is to report.
    Done(Answer),
}

/// What the device gets, and what the store is to know.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Answer {
    /// The response for the device.
    pub response: Response<Vec<u8>>,
    /// What to file, if it is for Windows. A profile that failed on an Apple device or on Android
    /// is reported by the device.
    pub report: Option<Report>,
}

/// What became of a request to the CA, instead of a response. An error like any other, so that one
/// HTTP client can be for the proxy and for whatever else asks a CA.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Failure {
    /// It did not answer in time.
    #[error("timeout")]
    Timeout,
    /// Nobody listens there.
    #[error("connection refused")]
    ConnectionRefused,
    /// Its name is not known.
    #[error("DNS resolution error")]
    Dns,
    /// Connection, TLS or HTTP failed in another way.
    #[error("no connection")]
    Other,
    /// The device has gone, or this server is about to: it says nothing about the CA.
    #[error("cancelled")]
    Cancelled,
}

impl Relay {
    pub(super) fn new(proxy: &Proxy, call: Call, upstream: &Upstream) -> Self {
        let turn = match call.operation {
            Operation::PkiOperation => Turn::Capabilities,
            Operation::GetCaCaps | Operation::GetCaCert => Turn::Ask(Method::GET),
        };
        Self {
            call,
            upstream: upstream.uri().clone(),
            rules: proxy.rules,
            limits: proxy.limits.clone(),
            timeout: proxy.upstream_timeout,
            turn,
        }
    }

    /// What it is for.
    #[must_use]
    pub const fn identifier(&self) -> &Identifier {
        &self.call.identifier
    }

    /// How long the CA has for one answer.
    #[must_use]
    pub const fn timeout(&self) -> Duration {
        self.timeout
    }

    /// What is needed next.
    #[must_use]
    pub fn step(&self) -> Step {
        let request = match &self.turn {
            Turn::Capabilities => self.get(Operation::GetCaCaps, &[]),
            Turn::Ask(Method::POST) => self.post(),
            Turn::Ask(_) => self.get(self.call.operation, &self.message()),
            Turn::Done(answer) => return Step::Done((**answer).clone()),
        };
        match request {
            Some(request) => Step::Send(request),
            // Longer than a URL can be.
            None => Step::Done(self.failure(UpstreamFailure::Upstream, GENERIC)),
        }
    }

    /// Hands in the response to [`Step::Send`].
    pub fn received(&mut self, response: Response<Vec<u8>>) {
        self.turn = match &self.turn {
            Turn::Capabilities => Turn::Ask(method(&response)),
            Turn::Ask(_) => Turn::Done(Box::new(self.answer(response))),
            Turn::Done(_) => return,
        };
    }

    /// Hands in that there is no response to [`Step::Send`].
    pub fn failed(&mut self, failure: Failure) {
        if matches!(self.turn, Turn::Done(_)) {
            return;
        }
        let failed = |failure| self.failure(failure, GENERIC);
        self.turn = Turn::Done(Box::new(match failure {
            Failure::Timeout => failed(UpstreamFailure::Timeout),
            Failure::ConnectionRefused => failed(UpstreamFailure::ConnectionRefused),
            Failure::Dns => failed(UpstreamFailure::Dns),
            Failure::Other => failed(UpstreamFailure::Upstream),
            Failure::Cancelled => {
                let response = error(StatusCode::INTERNAL_SERVER_ERROR, GENERIC);
                Answer { response, report: None }
            }
        }));
    }

    fn message(&self) -> Vec<u8> {
        match self.call.operation {
            Operation::GetCaCaps => Vec::new(),
            Operation::GetCaCert => self.call.message.clone(),
            Operation::PkiOperation => BASE64_STANDARD.encode(&self.call.message).into_bytes(),
        }
    }

    fn get(&self, operation: Operation, message: &[u8]) -> Option<Request<Vec<u8>>> {
        let mut request = Request::new(Vec::new());
        *request.uri_mut() = self.uri(operation, message)?;
        Some(request)
    }

    fn post(&self) -> Option<Request<Vec<u8>>> {
        let mut request = Request::new(self.call.message.clone());
        *request.method_mut() = Method::POST;
        *request.uri_mut() = self.uri(self.call.operation, &[])?;
        let headers = request.headers_mut();
        headers.insert(CONTENT_TYPE, OCTETS);
        headers.insert(CONTENT_LENGTH, HeaderValue::from(self.call.message.len()));
        Some(request)
    }

    /// The configured URL with operation and message; `None` if it gets too long.
    fn uri(&self, operation: Operation, message: &[u8]) -> Option<Uri> {
        let mut query: String = self
            .upstream
            .query()
            .unwrap_or_default()
            .split('&')
            .filter(|pair| !pair.is_empty())
            .filter(|pair| {
                let name = pair.split_once('=').map_or(*pair, |(name, _)| name);
                !matches!(name, "operation" | "message")
            })
            .flat_map(|pair| [pair, "&"])
            .collect();
        query.push_str("operation=");
        query.push_str(operation.name());
        if !message.is_empty() {
            query.push_str("&message=");
            query.extend(percent_encode(message, ESCAPED));
        }
        let path = format!("{}?{query}", self.upstream.path());
        let mut parts = self.upstream.clone().into_parts();
        parts.path_and_query = Some(PathAndQuery::try_from(path).ok()?);
        Uri::from_parts(parts).ok()
    }

    fn answer(&self, response: Response<Vec<u8>>) -> Answer {
        let (parts, body) = response.into_parts();
        if !parts.status.is_success() {
            let said = body.get(..self.limits.error_bytes).unwrap_or(&body);
            let said = PeerText::new(&String::from_utf8_lossy(said), &[], usize::MAX);
            // As Go prints it.
            let status = match parts.status.canonical_reason() {
                Some(reason) => format!("{} {reason}", parts.status.as_u16()),
                None => parts.status.as_u16().to_string(),
            };
            let text = format!("http request failed with status {status}, msg: {said}");
            return self.failure(UpstreamFailure::Status(parts.status), &text);
        }
        if body.len() > self.limits.reply_bytes {
            return self.failure(UpstreamFailure::Upstream, GENERIC);
        }
        let mut response = Response::new(body);
        let media_type = match self.call.operation {
            Operation::GetCaCaps => "text/plain",
            Operation::GetCaCert if is_chain(&parts.headers) => CHAIN,
            Operation::GetCaCert => "application/x-x509-ca-cert",
            Operation::PkiOperation => "application/x-pki-message",
        };
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
        Answer { response, report: self.report(None) }
    }

    fn failure(&self, failure: UpstreamFailure, text: &str) -> Answer {
        let (status, text) = match (failure, self.rules) {
            (UpstreamFailure::Timeout, Rules::Guide) => {
                (StatusCode::INTERNAL_SERVER_ERROR, TIMED_OUT)
            }
            (UpstreamFailure::Timeout, Rules::Current) => (StatusCode::REQUEST_TIMEOUT, TIMED_OUT),
            (_, Rules::Guide) => (StatusCode::INTERNAL_SERVER_ERROR, text),
            (_, Rules::Current) => (StatusCode::INTERNAL_SERVER_ERROR, GENERIC),
        };
        Answer { response: error(status, text), report: self.report(Some(failure)) }
    }

    fn report(&self, failure: Option<UpstreamFailure>) -> Option<Report> {
        let slot = self.call.identifier.slot();
        let is_reported = self.rules == Rules::Current
            && slot.profile().platform() == Platform::Windows
            && self.call.operation == Operation::PkiOperation;
        is_reported.then(|| Report { slot: slot.clone(), failure })
    }
}

/// How a CA is sent a message, by its capabilities.
fn method(response: &Response<Vec<u8>>) -> Method {
    let says = |word: &[u8]| response.body().windows(word.len()).any(|found| found == word);
    match response.status().is_success() && (says(b"POSTPKIOperation") || says(b"SCEPStandard")) {
        true => Method::POST,
        false => Method::GET,
    }
}

/// Whether a CA says that there is more than one certificate.
fn is_chain(headers: &HeaderMap) -> bool {
    let value = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let media_type = value.and_then(|value| value.split(';').next()).unwrap_or_default();
    media_type.trim().eq_ignore_ascii_case(CHAIN)
}
