//! A client's TLS connection to an EST server, and what binds a request to it.

use std::sync::Arc;
use std::time::Duration;

use devicecert::est::{ChannelBinding, ExplicitTrustAnchors, ImplicitTrustAnchors};
use devicecert::pki::{Certificate, Secret};
use http::header::{HOST, USER_AGENT};
use http::{HeaderValue, Request, Response};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use rustls::client::WebPkiServerVerifier;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore, SupportedProtocolVersion};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::verify::{Anybody, Verifier};

/// Whom to believe.
#[derive(Clone, Debug)]
pub enum Trust {
    /// Anchors for this server alone.
    Explicit(ExplicitTrustAnchors),
    /// Anchors for servers of any kind.
    Implicit(ImplicitTrustAnchors),
    /// Nobody: only good for CA certificates whose fingerprint is compared.
    Nobody,
}

/// The certificate that the client authenticates with, and its key in PKCS #8.
#[derive(Clone, Debug)]
pub struct Identity {
    /// The certificate, and those above it.
    pub chain: Vec<Certificate>,
    /// The key.
    pub key: Secret,
}

/// Which versions of TLS to offer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum TlsVersions {
    /// 1.3 and 1.2
    #[default]
    Both,
    /// 1.2 alone
    #[value(name = "1.2")]
    Tls12,
    /// 1.3 alone
    #[value(name = "1.3")]
    Tls13,
}

impl TlsVersions {
    pub(super) const fn supported(self) -> &'static [&'static SupportedProtocolVersion] {
        const TLS12: &[&SupportedProtocolVersion] = &[&rustls::version::TLS12];
        const TLS13: &[&SupportedProtocolVersion] = &[&rustls::version::TLS13];
        match self {
            Self::Both => rustls::ALL_VERSIONS,
            Self::Tls12 => TLS12,
            Self::Tls13 => TLS13,
        }
    }
}

