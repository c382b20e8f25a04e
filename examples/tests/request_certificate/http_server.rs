//! A function as an HTTP server on 127.0.0.1, with and without TLS.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;

use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio_rustls::TlsAcceptor;

pub(crate) type Answer = Arc<dyn Fn(Request<Vec<u8>>) -> Response<Vec<u8>> + Send + Sync>;

/// Serves until the runtime ends.
pub(crate) fn serve(runtime: &Runtime, tls: Option<ServerConfig>, answer: Answer) -> SocketAddr {
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    let address = listener.local_addr().unwrap();
    let tls = tls.map(|config| TlsAcceptor::from(Arc::new(config)));
    runtime.spawn(async move {
        loop {
            let Ok((stream, _)) = listener.accept().await else { return };
            let (answer, tls) = (Arc::clone(&answer), tls.clone());
            tokio::spawn(async move {
                match tls {
                    None => connection(stream, answer).await,
                    // Otherwise a client that does not believe us.
                    Some(tls) => {
                        if let Ok(stream) = tls.accept(stream).await {
                            connection(stream, answer).await;
                        }
                    }
                }
            });
        }
    });
    address
}

async fn connection(stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static, answer: Answer) {
    let service = service_fn(|request| one(request, Arc::clone(&answer)));
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

async fn one(
    request: Request<Incoming>,
    answer: Answer,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.unwrap().to_bytes().to_vec();
    let request = Request::from_parts(head, body);
    let response = tokio::task::spawn_blocking(move || answer(request)).await.unwrap();
    Ok(response.map(|body| Full::new(Bytes::from(body))))
}
