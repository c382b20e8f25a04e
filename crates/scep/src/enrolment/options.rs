//! What can be chosen about an enrolment.

use core::time::Duration;

use devicecert_pki::Limits;
use devicecert_pki::algorithm::{ContentCipher, DigestAlgorithm, KeyTransport};

use crate::attribute::MessageType;
use crate::ca_certificates::Trust;
use crate::tolerance::Tolerance;

/// The choices of an enrolment. What is `None` follows what the server announces.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct EnrolmentOptions {
    /// Why the CA is believed.
    pub trust: Trust,
    /// The digest of our messages. By default what [`Capabilities::digest`] chooses.
    ///
    /// [`Capabilities::digest`]: crate::Capabilities::digest
    pub digest: Option<DigestAlgorithm>,
    /// The weakest digest to choose where the server announces no other. Default SHA-1, the one
    /// that RFC 8894 §2.9 leaves for old servers. A key that makes no SHA-1 signatures (aws-lc, most
    /// key services) needs SHA-256 here.
    pub weakest_digest: DigestAlgorithm,
    /// The cipher of our messages. By default what [`Capabilities::cipher`] chooses. Single DES is
    /// refused with [`Misuse::SingleDes`] when a message is to be written.
    ///
    /// [`Capabilities::cipher`]: crate::Capabilities::cipher
    /// [`Misuse::SingleDes`]: crate::error::Misuse::SingleDes
    pub cipher: Option<ContentCipher>,
    /// How our content keys are encrypted to an RSA key. Default PKCS #1 v1.5.
    pub key_transport: KeyTransport,
    /// Whether our messages are enveloped to the server's key or to the challengePassword. By
    /// default what RFC 8894 §3.1 says.
    pub envelope_to: EnvelopeTo,
    /// The messageType of a renewal. By default RenewalReq where the server announces Renewal,
    /// PKCSReq otherwise.
    pub renewal_message_type: Option<MessageType>,
    /// GET or POST. By default what the server announces.
    pub message_format: MessageFormat,
    /// The CA identifier to send with GetCACaps and GetCACert, for servers that host several.
    pub ca_identifier: Option<String>,
    /// How long to wait between two polls. Default 60 seconds.
    pub poll_interval: Duration,
    /// How often to poll before giving up. By default without end.
    pub max_polls: Option<u32>,
    /// What is accepted although the RFC says otherwise.
    pub tolerance: Tolerance,
    /// What is too much.
    pub limits: Limits,
}

/// How pkiMessages travel (RFC 8894 §4.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum MessageFormat {
    /// By POST if the server announces it, by GET otherwise, and where POST is answered with nothing.
    #[default]
    Announced,
    /// By GET, whatever is announced.
    Get,
    /// By POST, whatever is announced. An empty answer is an error then, and does not lead to GET.
    Post,
}

/// Whom a client envelopes its messages to (RFC 8894 §3.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum EnvelopeTo {
    /// To the server's key if it is RSA. Otherwise to the challengePassword, and where there is
    /// none, as in a renewal or in a poll of a resumed enrolment, to the key by key agreement.
    #[default]
    Preferred,
    /// To the server's key, by key agreement if it is not RSA. The RFC does not have that, and
    /// [`Authority`](crate::Authority) takes it: unlike a password it cannot be guessed.
    Key,
    /// To the challengePassword, whatever key the server has. A poll of a resumed enrolment, which
    /// has no challengePassword, goes to the key.
    Password,
}

impl EnrolmentOptions {
    pub(super) const fn parts(&self) -> (&Tolerance, &Limits) {
        (&self.tolerance, &self.limits)
    }

    pub(crate) fn new(trust: Trust) -> Self {
        Self {
            trust,
            digest: None,
            weakest_digest: DigestAlgorithm::Sha1,
            cipher: None,
            key_transport: KeyTransport::RsaPkcs1,
            envelope_to: EnvelopeTo::default(),
            renewal_message_type: None,
            message_format: MessageFormat::default(),
            ca_identifier: None,
            poll_interval: Duration::from_secs(60),
            max_polls: None,
            tolerance: Tolerance::default(),
            limits: Limits::default(),
        }
    }
}
