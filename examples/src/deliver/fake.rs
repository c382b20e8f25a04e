//! The interfaces of CAs that are not ours, as far as a delivery uses them.

pub(super) mod digicert;
pub(super) mod ndes;
pub(super) mod smallstep;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http::{HeaderValue, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Bytes, Incoming};
use tokio::net::TcpListener;

use crate::listen::{self, Log, PATIENCE};

/// What answers the requests of one connection, one after the other.
pub(super) type Conversation = Box<dyn FnMut(&Request<Bytes>) -> Response<Vec<u8>> + Send>;

/// The most octets of a request.
const MOST: usize = 1 << 16;

/// Serves, for ever; `begin` is called for each connection.
pub(super) async fn serve(
    listener: TcpListener,
    log: Log,
    begin: impl Fn() -> Conversation + Send + 'static,
) {
    let (for_ever, grace) = (std::future::pending(), Duration::ZERO);
    listen::serve(listener, &log, for_ever, grace, |stream, place| {
        let conversation = Arc::new(Mutex::new(begin()));
        listen::connection(stream, place, move |request| {
            let conversation = Arc::clone(&conversation);
            async move {
                match read(request).await {
                    Some(request) => {
                        let mut answer =
                            conversation.lock().unwrap_or_else(PoisonError::into_inner);
                        answer(&request).map(|body| Full::new(Bytes::from(body)))
                    }
                    None => refusal(StatusCode::BAD_REQUEST).map(|_| Full::default()),
                }
            }
        })
    })
    .await;
}

/// For those whose connections do not differ.
pub(super) fn each(
    answer: impl Fn(&Request<Bytes>) -> Response<Vec<u8>> + Send + Sync + 'static,
) -> impl Fn() -> Conversation + Send + 'static {
    let answer = Arc::new(answer);
    move || {
        let answer = Arc::clone(&answer);
        Box::new(move |request: &Request<Bytes>| answer(request))
    }
}

async fn read(request: Request<Incoming>) -> Option<Request<Bytes>> {
    let (head, body) = request.into_parts();
    let body = tokio::time::timeout(PATIENCE, Limited::new(body, MOST).collect());
    let body = body.await.ok()?.ok()?.to_bytes();
    Some(Request::from_parts(head, body))
}

fn refusal(status: StatusCode) -> Response<Vec<u8>> {
    let mut response = Response::default();
    *response.status_mut() = status;
    response
}

fn of_type(content_type: &'static str, body: impl Into<Vec<u8>>) -> Response<Vec<u8>> {
    let mut response = Response::new(body.into());
    let content_type = HeaderValue::from_static(content_type);
    response.headers_mut().insert(http::header::CONTENT_TYPE, content_type);
    response
}

fn header<'r>(request: &'r Request<Bytes>, name: &str) -> &'r [u8] {
    request.headers().get(name).map(HeaderValue::as_bytes).unwrap_or_default()
}
