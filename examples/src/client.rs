//! A SCEP client: HTTP for the enrolment's messages, keys for its signatures.

use std::time::{Duration, SystemTime};

use devicecert::pki::error::KeyError;
use devicecert::pki::{Certificate, PublicKey};
use devicecert::scep::error::UnacceptableReply;
use devicecert::scep::{Enrolment, Error, Step};
use http::{Request, Response};
use ureq::tls::{RootCerts, TlsConfig};

use crate::keys::Key;

mod identity;

pub use identity::IdentityFiles;

/// Why an enrolment did not come to its end.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClientError {
    /// The server, or what it sent.
    #[error(transparent)]
    Scep(#[from] Error),
    /// The network.
    #[error("{url}: {source}")]
    Http {
        /// Where the request went, without its query.
        url: String,
        /// What went wrong.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// None of the keys at hand is the one that has to sign or decrypt.
    #[error("the private key that has to {0} is not at hand")]
    MissingKey(&'static str),
    /// A key at hand could not do its part.
    #[error(transparent)]
    Key(#[from] KeyError),
}

impl ClientError {
    /// Whether the server was reached, and then was too slow.
    pub(crate) fn is_late(&self) -> bool {
        let Self::Http { source, .. } = self else { return false };
        match source.downcast_ref() {
            Some(ureq::Error::Timeout(phase)) => {
                !matches!(phase, ureq::Timeout::Resolve | ureq::Timeout::Connect)
            }
            _ => false,
        }
    }
}

/// Whether to sit out the pauses of a pending request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Patience {
    /// Wait and poll.
    Wait,
    /// Return at the first pause.
    Leave,
}

/// What came of it.
#[derive(Debug)]
pub enum Outcome {
    /// The certificate and the ones above it.
    Issued(Vec<Certificate>),
    /// The server has not decided yet.
    Pending,
}

/// Goes through all steps of an enrolment. `say` is told of each in plain words.
///
/// # Errors
/// [`ClientError`]; a FAILURE of the server is [`Error::Refused`].
pub fn run(
    enrolment: &mut Enrolment,
    keys: &[&dyn Key],
    patience: Patience,
    say: impl FnMut(&str),
) -> Result<Outcome, ClientError> {
    let agent = agent(Duration::from_secs(60));
    run_over(|request| send(&agent, request), enrolment, keys, patience, say)
}

/// The same over any HTTP client.
///
/// # Errors
/// As [`run`].
pub fn run_over(
    mut send: impl FnMut(Request<Vec<u8>>) -> Result<Response<Vec<u8>>, ClientError>,
    enrolment: &mut Enrolment,
    keys: &[&dyn Key],
    patience: Patience,
    mut say: impl FnMut(&str),
) -> Result<Outcome, ClientError> {
    loop {
        let step = match enrolment.step(SystemTime::now().into()) {
            Err(Error::UnacceptableReply(UnacceptableReply::StillPending(_))) => {
                return Ok(Outcome::Pending);
            }
            step => step?,
        };
        match step {
            Step::Send(request) => {
                let what = what_is_sent(&request);
                say(what);
                let response = match send(request) {
                    // The oldest servers hang up on a question they do not know. No answer says
                    // as much as an empty one (RFC 8894 §3.5.2).
                    Err(ClientError::Http { .. }) if what == CAPABILITIES => {
                        Response::new(Vec::new())
                    }
                    response => response?,
                };
                enrolment.received(&response)?;
            }
            Step::Sign(ask) => {
                let key = find(keys, &ask.key).ok_or(ClientError::MissingKey("sign"))?;
                enrolment.signed(&key.sign(&ask)?)?;
            }
            Step::Decrypt(ask) => {
                say("opening the reply");
                // The reply is enveloped to the certificate that signed, whose key signed last.
                let key = enrolment
                    .signer_key()
                    .and_then(|wanted| find(keys, wanted))
                    .ok_or(ClientError::MissingKey("decrypt"))?;
                enrolment.decrypted(key.decrypt(&ask))?;
            }
            Step::Wait(_) if patience == Patience::Leave => return Ok(Outcome::Pending),
            Step::Wait(pause) => {
                say(&format!("the request is pending; asking again in {} s", pause.as_secs()));
                std::thread::sleep(pause);
            }
            Step::Done(chain) => return Ok(Outcome::Issued(chain)),
        }
    }
}

const CAPABILITIES: &str = "asking what the server can do (GetCACaps)";

fn what_is_sent(request: &Request<Vec<u8>>) -> &'static str {
    let query = request.uri().query().unwrap_or_default();
    if query.contains("operation=GetCACaps") {
        CAPABILITIES
    } else if query.contains("operation=GetCACert") {
        "asking for the CA certificate (GetCACert)"
    } else if query.contains("operation=GetNextCACert") {
        "asking for the next CA's certificate (GetNextCACert)"
    } else {
        "sending the request (PKIOperation)"
    }
}

fn find<'a>(keys: &[&'a dyn Key], wanted: &PublicKey) -> Option<&'a dyn Key> {
    keys.iter().copied().find(|key| key.public_key() == wanted)
}

