//! A request that was verified and opened, and what may be decided about it.

use devicecert_pki::algorithm::DigestAlgorithm;
use devicecert_pki::asn1::Writer;
use devicecert_pki::cms::Bundle;
use devicecert_pki::{
    Certificate, Csr, KeyKind, Limits, Name, Provider, PublicKey, Secret, Unsigned, ber,
};

use crate::attribute::{FailInfo, MessageType};
use crate::authorisation::{Authorisation, NoRenewal, RenewalEvidence};
use crate::authority::Authority;
use crate::error::{Error, InvalidMessage, Misuse, Refusal};
use crate::found::Found;
use crate::issuer_and_serial::IssuerAndSerialNumber;
use crate::reply::{Reply, ReplyParams};
use crate::tolerance::Tolerance;
use crate::transaction::Transaction;

/// A request whose signature was checked and whose envelope was opened, or would not open.
#[derive(Clone, Debug)]
pub struct Request {
    transaction: Transaction,
    content: Content,
    tolerance: Tolerance,
}

/// What a request asks for.
#[derive(Clone, Debug)]
pub enum Content {
    /// PKCSReq or RenewalReq (RFC 8894 §3.3.1): issue a certificate for this. Which of the two
    /// messageTypes it came as makes no difference to what it may have.
    Enrol(Enrol),
    /// CertPoll (§3.3.3): what became of an earlier request of this transaction?
    ///
    /// What its envelope says is not looked at. The transaction says it all, and an answer that
    /// depended on how the envelope opens would tell about envelopes of others, which anybody can
    /// put into a poll of his own.
    Poll,
    /// GetCert (§3.3.4, §4.5): the certificate of this name, please. Its issuer is the CA, one of
    /// its predecessors, or of the chain above it.
    GetCert(IssuerAndSerialNumber),
    /// GetCRL (§3.3.4, §4.6): the CRL that tells whether the certificate of this name is revoked.
    /// Of its issuer the same is true.
    GetCrl(IssuerAndSerialNumber),
    /// The envelope did not open, what it holds is damaged, or it names a certificate of somebody
    /// else's. The reason is for the log of who runs the server; whatever is decided, the peer gets
    /// the same FAILURE: badCertId for a GetCert or GetCRL, and badMessageCheck for anything else.
    Unreadable(Error),
}

/// What it takes to read what an envelope held.
#[derive(Clone, Debug)]
pub(crate) struct Reader {
    /// Whose certificates a GetCert or GetCRL may name. What is cut and pasted from another's
    /// envelope cannot have such a name, and is no reason to look anything up.
    issuers: Vec<Name>,
    tolerance: Tolerance,
    limits: Limits,
}

impl Reader {
    pub(crate) fn new(authority: &Authority) -> Self {
        let Authority { predecessors, chain, tolerance, limits, .. } = authority;
        let issuers = [authority.ca()].into_iter().chain(predecessors).chain(chain);
        let issuers = issuers.map(|issuer| issuer.subject().clone()).collect();
        Self { issuers, tolerance: *tolerance, limits: limits.clone() }
    }

    /// Reads a request and checks its signature: over the octets that were sent and, where they are
    /// BER that was signed as DER, over that.
    ///
    /// Both is done whatever is wrong, also with a content that nobody sent in place of one that did
    /// not open: the time of the answer would tell how far it got.
    fn read(
        &self,
        content: Result<Secret, Error>,
        signer: &PublicKey,
        provider: &dyn Provider,
    ) -> Result<Box<Csr>, Error> {
        let Self { tolerance, limits, .. } = self;
        let check = |csr: Result<Csr, devicecert_pki::Error>| {
            let csr = csr.inspect_err(|_| check_in_vain(signer, provider))?;
            csr.verify(provider, &tolerance.cms)?;
            Ok(Box::new(csr))
        };
        let normalised = |content: &Secret| {
            let der = Secret::new(ber::normalise(content.expose(), limits)?.into_owned());
            Csr::parse(der.expose(), limits)
        };
        let (opened, content) = match content {
            Ok(content) => (Ok(()), content),
            // What a garbled block looks like.
            Err(error) => (Err(error), Secret::new(vec![0x9d; 16])),
        };
        let csr = check(Csr::parse(content.expose(), limits))
            .or_else(|_: Error| check(normalised(&content)));
        opened.and(csr)
    }
}

/// A certification request whose own signature was checked.
#[derive(Clone, Debug)]
pub struct Enrol {
    csr: Box<Csr>,
}

/// What a server's policy decided.
#[derive(Clone, Debug)]
pub enum Decision {
    /// Here is the certificate. Only [`Request::grant`] makes one.
    Grant(Grant),
    /// Here is what a GetCert or GetCRL named. Only [`Request::found_certificate`] and
    /// [`Request::found_crl`] make one.
    Found(Found),
    /// A person, or time, has to decide: PENDING. A GetCert or GetCRL is never left waiting
    /// (RFC 8894 §4.5.1, §4.6.1): it gets FAILURE badCertId instead.
    Defer,
    /// No, and why. A GetCert or GetCRL gets FAILURE badCertId, whatever is said here.
    Refuse(Refusal),
}

