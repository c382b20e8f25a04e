//! A CA, and the RA that may speak for it, as a server presents them.

use devicecert_pki::algorithm::DigestAlgorithm;
use devicecert_pki::cms::Bundle;
use devicecert_pki::{Certificate, Limits};
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Response};

use crate::capabilities::Capabilities;
use crate::error::{Error, Misuse};
use crate::tolerance::Tolerance;

/// Who answers: the certificates of a SCEP server, and how strictly it reads.
///
/// Requests are enveloped to [`recipient`](Self::recipient), whose key is the only one that needs
/// to decrypt; replies are signed with [`signer`](Self::signer). Without an RA both are the CA.
///
/// Every client can envelope a request to an RSA key. To one on P-256 or P-384 only those can that
/// know key agreement or password recipients (RFC 8894 §3.1): a CA with an EC key that has clients
/// of all kinds puts an RA with an RSA key in front.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Authority {
    ca: Certificate,
    ra: Option<Certificate>,
    /// Certificates above the CA, sent along with GetCACert.
    pub chain: Vec<Certificate>,
    /// CAs that this one replaces, or is to replace: whoever holds a certificate of theirs may renew
    /// it here, and gets one of this CA (RFC 8894 §5.1).
    pub predecessors: Vec<Certificate>,
    /// CAs beside this one whose certificates may sign requests, such as a device's maker
    /// (RFC 8894 §2.3). It lets a request be read; whether it is granted is the
    /// policy's to say, and [`Request::renewal`](crate::Request::renewal) says no.
    pub other_issuers: Vec<Certificate>,
    /// What GetCACaps announces. Default [`Capabilities::of_this_crate`].
    pub capabilities: Capabilities,
    /// The weakest digest that replies are signed with; a request with a stronger one is answered
    /// with the same. Default SHA-1, which is what clients expect that know no other. A key that
    /// makes no SHA-1 signatures (aws-lc, most key services) needs SHA-256 here.
    pub weakest_digest: DigestAlgorithm,
    /// What is accepted although the RFC says otherwise.
    pub tolerance: Tolerance,
    /// What is too much.
    pub limits: Limits,
}

impl Authority {
    /// A CA that answers itself, and so receives requests.
    ///
    /// # Errors
    /// [`Misuse::KeyCannotReceive`] if its key is neither RSA nor on P-256 or P-384.
    pub fn new(ca: Certificate) -> Result<Self, Error> {
        check_receives(&ca)?;
        Ok(Self::from_parts(ca, None))
    }

    /// A CA whose RA receives requests and signs replies; the CA's key may be of any kind.
    ///
    /// # Errors
    /// [`Misuse::KeyCannotReceive`] if the RA's key is neither RSA nor on P-256 or P-384.
    pub fn with_ra(ca: Certificate, ra: Certificate) -> Result<Self, Error> {
        check_receives(&ra)?;
        Ok(Self::from_parts(ca, Some(ra)))
    }

    fn from_parts(ca: Certificate, ra: Option<Certificate>) -> Self {
        Self {
            ca,
            ra,
            chain: Vec::new(),
            predecessors: Vec::new(),
            other_issuers: Vec::new(),
            capabilities: Capabilities::of_this_crate(),
            weakest_digest: DigestAlgorithm::Sha1,
            tolerance: Tolerance::default(),
            limits: Limits::default(),
        }
    }

    /// The CA, which issues.
    #[must_use]
    pub const fn ca(&self) -> &Certificate {
        &self.ca
    }

    /// Whom requests are enveloped to.
    #[must_use]
    pub fn recipient(&self) -> &Certificate {
        self.ra.as_ref().unwrap_or(&self.ca)
    }

    /// Who signs replies.
    #[must_use]
    pub fn signer(&self) -> &Certificate {
        self.recipient()
    }

    /// The digest to answer a request with: its own, unless that is too weak. MD5 always is.
    pub(crate) fn digest_of_reply(&self, requested: DigestAlgorithm) -> DigestAlgorithm {
        let strength = |digest: DigestAlgorithm| digest.output_len();
        [self.weakest_digest, DigestAlgorithm::Sha1].into_iter().fold(requested, |best, floor| {
            if strength(floor) > strength(best) { floor } else { best }
        })
    }

    /// The reply to GetCACaps (RFC 8894 §3.5.2); without SHA-1 where replies are never signed with
    /// it.
    #[must_use]
    pub fn ca_caps(&self) -> Response<Vec<u8>> {
        // Announced is what is answered with.
        let capabilities = match self.weakest_digest {
            DigestAlgorithm::Md5 | DigestAlgorithm::Sha1 => self.capabilities.clone(),
            _ => self.capabilities.without("SHA-1"),
        };
        response("text/plain", capabilities.to_string().into_bytes())
    }

    /// The reply to GetCACert (RFC 8894 §4.2.1): the bare certificate of a CA that stands alone,
    /// which every client reads, and otherwise a certs-only message with the RA first.
    #[must_use]
    pub fn ca_cert(&self) -> Response<Vec<u8>> {
        if self.ra.is_none() && self.chain.is_empty() {
            return response("application/x-x509-ca-cert", self.ca.as_der().to_vec());
        }
        response("application/x-x509-ca-ra-cert", Bundle::new(self.certificates()).to_der())
    }

    /// The RA, where there is one, the CA, and what is above it.
    pub(crate) fn certificates(&self) -> impl Iterator<Item = &Certificate> {
        self.ra.iter().chain([&self.ca]).chain(&self.chain)
    }
}

pub(crate) fn response(content_type: &'static str, body: Vec<u8>) -> Response<Vec<u8>> {
    let mut response = Response::new(body);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

fn check_receives(certificate: &Certificate) -> Result<(), Error> {
    match certificate.public_key().can_receive() {
        true => Ok(()),
        false => Err(Misuse::KeyCannotReceive.into()),
    }
}
