//! Where a server is, and the requests that go there.

use core::fmt;

use http::header::{ACCEPT, CONTENT_TYPE, LOCATION};
use http::uri::{Authority, Scheme, Uri};
use http::{HeaderName, HeaderValue, Request, Response, StatusCode};

use crate::emission::EmissionProfile;
use crate::error::{Error, Misuse, UnacceptableReply};
use crate::limits::Limits;
use crate::media_type::{CSR_ATTRS, MULTIPART_MIXED, PKCS7_MIME, PKCS10};
use crate::operation::{Label, Operation, WELL_KNOWN};
use crate::tolerance::Tolerance;

pub(crate) const CONTENT_TRANSFER_ENCODING: HeaderName =
    HeaderName::from_static("content-transfer-encoding");

/// An EST server as a client sees it: where its operations are, and how to talk to it.
///
/// ```
/// use devicecert_est::{Endpoint, Operation};
///
/// let server = Endpoint::new("https://est.example")?;
/// assert_eq!(
///     server.url(Operation::CaCerts),
///     "https://est.example/.well-known/est/cacerts"
/// );
/// // A path is taken as it is: not every vendor uses the well-known one.
/// let server = Endpoint::new("https://ca.example/mpki/est/")?.label("vpn".parse()?);
/// assert_eq!(
///     server.url(Operation::SimpleEnroll),
///     "https://ca.example/mpki/est/vpn/simpleenroll"
/// );
/// # Ok::<(), devicecert_est::Error>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Endpoint {
    authority: Authority,
    /// Starts with a slash; empty for the root.
    base: String,
    label: Option<Label>,
    /// How requests are written.
    pub emission: EmissionProfile,
    /// What is accepted although the RFCs say otherwise.
    pub tolerance: Tolerance,
    /// Bounds on what is taken from the server.
    pub limits: Limits,
}

impl Endpoint {
    /// The server with this https URL. Without a path, operations are below `/.well-known/est`
    /// (RFC 7030 §3.2.2).
    ///
    /// # Errors
    /// [`Misuse::Url`] for any other scheme (RFC 7030 §3.3), and for a URL with user, query or
    /// fragment.
    pub fn new(url: &str) -> Result<Self, Error> {
        let mut endpoint = Self::at(url)?;
        endpoint.base = match endpoint.base.trim_end_matches('/') {
            "" => WELL_KNOWN.to_owned(),
            path => path.to_owned(),
        };
        Ok(endpoint)
    }

