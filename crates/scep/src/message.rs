//! A pkiMessage as a server receives it (RFC 8894 §3.2), up to the private key.

use devicecert_pki::algorithm::{ContentCipher, DigestAlgorithm, KeyAgreement, KeyTransport};
use devicecert_pki::cms::{Content, EnvelopedData, RecipientInfo, Seal, SignedData, Verified};
use devicecert_pki::{Limits, Locked, Provider, Time, Unsigned, oid};

use crate::attribute::{AttributeName, FailInfo, MessageType, Nonce, TransactionId};
use crate::authority::Authority;
use crate::error::{Error, InvalidMessage, Refusal};
use crate::reply::{Reply, ReplyParams};
use crate::request::{Reader, Request};
use crate::transaction::{Origin, Signer, Transaction};

/// A pkiMessage that nobody has checked yet.
#[derive(Clone, Debug)]
pub struct Message {
    signed: SignedData,
}

impl Message {
    /// Reads a pkiMessage in DER or BER.
    ///
    /// # Errors
    /// [`Malformed`](devicecert_pki::error::Malformed) and
    /// [`LimitExceeded`](devicecert_pki::error::LimitExceeded). Such bytes cannot be answered with
    /// a CertRep: answer with HTTP status 400 and a constant text.
    pub fn parse(body: &[u8], limits: &Limits) -> Result<Self, Error> {
        Ok(Self { signed: SignedData::parse(body, limits)? })
    }

    /// The CMS message itself, unchecked, for who wants to look at it.
    #[must_use]
    pub const fn as_signed_data(&self) -> &SignedData {
        &self.signed
    }

    /// Checks the signature, with the certificate that came along, and reads what it covers.
    ///
    /// The certificate must be self-signed, or issued by the CA or one of
    /// [`Authority::other_issuers`]; nothing else about it is judged. That proves who sent the
    /// message, not that the sender may have anything. What comes out is
    /// locked: the envelope opens with the key of [`Authority::recipient`], or with a
    /// challengePassword (RFC 8894 §3.1; see [`WithPasswords`]). From there on nothing
    /// fails: a [`Request`] that cannot be opened or read is one that is refused, in the same words
    /// whatever the reason.
    ///
    /// # Errors
    /// Whatever is wrong with the signature, the attributes or the algorithms. Answer with
    /// [`refuse`](Self::refuse).
    ///
    /// [`WithPasswords`]: devicecert_pki::WithPasswords
    pub fn verify(
        &self,
        authority: &Authority,
        provider: &'static dyn Provider,
    ) -> Result<Locked<Request>, Error> {
        let Authority { tolerance, limits, .. } = authority;
        let signer = self.signed.signer_certificate(limits, &tolerance.cms)?;
        let verified = self.signed.verify(&signer, provider, &tolerance.cms)?;
        check_content_type(&self.signed)?;
        let origin = Origin::find(&signer, authority, provider)?;
        let message_type = read_message_type(&verified)?;
        // Decided here, over every type there is, before anything else is looked at.
        match message_type {
            MessageType::PkcsReq
            | MessageType::RenewalReq
            | MessageType::CertPoll
            | MessageType::GetCert
            | MessageType::GetCrl => {}
            MessageType::CertRep | MessageType::Other(_) => {
                return Err(InvalidMessage::MessageType(message_type).into());
            }
        }
        let sender_nonce = read_nonce(&verified, AttributeName::SenderNonce)?;
        if sender_nonce.is_none() && !tolerance.missing_sender_nonce {
            return Err(missing(AttributeName::SenderNonce));
        }
        let id = read_transaction_id(&verified)?;
        let content = verified.content().filter(|content| !content.is_empty());
        let envelope = EnvelopedData::parse(content.ok_or(InvalidMessage::NoEnvelope)?, limits)?;
        let recipient = envelope.recipient(authority.recipient(), &tolerance.cms);
        let seal = seal_of(&envelope, recipient);
        let to_password = matches!(recipient, Some(RecipientInfo::Password(_)));
        // The reply will be enveloped to the signer: find out now whether that is possible, and not
        // when a certificate was issued.
        seal.check_recipient(signer.public_key(), provider)?;
        let transaction = Transaction::new(
            id,
            message_type,
            sender_nonce,
            Signer { certificate: signer, origin, time: read_signing_time(&verified) },
            verified.digest_algorithm(),
            seal,
            to_password,
        );
        let locked = envelope.lock(authority.recipient(), provider, &tolerance.cms)?;
        let reader = Reader::new(authority);
        Ok(locked
            .and_then(move |content| Ok(Request::open(transaction, content, provider, &reader))))
    }

