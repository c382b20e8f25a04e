//! HTTP as it is on the wire.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use devicecert_interop::Outcome;

/// A response.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: Vec<u8>,
}

/// Sends one request with its target exactly as it is, and reads the answer.
pub(crate) fn ask(address: &str, method: &str, target: &str, body: &[u8]) -> Outcome<Answer> {
    finish(begin(address, method, target, body)?)
}

/// Sends one request.
pub(crate) fn begin(address: &str, method: &str, target: &str, body: &[u8]) -> Outcome<TcpStream> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(60)))?;
    let length = body.len();
    let head = format!(
        "{method} {target} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\
         Content-Length: {length}\r\n\r\n"
    );
    stream.write_all(&[head.as_bytes(), body].concat())?;
    Ok(stream)
}

/// Reads the answer.
pub(crate) fn finish(mut stream: TcpStream) -> Outcome<Answer> {
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").ok_or("no answer")?;
    let head = String::from_utf8(answer[..end].to_vec())?;
    let status = head.split_whitespace().nth(1).ok_or("no status")?.parse()?;
    Ok(Answer { status, head, body: answer.split_off(end + 4) })
}

impl Answer {
    /// A header.
    pub(crate) fn header(&self, wanted: &str) -> Option<&str> {
        let headers = self.head.lines().filter_map(|line| line.split_once(": "));
        headers.into_iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, v)| v)
    }

    /// Requires an answer as Go's `http.Error` writes it.
    pub(crate) fn is(&self, status: u16, text: &str) -> Outcome {
        let found = (self.status, String::from_utf8_lossy(&self.body).into_owned());
        if found != (status, format!("{text}\n")) {
            return Err(format!("expected {status} {text:?}, found {found:?}").into());
        }
        let headers = (self.header("content-type"), self.header("x-content-type-options"));
        match headers {
            (Some("text/plain; charset=utf-8"), Some("nosniff")) => Ok(()),
            _ => Err(format!("headers of {text:?}: {headers:?}").into()),
        }
    }

    /// Requires a success with this media type and body.
    pub(crate) fn brings(&self, media_type: &str, body: &[u8]) -> Outcome {
        if self.status != 200 || self.header("content-type") != Some(media_type) {
            let text = String::from_utf8_lossy(&self.body);
            return Err(format!("expected 200 {media_type}, found {}\n{text}", self.head).into());
        }
        if self.body != body {
            return Err(format!("another body of {} bytes", self.body.len()).into());
        }
        Ok(())
    }
}
