//! A CA that is not one: it says what it is told to, and remembers what it was asked.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use devicecert_interop::Outcome;

/// What it says to a PKIOperation.
#[derive(Clone, Debug)]
pub(crate) enum Say {
    /// The message, after `reply to `.
    Echo,
    /// This status line and no more.
    Status(&'static str),
    /// Nothing for so long, then the message.
    Late(Duration),
    /// So many bytes.
    Bytes(usize),
}

/// A request as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) line: String,
    pub(crate) body: Vec<u8>,
}

/// Where it listens, and what it heard.
pub(crate) struct Upstream {
    pub(crate) url: String,
    say: Arc<Mutex<Say>>,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Upstream {
    /// Listens on a free port, until the test program ends.
    pub(crate) fn start(say: Say) -> Outcome<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let url = format!("http://{}/ca?tenant=7", listener.local_addr()?);
        let (say, asked) = (Arc::new(Mutex::new(say)), Arc::new(Mutex::new(Vec::new())));
        let upstream = Self { url, say: Arc::clone(&say), asked: Arc::clone(&asked) };
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (say, asked) = (Arc::clone(&say), Arc::clone(&asked));
                // A proxy that hangs up is what some tests are about.
                thread::spawn(move || answer(stream, &say, &asked));
            }
        });
        Ok(upstream)
    }

    /// What it says from now on.
    pub(crate) fn says(&self, say: Say) {
        *self.say.lock().unwrap_or_else(PoisonError::into_inner) = say;
    }

    /// The PKIOperations it was asked for so far.
    pub(crate) fn operations(&self) -> Vec<Asked> {
        let asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.iter().filter(|asked| asked.line.contains("PKIOperation")).cloned().collect()
    }
}

fn answer(stream: TcpStream, say: &Mutex<Say>, asked: &Mutex<Vec<Asked>>) -> Outcome {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let mut length = 0;
    loop {
        let mut header = String::new();
        reader.read_line(&mut header)?;
        let Some((name, value)) = header.split_once(':') else { break };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse()?;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let line = line.trim().to_owned();
    asked
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .push(Asked { line: line.clone(), body: body.clone() });
    if line.contains("operation=GetCACaps") {
        return write(stream, "200 OK", b"POSTPKIOperation\nSHA-256\n");
    }
    if line.contains("operation=GetCACert") {
        return write(stream, "200 OK", b"a certificate");
    }
    let told = say.lock().unwrap_or_else(PoisonError::into_inner).clone();
    match told {
        Say::Echo => write(stream, "200 OK", &[b"reply to ", &body[..]].concat()),
        Say::Status(status) => write(stream, status, b"the CA's own words"),
        Say::Late(pause) => {
            thread::sleep(pause);
            write(stream, "200 OK", &[b"reply to ", &body[..]].concat())
        }
        Say::Bytes(count) => write(stream, "200 OK", &vec![0; count]),
    }
}

fn write(mut stream: TcpStream, status: &str, body: &[u8]) -> Outcome {
    let length = body.len();
    let head = format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\n\r\n");
    stream.write_all(&[head.as_bytes(), body].concat())?;
    Ok(())
}
