//! What a request asks for and the CA is willing to certify: subject, key, alternative names.
//!
//! The challengePassword is not among it, so that it never gets into the store; nor are the key
//! usages and constraints that the request may wish for, which are the CA's to decide.

use std::time::{Duration, SystemTime};

use devicecert::pki::algorithm::DigestAlgorithm;
use devicecert::pki::asn1::{Tlv, Writer, tag};
use devicecert::pki::{
    Certificate, CertificateParams, Csr, Error, Extension, GeneralName, Limits, Name, Provider,
    PublicKey, Unsigned, Validity, oid,
};

use super::store::hex;

/// The part of a request that a certificate is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The subject.
    pub subject: Name,
    /// The key.
    pub public_key: PublicKey,
    /// The alternative names.
    pub alt_names: Vec<GeneralName>,
}

impl Wanted {
    /// Takes it from a request.
    ///
    /// # Errors
    /// If the alternative names cannot be read: nobody should issue what they cannot see.
    pub fn of(csr: &Csr) -> Result<Self, Error> {
        Ok(Self {
            subject: csr.subject().clone(),
            public_key: csr.public_key().clone(),
            alt_names: csr.subject_alt_name()?,
        })
    }

    /// A certificate for it below `ca`, for TLS clients, valid from now on.
    ///
    /// # Errors
    /// If a name cannot be written.
    pub fn certificate(
        &self,
        ca: &Certificate,
        lifetime: Duration,
        provider: &dyn Provider,
    ) -> Result<Unsigned<Certificate>, Error> {
        // Clocks differ by minutes; a device must not get a certificate from its future.
        let now = devicecert::pki::Time::from(SystemTime::now());
        let not_before = now.before(Duration::from_secs(600));
        // A certificate that outlives its CA cannot be verified.
        let not_after = now.after(lifetime).min(ca.validity().not_after);
        let validity = Validity { not_before, not_after };
        let (subject, key) = (self.subject.clone(), self.public_key.clone());
        let mut params = CertificateParams::end_entity(ca, subject, key, validity, provider)?;
        params.extensions.push(Extension::extended_key_usage(&[oid::CLIENT_AUTH]));
        if !self.alt_names.is_empty() {
            let critical = self.subject.is_empty();
            params.extensions.push(Extension::subject_alt_name(&self.alt_names, critical)?);
        }
        params.unsigned(ca.public_key())
    }

    /// Tells one request from another, in hexadecimal digits.
    pub(super) fn digest(&self, provider: &dyn Provider) -> Result<String, Error> {
        Ok(hex(&provider.digest(DigestAlgorithm::Sha256, &self.to_der()?)?))
    }

    pub(super) fn to_der(&self) -> Result<Vec<u8>, Error> {
        let mut names = Ok(());
        let der = Writer::build(|w| {
            w.sequence(|w| {
                w.raw(self.subject.as_der());
                w.raw(self.public_key.as_der());
                w.sequence(|w| names = self.alt_names.iter().try_for_each(|name| name.write(w)));
            });
        });
        names.map(|()| der)
    }

    pub(super) fn from_der(der: &[u8]) -> Result<Self, Error> {
        let mut fields = Tlv::parse(der, "a stored request")?.reader();
        let subject = Name::parse(fields.expect(tag::SEQUENCE, "subject")?.raw)?;
        let key = fields.expect(tag::SEQUENCE, "public key")?;
        let public_key = PublicKey::parse(key.raw, &Limits::default())?;
        let mut names = fields.sequence("alternative names")?;
        let mut alt_names = Vec::new();
        while !names.is_empty() {
            alt_names.push(GeneralName::read(&mut names)?);
        }
        Ok(Self { subject, public_key, alt_names })
    }
}
