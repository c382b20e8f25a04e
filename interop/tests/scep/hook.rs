//! A web hook that knows three devices.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use devicecert::crypto_rust::RustCrypto;
use devicecert::pki::algorithm::DigestAlgorithm;
use devicecert::pki::{Provider, Secret};
use devicecert_interop::Outcome;
use serde_json::Value;

/// What the server signs its questions with.
pub(crate) const HOOK_SECRET: &str = "between-us";

/// A running hook; it ends with the process.
pub(crate) struct Hook {
    pub(crate) url: String,
    heard: Arc<Mutex<Vec<Value>>>,
}

impl Hook {
    pub(crate) fn start() -> Outcome<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let url = format!("http://{}/scep", listener.local_addr()?);
        let heard = Arc::default();
        let theirs = Arc::clone(&heard);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                // What is refused here is missing from what was heard.
                let _ = answer(stream, &theirs);
            }
        });
        Ok(Self { url, heard })
    }

    /// Every question whose signature was right, oldest first.
    pub(crate) fn heard(&self) -> Vec<Value> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn answer(mut stream: TcpStream, heard: &Mutex<Vec<Value>>) -> Outcome {
    let mut reader = BufReader::new(stream.try_clone()?);
    let (mut length, mut signature) = (0, String::new());
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(": ") else {
            if line.trim_end().is_empty() {
                break;
            }
            continue;
        };
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.parse()?,
            "x-signature-sha256" => signature = value.to_owned(),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let expected = RustCrypto.hmac(DigestAlgorithm::Sha256, &Secret::from(HOOK_SECRET), &body)?;
    let expected: String = expected.iter().map(|octet| format!("{octet:02x}")).collect();
    if signature != expected {
        return Err("the question is not signed".into());
    }
    let question: Value = serde_json::from_slice(&body)?;
    let reply = match question["subject"].as_str() {
        Some("CN=yes") => r#"{"allow": true}"#,
        Some("CN=no") => r#"{"allow": false}"#,
        _ => "the database is down",
    };
    heard.lock().unwrap_or_else(PoisonError::into_inner).push(question);
    let length = reply.len();
    write!(
        stream,
        "HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{reply}"
    )?;
    Ok(())
}
