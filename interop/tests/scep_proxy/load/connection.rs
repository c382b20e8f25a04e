//! A connection that is used for one request after the other.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

/// A client's connection.
pub(crate) struct Connection {
    reader: BufReader<TcpStream>,
}

/// A response.
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) media_type: String,
    pub(crate) body: Vec<u8>,
}

impl Connection {
    pub(crate) fn open(address: &str) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(60)))?;
        Ok(Self { reader: BufReader::new(stream) })
    }

    /// Sends a message and reads the answer. After an error the connection is of no use.
    pub(crate) fn post(&mut self, path: &str, message: &[u8]) -> io::Result<Reply> {
        let length = message.len();
        let head = format!(
            "POST {path}?operation=PKIOperation HTTP/1.1\r\nHost: proxy.test\r\n\
             Content-Length: {length}\r\n\r\n"
        );
        self.reader.get_mut().write_all(&[head.as_bytes(), message].concat())?;
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if self.reader.read_line(&mut head)? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        let header = |wanted: &str| {
            let headers = head.lines().filter_map(|line| line.split_once(": "));
            headers.into_iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, v)| v)
        };
        let invalid = || io::Error::from(io::ErrorKind::InvalidData);
        let status = head.split_whitespace().nth(1).and_then(|code| code.parse().ok());
        let length = header("content-length").and_then(|value| value.parse().ok());
        let mut body = vec![0; length.ok_or_else(invalid)?];
        self.reader.read_exact(&mut body)?;
        let media_type = header("content-type").unwrap_or_default().to_owned();
        Ok(Reply { status: status.ok_or_else(invalid)?, media_type, body })
    }
}