pub(crate) fn agent(patience: Duration) -> ureq::Agent {
    agent_with(patience, TlsConfig::default())
}

/// An agent that believes TLS servers for which these CAs vouch, and no others.
pub(crate) fn agent_that_trusts(patience: Duration, roots: &[Certificate]) -> ureq::Agent {
    let der = |root: &Certificate| ureq::tls::Certificate::from_der(root.as_der()).to_owned();
    let roots: Vec<_> = roots.iter().map(der).collect();
    let roots = RootCerts::new_with_certs(&roots);
    agent_with(patience, TlsConfig::builder().root_certs(roots).build())
}

/// An agent that believes whom `tls` says.
pub(crate) fn agent_with(patience: Duration, tls: TlsConfig) -> ureq::Agent {
    // Two providers could be linked in; say which one TLS uses. A second call changes nothing.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .timeout_global(Some(patience))
        // Shorter, so that a server that is not there differs from one that is slow.
        .timeout_connect(patience.checked_div(2))
        .tls_config(tls)
        .user_agent("devicecert-example")
        .build()
        .new_agent()
}

/// Sends one request; reads at most 1 MiB of the response.
pub(crate) fn send(
    agent: &ureq::Agent,
    request: Request<Vec<u8>>,
) -> Result<Response<Vec<u8>>, ClientError> {
    let uri = request.uri().to_string();
    let url = uri.split('?').next().unwrap_or_default().to_owned();
    let http = |source| ClientError::Http { url: url.clone(), source: Box::new(source) };
    let response = match *request.method() == http::Method::GET {
        true => agent.run(request.map(|_| ())),
        false => agent.run(request),
    };
    let (head, mut body) = response.map_err(http)?.into_parts();
    let body = body.with_config().limit(1 << 20).read_to_vec().map_err(http)?;
    Ok(Response::from_parts(head, body))
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, TcpListener};
    use std::time::Duration;

    use http::Request;

    use super::{ClientError, agent, send};

    #[test]
    fn a_server_that_accepts_and_does_not_answer_is_late() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let ask = || {
            let request = Request::get(&url).body(Vec::new()).unwrap();
            send(&agent(Duration::from_millis(500)), request).unwrap_err()
        };
        assert!(ask().is_late());
        drop(listener);
        assert!(!ask().is_late());
    }

    #[test]
    fn a_server_to_which_there_is_no_connection_is_not_late() {
        for phase in [ureq::Timeout::Resolve, ureq::Timeout::Connect] {
            let source = Box::new(ureq::Error::Timeout(phase));
            assert!(!ClientError::Http { url: String::new(), source }.is_late(), "{phase}");
        }
    }
}
