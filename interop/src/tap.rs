//! A proxy that forwards bytes and keeps a copy of each HTTP body, so that a foreign program can
//! read what travelled.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::Outcome;

/// One request and its answer.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// The request line.
    pub request_line: String,
    /// The body of the request.
    pub request: Vec<u8>,
    /// The status line and the headers of the answer.
    pub response_head: String,
    /// The body of the answer.
    pub response: Vec<u8>,
}

/// A recording proxy on the loopback interface; stops on drop.
#[derive(Debug)]
pub struct Tap {
    address: SocketAddr,
    streams: Arc<Mutex<Vec<Stream>>>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

type Copied = Arc<Mutex<Vec<u8>>>;

#[derive(Debug)]
struct Stream {
    up: Copied,
    down: Copied,
}

impl Tap {
    /// Listens on a free port and forwards to `upstream` (`host:port`).
    ///
    /// # Errors
    /// When there is no free port.
    pub fn to(upstream: &str) -> Outcome<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        // So that the loop below can look at `stop`.
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let streams = Arc::new(Mutex::new(Vec::new()));
        let stop = Arc::new(AtomicBool::new(false));
        let thread = thread::spawn({
            let (streams, stop, upstream) =
                (Arc::clone(&streams), Arc::clone(&stop), upstream.to_owned());
            move || {
                while !stop.load(Ordering::Relaxed) {
                    match listener.accept() {
                        Ok((client, _)) => {
                            if let Ok(stream) = forward(client, &upstream) {
                                locked(&streams).push(stream);
                            }
                        }
                        Err(_) => thread::sleep(Duration::from_millis(5)),
                    }
                }
            }
        });
        Ok(Self { address, streams, stop, thread: Some(thread) })
    }

    /// Where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Every PKIOperation that was sent as a POST and answered, oldest first.
    ///
    /// # Errors
    /// When the bytes are not HTTP/1.1 with a Content-Length.
    pub fn operations(&self) -> Outcome<Vec<Exchange>> {
        let mut found = Vec::new();
        for stream in locked(&self.streams).iter() {
            let requests = split(&locked(&stream.up))?;
            let responses = split(&locked(&stream.down))?;
            for ((head, request), (response_head, response)) in requests.into_iter().zip(responses)
            {
                let request_line = head.lines().next().unwrap_or_default().to_owned();
                if request_line.starts_with("POST")
                    && request_line.contains("operation=PKIOperation")
                {
                    found.push(Exchange { request_line, request, response_head, response });
                }
            }
        }
        Ok(found)
    }
}

impl Drop for Tap {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn forward(client: TcpStream, upstream: &str) -> io::Result<Stream> {
    client.set_nonblocking(false)?;
    let server = TcpStream::connect(upstream)?;
    let stream = Stream { up: Copied::default(), down: Copied::default() };
    for (from, to, copied) in [
        (client.try_clone()?, server.try_clone()?, Arc::clone(&stream.up)),
        (server, client, Arc::clone(&stream.down)),
    ] {
        // Ends when either side closes; both sides are programs that the test ends.
        thread::spawn(move || copy(from, to, &copied));
    }
    Ok(stream)
}

fn copy(mut from: TcpStream, mut to: TcpStream, copied: &Copied) {
    let mut buffer = [0; 16 * 1024];
    while let Ok(length) = from.read(&mut buffer) {
        let Some(bytes) = buffer.get(..length).filter(|bytes| !bytes.is_empty()) else { break };
        // Kept before it is passed on: whoever saw the answer finds it here.
        locked(copied).extend_from_slice(bytes);
        if to.write_all(bytes).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Write);
}

/// Splits a stream into (head, body) pairs.
fn split(mut stream: &[u8]) -> Outcome<Vec<(String, Vec<u8>)>> {
    let mut messages = Vec::new();
    while let Some(end) = stream.windows(4).position(|window| window == b"\r\n\r\n") {
        let (head, rest) = stream.split_at(end);
        let rest = rest.get(4..).unwrap_or_default();
        let head = String::from_utf8_lossy(head);
        let length = head
            .lines()
            .filter_map(|line| line.split_once(':'))
            .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
            .map_or(Ok(0), |(_, value)| value.trim().parse::<usize>())?;
        let body = rest.get(..length).ok_or("an HTTP body was cut off")?;
        messages.push((head.into_owned(), body.to_vec()));
        stream = rest.get(length..).unwrap_or_default();
    }
    Ok(messages)
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    // A thread that panicked here has at worst kept fewer bytes; the test will say so.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
