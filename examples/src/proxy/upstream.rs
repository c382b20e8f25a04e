//! HTTP to the CA.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use devicecert::fleet::proxy::Failure;
use http::header::{CONNECTION, HOST};
use http::uri::Scheme;
use http::{HeaderValue, Request, Response, Uri};
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use rustls::pki_types::{InvalidDnsNameError, ServerName};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, lookup_host};
use tokio_rustls::TlsConnector;

use super::body::{End, read};

/// Asks CAs, a new connection for each request.
///
/// A connection that is used again may be the one that the CA is just closing. The request that
/// finds it closed has cost a passcode, and its device would have to be sent a new profile; the
/// handshake is cheaper. Redirections are not followed, and no proxy of the environment is used.
#[derive(Clone)]
pub struct Client {
    tls: TlsConnector,
    limit: usize,
}

/// Why the CA gave no answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum UpstreamError {
    /// Not in time.
    #[error("no answer within {} s", .0.as_secs())]
    Timeout(Duration),
    /// The URL names no host.
    #[error("no host in the URL")]
    NoHost,
    /// There is no such host.
    #[error("its name is not known")]
    Dns(#[source] io::Error),
    /// There is no connection to it.
    #[error("no connection")]
    Connect(#[source] io::Error),
    /// The name of the host cannot be in a certificate.
    #[error("TLS")]
    Name(#[from] InvalidDnsNameError),
    /// No TLS.
    #[error("TLS")]
    Tls(#[source] io::Error),
    /// No HTTP.
    #[error("HTTP")]
    Http(#[from] hyper::Error),
    /// The answer is too long.
    #[error("the answer is longer than {0} bytes")]
    TooLong(usize),
}

/// What the proxy makes of it.
impl From<&UpstreamError> for Failure {
    fn from(error: &UpstreamError) -> Self {
        match error {
            UpstreamError::Timeout(_) => Self::Timeout,
            UpstreamError::Dns(_) => Self::Dns,
            UpstreamError::Connect(error) if error.kind() == io::ErrorKind::ConnectionRefused => {
                Self::ConnectionRefused
            }
            UpstreamError::NoHost
            | UpstreamError::Connect(_)
            | UpstreamError::Name(_)
            | UpstreamError::Tls(_)
            | UpstreamError::Http(_)
            | UpstreamError::TooLong(_) => Self::Other,
        }
    }
}

impl Client {
    /// `limit`: the bytes of an answer, at most.
    #[must_use]
    pub fn new(tls: Arc<ClientConfig>, limit: usize) -> Self {
        Self { tls: TlsConnector::from(tls), limit }
    }

    /// Sends a request to the host in its URL.
    ///
    /// # Errors
    /// [`UpstreamError`]; an answer with an HTTP error is none.
    pub async fn send(
        &self,
        request: Request<Vec<u8>>,
        patience: Duration,
    ) -> Result<Response<Vec<u8>>, UpstreamError> {
        let exchange = tokio::time::timeout(patience, self.exchange(request)).await;
        exchange.unwrap_or(Err(UpstreamError::Timeout(patience)))
    }

    async fn exchange(
        &self,
        request: Request<Vec<u8>>,
    ) -> Result<Response<Vec<u8>>, UpstreamError> {
        let uri = request.uri();
        let is_tls = uri.scheme() == Some(&Scheme::HTTPS);
        let host = uri.host().unwrap_or_default().trim_matches(['[', ']']).to_owned();
        let port = uri.port_u16().unwrap_or(if is_tls { 443 } else { 80 });
        let request = to_host(request)?;
        let addresses: Vec<_> =
            lookup_host((&*host, port)).await.map_err(UpstreamError::Dns)?.collect();
        let stream = TcpStream::connect(&*addresses).await.map_err(UpstreamError::Connect)?;
        // A message is written at once; there is nothing to wait for.
        stream.set_nodelay(true).map_err(UpstreamError::Connect)?;
        if !is_tls {
            return talk(stream, request, self.limit).await;
        }
        let name = ServerName::try_from(host)?;
        let stream = self.tls.connect(name, stream).await.map_err(UpstreamError::Tls)?;
        talk(stream, request, self.limit).await
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("limit", &self.limit).finish_non_exhaustive()
    }
}

/// The request as a server wants it: the path in its first line, the host in a header.
fn to_host(request: Request<Vec<u8>>) -> Result<Request<Full<Bytes>>, UpstreamError> {
    let (mut head, body) = request.into_parts();
    let authority = head.uri.authority().ok_or(UpstreamError::NoHost)?;
    let host = HeaderValue::from_str(authority.as_str()).map_err(|_| UpstreamError::NoHost)?;
    head.headers.insert(HOST, host);
    head.headers.insert(CONNECTION, HeaderValue::from_static("close"));
    let path = head.uri.path_and_query().cloned();
    head.uri = path.map(Uri::from).unwrap_or_default();
    Ok(Request::from_parts(head, Full::new(Bytes::from(body))))
}

async fn talk(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    request: Request<Full<Bytes>>,
    limit: usize,
) -> Result<Response<Vec<u8>>, UpstreamError> {
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    let exchange = async move {
        let (head, mut body) = sender.send_request(request).await?.into_parts();
        let found = read(&mut body, limit).await?;
        // What an error says is looked at from its beginning.
        if found.end == End::Cut && head.status.is_success() {
            return Err(UpstreamError::TooLong(limit));
        }
        Ok(Response::from_parts(head, found.bytes))
    };
    // The connection ends when the exchange has, and says nothing that the exchange does not.
    let (answer, _) = tokio::join!(exchange, connection);
    answer
}
