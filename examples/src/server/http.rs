//! HTTP in front of the CA.

use std::sync::Arc;
use std::time::Duration;

use devicecert::pki::{Error as PkiError, Limits};
use devicecert::scep::{Error, Operation, Tolerance};
use http::header::{CONNECTION, CONTENT_TYPE};
use http::{HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Bytes, Incoming};
use tokio::net::TcpListener;

use super::{AnswerError, Ca};
use crate::listen::{self, Log, PATIENCE};

/// Serves SCEP on every path, for ever.
pub async fn serve(listener: TcpListener, ca: Arc<Ca>, log: Log) {
    let (for_ever, grace) = (std::future::pending(), Duration::ZERO);
    listen::serve(listener, &Arc::clone(&log), for_ever, grace, |stream, place| {
        let (ca, log) = (Arc::clone(&ca), Arc::clone(&log));
        async move {
            let answer = move |request| answer(request, Arc::clone(&ca), Arc::clone(&log));
            listen::connection(stream, place, answer).await;
        }
    })
    .await;
}

async fn answer(request: Request<Incoming>, ca: Arc<Ca>, log: Log) -> Response<Full<Bytes>> {
    let (head, body) = request.into_parts();
    // Twice the limit of a message leaves room for base64.
    let limit = Limits::default().message_bytes.saturating_mul(2);
    let body = tokio::time::timeout(PATIENCE, Limited::new(body, limit).collect());
    let Ok(Ok(body)) = body.await else {
        return refusal(StatusCode::BAD_REQUEST);
    };
    let request = Request::from_parts(head, body.to_bytes());
    // Private keys keep a thread busy for a millisecond or more.
    let worked = tokio::task::spawn_blocking(move || dispatch(&request, &ca, &*log));
    match worked.await {
        Ok(response) => response.map(|body| Full::new(Bytes::from(body))),
        Err(_) => refusal(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

fn dispatch(request: &Request<Bytes>, ca: &Ca, log: &dyn Fn(&str)) -> Response<Vec<u8>> {
    let now = ca.clock.now();
    let failed = |error: AnswerError| {
        log(&format!("not answered: {error}"));
        plain(StatusCode::INTERNAL_SERVER_ERROR)
    };
    if let Some(number) = crl_number(request) {
        return match ca.crl(number, now) {
            Ok(Some(crl)) => of_type("application/pkix-crl", crl.as_der().to_vec()),
            Ok(None) => plain(StatusCode::NOT_FOUND),
            Err(error) => failed(error),
        };
    }
    let operation = match Operation::parse(request, &Tolerance::default()) {
        Ok(operation) => operation,
        Err(error) => {
            log(&format!("bad HTTP request: {error}"));
            return plain(StatusCode::BAD_REQUEST);
        }
    };
    match operation {
        Operation::GetCaCaps { .. } => match ca.generations.line(now) {
            Ok(line) => line.current().authority.ca_caps(),
            Err(error) => failed(error.into()),
        },
        Operation::GetCaCert { .. } => match ca.generations.line(now) {
            Ok(line) => line.current().authority.ca_cert(),
            Err(error) => failed(error.into()),
        },
        Operation::GetNextCaCert { .. } => match ca.next_ca_cert(now) {
            Ok(Some(response)) => response,
            Ok(None) => plain(StatusCode::NOT_FOUND),
            Err(error) => failed(error),
        },
        Operation::PkiOperation(message) => match ca.answer(&message, now, log) {
            Ok(reply) => last_of_its_connection(reply.into_http()),
            Err(error) => {
                log(&format!("unanswerable message: {error}"));
                plain(match error {
                    AnswerError::Scep(Error::Pki(PkiError::Key(_)))
                    | AnswerError::Store(_)
                    | AnswerError::Permit(_)
                    | AnswerError::Judge(_)
                    | AnswerError::Setup(_) => StatusCode::INTERNAL_SERVER_ERROR,
                    AnswerError::Scep(_) => StatusCode::BAD_REQUEST,
                })
            }
        },
    }
}

/// A device that was told to wait often keeps the connection and comes back on it after just the
/// time that we wait for a next request: it would write into a connection that is being closed.
fn last_of_its_connection(mut response: Response<Vec<u8>>) -> Response<Vec<u8>> {
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    response
}

/// Which CRL is asked for: `crl-0.crl` under any path, for the CA that was made first.
fn crl_number(request: &Request<Bytes>) -> Option<usize> {
    let name = request.uri().path().rsplit('/').next()?;
    let number = name.strip_prefix("crl-")?.strip_suffix(".crl")?;
    let is_a_question = request.uri().query().is_none() && request.method() == Method::GET;
    number.parse().ok().filter(|_| is_a_question)
}

fn of_type(content_type: &'static str, body: Vec<u8>) -> Response<Vec<u8>> {
    let mut response = Response::new(body);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

/// Always the same words: a difference would tell an attacker how far a message got.
fn plain(status: StatusCode) -> Response<Vec<u8>> {
    let text = match status {
        StatusCode::BAD_REQUEST => "bad request\n",
        StatusCode::NOT_FOUND => "not found\n",
        _ => "internal error\n",
    };
    let mut response = Response::new(text.as_bytes().to_vec());
    *response.status_mut() = status;
    response
}

fn refusal(status: StatusCode) -> Response<Full<Bytes>> {
    plain(status).map(|body| Full::new(Bytes::from(body)))
}
