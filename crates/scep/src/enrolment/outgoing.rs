//! What a client sends.

use core::time::Duration;
use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use devicecert_pki::algorithm::ContentCipher;
use devicecert_pki::asn1::Writer;
use devicecert_pki::cms::{Seal, SignedDataParams};
use devicecert_pki::{
    Certificate, CertificateParams, KeyKind, Provider, Secret, Time, Unsigned, Validity,
};
use http::header::CONTENT_TYPE;
use http::{Request, Uri};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::state::{Asks, Identity, Server};
use super::{EnrolmentOptions, EnvelopeTo};
use crate::attribute::{AttributeName, MessageType, Nonce};
use crate::error::{Error, Misuse};

/// A message on its way, as far as its answer has to fit it.
pub(super) struct Outgoing {
    pub(super) nonce: Nonce,
}

/// Where a SCEP server is. The path is left alone: every vendor has its own.
#[derive(Clone)]
pub(super) struct Url(String);

impl Url {
    pub(super) fn parse(url: &str) -> Result<Self, Error> {
        let uri: Uri = url.parse().map_err(|_| Misuse::Url)?;
        match (uri.scheme_str(), uri.authority()) {
            // A fragment is not sent, and neither would be what is added behind it.
            (Some("http" | "https"), Some(_)) => {
                Ok(Self(url.split('#').next().unwrap_or_default().to_owned()))
            }
            _ => Err(Misuse::Url.into()),
        }
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// GetCACaps, GetCACert and GetNextCACert go by GET, always (RFC 8894 §4.1).
    pub(super) fn question(
        &self,
        operation: &str,
        identifier: Option<&str>,
    ) -> Result<Request<Vec<u8>>, Error> {
        let message = identifier.map(|identifier| {
            format!("&message={}", utf8_percent_encode(identifier, NON_ALPHANUMERIC))
        });
        let uri = self.with_query(&format!("operation={operation}{}", message.unwrap_or_default()));
        Request::get(uri).body(Vec::new()).map_err(|_| Misuse::Url.into())
    }

    pub(super) fn get_message(&self, message: &[u8]) -> Result<Request<Vec<u8>>, Error> {
        let base64 = STANDARD.encode(message);
        let escaped = utf8_percent_encode(&base64, NON_ALPHANUMERIC);
        let uri = self.with_query(&format!("operation=PKIOperation&message={escaped}"));
        Request::get(uri).body(Vec::new()).map_err(|_| Misuse::Url.into())
    }

    pub(super) fn post_message(&self, message: &[u8]) -> Result<Request<Vec<u8>>, Error> {
        Request::post(self.with_query("operation=PKIOperation"))
            .header(CONTENT_TYPE, "application/x-pki-message")
            .body(message.to_vec())
            .map_err(|_| Misuse::Url.into())
    }

    fn with_query(&self, query: &str) -> String {
        let separator = if self.0.contains('?') { '&' } else { '?' };
        format!("{}{separator}{query}", self.0)
    }
}

impl Identity {
    /// The certificate that signs a first request: subject and key of the request
    /// (RFC 8894 §2.3). Valid for a year around `now`, since the clocks of devices are wrong and
    /// approvals take their time.
    pub(super) fn self_signed(
        &self,
        now: Time,
        provider: &dyn Provider,
    ) -> Result<Unsigned<Certificate>, Error> {
        const DAY: Duration = Duration::from_secs(86_400);
        let validity = Validity::lasting(now.before(DAY), DAY.saturating_mul(366));
        let params = CertificateParams::self_signed(
            self.subject.clone(),
            self.public_key.clone(),
            validity,
            provider,
        )?;
        Ok(params.unsigned(&self.public_key)?)
    }

    /// The next pkiMessage of this enrolment, without its signature.
    pub(super) fn message(
        &self,
        server: &Server,
        nonce: &Nonce,
        options: &EnrolmentOptions,
        provider: &dyn Provider,
    ) -> Result<Unsigned<Vec<u8>>, Error> {
        let signer = self.signer.as_ref().ok_or(Misuse::UnexpectedAnswer)?;
        let message_type = server.message_type(self, options);
        let content = match (&self.asks, message_type, &self.csr) {
            (Asks::Existing(_, content), ..) => Cow::Borrowed(content.as_slice()),
            (_, MessageType::CertPoll, _) => Cow::Owned(self.issuer_and_subject(server)),
            (_, _, Some(csr)) => Cow::Borrowed(csr.as_der()),
            (_, _, None) => return Err(Misuse::Saved.into()),
        };
        let cipher = match options.cipher {
            Some(ContentCipher::DesCbc) => return Err(Misuse::SingleDes.into()),
            Some(cipher) => cipher,
            None => server.capabilities.cipher(),
        };
        let seal = Seal::new(cipher, options.key_transport);
        let recipient = server.certificates.encryption();
        let envelope = match self.password_of(message_type, recipient, options)? {
            Some(password) => seal.envelope_to_password(&content, password, provider)?,
            None => seal.envelope(&content, recipient, provider)?,
        };
        let mut params = SignedDataParams::new(signer.clone(), envelope);
        params.digest = options.digest.unwrap_or_else(|| {
            let announced = server.capabilities.digest();
            match announced.output_len() < options.weakest_digest.output_len() {
                true => options.weakest_digest,
                false => announced,
            }
        });
        params.certificates = vec![signer.clone()];
        params.attributes = vec![
            self.transaction_id.to_attribute(),
            message_type.to_attribute(),
            nonce.to_attribute(AttributeName::SenderNonce),
        ];
        Ok(params.unsigned(provider)?)
    }

    /// The challengePassword, if it is what the next message is enveloped to.
    fn password_of(
        &self,
        message_type: MessageType,
        recipient: &Certificate,
        options: &EnrolmentOptions,
    ) -> Result<Option<&Secret>, Error> {
        let challenge = self.challenge();
        let is_rsa = matches!(recipient.public_key().kind(), KeyKind::Rsa { .. });
        match options.envelope_to {
            EnvelopeTo::Key => Ok(None),
            EnvelopeTo::Preferred if is_rsa => Ok(None),
            EnvelopeTo::Preferred => Ok(challenge),
            EnvelopeTo::Password if message_type == MessageType::CertPoll => Ok(challenge),
            EnvelopeTo::Password => challenge.map(Some).ok_or_else(|| Misuse::NoChallenge.into()),
        }
    }

    /// The content of a CertPoll (RFC 8894 §3.3.3).
    fn issuer_and_subject(&self, server: &Server) -> Vec<u8> {
        Writer::build(|w| {
            w.sequence(|w| {
                w.raw(server.certificates.issuer().as_der());
                w.raw(self.subject.as_der());
            });
        })
    }
}
