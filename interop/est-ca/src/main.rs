//! The EST server of `est-ca` on a free port of 127.0.0.1: `est-ca-server FOLDER USER PASSWORD`.
//!
//! `est-ca` is routes without TLS, and asks whoever puts them behind TLS to say who renews. Both is
//! all that happens here; EST, CMS and the CA are its own. `ca.pem`, which vouches for it
//! and for what it issues, goes into the folder.

use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;

use axum::Extension;
use est_ca::auth::{AuthBackend, Principal};
use est_ca::ca::serial::InMemorySerialStore;
use est_ca::ca::{CertProfile, Issuer};
use est_ca::est::server::EstServer;
use hyper::server::conn::Http;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, KeyPair, KeyUsagePurpose};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// The one user, who may have a certificate in his name.
struct Only {
    user: String,
    password: String,
}

impl AuthBackend for Only {
    fn verify_bootstrap(&self, user: &str, password: &str) -> Result<Principal, String> {
        match (user, password) == (self.user.as_str(), self.password.as_str()) {
            true => Ok(Principal::new(user)),
            false => Err("wrong user or password".to_owned()),
        }
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let [folder, user, password] =
        <[String; 3]>::try_from(std::env::args().skip(1).collect::<Vec<_>>())
            .map_err(|_| "usage: est-ca-server FOLDER USER PASSWORD")?;
    let folder = PathBuf::from(folder);
    let mut params = CertificateParams::new([])?;
    params.distinguished_name.push(DnType::CommonName, "est-ca");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let ca_key = KeyPair::generate()?;
    let ca = params.self_signed(&ca_key)?;
    let tls_key = KeyPair::generate()?;
    let names = ["localhost".to_owned(), "127.0.0.1".to_owned()];
    let tls = CertificateParams::new(names)?.signed_by(&tls_key, &ca, &ca_key)?;

    let profile = CertProfile::client_auth_for_days(90);
    let serials = Arc::new(InMemorySerialStore::new());
    let issuer = Issuer::from_pem(&ca.pem(), &ca_key.serialize_pem(), profile, serials)?;
    // It writes the certificate anew: the same name and key in other octets.
    let ca = CertificateDer::from(issuer.ca_cert_der().to_vec());
    std::fs::write(folder.join("ca.pem"), pem::encode(&pem::Pem::new("CERTIFICATE", ca.as_ref())))?;

    let mut roots = RootCertStore::empty();
    roots.add(ca)?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier =
        WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
            .allow_unauthenticated()
            .build()?;
    let key = PrivateKeyDer::try_from(tls_key.serialize_der())?;
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_client_cert_verifier(verifier)
        .with_single_cert(vec![tls.der().clone()], key)?;
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let app = EstServer::new(issuer, Arc::new(Only { user, password })).router();

    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("listening on https://{}/", listener.local_addr()?);
    loop {
        let (stream, _) = listener.accept().await?;
        let (acceptor, app) = (acceptor.clone(), app.clone());
        tokio::spawn(async move {
            let Ok(stream) = acceptor.accept(stream).await else { return };
            let shown = stream.get_ref().1.peer_certificates().and_then(<[_]>::first);
            let app = match shown.and_then(common_name) {
                Some(name) => app.layer(Extension(Principal::new(name))),
                None => app,
            };
            if let Err(error) = Http::new().serve_connection(stream, app).await {
                eprintln!("{error}");
            }
        });
    }
}

fn common_name(certificate: &CertificateDer<'_>) -> Option<String> {
    let (_, certificate) = x509_parser::parse_x509_certificate(certificate).ok()?;
    let name = certificate.subject().iter_common_name().next()?.as_str().ok()?;
    Some(name.to_owned())
}
