//! A server: from HTTP requests to calls, and from decisions to HTTP responses.

use core::time::Duration;

use devicecert_pki::Certificate;
use http::header::{ALLOW, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderValue, Request as HttpRequest, Response, StatusCode};

use crate::certs_only;
use crate::cmc::{FailInfo, StatusInfo};
use crate::csr_attrs::CsrAttrs;
use crate::emission::EmissionProfile;
use crate::endpoint::CONTENT_TRANSFER_ENCODING;
use crate::error::{Error, InvalidRequest, Misuse};
use crate::grant::{Content, Decision};
use crate::limits::Limits;
use crate::linking::LinkingPolicy;
use crate::media_type::SERVER_GENERATED_KEY;
use crate::media_type::{CERTS_ONLY, CMC_RESPONSE, CSR_ATTRS, MULTIPART_MIXED, PKCS8};
use crate::multipart;
use crate::operation::{self, Label, Operation};
use crate::refusal::Refusal;
use crate::tolerance::Tolerance;

/// How a server takes requests. One serves for all CAs of a server; labels tell them apart.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Service {
    /// The path that the operations are below, without a slash at its end.
    base: String,
    /// How responses are written.
    pub emission: EmissionProfile,
    /// What is accepted although the RFCs say otherwise.
    pub tolerance: Tolerance,
    /// Bounds on what is taken from clients.
    pub limits: Limits,
    /// What is done about requests that are, or are not, linked to TLS.
    pub linking: LinkingPolicy,
}

impl Default for Service {
    /// At `/.well-known/est` (RFC 7030 §3.2.2).
    fn default() -> Self {
        Self {
            base: operation::WELL_KNOWN.to_owned(),
            emission: EmissionProfile::default(),
            tolerance: Tolerance::default(),
            limits: Limits::default(),
            linking: LinkingPolicy::default(),
        }
    }
}

/// An HTTP request for an operation, its body not looked at yet.
///
/// Between this and [`read`](Self::read) a server authenticates the client: what is expensive to
/// read comes after who asks.
#[derive(Clone, Debug)]
pub struct Call<'a> {
    pub(crate) service: &'a Service,
    operation: Operation,
    label: Option<Label>,
    emission: EmissionProfile,
}

impl Service {
    /// At another path than the well-known one.
    #[must_use]
    pub fn at(path: &str) -> Self {
        Self { base: path.trim_end_matches('/').to_owned(), ..Self::default() }
    }

    /// Finds out which operation a request is for.
    ///
    /// # Errors
    /// [`InvalidRequest::Path`], [`InvalidRequest::Label`] or [`InvalidRequest::Method`]; answer
    /// with [`refuse`](Self::refuse).
    pub fn route<B>(&self, request: &HttpRequest<B>) -> Result<Call<'_>, Error> {
        let path = request.uri().path();
        let (label, operation) = operation::parse_path(path, &self.base, &self.tolerance)?;
        if request.method() != operation.method() {
            return Err(InvalidRequest::Method { operation }.into());
        }
        let emission = self.emission.for_client(request.headers());
        Ok(Call { service: self, operation, label, emission })
    }

    /// The response to a request that [`route`](Self::route) did not take.
    #[must_use]
    pub fn refuse(&self, error: &Error) -> Response<Vec<u8>> {
        let mut response = Refusal::of(error).to_http(self.emission);
        if let Error::InvalidRequest(InvalidRequest::Method { operation }) = error
            && let Ok(allowed) = HeaderValue::from_str(operation.method().as_str())
        {
            response.headers_mut().insert(ALLOW, allowed);
        }
        response
    }
}

