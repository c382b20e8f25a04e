//! HTTP/1.1 in front of the servers: connections are accepted, bounded, and ended.

use std::convert::Infallible;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use http::{Request, Response};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

/// Told one line for everything worth a line.
pub type Log = Arc<dyn Fn(&str) + Send + Sync>;

/// Connections served at the same time. The next one waits.
const CONNECTIONS: usize = 256;
/// How long a client may take for a request's headers, for its body, or for a TLS handshake.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// Hands each connection to `open`, until `stop`. Then nobody new comes in, the requests that are
/// being answered get their answers, and whatever is left after `grace` is cut off.
pub(crate) async fn serve<Serving: Future<Output = ()> + Send + 'static>(
    listener: TcpListener,
    log: &Log,
    stop: impl Future<Output = ()>,
    grace: Duration,
    mut open: impl FnMut(TcpStream, Watcher) -> Serving,
) {
    let free = Arc::new(Semaphore::new(CONNECTIONS));
    let connections = GracefulShutdown::new();
    let mut stop = pin!(stop);
    loop {
        let next = async {
            let permit = Arc::clone(&free).acquire_owned().await;
            (listener.accept().await, permit)
        };
        let (accepted, permit) = tokio::select! {
            next = next => next,
            () = &mut stop => break,
        };
        match accepted {
            Ok((stream, _)) => {
                let serving = open(stream, connections.watcher());
                tokio::spawn(async move {
                    let _permit = permit;
                    serving.await;
                });
            }
            Err(error) => {
                // Out of file handles, or a client that left: both pass.
                log(&format!("a connection was not accepted: {error}"));
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
    drop(listener);
    let _ = tokio::time::timeout(grace, connections.shutdown()).await;
}

/// Answers the requests of one connection.
pub(crate) async fn connection<Stream, Answer>(
    stream: Stream,
    watcher: Watcher,
    answer: impl Fn(Request<Incoming>) -> Answer + 'static,
) where
    Stream: AsyncRead + AsyncWrite + Unpin + 'static,
    Answer: Future<Output = Response<Full<Bytes>>> + 'static,
{
    let service = service_fn(|request| {
        let answer = answer(request);
        async move { Ok::<_, Infallible>(answer.await) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(PATIENCE)
        .serve_connection(TokioIo::new(stream), service);
    // A connection that breaks is its client's business.
    let _ = watcher.watch(connection).await;
}
