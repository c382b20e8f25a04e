//! What Fleet answers, as the caller reads it.

use devicecert_pki::PeerText;
use devicecert_pki::{Certificate, Secret};
use http::header::RETRY_AFTER;
use http::{Response, StatusCode};
use serde::Deserialize;

use super::ask::Ask;
use super::error::{Error, InvalidAnswer, Reason};
use super::refusal::Refusal;
use super::{json, pem};
use crate::limits::Limits;

/// How many reasons of an error are kept.
const REASONS: usize = 8;

/// A certificate that came back.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Answer {
    /// The one with the key of the request.
    pub certificate: Certificate,
    /// The others, as they came. They are believed for nothing.
    pub others: Vec<Certificate>,
    /// In what form it came.
    pub form: Form,
}

/// In what form a certificate came. Which one it is depends on the version of Fleet and on
/// [`Output`](super::Output).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// PKCS #7 labelled CERTIFICATE: Fleet before 2026-03.
    MislabelledPkcs7,
    /// PKCS #7.
    Pkcs7,
    /// A certificate, or several.
    Certificate,
}

#[derive(Deserialize)]
struct Success {
    certificate: String,
}

#[derive(Deserialize)]
struct Failure {
    #[serde(default)]
    errors: Vec<Item>,
}

#[derive(Deserialize)]
struct Item {
    #[serde(default)]
    reason: String,
}

impl Ask {
    /// Reads the answer to this request, in whatever form it comes.
    ///
    /// The certificate has the key of the request; that it has the names that were asked for, and
    /// who issued it, is not looked at.
    ///
    /// # Errors
    /// [`Error::Refused`] if Fleet said no, [`InvalidAnswer`] if what came is no certificate for this
    /// key.
    pub fn read(&self, response: &Response<Vec<u8>>, limits: &Limits) -> Result<Answer, Error> {
        if response.status() != StatusCode::OK {
            return Err(self.refused(response, limits));
        }
        let success: Success = json::read(response.body(), limits)?;
        let (mut certificates, form) = pem::read_certificates(&success.certificate, limits)?;
        let found = certificates
            .iter()
            .position(|certificate| certificate.public_key() == self.csr.public_key());
        match found {
            Some(index) => {
                let certificate = certificates.remove(index);
                Ok(Answer { certificate, others: certificates, form })
            }
            None => Err(InvalidAnswer::NoCertificateForKey(certificates.len()).into()),
        }
    }

    fn refused(&self, response: &Response<Vec<u8>>, limits: &Limits) -> Error {
        let secrets: Vec<&Secret> = self.idp.iter().map(|idp| &idp.token).collect();
        let failure: Option<Failure> = json::read(response.body(), limits).ok();
        let reasons = failure.map(|failure| failure.errors).unwrap_or_default();
        let reasons = reasons.iter().take(REASONS).map(|item| match Refusal::of(&item.reason) {
            Some(refusal) => Reason::Known(refusal),
            None => Reason::Other(PeerText::new(&item.reason, &secrets, limits.text_characters)),
        });
        let retry_after = response.headers().get(RETRY_AFTER);
        Error::Refused {
            status: response.status().as_u16(),
            reasons: reasons.collect(),
            retry_after: retry_after.and_then(|value| value.to_str().ok()?.trim().parse().ok()),
        }
    }
}