impl Call<'_> {
    /// What is asked for.
    #[must_use]
    pub const fn operation(&self) -> Operation {
        self.operation
    }

    /// Which CA is asked; `None` for the one that answers those who do not say.
    #[must_use]
    pub const fn label(&self) -> Option<&Label> {
        self.label.as_ref()
    }

    /// The answer to `/cacerts`: the current root, the CAs below it, and during a rollover the
    /// previous root and the two certificates that bind the one to the other (§4.1.3).
    #[must_use]
    pub fn ca_certs<'c>(
        &self,
        certificates: impl IntoIterator<Item = &'c Certificate>,
    ) -> Response<Vec<u8>> {
        self.base64(CERTS_ONLY, &certs_only::write(certificates))
    }

    /// The answer to `/csrattrs`; 204 if there are no wishes (§4.5.2).
    #[must_use]
    pub fn csr_attrs(&self, attrs: Option<&CsrAttrs>) -> Response<Vec<u8>> {
        match attrs {
            Some(attrs) => self.base64(CSR_ATTRS, &attrs.to_der()),
            None => {
                let mut response = Response::new(Vec::new());
                *response.status_mut() = StatusCode::NO_CONTENT;
                response
            }
        }
    }

    /// The answer to an enrolment or key generation.
    ///
    /// # Errors
    /// None that a decision could cause: it was checked when it was made.
    pub fn reply(&self, decision: &Decision) -> Result<Response<Vec<u8>>, Error> {
        match decision {
            Decision::Grant(grant) => Ok(match &*grant.0 {
                Content::Certificate(certificate) => {
                    self.base64(CERTS_ONLY, &certs_only::write([certificate]))
                }
                Content::Key { certificate, pkcs8 } => {
                    self.key(PKCS8, pkcs8.expose(), certificate)?
                }
                Content::EnvelopedKey { certificate, envelope } => {
                    self.key(SERVER_GENERATED_KEY, envelope, certificate)?
                }
            }),
            Decision::Wait { after, text } => Ok(self.wait(*after, text.as_deref())),
            Decision::Refuse(refusal) => Ok(self.refuse(refusal)),
        }
    }

    /// The answer to a Full PKI Request: a PKIResponse in SignedData, made by
    /// [`PkiResponse::unsigned`](crate::cmc::PkiResponse::unsigned). A response that tells of a
    /// failure needs an HTTP status that does, too (§4.3.2).
    #[must_use]
    pub fn full_cmc(&self, status: StatusCode, message: &[u8]) -> Response<Vec<u8>> {
        let mut response = self.base64(CMC_RESPONSE, message);
        *response.status_mut() = status;
        response
    }

    /// The response to a request that must be refused. In the words of CMC where it was a Full PKI
    /// Request.
    #[must_use]
    pub fn refuse(&self, refusal: &Refusal) -> Response<Vec<u8>> {
        refusal.to_http(self.emission)
    }

    /// The response to a request that could not be read.
    #[must_use]
    pub fn refuse_error(&self, error: &Error) -> Response<Vec<u8>> {
        let refusal = Refusal::of(error);
        match self.operation {
            Operation::FullCmc if refusal.cmc.is_empty() => {
                let status = StatusInfo::failed(FailInfo::from(error), [0]);
                let status = StatusInfo { text: refusal.text.clone(), ..status };
                self.refuse(&refusal.status(status))
            }
            _ => self.refuse(&refusal),
        }
    }

    /// 202: the client is to send the same again (§4.2.3). Seconds, which every client reads.
    fn wait(&self, after: Duration, text: Option<&str>) -> Response<Vec<u8>> {
        let body = text.map(|text| format!("{text}\n").into_bytes()).unwrap_or_default();
        let mut response = Response::new(body);
        *response.status_mut() = StatusCode::ACCEPTED;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
        // Less than a second is a second: 0 would make clients ask without pause.
        headers.insert(RETRY_AFTER, HeaderValue::from(after.as_secs().max(1)));
        response
    }

    fn key(
        &self,
        content_type: &'static str,
        key: &[u8],
        certificate: &Certificate,
    ) -> Result<Response<Vec<u8>>, Error> {
        let lines = self.emission.response_lines;
        let (key, issued) = (lines.encode(key), lines.encode(&certs_only::write([certificate])));
        let parts = [(content_type, key.as_slice()), (CERTS_ONLY, issued.as_slice())];
        let body = multipart::write(parts, self.emission.content_transfer_encoding);
        let content_type = format!("{MULTIPART_MIXED}; boundary={}", multipart::BOUNDARY);
        let content_type =
            HeaderValue::try_from(content_type).map_err(|_| Misuse::KeyProtection)?;
        let mut response = Response::new(body);
        response.headers_mut().insert(CONTENT_TYPE, content_type);
        Ok(response)
    }

    fn base64(&self, content_type: &'static str, der: &[u8]) -> Response<Vec<u8>> {
        let mut response = Response::new(self.emission.response_lines.encode(der));
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        if self.emission.content_transfer_encoding {
            headers.insert(CONTENT_TRANSFER_ENCODING, HeaderValue::from_static("base64"));
        }
        response
    }
}
