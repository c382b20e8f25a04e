//! CertRep (RFC 8894 §3.3.2), written by a server.

use devicecert_pki::algorithm::DigestAlgorithm;
use devicecert_pki::cms::SignedDataParams;
use devicecert_pki::{Attribute, Provider, Unsigned};
use http::Response;

use crate::attribute::{
    AttributeName, MessageType, Nonce, PkiStatus, TransactionId, fail_info_text,
};
use crate::authority::{Authority, response};
use crate::error::{Error, Refusal};

/// A signed CertRep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    status: PkiStatus,
    der: Vec<u8>,
}

impl Reply {
    /// What it says.
    #[must_use]
    pub const fn status(&self) -> PkiStatus {
        self.status
    }

    /// The message.
    #[must_use]
    pub fn as_der(&self) -> &[u8] {
        &self.der
    }

    /// The message as an HTTP response: status 200, whatever it says inside (RFC 8894 §4.3).
    #[must_use]
    pub fn into_http(self) -> Response<Vec<u8>> {
        response("application/x-pki-message", self.der)
    }
}

/// A CertRep in the making.
pub(crate) struct ReplyParams {
    status: PkiStatus,
    content: Vec<u8>,
    digest: DigestAlgorithm,
    attributes: Vec<Attribute>,
}

impl ReplyParams {
    pub(crate) fn new(
        transaction_id: &TransactionId,
        recipient_nonce: Option<&Nonce>,
        digest: DigestAlgorithm,
    ) -> Self {
        let nonce = recipient_nonce.map(|nonce| nonce.to_attribute(AttributeName::RecipientNonce));
        let attributes = [transaction_id.to_attribute(), MessageType::CertRep.to_attribute()];
        Self {
            status: PkiStatus::Failure,
            content: Vec::new(),
            digest,
            attributes: attributes.into_iter().chain(nonce).collect(),
        }
    }

    pub(crate) fn success(mut self, envelope: Vec<u8>) -> Self {
        self.status = PkiStatus::Success;
        self.content = envelope;
        self
    }

    pub(crate) fn pending(mut self) -> Self {
        self.status = PkiStatus::Pending;
        self
    }

    pub(crate) fn failure(mut self, refusal: &Refusal) -> Self {
        self.status = PkiStatus::Failure;
        self.attributes.push(refusal.fail_info.to_attribute());
        self.attributes.extend(refusal.text.as_deref().map(fail_info_text));
        self
    }

    /// The content of FAILURE and PENDING is an empty OCTET STRING, not an absent one: two
    /// widespread clients cannot read the latter, and everybody reads the former.
    pub(crate) fn unsigned(
        mut self,
        authority: &Authority,
        provider: &dyn Provider,
    ) -> Result<Unsigned<Reply>, Error> {
        // Fresh, because one client insists on its presence though RFC 8894 §3.3.2 waives it.
        let sender_nonce = Nonce::random(provider)?.to_attribute(AttributeName::SenderNonce);
        self.attributes.push(self.status.to_attribute());
        self.attributes.push(sender_nonce);
        let mut params = SignedDataParams::new(authority.signer().clone(), self.content);
        params.digest = authority.digest_of_reply(self.digest);
        params.attributes = self.attributes;
        params.certificates = vec![authority.signer().clone()];
        let status = self.status;
        Ok(params.unsigned(provider)?.map(move |der| Ok(Reply { status, der })))
    }
}
