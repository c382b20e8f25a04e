//! HTTP/1.1 in front of the servers: connections are accepted, bounded, and ended.
//!
//! No connection keeps its place for ever, and while all places are taken none keeps it for longer
//! than one request. Who comes with as many connections as there are places still takes them all,
//! again and again: a server that strangers reach belongs behind something that limits how many
//! come from one address.

use std::convert::Infallible;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use http::header::CONNECTION;
use http::{HeaderValue, Request, Response};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::{Instant, timeout};

/// Told one line for everything worth a line.
pub type Log = Arc<dyn Fn(&str) + Send + Sync>;

/// Connections served at the same time. The next one waits.
const CONNECTIONS: usize = 256;
/// How long a client may take for a request's headers, for its body, or for a TLS handshake.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);
/// How long a client may take to read an answer and to send the headers of its next request.
const IDLE: Duration = Duration::from_secs(60);
/// A connection that is older is closed after its next answer.
const LIFETIME: Duration = Duration::from_secs(120);

/// A place among the connections that are served at the same time.
pub(crate) struct Place {
    permit: OwnedSemaphorePermit,
    watcher: Watcher,
}

/// Hands each connection to `open`, until `stop`. Then nobody new comes in, the requests that are
/// being answered get their answers, and whatever is left after `grace` is cut off.
pub(crate) async fn serve<Serving: Future<Output = ()> + Send + 'static>(
    listener: TcpListener,
    log: &Log,
    stop: impl Future<Output = ()>,
    grace: Duration,
    mut open: impl FnMut(TcpStream, Place) -> Serving,
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
                // The semaphore is never closed.
                let Ok(permit) = permit else { break };
                let place = Place { permit, watcher: connections.watcher() };
                tokio::spawn(open(stream, place));
            }
            Err(error) => {
                // Out of file handles, or a client that left: both pass.
                log(&format!("a connection was not accepted: {error}"));
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
    drop(listener);
    let _ = timeout(grace, connections.shutdown()).await;
}

/// Answers the requests of one connection: until it is old or its place is wanted, or its client
/// takes too long.
pub(crate) async fn connection<Stream, Answer>(
    stream: Stream,
    place: Place,
    answer: impl Fn(Request<Incoming>) -> Answer + 'static,
) where
    Stream: AsyncRead + AsyncWrite + Unpin + 'static,
    Answer: Future<Output = Response<Full<Bytes>>> + 'static,
{
    let Place { permit, watcher } = place;
    let begin = Instant::now();
    let is_last = || begin.elapsed() > LIFETIME || permit.semaphore().available_permits() == 0;
    let (turn, turns) = watch::channel(Turn::Client);
    let service = service_fn(|request| {
        turn.send_replace(Turn::Server);
        let answer = answer(request);
        async {
            let mut response = answer.await;
            if is_last() {
                response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
            }
            turn.send_replace(Turn::Client);
            Ok::<_, Infallible>(response)
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(PATIENCE)
        .serve_connection(TokioIo::new(stream), service);
    tokio::select! {
        // A connection that breaks is its client's business.
        _ = watcher.watch(connection) => {}
        () = idle(turns) => {}
    }
}

/// Who has to do something next.
#[derive(Clone, Copy)]
enum Turn {
    /// To read an answer, or to ask.
    Client,
    /// To answer.
    Server,
}

/// Ends when the client has not taken its turn in time.
async fn idle(mut turns: watch::Receiver<Turn>) {
    loop {
        // An answer may begin and end between two looks: what counts is that there was a change.
        let turn = *turns.borrow_and_update();
        let changed = match turn {
            Turn::Server => Ok(turns.changed().await),
            Turn::Client => timeout(IDLE, turns.changed()).await,
        };
        match changed {
            Ok(Ok(())) => {}
            Ok(Err(_)) | Err(_) => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use http::Response;
    use http_body_util::Full;
    use hyper::body::Bytes;
    use hyper_util::server::graceful::GracefulShutdown;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex};
    use tokio::sync::Semaphore;
    use tokio::time::{sleep, timeout};

    use super::{Place, connection};

    const ASK: &[u8] = b"GET / HTTP/1.1\r\nhost: ca.test\r\n\r\n";
    const FOR_EVER: Duration = Duration::from_secs(86_400);

    /// Serves one of so many places, with a pause before each answer.
    async fn serve(stream: DuplexStream, places: usize, pause: Duration, body: &'static [u8]) {
        let connections = GracefulShutdown::new();
        let permit = Arc::new(Semaphore::new(places)).acquire_owned().await.unwrap();
        let place = Place { permit, watcher: connections.watcher() };
        connection(stream, place, move |_| async move {
            sleep(pause).await;
            Response::new(Full::new(Bytes::from_static(body)))
        })
        .await;
    }

    /// Asks again and again with a pause between, until hung up on or after a hundred times; brings
    /// the heads of the answers.
    async fn ask(mut stream: DuplexStream, pause: Duration) -> Vec<String> {
        let mut heads = Vec::new();
        while heads.len() < 100 && stream.write_all(ASK).await.is_ok() {
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                match stream.read_u8().await {
                    Ok(octet) => head.push(octet),
                    Err(_) => return heads,
                }
            }
            heads.push(String::from_utf8(head).unwrap());
            sleep(pause).await;
        }
        heads
    }

    fn closes(head: &str) -> bool {
        head.contains("\r\nconnection: close\r\n")
    }

    #[tokio::test(start_paused = true)]
    async fn a_connection_has_an_end_however_often_it_asks() {
        let (client, server) = duplex(1 << 16);
        let served = serve(server, 2, Duration::ZERO, b"");
        let ((), heads) = tokio::join!(served, ask(client, Duration::from_secs(29)));
        // After 0, 29, 58, 87, 116 and 145 seconds, of which the last is more than 120.
        let closes: Vec<bool> = heads.iter().map(|head| closes(head)).collect();
        assert_eq!(closes, [false, false, false, false, false, true]);
    }

    #[tokio::test(start_paused = true)]
    async fn while_all_places_are_taken_every_answer_is_the_last() {
        let (client, server) = duplex(1 << 16);
        let served = serve(server, 1, Duration::ZERO, b"");
        let ((), heads) = tokio::join!(served, ask(client, Duration::ZERO));
        assert_eq!(heads.len(), 1);
        assert!(closes(&heads[0]));
    }

    #[tokio::test(start_paused = true)]
    async fn who_does_not_read_the_answer_is_hung_up_on() {
        let (mut client, server) = duplex(64);
        let served = serve(server, 2, Duration::ZERO, &[7; 1 << 16]);
        let asked = async move {
            client.write_all(ASK).await.unwrap();
            client
        };
        let ended = timeout(FOR_EVER, async { tokio::join!(served, asked) }).await;
        assert!(ended.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn who_says_nothing_is_hung_up_on() {
        let (_client, server) = duplex(64);
        assert!(timeout(FOR_EVER, serve(server, 2, Duration::ZERO, b"")).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn who_waits_for_an_answer_is_not_hung_up_on() {
        let (client, server) = duplex(1 << 16);
        let served = serve(server, 2, Duration::from_secs(3600), b"");
        let ((), heads) = tokio::join!(served, ask(client, Duration::ZERO));
        assert_eq!(heads.len(), 1);
        assert!(heads[0].starts_with("HTTP/1.1 200 "));
    }
}
