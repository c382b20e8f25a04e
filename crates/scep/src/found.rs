//! What GetCert and GetCRL are answered with (RFC 8894 §4.5.1, §4.6.1).

use devicecert_pki::cms::Bundle;
use devicecert_pki::{Certificate, Crl};

use crate::error::{Error, Misuse};
use crate::request::{Content, Decision, Request};
use crate::tolerance::Tolerance;

/// Something that exists already, and that a request asked for by name.
#[derive(Clone, Debug)]
pub struct Found(pub(crate) Thing);

#[derive(Clone, Debug)]
pub(crate) enum Thing {
    Certificate(Box<Certificate>),
    Crl(Box<Crl>),
}

impl Request {
    /// Hands out the certificate that a GetCert asked for. Whether the sender may have it is the
    /// caller's to decide, with [`transaction`](Self::transaction): all that is known of the sender
    /// is the certificate whose key signed.
    ///
    /// # Errors
    /// [`Misuse::NotAskedFor`] if the request asked for something else.
    pub fn found_certificate(&self, certificate: Certificate) -> Result<Decision, Error> {
        match self.content() {
            Content::GetCert(wanted) if wanted.names(&certificate, &self.tolerance().cms) => {
                Ok(Decision::Found(Found(Thing::Certificate(Box::new(certificate)))))
            }
            _ => Err(Misuse::NotAskedFor.into()),
        }
    }

    /// Hands out the CRL that tells of the certificate which a GetCRL named.
    ///
    /// # Errors
    /// [`Misuse::NotAskedFor`] if the request asked for something else, or named a certificate of
    /// another issuer.
    pub fn found_crl(&self, crl: Crl) -> Result<Decision, Error> {
        match self.content() {
            Content::GetCrl(wanted) if wanted.is_issued_by(crl.issuer()) => {
                Ok(Decision::Found(Found(Thing::Crl(Box::new(crl)))))
            }
            _ => Err(Misuse::NotAskedFor.into()),
        }
    }
}

impl Found {
    /// The messageData, if this answers what was asked: it may have been found for another request.
    pub(crate) fn message_data(&self, content: &Content, tolerance: &Tolerance) -> Option<Vec<u8>> {
        match (&self.0, content) {
            (Thing::Certificate(certificate), Content::GetCert(wanted))
                if wanted.names(certificate, &tolerance.cms) =>
            {
                Some(Bundle::new([&**certificate]).to_der())
            }
            (Thing::Crl(crl), Content::GetCrl(wanted)) if wanted.is_issued_by(crl.issuer()) => {
                Some(Bundle::of_crls([&**crl]).to_der())
            }
            _ => None,
        }
    }
}
