//! A CA that costs nothing: it answers a message with its complement, and counts.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use devicecert_interop::Outcome;

use super::devices::Passcode;

/// More than there can be connections at a time: nobody waits for somebody else's answer.
const THREADS: usize = 200;

/// A CA on a free port, until the test program ends.
pub(crate) struct Ca {
    pub(crate) address: String,
    pub(crate) url: String,
    seen: Arc<Mutex<Vec<Passcode>>>,
}

impl Ca {
    pub(crate) fn start() -> Outcome<Self> {
        let listener = Arc::new(TcpListener::bind("127.0.0.1:0")?);
        let address = listener.local_addr()?.to_string();
        let seen = Arc::new(Mutex::new(Vec::new()));
        for _ in 0..THREADS {
            let (listener, seen) = (Arc::clone(&listener), Arc::clone(&seen));
            thread::spawn(move || {
                loop {
                    if let Ok((stream, _)) = listener.accept() {
                        // A proxy that was killed hangs up.
                        let _ = serve(&stream, &seen);
                    }
                }
            });
        }
        Ok(Self { url: format!("http://{address}/scep"), address, seen })
    }

    /// The passcodes whose messages got here, each as often as it did.
    pub(crate) fn seen(&self) -> Vec<Passcode> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Forgets them.
    pub(crate) fn forget(&self) {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// The answer to a message.
pub(crate) fn reply(message: &[u8]) -> Vec<u8> {
    message.iter().map(|octet| !octet).collect()
}

fn serve(stream: &TcpStream, seen: &Mutex<Vec<Passcode>>) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream);
    loop {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if reader.read_line(&mut head)? == 0 {
                return Ok(());
            }
        }
        let length = head
            .lines()
            .filter_map(|line| line.split_once(": "))
            .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
            .map_or(0, |(_, value)| value.parse().unwrap_or_default());
        let mut message = vec![0; length];
        reader.read_exact(&mut message)?;
        let body = match head.contains("operation=GetCACaps") {
            true => b"POSTPKIOperation\nSHA-256\nAES\n".to_vec(),
            false => {
                if let Some(passcode) = Passcode::of(&message) {
                    seen.lock().unwrap_or_else(PoisonError::into_inner).push(passcode);
                }
                reply(&message)
            }
        };
        let mut answer =
            format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len()).into_bytes();
        answer.extend(body);
        (&mut &*stream).write_all(&answer)?;
    }
}
