//! GetCert and GetCRL, asked by a client (RFC 8894 §4.5, §4.6).

use core::fmt;

use devicecert_pki::cms::Bundle;
use devicecert_pki::error::KeyError;
use devicecert_pki::{Certificate, Crl, Provider, Secret, Time};
use http::Response;

use crate::attribute::{MessageType, TransactionId};
use crate::ca_certificates::{CaCertificates, Trust};
use crate::enrolment::{Enrolment, EnrolmentOptions, Step};
use crate::error::{Error, UnacceptableReply};
use crate::issuer_and_serial::IssuerAndSerialNumber;
use crate::tolerance::Tolerance;

/// A question for something that the CA has already: a [`Certificate`] or a [`Crl`].
///
/// It takes turns like an [`Enrolment`]; nothing is ever left pending, so [`Step::Wait`] does not
/// occur. A CRL over HTTP, from where the certificate says that it is
/// ([`crl_distribution_points`]), takes fewer turns and burdens the CA less; RFC 8894 §2.7 asks to
/// prefer that.
///
/// ```no_run
/// use devicecert_pki::{Certificate, Crl, Decryptor, Signer, Time, Tolerance};
/// use devicecert_scep::{IssuerAndSerialNumber, Query, Step, Trust};
/// # type Error = Box<dyn std::error::Error>;
/// # fn send(r: http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, Error> { unimplemented!() }
/// # fn is_revoked<K: Signer + Decryptor>(
/// #     device: Certificate, peer: &Certificate, ca: Certificate, key: K, now: Time,
/// # ) -> Result<bool, Error> {
/// # let provider = &devicecert_crypto_rust::RustCrypto;
///
/// let trust = Trust::Certificates(vec![ca.clone()]);
/// let wanted = IssuerAndSerialNumber::of(peer);
/// let mut query = Query::<Crl>::new("https://ca.example/scep", device, wanted, trust, provider)?;
/// let crl = loop {
///     match query.step(now)? {
///         Step::Send(request) => query.received(&send(request)?)?,
///         Step::Sign(ask) => query.signed(&key.sign(&ask)?)?,
///         Step::Decrypt(ask) => query.decrypted(key.decrypt(&ask))?,
///         Step::Wait(_) => {}
///         Step::Done(crl) => break crl,
///     }
/// };
/// let verified = crl.verify(&ca, now, provider, &Tolerance::default())?;
/// Ok(verified.revocation(peer)?.is_some())
/// # }
/// ```
///
/// [`crl_distribution_points`]: devicecert_pki::Extensions::crl_distribution_points
pub struct Query<T> {
    /// All that goes before the reply is opened, and no more.
    exchange: Enrolment,
    wanted: IssuerAndSerialNumber,
    provider: &'static dyn Provider,
    answer: Option<T>,
}

/// What can be asked for.
pub trait Queried: Clone + private::Read {}

impl Queried for Certificate {}
impl Queried for Crl {}

mod private {
    use super::{Bundle, CaCertificates, Error, IssuerAndSerialNumber, MessageType};
    use crate::enrolment::EnrolmentOptions;
    use devicecert_pki::Provider;

    pub trait Read: Sized {
        const MESSAGE_TYPE: MessageType;

        /// Finds the answer among what the reply holds, and checks that it is the CA's.
        fn read(
            bundle: &Bundle,
            wanted: &IssuerAndSerialNumber,
            server: &CaCertificates,
            options: &EnrolmentOptions,
            provider: &dyn Provider,
        ) -> Result<Self, Error>;
    }
}

impl private::Read for Certificate {
    const MESSAGE_TYPE: MessageType = MessageType::GetCert;

    fn read(
        bundle: &Bundle,
        wanted: &IssuerAndSerialNumber,
        server: &CaCertificates,
        options: &EnrolmentOptions,
        provider: &dyn Provider,
    ) -> Result<Self, Error> {
        let EnrolmentOptions { tolerance, limits, .. } = options;
        bundle
            .decoded(limits)
            .filter_map(Result::ok)
            .filter(|certificate| wanted.names(certificate, &tolerance.cms))
            .find(|certificate| server.chain_above(certificate, provider, tolerance).is_ok())
            .ok_or_else(|| UnacceptableReply::NotWhatWasAskedFor.into())
    }
}

impl private::Read for Crl {
    const MESSAGE_TYPE: MessageType = MessageType::GetCrl;

