//! HTTP errors: a server's no (RFC 7030 §4.2.3, RFC 8951 §5).

use core::fmt;

use devicecert_pki::cms::{Content, SignedData};
use http::header::{CONTENT_TYPE, WWW_AUTHENTICATE};
use http::{HeaderValue, Response, StatusCode};

use crate::authentication::Challenge;
use crate::body;
use crate::cmc::{PkiResponse, StatusInfo};
use crate::emission::EmissionProfile;
use crate::endpoint::CONTENT_TRANSFER_ENCODING;
use crate::error::{Error, Misuse};
use crate::limits::Limits;
use crate::media_type::{CMC_RESPONSE, MediaType, PKCS7_MIME};
use crate::oid;
use crate::tolerance::Tolerance;

/// Why a server refuses.
///
/// A server makes one with [`Refusal::new`]; a client finds one in
/// [`Error::Refused`](crate::Error::Refused).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Refusal {
    /// The HTTP status.
    pub status: StatusCode,
    /// The server's words for people, as they came: escape them.
    pub text: Option<String>,
    /// What the CMC response in the body says, where there is one.
    pub cmc: Vec<StatusInfo>,
    /// How the server wants its client to authenticate.
    pub challenges: Vec<Challenge>,
}

/// What a refusal means for what to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RefusalKind {
    /// 401: with other credentials, or a request that is linked to TLS.
    Unauthorised,
    /// 403, 423: not for this client.
    Forbidden,
    /// 404, 501: the server does not have this operation (§4.3.2).
    NotImplemented,
    /// Any other 4xx: not this request.
    BadRequest,
    /// 5xx: perhaps later.
    ServerFailure,
}

impl Refusal {
    /// A refusal without words.
    ///
    /// # Errors
    /// [`Misuse::Status`] for a status that tells of no error.
    pub fn new(status: StatusCode) -> Result<Self, Error> {
        match status.is_client_error() || status.is_server_error() {
            true => Ok(Self::with(status)),
            false => Err(Misuse::Status.into()),
        }
    }

    const fn with(status: StatusCode) -> Self {
        Self { status, text: None, cmc: Vec::new(), challenges: Vec::new() }
    }

    /// 403 with words for people.
    #[must_use]
    pub fn forbidden(text: impl Into<String>) -> Self {
        Self::with(StatusCode::FORBIDDEN).because(text)
    }

    /// 401 with the ways in which a client may authenticate.
    #[must_use]
    pub fn unauthorised(challenges: Vec<Challenge>) -> Self {
        // Without words: BouncyCastle's client gives up on a challenge that has a body.
        Self { challenges, ..Self::with(StatusCode::UNAUTHORIZED) }
    }

    /// What a client that sent something wrong is told: the status of the error, and its words,
    /// in which nothing of what the client sent occurs.
    #[must_use]
    pub fn of(error: &Error) -> Self {
        match error {
            Error::Refused(refusal) => (**refusal).clone(),
            _ => {
                let status = StatusCode::from(error);
                match status.is_server_error() {
                    // What is wrong here is nobody's business there.
                    true => Self::with(status).because("internal error"),
                    false => Self::with(status).because(error.to_string()),
                }
            }
        }
    }

    /// Adds words for people.
    #[must_use]
    pub fn because(mut self, text: impl Into<String>) -> Self {
        self.text = Some(text.into());
        self
    }

    /// Adds what a CMC response says. It takes the place of the words in the body.
    #[must_use]
    pub fn status(mut self, status: StatusInfo) -> Self {
        self.cmc.push(status);
        self
    }

    /// What it means.
    #[must_use]
    pub fn kind(&self) -> RefusalKind {
        match self.status {
            StatusCode::UNAUTHORIZED => RefusalKind::Unauthorised,
            StatusCode::FORBIDDEN | StatusCode::LOCKED => RefusalKind::Forbidden,
            StatusCode::NOT_FOUND | StatusCode::NOT_IMPLEMENTED => RefusalKind::NotImplemented,
            status if status.is_server_error() => RefusalKind::ServerFailure,
            _ => RefusalKind::BadRequest,
        }
    }

    /// Reads a response whose status tells of an error. Nothing in it can make that fail: what
    /// cannot be read is left out.
    pub(crate) fn read(
        response: &Response<Vec<u8>>,
        tolerance: &Tolerance,
        limits: &Limits,
    ) -> Self {
        let content_type = MediaType::of(response.headers(), limits);
        let is_cms = content_type.as_ref().is_some_and(|found| found.is(PKCS7_MIME));
        let cmc = match is_cms {
            true => read_cmc(response.body(), tolerance, limits).unwrap_or_default(),
            false => Vec::new(),
        };
        let text = match is_cms {
            true => None,
            false => read_text(response.body(), limits),
        };
        Self {
            status: response.status(),
            text,
            cmc,
            challenges: Challenge::read_all(response.headers(), limits),
        }
    }

    /// The HTTP response: words as text/plain, a CMC response where there are statuses.
    #[must_use]
    pub fn to_http(&self, emission: EmissionProfile) -> Response<Vec<u8>> {
        let (content_type, body) = match self.cmc.is_empty() {
            false => {
                let cms = PkiResponse::new(&self.cmc).to_unsigned_cms();
                (CMC_RESPONSE, emission.response_lines.encode(&cms))
            }
            true => {
                let text = self.text.as_ref().map(|text| format!("{text}\n").into_bytes());
                ("text/plain; charset=utf-8", text.unwrap_or_default())
            }
        };
        let mut response = Response::new(body);
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        if !self.cmc.is_empty() && emission.content_transfer_encoding {
            headers.insert(CONTENT_TRANSFER_ENCODING, HeaderValue::from_static("base64"));
        }
        for challenge in &self.challenges {
            if let Ok(value) = HeaderValue::from_str(&challenge.to_string()) {
                headers.append(WWW_AUTHENTICATE, value);
            }
        }
        response
    }
}

fn read_cmc(body: &[u8], tolerance: &Tolerance, limits: &Limits) -> Result<Vec<StatusInfo>, Error> {
    let der = body::decode_cms(body, tolerance, limits)?;
    let signed = SignedData::parse(&der, &limits.pki)?;
    match signed.unverified_content() {
        Content::Octets(octets) if signed.content_type() == oid::PKI_RESPONSE => {
            PkiResponse::parse(octets, limits)?.statuses(limits)
        }
        _ => Ok(Vec::new()),
    }
}

fn read_text(body: &[u8], limits: &Limits) -> Option<String> {
    // A character takes at most four octets.
    let most = limits.text_chars.saturating_mul(4).min(body.len());
    let text = String::from_utf8_lossy(body.get(..most)?);
    let text: String = text.trim().chars().take(limits.text_chars).collect();
    (!text.is_empty()).then_some(text)
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the server refused with HTTP status {}", self.status.as_u16())?;
        for status in &self.cmc {
            write!(f, ", CMC status {status}")?;
        }
        match &self.text {
            Some(text) => write!(f, ": \"{}\"", text.escape_debug()),
            None => Ok(()),
        }
    }
}
