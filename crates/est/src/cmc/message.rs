//! Full PKI Requests and Responses: the above in SignedData (RFC 5272 §3.2, §4.2).

use devicecert_pki::cms::SignedData;
use devicecert_pki::{Certificate, Provider, oid as pki_oid};
use http::{Response, StatusCode};

use super::{PkiData, PkiResponse};
use crate::body;
use crate::endpoint::Endpoint;
use crate::error::{Error, InvalidMessage, UnacceptableReply};
use crate::limits::Limits;
use crate::media_type::{self, MediaType, PKCS7_MIME};
use crate::oid;
use crate::operation::Operation;
use crate::refusal::Refusal;
use crate::tolerance::Tolerance;

/// A Full PKI Request whose signature was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FullRequest {
    data: PkiData,
    signer: Certificate,
}

/// The answer to a Full PKI Request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FullResponse {
    signed: SignedData,
    certificates: Vec<Certificate>,
}

impl Endpoint {
    /// Sends a Full PKI Request (§4.3.1); the answer goes to [`FullResponse::read`].
    ///
    /// # Errors
    /// None that a value of this type could cause.
    pub fn full_cmc(&self, message: &[u8]) -> Result<http::Request<Vec<u8>>, Error> {
        self.post(Operation::FullCmc, message)
    }
}

impl FullRequest {
    /// Reads a Full PKI Request and checks its signature with the certificate that it brings
    /// along: that of the key it is about, or of whoever vouches for it. Whether that
    /// certificate deserves belief is the caller's question.
    ///
    /// # Errors
    /// [`Rejected`](devicecert_pki::error::Rejected) if the signature is wrong, [`InvalidMessage`]
    /// if the content is no PKIData, and what [`PkiData::parse`] finds.
    pub fn parse(
        der: &[u8],
        provider: &dyn Provider,
        tolerance: &Tolerance,
        limits: &Limits,
    ) -> Result<Self, Error> {
        let signed = SignedData::parse(der, &limits.pki)?;
        if signed.content_type() != oid::PKI_DATA {
            return Err(InvalidMessage::Cmc("holds no PKIData").into());
        }
        let signer = signed.signer_certificate(&limits.pki, &tolerance.cms)?;
        let verified = signed.verify(&signer, provider, &tolerance.cms)?;
        let data = PkiData::parse(verified.content().unwrap_or_default(), limits)?;
        for (_, csr) in data.csrs() {
            csr.verify(provider, &tolerance.cms)?;
        }
        Ok(Self { data, signer })
    }

    /// What is asked.
    #[must_use]
    pub const fn data(&self) -> &PkiData {
        &self.data
    }

    /// The certificate that signed.
    #[must_use]
    pub const fn signer(&self) -> &Certificate {
        &self.signer
    }

    /// Whether the key of the only request in it made the signature, too: then the certificate
    /// that signed adds nothing to what the request says.
    #[must_use]
    pub fn is_signed_by_the_key_of_the_request(&self) -> bool {
        let mut csrs = self.data.csrs();
        matches!((csrs.next(), csrs.next()), (Some((_, csr)), None)
            if csr.public_key() == self.signer.public_key())
    }
}

impl FullResponse {
    /// Reads the answer to [`Endpoint::full_cmc`].
    ///
    /// # Errors
    /// [`Error::Refused`] for an HTTP error, with the statuses of the CMC response that came with
    /// it; whatever is wrong with the body.
    pub fn read(endpoint: &Endpoint, response: &Response<Vec<u8>>) -> Result<Self, Error> {
        let Endpoint { tolerance, limits, .. } = endpoint;
        match response.status() {
            StatusCode::OK => {}
            status if status.is_client_error() || status.is_server_error() => {
                return Err(Refusal::read(response, tolerance, limits).into());
            }
            status => return Err(UnacceptableReply::HttpStatus(status.as_u16()).into()),
        }
        let content_type = MediaType::of(response.headers(), limits);
        let is_due = content_type.is_some_and(|content_type| content_type.is(PKCS7_MIME));
        if !is_due && !tolerance.other_content_type {
            let headers = response.headers();
            return Err(media_type::unexpected(PKCS7_MIME, headers, limits).into());
        }
        let der = body::decode_cms(response.body(), tolerance, limits)?;
        Self::parse(&der, limits)
    }

    /// Reads a Full PKI Response, or the certs-only message that may stand for one
    /// (RFC 7030 §4.3.2).
    ///
    /// # Errors
    /// [`InvalidMessage::Cmc`] if it is neither.
    pub fn parse(der: &[u8], limits: &Limits) -> Result<Self, Error> {
        let signed = SignedData::parse(der, &limits.pki)?;
        if ![oid::PKI_RESPONSE, pki_oid::DATA].contains(&signed.content_type()) {
            return Err(InvalidMessage::Cmc("holds no PKIResponse").into());
        }
        let certificates = signed
            .certificates()
            .filter_map(|der| Certificate::parse(der, &limits.pki).ok())
            .collect();
        Ok(Self { signed, certificates })
    }

    /// Checks the signature with `signer`, a certificate that the caller believes, and that it
    /// answers `request`.
    ///
    /// # Errors
    /// [`Rejected`](devicecert_pki::error::Rejected) if the signature is wrong or there is none,
    /// [`UnacceptableReply::Nonce`] if it answers another request.
    pub fn verify(
        &self,
        request: &PkiData,
        signer: &Certificate,
        provider: &dyn Provider,
        endpoint: &Endpoint,
    ) -> Result<PkiResponse, Error> {
        let Endpoint { tolerance, limits, .. } = endpoint;
        let verified = self.signed.verify(signer, provider, &tolerance.cms)?;
        let response = PkiResponse::parse(verified.content().unwrap_or_default(), limits)?;
        response.answers(request)?;
        Ok(response)
    }

    /// The PKIResponse before anybody checked a signature; `None` in a certs-only message.
    ///
    /// It came over TLS from a server that was authorised, which is as much as an enrolment
    /// without CMC has.
    ///
    /// # Errors
    /// [`Malformed`](devicecert_pki::error::Malformed) if it cannot be read.
    pub fn unverified(&self, limits: &Limits) -> Result<Option<PkiResponse>, Error> {
        use devicecert_pki::cms::Content;
        match self.signed.unverified_content() {
            Content::Octets(octets) if self.signed.content_type() == oid::PKI_RESPONSE => {
                PkiResponse::parse(octets, limits).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// The certificate for this key, whatever its place.
    ///
    /// # Errors
    /// [`UnacceptableReply::NoCertificateForKey`] if there is none.
    pub fn certificate_for(&self, key: &devicecert_pki::PublicKey) -> Result<&Certificate, Error> {
        let issued = self.certificates.iter().find(|one| one.public_key() == key);
        issued.ok_or_else(|| UnacceptableReply::NoCertificateForKey.into())
    }

    /// Every certificate in it, in the order sent; none is believed for being here.
    #[must_use]
    pub fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }
}
