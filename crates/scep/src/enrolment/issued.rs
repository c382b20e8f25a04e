//! What a client gets: CertRep (RFC 8894 §3.3.2), checked.

use devicecert_pki::cms::{Bundle, EnvelopedData, SignedData, Verified};
use devicecert_pki::error::Rejected;
use devicecert_pki::{Certificate, Locked, Provider, Secret};

use super::EnrolmentOptions;
use super::outgoing::Outgoing;
use super::state::{Asks, Identity, Server};
use crate::attribute::{AttributeName, FailInfo, MessageType, PkiStatus, read_fail_info_text};
use crate::error::{Error, InvalidMessage, Refusal, UnacceptableReply};
use crate::message::{
    check_content_type, missing, read_message_type, read_nonce, read_transaction_id,
};
use crate::text;

/// A reply that was checked.
pub(super) enum Answer {
    Success(Box<Locked<Secret>>),
    Pending,
}

impl Identity {
    /// Makes every check of RFC 8894 §3.2.1 that tells whose a reply is and what it answers: the
    /// signature, by the CA or an RA that was authenticated before, never by a certificate that came
    /// with the reply; the messageType; the transactionID; the recipientNonce.
    pub(super) fn authenticate(
        &self,
        body: &[u8],
        server: &Server,
        sent: &Outgoing,
        options: &EnrolmentOptions,
        provider: &dyn Provider,
    ) -> Result<Verified, Error> {
        let (tolerance, limits) = options.parts();
        let body = text::octets_of_body(body, tolerance)?;
        if body.is_empty() {
            return Err(UnacceptableReply::Empty.into());
        }
        let signed = SignedData::parse(&body, limits)?;
        let verified = verify(&signed, server, options, provider)?;
        check_content_type(&signed)?;
        let message_type = read_message_type(&verified)?;
        if message_type != MessageType::CertRep {
            return Err(InvalidMessage::MessageType(message_type).into());
        }
        if read_transaction_id(&verified)? != self.transaction_id {
            return Err(UnacceptableReply::TransactionId.into());
        }
        match read_nonce(&verified, AttributeName::RecipientNonce)? {
            Some(nonce) if nonce == sent.nonce => {}
            Some(_) => return Err(UnacceptableReply::RecipientNonce.into()),
            None if tolerance.missing_recipient_nonce => {}
            None => return Err(missing(AttributeName::RecipientNonce)),
        }
        Ok(verified)
    }

    /// What the CA says.
    pub(super) fn understand(
        &self,
        verified: &Verified,
        options: &EnrolmentOptions,
        provider: &'static dyn Provider,
    ) -> Result<Answer, Error> {
        let (tolerance, limits) = options.parts();
        match read_status(verified)? {
            PkiStatus::Success => {
                let content = verified.content().ok_or(InvalidMessage::NoEnvelope)?;
                let signer = self.signer.as_ref().ok_or(InvalidMessage::Content)?;
                let envelope = EnvelopedData::parse(content, limits)?;
                let locked = envelope.lock(signer, provider, &tolerance.cms)?;
                Ok(Answer::Success(Box::new(locked)))
            }
            // What exists is not waited for (RFC 8894 §4.5.1, §4.6.1).
            PkiStatus::Pending if matches!(self.asks, Asks::Existing(..)) => {
                let name = AttributeName::PkiStatus.name();
                Err(InvalidMessage::Attribute { name }.into())
            }
            PkiStatus::Pending => Ok(Answer::Pending),
            PkiStatus::Failure => Err(Error::Refused(read_refusal(verified)?)),
        }
    }

    /// Finds the certificate with our key among those of the reply, wherever it stands, and its
    /// chain to the CA.
    pub(super) fn read_certificates(
        &self,
        content: &Secret,
        server: &Server,
        options: &EnrolmentOptions,
        provider: &dyn Provider,
    ) -> Result<Vec<Certificate>, Error> {
        let (tolerance, limits) = options.parts();
        let bundle = Bundle::parse(content.expose(), limits)?;
        let ours = bundle
            .decoded(limits)
            .filter_map(Result::ok)
            .filter(|certificate| *certificate.public_key() == self.public_key);
        // A renewal with the same key may bring the old certificate along, or the self-signed one.
        let mut found = Err(UnacceptableReply::NoCertificateForKey.into());
        for certificate in ours {
            let above = server.certificates.chain_above(&certificate, provider, tolerance);
            let candidate = above
                .map(|above| [certificate].into_iter().chain(above).collect::<Vec<Certificate>>());
            let since = |chain: &Result<Vec<Certificate>, Error>| {
                let leaf = chain.as_ref().ok().and_then(|chain| chain.first());
                leaf.map(|leaf| leaf.validity().not_before)
            };
            if found.is_err() || since(&candidate) > since(&found) {
                found = candidate;
            }
        }
        found
    }
}

fn verify(
    signed: &SignedData,
    server: &Server,
    options: &EnrolmentOptions,
    provider: &dyn Provider,
) -> Result<Verified, Error> {
    let (tolerance, _) = options.parts();
    let sid = signed.signer().map_err(devicecert_pki::Error::from)?.identifier();
    let signer = server
        .signers()
        .find(|certificate| sid.names(certificate, &tolerance.cms))
        .ok_or(UnacceptableReply::Signer)?;
    signed.verify(signer, provider, &tolerance.cms).map_err(|error| match error {
        devicecert_pki::Error::Rejected(Rejected::NoSignerCertificate) => {
            UnacceptableReply::Signer.into()
        }
        other => other.into(),
    })
}

fn read_status(verified: &Verified) -> Result<PkiStatus, Error> {
    let name = AttributeName::PkiStatus;
    let value = verified.attribute(name.oid(), name.name())?.ok_or_else(|| missing(name))?;
    PkiStatus::read(&value)
}

fn read_refusal(verified: &Verified) -> Result<Refusal, Error> {
    let name = AttributeName::FailInfo;
    let value = verified.attribute(name.oid(), name.name())?.ok_or_else(|| missing(name))?;
    let refusal = Refusal::new(FailInfo::read(&value)?);
    let name = AttributeName::FailInfoText;
    Ok(match verified.attribute(name.oid(), name.name())? {
        Some(text) => refusal.because(read_fail_info_text(&text)?),
        None => refusal,
    })
}