    /// The server whose operations are right behind this https URL: nothing is added to it but a
    /// slash, and none is taken from its end.
    ///
    /// ```
    /// use devicecert_est::{Endpoint, Operation};
    ///
    /// let server = Endpoint::at("https://est.example")?;
    /// assert_eq!(server.url(Operation::SimpleEnroll), "https://est.example/simpleenroll");
    /// # Ok::<(), devicecert_est::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn at(url: &str) -> Result<Self, Error> {
        let uri: Uri = url.parse().map_err(|_| Misuse::Url)?;
        let authority = uri.authority().filter(|_| uri.scheme() == Some(&Scheme::HTTPS));
        let authority = authority.ok_or(Misuse::Url)?.clone();
        let has_more = url.contains('#') || uri.query().is_some();
        if has_more || authority.as_str().contains('@') || authority.host().is_empty() {
            return Err(Misuse::Url.into());
        }
        // `http` reads a URL without a path as one with a slash.
        let base = match uri.path() {
            "/" if !url.ends_with('/') => "",
            path => path,
        };
        Ok(Self {
            authority,
            base: base.to_owned(),
            label: None,
            emission: EmissionProfile::default(),
            tolerance: Tolerance::default(),
            limits: Limits::default(),
        })
    }

    /// Sets the label that tells the CAs of this server apart (RFC 7030 §3.2.2).
    #[must_use]
    pub fn label(mut self, label: Label) -> Self {
        self.label = Some(label);
        self
    }

    /// The URL of an operation.
    #[must_use]
    pub fn url(&self, operation: Operation) -> String {
        let (authority, base, operation) = (&self.authority, &self.base, operation.segment());
        match &self.label {
            Some(label) => format!("https://{authority}{base}/{}/{operation}", label.to_segment()),
            None => format!("https://{authority}{base}/{operation}"),
        }
    }

    /// The URL without label and operation, for [`Endpoint::at`].
    pub(crate) fn base_url(&self) -> String {
        format!("https://{}{}", self.authority, self.base)
    }

    pub(crate) const fn the_label(&self) -> Option<&Label> {
        self.label.as_ref()
    }

    /// Asks for the CA certificates (§4.1.2); the answer goes to [`CaCertificates::read`].
    ///
    /// No credentials go with it: before the CA is known, the server need not be who it says.
    ///
    /// # Errors
    /// None that a value of this type could cause.
    ///
    /// [`CaCertificates::read`]: crate::CaCertificates::read
    pub fn ca_certs(&self) -> Result<Request<Vec<u8>>, Error> {
        self.get(Operation::CaCerts, PKCS7_MIME)
    }

    /// Asks for the CSR attributes (§4.5.1); the answer goes to [`CsrAttrs::read`].
    ///
    /// # Errors
    /// None that a value of this type could cause.
    ///
    /// [`CsrAttrs::read`]: crate::CsrAttrs::read
    pub fn csr_attrs(&self) -> Result<Request<Vec<u8>>, Error> {
        self.get(Operation::CsrAttrs, CSR_ATTRS)
    }

    fn get(&self, operation: Operation, accept: &'static str) -> Result<Request<Vec<u8>>, Error> {
        Request::get(self.url(operation))
            .header(ACCEPT, accept)
            .body(Vec::new())
            .map_err(|_| Misuse::Url.into())
    }

    /// Sends DER to an operation.
    pub(crate) fn post(&self, operation: Operation, der: &[u8]) -> Result<Request<Vec<u8>>, Error> {
        let (content_type, accept) = match operation {
            Operation::FullCmc => (crate::media_type::CMC_REQUEST, PKCS7_MIME),
            Operation::ServerKeyGen => (PKCS10, MULTIPART_MIXED),
            Operation::SimpleEnroll
            | Operation::SimpleReenroll
            | Operation::CaCerts
            | Operation::CsrAttrs => (PKCS10, PKCS7_MIME),
        };
        let mut request = Request::post(self.url(operation))
            .header(CONTENT_TYPE, content_type)
            .header(ACCEPT, accept)
            .body(self.emission.request_lines.encode(der))
            .map_err(|_| Misuse::Url)?;
        if self.emission.content_transfer_encoding {
            let base64 = HeaderValue::from_static("base64");
            request.headers_mut().insert(CONTENT_TRANSFER_ENCODING, base64);
        }
        Ok(request)
    }

    /// The same request at the place that a response redirects to; `None` if it does not redirect.
    ///
    /// Only to the same origin: anything else needs a person's word (RFC 7030 §3.2.1), since
    /// credentials and a linked request would go to somebody else. Where this makes the caller's
    /// HTTP client open a new connection, a linked request has to be linked anew.
    ///
    /// # Errors
    /// [`UnacceptableReply::Redirect`] for another origin, or a redirect that turns a POST into a GET.
    pub fn redirected(
        &self,
        request: &Request<Vec<u8>>,
        response: &Response<Vec<u8>>,
    ) -> Result<Option<Request<Vec<u8>>>, Error> {
        let keeps_method = match response.status() {
            StatusCode::MOVED_PERMANENTLY
            | StatusCode::FOUND
            | StatusCode::TEMPORARY_REDIRECT
            | StatusCode::PERMANENT_REDIRECT => true,
            StatusCode::SEE_OTHER => request.method() == http::Method::GET,
            _ => return Ok(None),
        };
        let location = response
            .headers()
            .get(LOCATION)
            .filter(|location| keeps_method && location.len() <= self.limits.header_bytes)
            .and_then(|location| Uri::try_from(location.as_bytes()).ok())
            .ok_or(UnacceptableReply::Redirect)?;
        let path = location.path_and_query().ok_or(UnacceptableReply::Redirect)?;
        let is_here = match location.authority() {
            // Two slashes would start an authority (RFC 3986 §4.2).
            None => {
                let path = path.as_str();
                location.scheme().is_none() && path.starts_with('/') && !path.starts_with("//")
            }
            Some(authority) => {
                location.scheme() == Some(&Scheme::HTTPS) && same_origin(authority, &self.authority)
            }
        };
        if !is_here {
            return Err(UnacceptableReply::Redirect.into());
        }
        let mut again = request.clone();
        *again.uri_mut() = format!("https://{}{path}", self.authority)
            .parse()
            .map_err(|_| UnacceptableReply::Redirect)?;
        Ok(Some(again))
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.base_url())?;
        match &self.label {
            Some(label) => write!(f, "/{}", label.to_segment()),
            None => Ok(()),
        }
    }
}

/// Whether two places have host and port in common (RFC 6454 §5); the scheme is always https.
fn same_origin(one: &Authority, other: &Authority) -> bool {
    let port = |authority: &Authority| authority.port_u16().unwrap_or(443);
    one.host().eq_ignore_ascii_case(other.host())
        && port(one) == port(other)
        && !one.as_str().contains('@')
}