/// A certificate together with the reason why it may be handed out.
#[derive(Clone, Debug)]
pub struct Grant {
    authorisation: Authorisation,
    certificate: Box<Certificate>,
    chain: Vec<Certificate>,
    password: Option<Secret>,
}

impl Grant {
    /// Why it may be handed out, for the log.
    pub const fn authorisation(&self) -> &Authorisation {
        &self.authorisation
    }

    /// What is handed out.
    #[must_use]
    pub const fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// Sends CA certificates along, behind the issued one. Some clients need them there, some
    /// refuse them; the default is to send none, since GetCACert has them.
    #[must_use]
    pub fn with_chain(mut self, chain: Vec<Certificate>) -> Self {
        self.chain = chain;
        self
    }

    /// Envelopes the reply to this password instead of the signer's key, for devices that know no
    /// other way to receive one with an EC key (RFC 8894 §3.1).
    ///
    /// A request with a challengePassword that came enveloped to a password is answered so without
    /// being told. A poll has no challengePassword: whoever remembers the one of the request that is
    /// polled for hands it in here, and otherwise the reply is enveloped to the key.
    #[must_use]
    pub fn with_password(mut self, password: Secret) -> Self {
        self.password = Some(password);
        self
    }
}

impl Request {
    /// Takes what the envelope held. From here on every failure is one and the same to the peer.
    pub(crate) fn open(
        transaction: Transaction,
        content: Result<Secret, devicecert_pki::Error>,
        provider: &dyn Provider,
        reader: &Reader,
    ) -> Self {
        let Reader { issuers, tolerance, limits } = reader;
        let content = content.map_err(Error::from);
        let named = |content: Result<Secret, Error>| {
            let named = IssuerAndSerialNumber::parse(content?.expose(), limits)?;
            match issuers.iter().any(|issuer| named.is_issued_by(issuer)) {
                true => Ok(named),
                false => Err(InvalidMessage::Issuer.into()),
            }
        };
        let content = match transaction.message_type() {
            MessageType::CertPoll => Content::Poll,
            MessageType::PkcsReq | MessageType::RenewalReq => {
                let signer = transaction.signer().public_key();
                reader
                    .read(content, signer, provider)
                    .map_or_else(Content::Unreadable, |csr| Content::Enrol(Enrol { csr }))
            }
            MessageType::GetCert => {
                named(content).map_or_else(Content::Unreadable, Content::GetCert)
            }
            MessageType::GetCrl => named(content).map_or_else(Content::Unreadable, Content::GetCrl),
            other @ (MessageType::CertRep | MessageType::Other(_)) => {
                Content::Unreadable(InvalidMessage::MessageType(other).into())
            }
        };
        Self { transaction, content, tolerance: *tolerance }
    }

    /// Who asked, and how.
    #[must_use]
    pub const fn transaction(&self) -> &Transaction {
        &self.transaction
    }

    /// What is asked for.
    #[must_use]
    pub const fn content(&self) -> &Content {
        &self.content
    }

    pub(crate) const fn tolerance(&self) -> &Tolerance {
        &self.tolerance
    }

    /// Looks for proof that the sender holds a certificate of this CA and wants another one for
    /// the same subject (RFC 8894 §2.3, §2.5). Whether the certificate was revoked, and whether the
    /// CA remembers it, is for the policy to ask, with [`RenewalEvidence::serial`].
    ///
    /// # Errors
    /// [`NoRenewal`] says which proof is missing; the challengePassword may still be right.
    pub fn renewal(
        &self,
        authority: &Authority,
        now: devicecert_pki::Time,
    ) -> Result<RenewalEvidence, NoRenewal> {
        match &self.content {
            Content::Enrol(enrol) => {
                RenewalEvidence::find(enrol.csr(), &self.transaction, authority, now)
            }
            Content::Poll | Content::GetCert(_) | Content::GetCrl(_) | Content::Unreadable(_) => {
                Err(NoRenewal::NoRequest)
            }
        }
    }

    /// Grants `certificate` because of `authorisation`.
    ///
    /// # Errors
    /// [`Misuse::WrongCertificate`] if the certificate is for another key than was asked for, or
    /// the request asks for none.
    pub fn grant(
        &self,
        authorisation: Authorisation,
        certificate: Certificate,
    ) -> Result<Decision, Error> {
        let fits = match &self.content {
            Content::Enrol(enrol) => enrol.csr().public_key() == certificate.public_key(),
            Content::Poll => true,
            Content::GetCert(_) | Content::GetCrl(_) | Content::Unreadable(_) => false,
        };
        match fits {
            true => Ok(Decision::Grant(Grant {
                authorisation,
                certificate: Box::new(certificate),
                chain: Vec::new(),
                password: None,
            })),
            false => Err(Misuse::WrongCertificate.into()),
        }
    }

