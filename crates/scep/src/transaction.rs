//! Who asked, and how: what a reply needs to know of its request.

use devicecert_pki::algorithm::DigestAlgorithm;
use devicecert_pki::cms::Seal;
use devicecert_pki::{Certificate, Provider, Time};

use crate::attribute::{MessageType, Nonce, TransactionId};
use crate::authority::Authority;
use crate::error::Error;

/// The signed frame of a request.
#[derive(Clone, Debug)]
pub struct Transaction {
    id: TransactionId,
    message_type: MessageType,
    sender_nonce: Option<Nonce>,
    signer: Signer,
    digest: DigestAlgorithm,
    seal: Seal,
    to_password: bool,
}

/// Whose key signed a request.
#[derive(Clone, Debug)]
pub(crate) struct Signer {
    pub(crate) certificate: Certificate,
    pub(crate) origin: Origin,
    pub(crate) time: Option<Time>,
}

/// Who signed the certificate that signed a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// Its own key: a first enrolment, and no proof of anything.
    SelfSigned,
    /// The CA that is asked.
    Ca,
    /// One of [`Authority::predecessors`].
    Predecessor,
    /// One of [`Authority::other_issuers`].
    OtherIssuer,
}

impl Origin {
    /// Checks one signature and nothing else: dates, names and extensions of such certificates are
    /// whatever clients put there. A certificate that nobody can be found to have signed was
    /// altered on the way, or comes from somebody whose word counts for nothing here.
    pub(crate) fn find(
        signer: &Certificate,
        authority: &Authority,
        provider: &dyn Provider,
    ) -> Result<Self, Error> {
        let tolerance = &authority.tolerance.cms;
        let is_issued_by = |issuer: &Certificate| {
            signer.issuer() == issuer.subject()
                && signer.is_signed_by(issuer.public_key(), provider, tolerance).is_ok()
        };
        if is_issued_by(authority.ca()) {
            return Ok(Self::Ca);
        }
        if authority.predecessors.iter().any(is_issued_by) {
            return Ok(Self::Predecessor);
        }
        if authority.other_issuers.iter().any(is_issued_by) {
            return Ok(Self::OtherIssuer);
        }
        match signer.is_signed_by(signer.public_key(), provider, tolerance) {
            Ok(()) => Ok(Self::SelfSigned),
            // Where the algorithm is too old to tell, the message's own signature is what counts.
            Err(devicecert_pki::Error::Unsupported(_)) if signer.is_self_issued() => {
                Ok(Self::SelfSigned)
            }
            Err(error) => Err(error.into()),
        }
    }
}

/// What a server files a transaction under: the digest of transactionID and signer key together.
///
/// A transactionID alone is predictable. With the key, nobody but who sent the request can poll
/// for it, retry it, or put another request in its place.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TransactionKey(String);

impl TransactionKey {
    /// 64 hexadecimal digits, fit for a file name or a database key.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Transaction {
    pub(crate) const fn new(
        id: TransactionId,
        message_type: MessageType,
        sender_nonce: Option<Nonce>,
        signer: Signer,
        digest: DigestAlgorithm,
        seal: Seal,
        to_password: bool,
    ) -> Self {
        Self { id, message_type, sender_nonce, signer, digest, seal, to_password }
    }

    /// The transactionID.
    #[must_use]
    pub const fn id(&self) -> &TransactionId {
        &self.id
    }

    /// The messageType. It says what is asked, not what is permitted: whether a request is a
    /// renewal is decided by who signed it.
    #[must_use]
    pub const fn message_type(&self) -> MessageType {
        self.message_type
    }

    /// The senderNonce, where there is one.
    #[must_use]
    pub const fn sender_nonce(&self) -> Option<&Nonce> {
        self.sender_nonce.as_ref()
    }

    /// The certificate whose key signed the request. Replies are enveloped to it.
    #[must_use]
    pub const fn signer(&self) -> &Certificate {
        &self.signer.certificate
    }

    /// Whether that certificate is self-signed: who sent the request has no other yet, or does not
    /// show it.
    #[must_use]
    pub const fn is_self_signed(&self) -> bool {
        matches!(self.signer.origin, Origin::SelfSigned)
    }

    /// The signingTime (RFC 5652 §11.3), what the sender's clock said; `None` where it is absent,
    /// repeated or unreadable.
    ///
    /// Nothing here is decided by it: many devices have no right time before they are enrolled. A
    /// policy that wants it near the server's has [`FailInfo::BadTime`] for what is not (RFC 8894
    /// §3.2.1.4).
    ///
    /// [`FailInfo::BadTime`]: crate::FailInfo::BadTime
    #[must_use]
    pub const fn signing_time(&self) -> Option<Time> {
        self.signer.time
    }

    pub(crate) const fn origin(&self) -> Origin {
        self.signer.origin
    }

    /// The digest of the request, which the reply uses too.
    #[must_use]
    pub const fn digest(&self) -> DigestAlgorithm {
        self.digest
    }

    /// The algorithms of the request's envelope, which the reply uses too.
    #[must_use]
    pub const fn seal(&self) -> Seal {
        self.seal
    }

    /// Whether the request is enveloped to a password (RFC 8894 §3.1), and not to a key. Whether the
    /// password is a right one is another question.
    #[must_use]
    pub const fn is_enveloped_to_password(&self) -> bool {
        self.to_password
    }

    /// What to file this transaction under.
    ///
    /// # Errors
    /// [`Unsupported`](devicecert_pki::error::Unsupported) if the backend lacks SHA-256.
    pub fn key(&self, provider: &dyn Provider) -> Result<TransactionKey, Error> {
        let signer =
            provider.digest(DigestAlgorithm::Sha256, self.signer().public_key().as_der())?;
        let both = [signer.as_slice(), self.id.as_str().as_bytes()].concat();
        let digest = provider.digest(DigestAlgorithm::Sha256, &both)?;
        Ok(TransactionKey(digest.iter().map(|octet| format!("{octet:02x}")).collect()))
    }
}
