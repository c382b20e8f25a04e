//! HTTP in front of the CA.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use devicecert::pki::Error as PkiError;
use devicecert::scep::{Error, Operation};
use http::header::CONNECTION;
use http::{HeaderValue, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use super::{AnswerError, Ca};

/// Told one line for everything worth a line.
pub type Log = Arc<dyn Fn(&str) + Send + Sync>;

/// Connections served at the same time. The next one waits.
const CONNECTIONS: usize = 256;

/// Serves SCEP on every path, for ever.
pub async fn serve(listener: TcpListener, ca: Arc<Ca>, log: Log) {
    let free = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let Ok(permit) = Arc::clone(&free).acquire_owned().await else { return };
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            Err(error) => {
                // Out of file handles, or a client that left: both pass.
                log(&format!("a connection was not accepted: {error}"));
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        let (ca, log) = (Arc::clone(&ca), Arc::clone(&log));
        tokio::spawn(async move {
            let service = service_fn(|request| {
                let (ca, log) = (Arc::clone(&ca), Arc::clone(&log));
                async move { Ok::<_, Infallible>(answer(request, ca, log).await) }
            });
            let _permit = permit;
            // A connection that breaks is its client's business.
            let _ = http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(Duration::from_secs(30))
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

async fn answer(request: Request<Incoming>, ca: Arc<Ca>, log: Log) -> Response<Full<Bytes>> {
    let (head, body) = request.into_parts();
    // Twice the limit of a message leaves room for base64.
    let limit = ca.authority.limits.message_bytes.saturating_mul(2);
    let body = tokio::time::timeout(Duration::from_secs(30), Limited::new(body, limit).collect());
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
    let operation = match Operation::parse(request, &ca.authority.tolerance) {
        Ok(operation) => operation,
        Err(error) => {
            log(&format!("bad HTTP request: {error}"));
            return plain(StatusCode::BAD_REQUEST);
        }
    };
    match operation {
        Operation::GetCaCaps { .. } => ca.authority.ca_caps(),
        Operation::GetCaCert { .. } => ca.authority.ca_cert(),
        Operation::GetNextCaCert { .. } => plain(StatusCode::BAD_REQUEST),
        Operation::PkiOperation(message) => match ca.answer(&message, log) {
            Ok(reply) => last_of_its_connection(reply.into_http()),
            Err(error) => {
                log(&format!("unanswerable message: {error}"));
                plain(match error {
                    AnswerError::Scep(Error::Pki(PkiError::Key(_)))
                    | AnswerError::Store(_)
                    | AnswerError::Permit(_)
                    | AnswerError::Judge(_) => StatusCode::INTERNAL_SERVER_ERROR,
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

/// Always the same words: a difference would tell an attacker how far a message got.
fn plain(status: StatusCode) -> Response<Vec<u8>> {
    let text = match status {
        StatusCode::BAD_REQUEST => "bad request\n",
        _ => "internal error\n",
    };
    let mut response = Response::new(text.as_bytes().to_vec());
    *response.status_mut() = status;
    response
}

fn refusal(status: StatusCode) -> Response<Full<Bytes>> {
    plain(status).map(|body| Full::new(Bytes::from(body)))
}