    /// Writes the CertRep; what is missing is the signature of [`Authority::signer`]'s key.
    ///
    /// A certificate is enveloped to the key that signed the request: by key transport to an RSA
    /// key, by key agreement to one on P-256 or P-384, and to the request's challengePassword where
    /// the request was enveloped to a password and its key is not RSA (RFC 8894 §3.1).
    ///
    /// An unreadable request gets FAILURE badMessageCheck, whatever was decided.
    ///
    /// A GetCert or GetCRL gets what it asked for, or FAILURE badCertId without a text, whatever the
    /// reason: it holds so little that somebody else's envelope can be cut and pasted into one, and
    /// a second answer would tell how that opens.
    ///
    /// # Errors
    /// [`Unsupported`](devicecert_pki::error::Unsupported) if the backend lacks an algorithm, or
    /// [`KeyError::Random`](devicecert_pki::error::KeyError::Random).
    pub fn reply(
        &self,
        decision: Decision,
        authority: &Authority,
        provider: &dyn Provider,
    ) -> Result<Unsigned<Reply>, Error> {
        let transaction = &self.transaction;
        let params =
            ReplyParams::new(transaction.id(), transaction.sender_nonce(), transaction.digest());
        let success = |params: ReplyParams, bundle: &[u8], password: Option<&Secret>| {
            let seal = transaction.seal();
            let envelope = match password {
                Some(password) => seal.envelope_to_password(bundle, password, provider),
                None => seal.envelope(bundle, transaction.signer(), provider),
            };
            envelope.map(|envelope| params.success(envelope))
        };
        if matches!(transaction.message_type(), MessageType::GetCert | MessageType::GetCrl) {
            let found = match decision {
                Decision::Found(found) => found.message_data(&self.content, &self.tolerance),
                Decision::Grant(_) | Decision::Defer | Decision::Refuse(_) => None,
            };
            let params = match found {
                Some(bundle) => success(params, &bundle, None)?,
                None => params.failure(&Refusal::new(FailInfo::BadCertId)),
            };
            return params.unsigned(authority, provider);
        }
        match (&self.content, decision) {
            (Content::Unreadable(_), _) => params.failure(&Refusal::new(FailInfo::BadMessageCheck)),
            (_, Decision::Refuse(refusal)) => params.failure(&refusal),
            (Content::Enrol(_) | Content::Poll, Decision::Grant(grant)) => {
                let Grant { certificate, chain, password, .. } = grant;
                let bundle = Bundle::new([&*certificate].into_iter().chain(&chain));
                let password = password.as_ref().or_else(|| self.password_of_reply());
                success(params, &bundle.to_der(), password)?
            }
            (Content::Enrol(_) | Content::Poll, Decision::Defer) => params.pending(),
            // A decision that was made for another kind of request is none.
            (_, Decision::Found(_)) | (Content::GetCert(_) | Content::GetCrl(_), _) => {
                params.failure(&Refusal::new(FailInfo::BadRequest))
            }
        }
        .unsigned(authority, provider)
    }
}

impl Request {
    /// The challengePassword of a request that came enveloped to a password and is signed with a
    /// key that cannot decrypt: RFC 8894 §3.1 has the reply enveloped to it.
    fn password_of_reply(&self) -> Option<&Secret> {
        let transaction = &self.transaction;
        let decrypts = matches!(transaction.signer().public_key().kind(), KeyKind::Rsa { .. });
        match &self.content {
            Content::Enrol(enrol) if transaction.is_enveloped_to_password() && !decrypts => {
                enrol.csr().challenge_password().filter(|password| !password.is_empty())
            }
            Content::Enrol(_)
            | Content::Poll
            | Content::GetCert(_)
            | Content::GetCrl(_)
            | Content::Unreadable(_) => None,
        }
    }
}

impl Enrol {
    /// The request exactly as it was received.
    #[must_use]
    pub fn csr(&self) -> &Csr {
        &self.csr
    }

    /// Whether the challengePassword is one of `expected`; then the request may be granted.
    ///
    /// Each is compared in constant time, and all of them whichever fits. Binding a challenge to
    /// one device and one use is the caller's: a challenge says who may ask, not for what.
    #[must_use]
    pub fn challenge_matches<'a>(
        &self,
        expected: impl IntoIterator<Item = &'a Secret>,
    ) -> Option<Authorisation> {
        let given = self.csr.challenge_password()?;
        let found = expected.into_iter().fold(false, |found, expected| {
            let fits = !expected.is_empty() && given == expected;
            found | fits
        });
        found.then(Authorisation::by_challenge)
    }
}

/// Checks a signature of the signer's key that nobody made.
///
/// A request that can be read is checked with its key, most often this one. Without as much work
/// for one that cannot, the time of the answer would tell which it was, and so whether what somebody
/// garbled of another's ciphertext still reads as a request.
fn check_in_vain(signer: &PublicKey, provider: &dyn Provider) {
    let one = Writer::build(|w| {
        w.sequence(|w| {
            w.unsigned(1);
            w.unsigned(1);
        });
    });
    let signature = match signer.kind() {
        KeyKind::Rsa { bits } => vec![1; bits.div_ceil(8)],
        _ => one,
    };
    if let Ok(algorithm) = signer.signature_algorithm(DigestAlgorithm::Sha256) {
        // It is wrong, and nobody asked.
        let _ = provider.verify(signer, algorithm, &signature, &signature);
    }
}
