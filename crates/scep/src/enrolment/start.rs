//! How an enrolment begins.

use devicecert_pki::{Certificate, Csr, Provider};

use super::outgoing::Url;
use super::state::{Asks, Identity, State};
use super::{Enrolment, EnrolmentOptions};
use crate::attribute::{MessageType, TransactionId};
use crate::ca_certificates::Trust;
use crate::error::{Error, Misuse};

impl Enrolment {
    /// Starts an enrolment at the SCEP server with this URL.
    ///
    /// # Errors
    /// [`Misuse`] for a URL that is neither http nor https, or a key that cannot receive the
    /// enveloped reply (any that is neither RSA nor on P-256 or P-384).
    pub fn new(
        url: &str,
        csr: Csr,
        trust: Trust,
        provider: &'static dyn Provider,
    ) -> Result<Self, Error> {
        Self::with_signer(url, csr, None, trust, provider)
    }

    /// Starts an enrolment whose messages are signed with another key than the one to certify.
    ///
    /// Every server can envelope a reply to an RSA key, few to another. A device whose own key is of
    /// another kind, or cannot decrypt, makes an RSA key for the transport and signs `transport` with
    /// it, for instance with [`CertificateParams::self_signed`]; servers that insist on one key for
    /// both refuse that.
    ///
    /// # Errors
    /// [`Misuse`] for a URL that is neither http nor https, or a transport key that cannot receive
    /// the enveloped reply.
    ///
    /// [`CertificateParams::self_signed`]: devicecert_pki::CertificateParams::self_signed
    pub fn with_transport_key(
        url: &str,
        transport: Certificate,
        csr: Csr,
        trust: Trust,
        provider: &'static dyn Provider,
    ) -> Result<Self, Error> {
        let mut enrolment = Self::with_signer(url, csr, Some(transport), trust, provider)?;
        enrolment.identity.renewing = false;
        Ok(enrolment)
    }

    /// Starts the renewal of `certificate` at the SCEP server with this URL.
    ///
    /// The request is signed with the certificate's key, which also opens the reply; `csr` should
    /// be for a new key and needs no challengePassword (RFC 8894 §2.4, §2.5).
    ///
    /// # Errors
    /// [`Misuse`] for a URL that is neither http nor https, or a certificate whose key cannot
    /// receive the enveloped reply.
    pub fn renew(
        url: &str,
        certificate: Certificate,
        csr: Csr,
        trust: Trust,
        provider: &'static dyn Provider,
    ) -> Result<Self, Error> {
        Self::with_signer(url, csr, Some(certificate), trust, provider)
    }

    /// Asks the CA that comes after this one for a certificate, before it takes over (RFC 8894 §4.7,
    /// §5.1).
    ///
    /// The next CA is learnt by GetNextCACert and believed because the current one, which `trust`
    /// is about, vouches for it. The request is signed with the key of `certificate`, which is the
    /// current CA's, and enveloped to the next; `csr` should be for a new key. What comes of it is
    /// to be kept beside `certificate`: [`Succession`](crate::Succession) says until when.
    ///
    /// # Errors
    /// As [`renew`](Self::renew).
    pub fn rollover(
        url: &str,
        certificate: Certificate,
        csr: Csr,
        trust: Trust,
        provider: &'static dyn Provider,
    ) -> Result<Self, Error> {
        let mut enrolment = Self::with_signer(url, csr, Some(certificate), trust, provider)?;
        enrolment.identity.asks = Asks::CertificateOfNextCa;
        Ok(enrolment)
    }

    /// Asks for something that exists. Only [`Query`](crate::Query) knows what to do with the reply.
    pub(crate) fn asking(
        url: &str,
        signer: Certificate,
        message_type: MessageType,
        content: Vec<u8>,
        trust: Trust,
        provider: &'static dyn Provider,
    ) -> Result<Self, Error> {
        if !signer.public_key().can_receive() {
            return Err(Misuse::KeyCannotReceive.into());
        }
        let identity = Identity {
            asks: Asks::Existing(message_type, content),
            subject: signer.subject().clone(),
            public_key: signer.public_key().clone(),
            transaction_id: TransactionId::random(provider)?,
            renewing: false,
            csr: None,
            signer: Some(signer),
            is_submitted: false,
            polls: 0,
        };
        Self::begin(url, identity, trust, provider)
    }

    fn with_signer(
        url: &str,
        csr: Csr,
        signer: Option<Certificate>,
        trust: Trust,
        provider: &'static dyn Provider,
    ) -> Result<Self, Error> {
        let receives = signer.as_ref().map_or(csr.public_key(), Certificate::public_key);
        if !receives.can_receive() {
            return Err(Misuse::KeyCannotReceive.into());
        }
        let identity = Identity {
            asks: Asks::Certificate,
            subject: csr.subject().clone(),
            public_key: csr.public_key().clone(),
            transaction_id: TransactionId::random(provider)?,
            renewing: signer.is_some(),
            csr: Some(csr),
            signer,
            is_submitted: false,
            polls: 0,
        };
        Self::begin(url, identity, trust, provider)
    }

    fn begin(
        url: &str,
        identity: Identity,
        trust: Trust,
        provider: &'static dyn Provider,
    ) -> Result<Self, Error> {
        Ok(Self {
            url: Url::parse(url)?,
            provider,
            options: EnrolmentOptions::new(trust),
            state: State::AskCapabilities,
            identity,
        })
    }
}
