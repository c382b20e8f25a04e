//! One HTTP/1.1 connection that stays open: what NTLM authenticates is a connection.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use devicecert_interop::Outcome;
use http::{Request, Response};

const LIMIT: Duration = Duration::from_secs(30);

pub(crate) struct Connection(BufReader<TcpStream>);

impl Connection {
    pub(crate) fn open(port: u16) -> Outcome<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_read_timeout(Some(LIMIT))?;
        stream.set_write_timeout(Some(LIMIT))?;
        Ok(Self(BufReader::new(stream)))
    }

    /// Sends a request without a body.
    pub(crate) fn send(&mut self, request: &Request<Vec<u8>>) -> Outcome<Response<Vec<u8>>> {
        let uri = request.uri();
        let path = uri.path_and_query().ok_or("no path")?;
        let host = uri.authority().ok_or("no host")?;
        let mut head = format!("{} {path} HTTP/1.1\r\nHost: {host}\r\n", request.method());
        for (name, value) in request.headers() {
            head.push_str(&format!("{name}: {}\r\n", value.to_str()?));
        }
        head.push_str("\r\n");
        self.0.get_mut().write_all(head.as_bytes())?;

        let status = self.line()?;
        let status = status.split(' ').nth(1).ok_or("no status")?;
        let mut response = Response::builder().status(status);
        let mut length = 0;
        loop {
            let line = self.line()?;
            let Some((name, value)) = line.split_once(": ") else { break };
            if name.eq_ignore_ascii_case("content-length") {
                length = value.parse()?;
            }
            response = response.header(name, value);
        }
        let mut body = vec![0; length];
        self.0.read_exact(&mut body)?;
        Ok(response.body(body)?)
    }

    fn line(&mut self) -> Outcome<String> {
        let mut line = String::new();
        self.0.read_line(&mut line)?;
        Ok(line.trim_end().to_owned())
    }
}
