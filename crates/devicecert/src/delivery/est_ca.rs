//! Hydrant, and any other CA that speaks EST: how Fleet asks it for a certificate of a Linux host.

use core::time::Duration;

use devicecert_ca::CaName;
use devicecert_est::{Credentials, Draft, EmissionProfile, Endpoint, Enrolment, Lines};
use devicecert_pki::{Provider, Secret};
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Request, Response, StatusCode};

use crate::error::Error;

/// A CA that speaks EST, with everything set as Fleet has it.
///
/// The URL is taken as it is, and the name of an operation is put behind it: neither
/// `/.well-known/est` nor a slash is added or removed. User and password go along with the first
/// request. Where the server has not decided (202) Fleet gives up; the enrolment says when to ask
/// again.
///
/// ```
/// use devicecert::delivery::EstCa;
/// use devicecert::est::Step;
/// use devicecert::pki::{Csr, Secret, Time};
/// # use devicecert::crypto_rust::RustCrypto;
/// # type Error = Box<dyn std::error::Error>;
/// # fn send(r: http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, Error> { unimplemented!() }
/// # fn certificate(csr: Csr, client_secret: Secret, now: Time) -> Result<devicecert::pki::Certificate, Error> {
///
/// let url = "https://ca.hydrantid.example/.well-known/est/wifi";
/// let ca = EstCa::hydrant("WIFI".parse()?, url, "client-id", client_secret)?;
/// let mut enrolment = ca.enrolment(csr, &RustCrypto);
/// let issued = loop {
///     match enrolment.step(now)? {
///         Step::Send(request) => enrolment.received(&send(request)?, now)?,
///         Step::Done(issued) => break issued,
///         Step::Wait(pause) => std::thread::sleep(pause),
///         Step::Sign(_) | Step::Decrypt(_) => unreachable!("the request is signed"),
///     }
/// };
/// # Ok(issued.certificate)
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct EstCa {
    kind: EstKind,
    name: CaName,
    endpoint: Endpoint,
    credentials: Credentials,
}

/// Which of Fleet's forms a CA was entered in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EstKind {
    /// Hydrant: client ID and client secret.
    Hydrant,
    /// Any other: user name and password.
    Custom,
}

/// Why a CA does not pass the check of its settings. `Display` is Fleet's text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EstCaError {
    /// The status is not 200.
    #[error("unexpected EST CA status code: {0}")]
    Status(u16),
    /// The answer is no PKCS #7 by its Content-Type, of which this is the beginning.
    #[error("unexpected EST CA content type: {0}")]
    ContentType(Box<str>),
    /// The answer is empty.
    #[error("no CA certificates found in EST CA /cacerts response. URL may be incorrect")]
    NoCertificates,
}

/// How Fleet writes a request: lines of 64 characters, and no header that says it is base64.
const EMISSION: EmissionProfile = {
    let mut emission = EmissionProfile::RFC8951;
    emission.request_lines = Lines::WrappedBare;
    emission
};

/// Characters that are kept of a Content-Type.
const SHOWN: usize = 100;

impl EstCa {
    /// How long Fleet waits for each answer.
    pub const TIMEOUT: Duration = Duration::from_secs(20);

    /// Hydrant at this URL, as this client.
    ///
    /// # Errors
    /// [`Misuse`](devicecert_est::error::Misuse) for a URL that is not https, and for a client ID
    /// with a colon or a control character.
    pub fn hydrant(
        name: CaName,
        url: &str,
        client_id: &str,
        client_secret: impl Into<Secret>,
    ) -> Result<Self, Error> {
        Self::new(EstKind::Hydrant, name, url, Credentials::new(client_id, client_secret)?)
    }

    /// Any EST server at this URL, as this user.
    ///
    /// # Errors
    /// As [`hydrant`](Self::hydrant).
    pub fn custom(
        name: CaName,
        url: &str,
        username: &str,
        password: impl Into<Secret>,
    ) -> Result<Self, Error> {
        Self::new(EstKind::Custom, name, url, Credentials::new(username, password)?)
    }

    fn new(
        kind: EstKind,
        name: CaName,
        url: &str,
        credentials: Credentials,
    ) -> Result<Self, Error> {
        let mut endpoint = Endpoint::at(url.trim())?;
        endpoint.emission = EMISSION;
        Ok(Self { kind, name, endpoint, credentials })
    }

    /// Sets how requests are broken into lines. Fleet breaks them after 64 characters, which some
    /// servers take for no request: est-ca reads [`Lines::Bare`] only.
    #[must_use]
    pub fn request_lines(mut self, lines: Lines) -> Self {
        self.endpoint.emission.request_lines = lines;
        self
    }

    /// In which form it was entered.
    #[must_use]
    pub const fn kind(&self) -> EstKind {
        self.kind
    }

    /// The name of the CA.
    #[must_use]
    pub const fn name(&self) -> &CaName {
        &self.name
    }

    /// The server, to be authorised before it is shown the password, and to be talked to otherwise.
    #[must_use]
    pub const fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// What the settings are checked with when they are saved: `GET <URL>/cacerts`, without
    /// credentials.
    ///
    /// # Errors
    /// None for a CA of this type.
    pub fn check_request(&self) -> Result<Request<Vec<u8>>, Error> {
        Ok(self.endpoint.ca_certs()?)
    }

    /// Reads the answer to [`check_request`](Self::check_request), as far as Fleet does: not what
    /// certificates there are, which [`CaCertificates::read`](devicecert_est::CaCertificates::read)
    /// tells.
    ///
    /// # Errors
    /// See [`EstCaError`].
    pub fn check(&self, response: &Response<Vec<u8>>) -> Result<(), EstCaError> {
        if response.status() != StatusCode::OK {
            return Err(EstCaError::Status(response.status().as_u16()));
        }
        let content_type = response.headers().get(CONTENT_TYPE).map(HeaderValue::as_bytes);
        let content_type = String::from_utf8_lossy(content_type.unwrap_or_default());
        if !content_type.starts_with("application/pkcs7-mime") {
            let shown: String = content_type.chars().take(SHOWN).collect();
            return Err(EstCaError::ContentType(shown.into()));
        }
        match response.body().is_empty() {
            true => Err(EstCaError::NoCertificates),
            false => Ok(()),
        }
    }

    /// Asks for a certificate: `POST <URL>/simpleenroll`.
    #[must_use]
    pub fn enrolment(&self, draft: impl Into<Draft>, provider: &'static dyn Provider) -> Enrolment {
        let mut enrolment = Enrolment::new(self.endpoint.clone(), draft, provider);
        let options = enrolment.options();
        options.credentials = Some(self.credentials.clone());
        options.preemptive_basic = true;
        enrolment
    }
}