    /// Whom of several authorities the message is enveloped to: the one whose recipient it names.
    ///
    /// A CA that is about to be replaced and its successor are reached under one URL, and the
    /// envelope tells which of the two is to issue (RFC 8894 §5.1). Nobody has checked the message
    /// yet: what comes out is only good for [`verify`](Self::verify), which finds out whether it is
    /// what it says. `None` if it names none of them; then it is the current one's to answer.
    pub fn addressee<'a>(
        &self,
        authorities: impl IntoIterator<Item = &'a Authority>,
    ) -> Option<&'a Authority> {
        let Content::Octets(content) = self.signed.unverified_content() else { return None };
        authorities.into_iter().find(|authority| {
            let Authority { tolerance, limits, .. } = authority;
            // The only recipient is tried by whoever gets the message, and names nobody.
            let mut tolerance = tolerance.cms;
            tolerance.only_recipient = false;
            EnvelopedData::parse(content, limits).is_ok_and(|envelope| {
                envelope.recipient(authority.recipient(), &tolerance).is_some()
            })
        })
    }

    /// A FAILURE for a message that [`verify`](Self::verify) did not accept; `None` if not even
    /// the transactionID can be read, and only HTTP status 400 is left.
    ///
    /// # Errors
    /// [`Unsupported`](devicecert_pki::error::Unsupported) if the authority's key cannot sign.
    pub fn refuse(
        &self,
        error: &Error,
        authority: &Authority,
        provider: &dyn Provider,
    ) -> Result<Option<Unsigned<Reply>>, Error> {
        let Some((transaction_id, sender_nonce)) = self.unverified_transaction() else {
            return Ok(None);
        };
        let digest = self
            .signed
            .signer()
            .ok()
            .and_then(|signer| DigestAlgorithm::try_from(signer.digest_algorithm()).ok())
            .unwrap_or(DigestAlgorithm::Sha256);
        let refusal = Refusal::new(FailInfo::from(error));
        ReplyParams::new(&transaction_id, sender_nonce.as_ref(), digest)
            .failure(&refusal)
            .unsigned(authority, provider)
            .map(Some)
    }

    fn unverified_transaction(&self) -> Option<(TransactionId, Option<Nonce>)> {
        let attributes = self.signed.signer().ok()?.unverified_attributes();
        let value = |name: AttributeName| {
            let attribute = attributes.iter().find(|attribute| attribute.oid == name.oid())?;
            let value = attribute.values.first()?;
            devicecert_pki::asn1::Tlv::parse(value, name.name()).ok()
        };
        let id = TransactionId::read(&value(AttributeName::TransactionId)?).ok()?;
        let nonce = value(AttributeName::SenderNonce)
            .and_then(|value| Nonce::read(AttributeName::SenderNonce, &value).ok());
        Some((id, nonce))
    }
}

/// The algorithms of a request's envelope, with which its reply is enveloped too.
fn seal_of(envelope: &EnvelopedData, recipient: Option<&RecipientInfo>) -> Seal {
    let cipher = match ContentCipher::from_identifier(envelope.content_encryption_algorithm()) {
        // Single DES is read where legacy algorithms are allowed, and never written.
        Ok((ContentCipher::DesCbc, _)) => ContentCipher::DesEde3Cbc,
        Ok((cipher, _)) => cipher,
        Err(_) => ContentCipher::Aes128Cbc,
    };
    let mut seal = Seal::new(cipher, KeyTransport::RsaPkcs1);
    match recipient {
        Some(RecipientInfo::KeyTransport(recipient)) => {
            if let Ok(transport) = KeyTransport::try_from(&recipient.algorithm) {
                seal.key_transport = transport;
            }
        }
        Some(RecipientInfo::KeyAgreement(recipient)) => {
            // The wrap is the one that goes with the cipher: one backend lacks that of 192 bits.
            if let Ok(agreement) = KeyAgreement::try_from(&recipient.algorithm) {
                seal.key_agreement.scheme = agreement.scheme;
                seal.key_agreement.digest = agreement.digest;
            }
        }
        Some(RecipientInfo::Password(recipient)) => {
            seal.iterations = recipient.iterations().unwrap_or(seal.iterations);
        }
        _ => {}
    }
    seal
}

/// The content is id-data (RFC 8894 §3.2). One old implementation says what is inside it instead.
pub(crate) fn check_content_type(signed: &SignedData) -> Result<(), Error> {
    match (signed.content_type(), signed.unverified_content()) {
        (oid::DATA | oid::ENVELOPED_DATA, Content::Octets(_) | Content::Absent) => Ok(()),
        _ => Err(InvalidMessage::Content.into()),
    }
}

pub(crate) fn read_message_type(verified: &Verified) -> Result<MessageType, Error> {
    let name = AttributeName::MessageType;
    let value = verified.attribute(name.oid(), name.name())?.ok_or_else(|| missing(name))?;
    MessageType::read(&value)
}

pub(crate) fn read_transaction_id(verified: &Verified) -> Result<TransactionId, Error> {
    let name = AttributeName::TransactionId;
    let value = verified.attribute(name.oid(), name.name())?.ok_or_else(|| missing(name))?;
    TransactionId::read(&value)
}

pub(crate) fn read_nonce(verified: &Verified, name: AttributeName) -> Result<Option<Nonce>, Error> {
    verified.attribute(name.oid(), name.name())?.map(|value| Nonce::read(name, &value)).transpose()
}

fn read_signing_time(verified: &Verified) -> Option<Time> {
    let value = verified.attribute(oid::SIGNING_TIME, "signingTime").ok()??;
    Time::read(&value).ok()
}

pub(crate) fn missing(name: AttributeName) -> Error {
    InvalidMessage::Missing { name: name.name() }.into()
}
