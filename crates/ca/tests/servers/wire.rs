//! A server that says its lines, and a connection to it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread::JoinHandle;
use std::time::Duration;

use http::{Request, Response};

const LIMIT: Duration = Duration::from_secs(30);

/// What a request must be, octet by octet with `HOST` for where the server is, and the answer.
pub(crate) struct Exchange {
    pub(crate) request: String,
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
}

pub(crate) fn exchange(
    request: impl Into<String>,
    status: u16,
    body: impl AsRef<[u8]>,
) -> Exchange {
    Exchange { request: request.into(), status, headers: vec![], body: body.as_ref().to_vec() }
}

impl Exchange {
    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

/// A server for one connection.
pub(crate) struct Server {
    pub(crate) url: String,
    host: String,
    thread: JoinHandle<()>,
}

impl Server {
    /// Answers these requests, in this order, and no others.
    pub(crate) fn start(exchanges: Vec<Exchange>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let host = listener.local_addr().unwrap().to_string();
        let own = host.clone();
        let thread = std::thread::spawn(move || {
            let (stream, _) = listener.accept().unwrap();
            let mut stream = limited(stream);
            for exchange in exchanges {
                let (head, body) = receive(&mut stream);
                let received = [head.into_bytes(), body].concat();
                let expected = exchange.request.replace("HOST", &own);
                assert_eq!(String::from_utf8_lossy(&received), expected);
                let mut answer = format!("HTTP/1.1 {} \r\n", exchange.status);
                for (name, value) in &exchange.headers {
                    answer.push_str(&format!("{name}: {value}\r\n"));
                }
                answer.push_str(&format!("Content-Length: {}\r\n\r\n", exchange.body.len()));
                let answer = [answer.into_bytes(), exchange.body].concat();
                stream.get_mut().write_all(&answer).unwrap();
            }
            let mut rest = Vec::new();
            stream.read_to_end(&mut rest).unwrap();
            assert_eq!(String::from_utf8_lossy(&rest), "", "nothing more is asked");
        });
        Self { url: format!("http://{host}"), host, thread }
    }

    pub(crate) fn connect(&self) -> Connection {
        Connection(limited(TcpStream::connect(&self.host).unwrap()))
    }

    /// Waits until the server has seen everything; what it did not like fails the test.
    pub(crate) fn finish(self, connection: Connection) {
        drop(connection);
        if let Err(panic) = self.thread.join() {
            std::panic::resume_unwind(panic);
        }
    }
}

fn limited(stream: TcpStream) -> BufReader<TcpStream> {
    stream.set_read_timeout(Some(LIMIT)).unwrap();
    stream.set_write_timeout(Some(LIMIT)).unwrap();
    BufReader::new(stream)
}

/// One HTTP/1.1 connection.
pub(crate) struct Connection(BufReader<TcpStream>);

impl Connection {
    pub(crate) fn send(&mut self, request: &Request<Vec<u8>>) -> Response<Vec<u8>> {
        let uri = request.uri();
        let mut head = format!(
            "{} {} HTTP/1.1\r\nhost: {}\r\n",
            request.method(),
            uri.path_and_query().unwrap(),
            uri.authority().unwrap()
        );
        for (name, value) in request.headers() {
            head.push_str(&format!("{name}: {}\r\n", value.to_str().unwrap()));
        }
        if !request.body().is_empty() {
            head.push_str(&format!("content-length: {}\r\n", request.body().len()));
        }
        head.push_str("\r\n");
        let message = [head.as_bytes(), request.body()].concat();
        self.0.get_mut().write_all(&message).unwrap();

        let (head, body) = receive(&mut self.0);
        let mut lines = head.lines();
        let status = lines.next().unwrap().split(' ').nth(1).unwrap();
        let mut response = Response::builder().status(status);
        for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
            response = response.header(name, value);
        }
        response.body(body).unwrap()
    }
}

/// A head with its empty line, and the body that it announces.
fn receive(stream: &mut BufReader<TcpStream>) -> (String, Vec<u8>) {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        assert_ne!(stream.read_line(&mut head).unwrap(), 0, "the other side is gone: {head}");
    }
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        name.eq_ignore_ascii_case("content-length").then(|| value.parse().unwrap())
    });
    let mut body = vec![0; length.unwrap_or(0)];
    stream.read_exact(&mut body).unwrap();
    (head, body)
}

/// A POST of JSON with these headers before its media type.
pub(crate) fn post(path: &str, headers: &str, body: &str) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nhost: HOST\r\n{headers}content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
}
