//! One issuing CA of EJBCA with the profiles to use.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use devicecert_pki::{Certificate, Provider, Secret};
use http::header::ACCEPT;
use http::{Method, Request, Response, StatusCode};
use serde::Deserialize;

use super::order::Body;
use super::{Error, Order};
use crate::error::{InvalidAnswer, Misuse, PeerText};
use crate::identity::{Identity, Pkcs12Password};
use crate::limits::Limits;
use crate::message::{JSON, from_json, post_json, request};
use crate::url::Url;

/// One issuing CA, and the profiles that its certificates are made with.
#[derive(Clone, Debug)]
pub struct Account {
    url: Url,
    certificate_authority_name: String,
    certificate_profile_name: String,
    end_entity_profile_name: String,
}

/// A certificate that was issued.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Issued {
    /// The certificate. It has the key of the request.
    pub certificate: Certificate,
}

#[derive(Deserialize)]
struct Status {
    #[serde(default)]
    status: String,
}

#[derive(Deserialize)]
struct Answer {
    certificate: Option<String>,
    response_format: Option<String>,
}

#[derive(Default, Deserialize)]
struct Fault {
    #[serde(default)]
    error_message: String,
}

impl Account {
    /// The CA of this name at the EJBCA of this URL, which is what stands before `/ejbca`.
    #[must_use]
    pub fn new(
        url: Url,
        certificate_authority_name: impl Into<String>,
        certificate_profile_name: impl Into<String>,
        end_entity_profile_name: impl Into<String>,
    ) -> Self {
        Self {
            url,
            certificate_authority_name: certificate_authority_name.into(),
            certificate_profile_name: certificate_profile_name.into(),
            end_entity_profile_name: end_entity_profile_name.into(),
        }
    }

    /// Asks whether EJBCA is there, well, and takes the client certificate.
    ///
    /// # Errors
    /// [`Misuse::Url`] if the URL gets too long, or has a query.
    pub fn status_request(&self) -> Result<Request<Vec<u8>>, Misuse> {
        let uri = self.url.join("/ejbca/ejbca-rest-api/v1/ca/status", None)?;
        Ok(request(Method::GET, uri, [(ACCEPT, JSON)], Vec::new()))
    }

    /// Reads the answer to [`status_request`](Self::status_request).
    ///
    /// # Errors
    /// See [`Error`].
    pub fn status(&self, response: &Response<Vec<u8>>, limits: &Limits) -> Result<(), Error> {
        expect(StatusCode::OK, response, &[], limits)?;
        let Status { status } = from_json("a status", response.body(), limits)?;
        match status.as_str() {
            "OK" => Ok(()),
            other => Err(Error::NotOk(PeerText::new(other, &[], limits.text_characters))),
        }
    }

    /// Asks for a certificate. The enrollment code is in the body: not for logs.
    ///
    /// # Errors
    /// [`Misuse::Url`] if the URL gets too long, or has a query.
    pub fn order_request(&self, order: &Order) -> Result<Request<Vec<u8>>, Misuse> {
        let uri = self.url.join("/ejbca/ejbca-rest-api/v1/certificate/pkcs10enroll", None)?;
        let body = Body::new(
            order,
            &self.certificate_profile_name,
            &self.end_entity_profile_name,
            &self.certificate_authority_name,
        );
        Ok(post_json(uri, [(ACCEPT, JSON)], &body))
    }

    /// Reads the answer to [`order_request`](Self::order_request).
    ///
    /// # Errors
    /// See [`Error`].
    pub fn issued(
        &self,
        order: &Order,
        response: &Response<Vec<u8>>,
        limits: &Limits,
    ) -> Result<Issued, Error> {
        let secrets = [order.enrollment_code.as_secret()];
        expect(StatusCode::CREATED, response, &secrets, limits)?;
        let Answer { certificate, response_format } =
            from_json("an issued certificate", response.body(), limits)?;
        if let Some(format) = response_format.filter(|format| format != "DER") {
            return Err(Error::ResponseFormat(PeerText::new(
                &format,
                &secrets,
                limits.text_characters,
            )));
        }
        let base64 = certificate.filter(|text| !text.is_empty()).ok_or(Error::NoCertificate)?;
        let base64: String = base64.chars().filter(|c| !c.is_ascii_whitespace()).collect();
        let der = STANDARD.decode(base64).map_err(|_| InvalidAnswer::Base64("the certificate"))?;
        let certificate = Certificate::parse(&der, &limits.pki).map_err(Error::Certificate)?;
        match certificate.public_key() == order.csr.public_key() {
            true => Ok(Issued { certificate }),
            false => Err(Error::OtherKey),
        }
    }
}

impl Issued {
    /// The certificate with the key that the server made for it, ready for the device.
    ///
    /// `key` is a PKCS #8 PrivateKeyInfo.
    ///
    /// # Errors
    /// [`Misuse::Pki`] if the file cannot be written.
    pub fn identity(
        &self,
        key: Secret,
        password: Pkcs12Password,
        provider: &dyn Provider,
    ) -> Result<Identity, Misuse> {
        Ok(Identity::new(self.certificate.clone(), key, password, provider)?)
    }
}

fn expect(
    status: StatusCode,
    response: &Response<Vec<u8>>,
    secrets: &[&Secret],
    limits: &Limits,
) -> Result<(), Error> {
    let found = response.status();
    if found == status {
        return Ok(());
    }
    let message = || {
        let fault: Fault = from_json("an error", response.body(), limits).unwrap_or_default();
        PeerText::new(&fault.error_message, secrets, limits.text_characters)
    };
    Err(match found {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Error::ClientCertificate,
        StatusCode::NOT_FOUND => Error::NotFound,
        StatusCode::UNPROCESSABLE_ENTITY => Error::CsrRejected(message()),
        other => Error::Status { status: other.as_u16(), message: message() },
    })
}
