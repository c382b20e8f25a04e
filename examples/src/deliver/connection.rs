//! One connection to a CA, which NTLM needs to stay the same.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use devicecert::delivery::{Fetch, Turn};
use http::header::{HOST, USER_AGENT};
use http::uri::Scheme;
use http::{HeaderValue, Request, Response, Uri};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use rustls::pki_types::{InvalidDnsNameError, ServerName};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

/// The way to the CAs: one connection at a time.
pub struct Connection {
    tls: TlsConnector,
    open: Option<SendRequest<Full<Bytes>>>,
}

/// Why a CA gave no answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConnectionError {
    /// Not in time.
    #[error("no answer within {} s", .0.as_secs())]
    Timeout(Duration),
    /// The URL names no host.
    #[error("no host in the URL")]
    NoHost,
    /// The network.
    #[error("no connection: {0}")]
    Io(#[from] io::Error),
    /// The name of the host cannot be in a certificate.
    #[error("TLS: {0}")]
    Name(#[from] InvalidDnsNameError),
    /// No HTTP.
    #[error("HTTP: {0}")]
    Http(#[from] hyper::Error),
    /// The answer is too long, or was cut off.
    #[error("HTTP: {0}")]
    Body(Box<dyn std::error::Error + Send + Sync>),
    /// The connection that was to be used again is closed.
    #[error("the CA closed the connection that it was to go on with")]
    Closed,
}

/// The most octets that are read of one answer.
const MOST: usize = 1 << 20;

impl Connection {
    /// TLS as it is set up here.
    #[must_use]
    pub fn new(tls: Arc<ClientConfig>) -> Self {
        Self { tls: TlsConnector::from(tls), open: None }
    }

    /// Sends what a delivery asks for. Redirects are not followed.
    ///
    /// # Errors
    /// [`ConnectionError`]; an answer with an HTTP error is none.
    pub async fn fetch(&mut self, fetch: Fetch) -> Result<Response<Vec<u8>>, ConnectionError> {
        let Fetch { request, turn, timeout, .. } = fetch;
        if turn != Turn::SameConnection {
            self.open = None;
        }
        let exchange = tokio::time::timeout(timeout, self.exchange(request, turn)).await;
        exchange.unwrap_or(Err(ConnectionError::Timeout(timeout)))
    }

    async fn exchange(
        &mut self,
        request: Request<Vec<u8>>,
        turn: Turn,
    ) -> Result<Response<Vec<u8>>, ConnectionError> {
        let (mut head, body) = request.into_parts();
        let authority = head.uri.authority().ok_or(ConnectionError::NoHost)?;
        let host =
            HeaderValue::from_str(authority.as_str()).map_err(|_| ConnectionError::NoHost)?;
        head.headers.insert(HOST, host);
        head.headers.insert(USER_AGENT, HeaderValue::from_static("devicecert-example"));
        let sender = match (&mut self.open, turn) {
            (Some(sender), _) => sender,
            (None, Turn::First | Turn::Next) => {
                let sender = connect(&self.tls, &head.uri).await?;
                self.open.insert(sender)
            }
            (None, Turn::SameConnection) => return Err(ConnectionError::Closed),
        };
        head.uri = head.uri.path_and_query().cloned().map(Uri::from).unwrap_or_default();
        let request = Request::from_parts(head, Full::new(Bytes::from(body)));
        sender.ready().await.map_err(|_| ConnectionError::Closed)?;
        let (head, body) = sender.send_request(request).await?.into_parts();
        let body = Limited::new(body, MOST).collect().await.map_err(ConnectionError::Body)?;
        Ok(Response::from_parts(head, body.to_bytes().to_vec()))
    }
}

async fn connect(
    tls: &TlsConnector,
    uri: &Uri,
) -> Result<SendRequest<Full<Bytes>>, ConnectionError> {
    let is_tls = uri.scheme() == Some(&Scheme::HTTPS);
    let host = uri.host().ok_or(ConnectionError::NoHost)?.trim_matches(['[', ']']).to_owned();
    let port = uri.port_u16().unwrap_or(if is_tls { 443 } else { 80 });
    let stream = TcpStream::connect((host.as_str(), port)).await?;
    stream.set_nodelay(true)?;
    match is_tls {
        false => talk(stream).await,
        true => talk(tls.connect(ServerName::try_from(host)?, stream).await?).await,
    }
}

async fn talk(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
) -> Result<SendRequest<Full<Bytes>>, ConnectionError> {
    let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    // A connection that breaks shows in the request that needs it.
    tokio::spawn(async move { drop(connection.await) });
    Ok(sender)
}

impl std::fmt::Debug for Connection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connection").field("is_open", &self.open.is_some()).finish_non_exhaustive()
    }
}
