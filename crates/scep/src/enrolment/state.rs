//! Where an enrolment stands.

use devicecert_pki::{Certificate, Csr, Locked, Name, PublicKey, Secret, Time, Unsigned};

use super::EnrolmentOptions;
use super::outgoing::Outgoing;
use crate::attribute::{MessageType, Nonce, TransactionId};
use crate::ca_certificates::CaCertificates;
use crate::capabilities::Capabilities;
use crate::error::Error;

/// What is asked for.
pub(super) enum Asks {
    /// A certificate of the CA.
    Certificate,
    /// A certificate of the CA that comes after it.
    CertificateOfNextCa,
    /// Something that exists, by a message of this type with this content.
    Existing(MessageType, Vec<u8>),
}

/// Who enrols, with what. Once a server says PENDING, only the names and keys are still needed.
pub(super) struct Identity {
    pub(super) asks: Asks,
    pub(super) subject: Name,
    pub(super) public_key: PublicKey,
    /// Absent in an enrolment that was resumed.
    pub(super) csr: Option<Csr>,
    pub(super) transaction_id: TransactionId,
    /// In a renewal the certificate that is renewed; otherwise made on the way.
    pub(super) signer: Option<Certificate>,
    pub(super) renewing: bool,
    /// Whether the server has said PENDING, so that what follows are polls.
    pub(super) is_submitted: bool,
    /// How often was polled since this value was made or resumed.
    pub(super) polls: u32,
}

/// What the server told about itself.
#[derive(Clone)]
pub(super) struct Server {
    pub(super) capabilities: Capabilities,
    pub(super) certificates: CaCertificates,
    /// In a rollover those of the CA that is to be replaced, which may sign replies, too.
    pub(super) predecessor: Option<CaCertificates>,
}

/// What was sent and is to be answered.
pub(super) struct Sent {
    pub(super) outgoing: Outgoing,
    pub(super) message: Vec<u8>,
    pub(super) get: bool,
}

pub(super) enum State {
    AskCapabilities,
    AskCertificates(Capabilities),
    AskNextCertificates(Server),
    SelfSign(Server, Option<Unsigned<Certificate>>),
    /// A PKCSReq, RenewalReq or CertPoll without its signature.
    SignMessage(Server, Option<(Nonce, Unsigned<Vec<u8>>)>),
    Send(Server, Sent),
    Open(Server, Locked<Secret>),
    Pending(Server, Option<Time>),
    Done(Vec<Certificate>, Certificate),
    /// An answer could not be used.
    Failed(Error),
}

impl Identity {
    /// The challengePassword, while it is at hand.
    pub(super) fn challenge(&self) -> Option<&Secret> {
        let challenge = self.csr.as_ref()?.challenge_password()?;
        Some(challenge).filter(|challenge| !challenge.is_empty())
    }
}

impl State {
    /// For `Debug`.
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::AskCapabilities => "asking for capabilities",
            Self::AskCertificates(_) => "asking for CA certificates",
            Self::AskNextCertificates(_) => "asking for the next CA's certificates",
            Self::SelfSign(..) => "signing the first certificate",
            Self::SignMessage(..) => "signing the message",
            Self::Send(..) => "sending the message",
            Self::Open(..) => "opening the reply",
            Self::Pending(..) => "pending",
            Self::Done(..) => "done",
            Self::Failed(_) => "failed",
        }
    }
}

impl Server {
    /// Whose signature a reply may bear.
    pub(super) fn signers(&self) -> impl Iterator<Item = &Certificate> {
        let predecessors = self.predecessor.iter().flat_map(CaCertificates::all);
        self.certificates.all().iter().chain(predecessors)
    }

    /// The messageType of the next message.
    pub(super) fn message_type(
        &self,
        identity: &Identity,
        options: &EnrolmentOptions,
    ) -> MessageType {
        if let Asks::Existing(message_type, _) = identity.asks {
            return message_type;
        }
        if identity.is_submitted {
            return MessageType::CertPoll;
        }
        // A server that does not announce Renewal gets what the draft had: a PKCSReq that is
        // signed with the old certificate.
        match options.renewal_message_type {
            Some(message_type) if identity.renewing => message_type,
            // RFC 8894 §5.1 shows a PKCSReq where the next CA is asked.
            _ if matches!(identity.asks, Asks::CertificateOfNextCa) => MessageType::PkcsReq,
            _ if identity.renewing && self.capabilities.renewal() => MessageType::RenewalReq,
            _ => MessageType::PkcsReq,
        }
    }
}