    fn read(
        bundle: &Bundle,
        wanted: &IssuerAndSerialNumber,
        server: &CaCertificates,
        options: &EnrolmentOptions,
        provider: &dyn Provider,
    ) -> Result<Self, Error> {
        let EnrolmentOptions { tolerance, limits, .. } = options;
        let is_the_issuers = |crl: &Self| {
            (wanted.issuer() == crl.issuer() || wanted.issuer().matches(crl.issuer()))
                && server.all().iter().any(|issuer| is_signed_by(crl, issuer, provider, tolerance))
        };
        bundle
            .decoded_crls(limits)
            .filter_map(Result::ok)
            .filter(is_the_issuers)
            .max_by_key(Self::number)
            .ok_or_else(|| UnacceptableReply::NotWhatWasAskedFor.into())
    }
}

/// Whether it is current is looked at when it is used, by whoever knows the time then.
fn is_signed_by(
    crl: &Crl,
    issuer: &Certificate,
    provider: &dyn Provider,
    tolerance: &Tolerance,
) -> bool {
    crl.verify(issuer, crl.this_update(), provider, &tolerance.cms).is_ok()
}

impl<T: Queried> Query<T> {
    /// Starts a question to the SCEP server with this URL.
    ///
    /// `signer` is the certificate that signs it, and whose key opens the reply: the device's own.
    /// Whether it gets an answer is up to the CA.
    ///
    /// # Errors
    /// [`Misuse`](crate::error::Misuse) for a URL that is neither http nor https, or a certificate
    /// whose key cannot receive the enveloped reply.
    pub fn new(
        url: &str,
        signer: Certificate,
        wanted: IssuerAndSerialNumber,
        trust: Trust,
        provider: &'static dyn Provider,
    ) -> Result<Self, Error> {
        let content = wanted.to_der();
        let exchange = Enrolment::asking(url, signer, T::MESSAGE_TYPE, content, trust, provider)?;
        Ok(Self { exchange, wanted, provider, answer: None })
    }

    /// What can be chosen. Changes count from the next step on.
    pub const fn options(&mut self) -> &mut EnrolmentOptions {
        self.exchange.options()
    }

    /// The transactionID.
    #[must_use]
    pub const fn transaction_id(&self) -> &TransactionId {
        self.exchange.transaction_id()
    }

    /// The CA that is trusted; `None` until the server was asked for it.
    #[must_use]
    pub fn ca(&self) -> Option<&Certificate> {
        self.exchange.ca()
    }

    /// What is needed next.
    ///
    /// # Errors
    /// As [`Enrolment::step`].
    pub fn step(&mut self, now: Time) -> Result<Step<T>, Error> {
        if let Some(answer) = &self.answer {
            return Ok(Step::Done(answer.clone()));
        }
        Ok(match self.exchange.step(now)? {
            Step::Send(request) => Step::Send(request),
            Step::Sign(ask) => Step::Sign(ask),
            Step::Decrypt(ask) => Step::Decrypt(ask),
            Step::Wait(pause) => Step::Wait(pause),
            Step::Done(_) => return Err(UnacceptableReply::NotWhatWasAskedFor.into()),
        })
    }

    /// Hands in the response to [`Step::Send`].
    ///
    /// # Errors
    /// As [`Enrolment::received`].
    pub fn received(&mut self, response: &Response<Vec<u8>>) -> Result<(), Error> {
        self.exchange.received(response)
    }

    /// Hands in the signature for [`Step::Sign`].
    ///
    /// # Errors
    /// As [`Enrolment::signed`].
    pub fn signed(&mut self, signature: &[u8]) -> Result<(), Error> {
        self.exchange.signed(signature)
    }

    /// Hands in the content key for [`Step::Decrypt`], or the failure to get it.
    ///
    /// # Errors
    /// [`UnacceptableReply::NotWhatWasAskedFor`] if the reply holds something else, or something
    /// that the trusted CA did not sign; [`Rejected`](devicecert_pki::error::Rejected) if it does
    /// not open.
    pub fn decrypted(&mut self, answer: Result<Secret, KeyError>) -> Result<(), Error> {
        let (wanted, provider) = (&self.wanted, self.provider);
        let answer = self.exchange.decrypted_as(answer, |content, server, options| {
            let bundle = Bundle::parse(content.expose(), &options.limits)?;
            T::read(&bundle, wanted, server, options, provider)
        })?;
        self.answer = Some(answer);
        Ok(())
    }
}

impl<T> fmt::Debug for Query<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Query")
            .field("wanted", &self.wanted)
            .field("exchange", &self.exchange)
            .finish_non_exhaustive()
    }
}