/// Why a request did not get its response.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SessionError {
    /// The network, or TLS.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// TLS could not be set up.
    #[error("TLS: {0}")]
    Tls(#[from] rustls::Error),
    /// No certificate can be checked with what is there.
    #[error("TLS: {0}")]
    Verifier(#[from] rustls::client::VerifierBuilderError),
    /// HTTP.
    #[error("HTTP: {0}")]
    Http(#[from] hyper::Error),
    /// The response is too long.
    #[error("HTTP: {0}")]
    Body(Box<dyn std::error::Error + Send + Sync>),
    /// The URL has no usable host.
    #[error("the URL has no usable host")]
    Host,
    /// The server did not answer in time.
    #[error("the server did not answer in time")]
    Timeout,
}

const TIMEOUT: Duration = Duration::from_secs(60);
/// The most octets that are read of one response.
const MOST: usize = 1 << 20;

/// One server, reached over one connection at a time.
#[derive(Debug)]
pub struct Session {
    runtime: tokio::runtime::Runtime,
    config: Arc<ClientConfig>,
    connection: Option<Connection>,
}

#[derive(Debug)]
struct Connection {
    sender: SendRequest<Full<Bytes>>,
    authority: String,
    binding: ChannelBinding,
}

impl Session {
    /// A session that believes and authenticates so.
    ///
    /// # Errors
    /// [`SessionError::Tls`] for certificates and keys that TLS cannot use.
    pub fn new(
        trust: &Trust,
        identity: Option<Identity>,
        versions: TlsVersions,
    ) -> Result<Self, SessionError> {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_protocol_versions(versions.supported())?
            .dangerous();
        let verifying = |anchors: &[Certificate], explicit| {
            let mut roots = RootCertStore::empty();
            for anchor in anchors {
                roots.add(CertificateDer::from(anchor.as_der().to_vec()))?;
            }
            let roots = Arc::new(roots);
            let inner = WebPkiServerVerifier::builder_with_provider(roots, Arc::clone(&provider))
                .build()?;
            Ok::<_, SessionError>(Arc::new(Verifier { inner, explicit }))
        };
        let builder = match trust {
            Trust::Explicit(anchors) => builder.with_custom_certificate_verifier(verifying(
                anchors.certificates(),
                Some(anchors.clone()),
            )?),
            Trust::Implicit(anchors) => {
                builder.with_custom_certificate_verifier(verifying(anchors.certificates(), None)?)
            }
            Trust::Nobody => {
                let anybody = Arc::new(Anybody(Arc::clone(&provider)));
                builder.with_custom_certificate_verifier(anybody)
            }
        };
        let mut config = match identity {
            Some(Identity { chain, key }) => {
                let chain = chain.iter().map(|one| CertificateDer::from(one.as_der().to_vec()));
                let key = PrivatePkcs8KeyDer::from(key.expose().to_vec());
                builder.with_client_auth_cert(chain.collect(), PrivateKeyDer::Pkcs8(key))?
            }
            None => builder.with_no_client_auth(),
        };
        // Without the extended master secret the exporter of TLS 1.2 binds nothing (RFC 9266 §3).
        config.require_ems = true;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        Ok(Self { runtime, config: Arc::new(config), connection: None })
    }

    /// What binds a request to the connection that the next request to this URL goes over.
    ///
    /// # Errors
    /// [`SessionError`] if there is no connection to be had.
    pub fn binding(&mut self, url: &http::Uri) -> Result<ChannelBinding, SessionError> {
        Ok(self.connected(url)?.binding.clone())
    }

    /// Sends one request.
    ///
    /// # Errors
    /// [`SessionError`].
    pub fn send(&mut self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, SessionError> {
        let uri = request.uri().clone();
        let connection = self.connected(&uri)?;
        let (mut head, body) = request.into_parts();
        let host = HeaderValue::from_str(&connection.authority).map_err(|_| SessionError::Host)?;
        head.headers.insert(HOST, host);
        head.headers.insert(USER_AGENT, HeaderValue::from_static("devicecert-example"));
        head.uri = uri
            .path_and_query()
            .map_or_else(|| "/".into(), ToString::to_string)
            .parse()
            .map_err(|_| SessionError::Host)?;
        let request = Request::from_parts(head, Full::new(Bytes::from(body)));
        let Some(connection) = &mut self.connection else { return Err(SessionError::Host) };
        self.runtime.block_on(async {
            let exchange = async {
                let response = connection.sender.send_request(request).await?;
                let (head, body) = response.into_parts();
                let body = Limited::new(body, MOST).collect().await.map_err(SessionError::Body)?;
                // Long enough for hyper to notice that the server closes the connection.
                tokio::task::yield_now().await;
                Ok(Response::from_parts(head, body.to_bytes().to_vec()))
            };
            tokio::time::timeout(TIMEOUT, exchange).await.map_err(|_| SessionError::Timeout)?
        })
    }

    fn connected(&mut self, url: &http::Uri) -> Result<&Connection, SessionError> {
        let authority = url.authority().ok_or(SessionError::Host)?.as_str();
        // Let hyper see what happened to the connection meanwhile.
        self.runtime.block_on(tokio::task::yield_now());
        let is_usable = self
            .connection
            .as_ref()
            .is_some_and(|one| one.authority == authority && !one.sender.is_closed());
        if !is_usable {
            let connect = open(&self.config, url, authority);
            let opened = self.runtime.block_on(tokio_timeout(connect))?;
            self.connection = Some(opened);
        }
        self.connection.as_ref().ok_or(SessionError::Host)
    }
}

async fn tokio_timeout<T>(
    work: impl Future<Output = Result<T, SessionError>>,
) -> Result<T, SessionError> {
    tokio::time::timeout(TIMEOUT, work).await.map_err(|_| SessionError::Timeout)?
}

async fn open(
    config: &Arc<ClientConfig>,
    url: &http::Uri,
    authority: &str,
) -> Result<Connection, SessionError> {
    let host = url.host().ok_or(SessionError::Host)?;
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let name = ServerName::try_from(bare.to_owned()).map_err(|_| SessionError::Host)?;
    let stream = TcpStream::connect((bare, url.port_u16().unwrap_or(443))).await?;
    let stream = TlsConnector::from(Arc::clone(config)).connect(name, stream).await?;
    let (_, tls) = stream.get_ref();
    let octets = tls.export_keying_material(
        [0; ChannelBinding::EXPORTER_LEN],
        ChannelBinding::EXPORTER_LABEL,
        Some(&[]),
    )?;
    let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    // A connection that breaks shows in the request that needs it.
    tokio::spawn(async move { drop(connection.await) });
    let binding = ChannelBinding::tls_exporter(octets);
    Ok(Connection { sender, authority: authority.to_owned(), binding })
}
