//! HTTPS in front of the CA.

use std::sync::Arc;
use std::time::Duration;

use devicecert::est::{ChannelBinding, LinkingPolicy};
use devicecert::pki::{Certificate, Limits};
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Bytes, Incoming};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{ProtocolVersion, RootCertStore, ServerConfig, ServerConnection};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::folder::pkcs8;
use super::session::{SessionError, TlsVersions};
use super::{EstCa, EstFolder};
use crate::listen::{self, Log, PATIENCE};

/// What TLS has found out about a client.
#[derive(Clone, Debug, Default)]
pub struct TlsFacts {
    /// The client's certificate, which leads to the CA.
    pub certificate: Option<Certificate>,
    /// What binds a request to this connection.
    pub binding: Option<ChannelBinding>,
}

/// Whether clients must have a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientCertificates {
    /// They may.
    Optional,
    /// They must.
    Required,
}

/// TLS with the folder's certificate; client certificates are checked with the CA's.
///
/// # Errors
/// [`SessionError::Tls`] for certificates that TLS cannot use.
pub fn tls_config(
    folder: &EstFolder,
    clients: ClientCertificates,
    versions: TlsVersions,
    linking: LinkingPolicy,
) -> Result<ServerConfig, SessionError> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(folder.ca.as_der().to_vec()))?;
    let verifier =
        WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider));
    let verifier = match clients {
        ClientCertificates::Optional => verifier.allow_unauthenticated().build()?,
        ClientCertificates::Required => verifier.build()?,
    };
    // Clients have the root (RFC 8446 §4.4.2), and need not have more.
    let chain = [&folder.tls, &folder.ca].into_iter().chain(&folder.above);
    let chain = chain.filter(|one| one.issuer() != one.subject());
    let chain = chain.map(|one| CertificateDer::from(one.as_der().to_vec())).collect();
    let key = pkcs8(&*folder.tls_key).map_err(|error| SessionError::Body(error.into()))?;
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.expose().to_vec()));
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(versions.supported())?
        .with_client_cert_verifier(verifier)
        .with_single_cert(chain, key)?;
    // Without the extended master secret the exporter of TLS 1.2 binds nothing (RFC 9266 §3).
    config.require_ems = linking == LinkingPolicy::Required;
    Ok(config)
}

/// Serves EST, for ever.
pub async fn serve(listener: TcpListener, config: Arc<ServerConfig>, ca: Arc<EstCa>, log: Log) {
    let has_ems = config.require_ems;
    let acceptor = TlsAcceptor::from(config);
    let (for_ever, grace) = (std::future::pending(), Duration::ZERO);
    listen::serve(listener, &Arc::clone(&log), for_ever, grace, |stream, place| {
        let (acceptor, ca, log) = (acceptor.clone(), Arc::clone(&ca), Arc::clone(&log));
        async move {
            let stream = match tokio::time::timeout(PATIENCE, acceptor.accept(stream)).await {
                Ok(Ok(stream)) => stream,
                Ok(Err(error)) => return log(&format!("TLS: {error}")),
                Err(_) => return,
            };
            let facts = facts(stream.get_ref().1, has_ems);
            let answer =
                move |request| answer(request, Arc::clone(&ca), facts.clone(), Arc::clone(&log));
            listen::connection(stream, place, answer).await;
        }
    })
    .await;
}

/// In TLS 1.2 the exporter counts only where the extended master secret is sure to be there.
fn facts(tls: &ServerConnection, has_ems: bool) -> TlsFacts {
    let certificate = tls
        .peer_certificates()
        .and_then(<[_]>::first)
        .and_then(|der| Certificate::parse(der, &Limits::default()).ok());
    let is_sound = has_ems || tls.protocol_version() == Some(ProtocolVersion::TLSv1_3);
    let octets = tls.export_keying_material(
        [0; ChannelBinding::EXPORTER_LEN],
        ChannelBinding::EXPORTER_LABEL,
        Some(&[]),
    );
    let binding = octets.ok().filter(|_| is_sound).map(ChannelBinding::tls_exporter);
    TlsFacts { certificate, binding }
}

async fn answer(
    request: Request<Incoming>,
    ca: Arc<EstCa>,
    facts: TlsFacts,
    log: Log,
) -> Response<Full<Bytes>> {
    let (head, body) = request.into_parts();
    let body = Limited::new(body, ca.service.limits.body_bytes).collect();
    let Ok(Ok(body)) = tokio::time::timeout(PATIENCE, body).await else {
        return failed(StatusCode::PAYLOAD_TOO_LARGE);
    };
    let request = Request::from_parts(head, body.to_bytes());
    // Private keys keep a thread busy for a millisecond or more.
    let worked = tokio::task::spawn_blocking(move || ca.answer(&request, &facts, &*log));
    match worked.await {
        Ok(response) => response.map(|body| Full::new(Bytes::from(body))),
        Err(_) => failed(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

fn failed(status: StatusCode) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::new()));
    *response.status_mut() = status;
    response
}
