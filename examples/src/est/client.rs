//! The client's side: questions and enrolments over a [`Session`].

use std::time::{Duration, SystemTime};

use devicecert::est::cmc::{FullResponse, PkiData, PkiResponse};
use devicecert::est::error::UnacceptableReply;
use devicecert::est::{
    CaCertificates, Credentials, CsrAttrs, Endpoint, Enrolment, Error, Issued, Step,
    UnverifiedCaCertificates,
};
use devicecert::pki::error::KeyError;
use devicecert::pki::{
    Certificate, CertificateParams, CsrParams, Error as PkiError, Provider, PublicKey, Time,
    Validity,
};
use http::header::AUTHORIZATION;
use http::{Request, Response};

use super::session::{Session, SessionError};
use crate::client::Patience;
use crate::keys::Key;

/// Why there is no certificate.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EstError {
    /// The server, or what it sent.
    #[error(transparent)]
    Est(#[from] Error),
    /// The network.
    #[error(transparent)]
    Session(#[from] SessionError),
    /// None of the keys at hand is the one that has to sign or decrypt.
    #[error("the private key that has to {0} is not at hand")]
    MissingKey(&'static str),
    /// A key at hand could not do its part.
    #[error(transparent)]
    Key(#[from] KeyError),
}

impl From<PkiError> for EstError {
    fn from(error: PkiError) -> Self {
        Error::from(error).into()
    }
}

/// What came of an enrolment.
#[derive(Debug)]
pub enum Outcome {
    /// The certificate, and what came with it.
    Issued(Box<Issued>),
    /// The server has not decided yet.
    Pending,
}

/// Whether requests are linked to TLS (RFC 7030 §3.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Linking {
    /// They are.
    On,
    /// They are not.
    Off,
}

/// Asks for the CA certificates, which nobody has vouched for yet.
///
/// # Errors
/// [`EstError`].
pub fn ca_certs(
    session: &mut Session,
    endpoint: &Endpoint,
) -> Result<UnverifiedCaCertificates, EstError> {
    let response = ask(session, endpoint, endpoint.ca_certs()?)?;
    Ok(CaCertificates::read(endpoint, &response)?)
}

/// Asks for the CSR attributes.
///
/// # Errors
/// [`EstError`].
pub fn csr_attrs(session: &mut Session, endpoint: &Endpoint) -> Result<Option<CsrAttrs>, EstError> {
    let response = ask(session, endpoint, endpoint.csr_attrs()?)?;
    Ok(CsrAttrs::read(endpoint, &response)?)
}

/// A Full PKI Request for one certificate, signed with a self-signed certificate for its own key.
///
/// # Errors
/// [`EstError`] if the key cannot sign.
pub fn full_request(
    params: &CsrParams,
    key: &dyn Key,
    provider: &dyn Provider,
) -> Result<(PkiData, Vec<u8>), EstError> {
    const DAY: Duration = Duration::from_secs(86_400);
    let csr = params.unsigned(key.public_key()).and_then(|csr| csr.sign(key))?;
    let now = Time::from(SystemTime::now());
    let validity = Validity::lasting(now.before(DAY), DAY.saturating_mul(2));
    let (subject, public) = (params.subject.clone(), key.public_key().clone());
    let signer = CertificateParams::self_signed(subject, public, validity, provider)
        .and_then(|signer| signer.unsigned(key.public_key()))
        .and_then(|signer| signer.sign(key))?;
    let data = PkiData::new(csr, provider)?;
    let message = data.unsigned(&signer, provider)?.sign(key)?;
    Ok((data, message))
}

/// Sends a Full PKI Request, and returns what the server says and the certificates it sent.
///
/// # Errors
/// [`EstError`].
pub fn full_cmc(
    session: &mut Session,
    endpoint: &Endpoint,
    data: &PkiData,
    message: &[u8],
    credentials: Option<&Credentials>,
    ca: &Certificate,
    provider: &dyn Provider,
) -> Result<(PkiResponse, FullResponse), EstError> {
    let mut request = endpoint.full_cmc(message)?;
    if let Some(credentials) = credentials {
        request.headers_mut().insert(AUTHORIZATION, credentials.basic()?);
    }
    let response = ask(session, endpoint, request)?;
    let response = FullResponse::read(endpoint, &response)?;
    let content = response.verify(data, ca, provider, endpoint)?;
    Ok((content, response))
}

fn ask(
    session: &mut Session,
    endpoint: &Endpoint,
    mut request: Request<Vec<u8>>,
) -> Result<Response<Vec<u8>>, EstError> {
    for _ in 0..endpoint.limits.redirects {
        let response = session.send(request.clone())?;
        match endpoint.redirected(&request, &response)? {
            Some(again) => request = again,
            None => return Ok(response),
        }
    }
    Err(Error::from(UnacceptableReply::Redirect).into())
}

/// Goes through all steps of an enrolment. `say` is told of each in plain words.
///
/// # Errors
/// [`EstError`]; a server's refusal is [`Error::Refused`].
pub fn run(
    enrolment: &mut Enrolment,
    session: &mut Session,
    keys: &[&dyn Key],
    linking: Linking,
    patience: Patience,
    mut say: impl FnMut(&str),
) -> Result<Outcome, EstError> {
    let url = enrolment.endpoint().url(enrolment.operation());
    let url = url.parse().map_err(|_| SessionError::Host)?;
    loop {
        if linking == Linking::On {
            enrolment.link(session.binding(&url)?);
        }
        let step = match enrolment.step(SystemTime::now().into()) {
            Err(Error::UnacceptableReply(UnacceptableReply::StillPending(_))) => {
                return Ok(Outcome::Pending);
            }
            step => step?,
        };
        match step {
            Step::Send(request) => {
                say(&format!("asking for {}", enrolment.operation()));
                let response = session.send(request)?;
                enrolment.received(&response, SystemTime::now().into())?;
            }
            Step::Sign(ask) => {
                let key = find(keys, &ask.key).ok_or(EstError::MissingKey("sign"))?;
                enrolment.signed(&key.sign(&ask)?)?;
            }
            Step::Decrypt(ask) => {
                say("opening the private key");
                // Only an RSA key can be enveloped to, and only one such key is at hand.
                let key = keys.iter().find(|key| key.public_key().can_receive());
                let key = key.ok_or(EstError::MissingKey("decrypt"))?;
                enrolment.decrypted(key.decrypt(&ask))?;
            }
            Step::Wait(_) if patience == Patience::Leave => return Ok(Outcome::Pending),
            Step::Wait(pause) => {
                say(&format!("the request is pending; asking again in {} s", pause.as_secs()));
                std::thread::sleep(pause);
            }
            Step::Done(issued) => return Ok(Outcome::Issued(issued)),
        }
    }
}

fn find<'a>(keys: &[&'a dyn Key], wanted: &PublicKey) -> Option<&'a dyn Key> {
    keys.iter().copied().find(|key| key.public_key() == wanted)
}
