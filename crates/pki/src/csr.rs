//! Certification requests (RFC 2986) with the attributes that enrolment uses (RFC 2985 §5.4).

use core::fmt;
use core::mem::replace;
use core::ops::Range;

use crate::algorithm::{AlgorithmIdentifier, SignatureAlgorithm};
use crate::asn1::{Reader, Tlv, tag};
use crate::attribute::Attribute;
use crate::error::{Error, Found, LimitExceeded, Malformed, Rejected};
use crate::extension::Extensions;
use crate::general_name::GeneralName;
use crate::limits::Limits;
use crate::name::Name;
use crate::oid;
use crate::provider::Provider;
use crate::public_key::PublicKey;
use crate::secret::Secret;
use crate::tolerance::Tolerance;

mod params;

pub use params::CsrParams;

/// A certification request: the bytes as received, and a view of them.
///
/// The bytes hold the challengePassword in the clear, so `Debug` shows none of them.
#[derive(Clone)]
pub struct Csr {
    der: Secret,
    info: Range<usize>,
    subject: Name,
    public_key: PublicKey,
    attributes: Vec<Attribute>,
    challenge_password: Option<Secret>,
    extensions: Extensions,
    signature_algorithm: AlgorithmIdentifier,
    signature: Vec<u8>,
}

impl Csr {
    /// Reads one DER certification request.
    ///
    /// The version is not looked at (one Apple client sends 2 where RFC 2986 has 0), attributes may
    /// be missing or unsorted, and the challengePassword may be of any string type.
    ///
    /// # Errors
    /// [`Malformed`] if it is no request,
    /// [`Rejected::DuplicateAttribute`] if it has two challenges or two sets of extensions.
    pub fn parse(der: &[u8], limits: &Limits) -> Result<Self, Error> {
        LimitExceeded::check("the certification request (bytes)", limits.message_bytes, der.len())?;
        let outer = Tlv::parse(der, "CertificationRequest")?;
        if outer.tag != tag::SEQUENCE {
            return Err(outer.unexpected("CertificationRequest", Found::Tag(outer.tag)));
        }
        let mut fields = outer.reader();
        let info = fields.expect(tag::SEQUENCE, "CertificationRequestInfo")?;
        let signature_algorithm = AlgorithmIdentifier::read(&mut fields, "signatureAlgorithm")?;
        let signature = fields
            .expect(tag::BIT_STRING, "the signature of the request")?
            .bit_string_octets("the signature of the request")?
            .to_vec();
        fields.finish("the end of CertificationRequest")?;

        let mut fields = info.reader();
        fields.expect(tag::INTEGER, "version")?;
        let subject = Name::read(&mut fields, "subject")?;
        let public_key = PublicKey::read(&mut fields, "subjectPKInfo", limits)?;
        let mut csr = Self {
            info: info.offset..info.offset.saturating_add(info.raw.len()),
            der: Secret::new(der.to_vec()),
            subject,
            public_key,
            attributes: Vec::new(),
            challenge_password: None,
            extensions: Extensions::default(),
            signature_algorithm,
            signature,
        };
        if let Some(attributes) = fields.optional(tag::constructed(0), "attributes")? {
            csr.read_attributes(attributes.reader(), limits)?;
        }
        fields.finish("the end of CertificationRequestInfo")?;
        Ok(csr)
    }

    fn read_attributes(&mut self, mut set: Reader<'_>, limits: &Limits) -> Result<(), Error> {
        let mut challenged = false;
        let mut extended = false;
        for attribute in Attribute::read_all(set.clone(), limits)? {
            let mut fields = set.sequence("Attribute")?;
            fields.oid("the type of an attribute")?;
            let offset = fields.expect(tag::SET, "the values of an attribute")?.reader().offset();
            match attribute.oid {
                oid::CHALLENGE_PASSWORD => {
                    self.read_challenge(&attribute, replace(&mut challenged, true))
                }
                oid::EXTENSION_REQUEST | oid::MS_CERT_EXTENSIONS => {
                    self.read_extensions(&attribute, replace(&mut extended, true), limits)
                }
                _ => {
                    self.attributes.push(attribute);
                    Ok(())
                }
            }
            .map_err(|error| error.within(offset))?;
        }
        Ok(())
    }

    fn read_challenge(&mut self, attribute: &Attribute, again: bool) -> Result<(), Error> {
        const WHAT: &str = "challengePassword";
        let value = match attribute.values.as_slice() {
            [] if !again => return Ok(()),
            [value] if !again => Tlv::parse(value, WHAT)?,
            _ => return Err(Rejected::DuplicateAttribute(WHAT).into()),
        };
        // The draft that preceded RFC 8894 told renewing clients to send an empty one.
        if value.value.is_empty() {
            return Ok(());
        }
        let text = value
            .text()
            .ok_or_else(|| value.unexpected("a character string", Found::Tag(value.tag)))?;
        self.challenge_password = Some(Secret::from(text));
        Ok(())
    }

    fn read_extensions(
        &mut self,
        attribute: &Attribute,
        again: bool,
        limits: &Limits,
    ) -> Result<(), Error> {
        match attribute.values.as_slice() {
            [] if !again => Ok(()),
            [value] if !again => {
                self.extensions = Extensions::read(&mut Reader::new(value), limits)?;
                // Two programs that each take "the" subjectAltName would not take the same one.
                match self.extensions.has_duplicates() {
                    true => Err(Rejected::DuplicateAttribute("requested extension").into()),
                    false => Ok(()),
                }
            }
            _ => Err(Rejected::DuplicateAttribute("extensionRequest").into()),
        }
    }

    /// The request as received. It holds the challengePassword: not for logs.
    #[must_use]
    pub fn as_der(&self) -> &[u8] {
        self.der.expose()
    }

    /// The requested subject; may be empty.
    #[must_use]
    pub const fn subject(&self) -> &Name {
        &self.subject
    }

    /// The key to certify.
    #[must_use]
    pub const fn public_key(&self) -> &PublicKey {
        &self.public_key
    }

    /// The challengePassword as UTF-8, whatever string type it came in; `None` where it is absent
    /// or empty.
    #[must_use]
    pub const fn challenge_password(&self) -> Option<&Secret> {
        self.challenge_password.as_ref()
    }

    /// The requested extensions.
    #[must_use]
    pub const fn extensions(&self) -> &Extensions {
        &self.extensions
    }

    /// The requested subject alternative names.
    ///
    /// # Errors
    /// [`Malformed`] where they are unreadable.
    pub fn subject_alt_name(&self) -> Result<Vec<GeneralName>, Error> {
        self.extensions.subject_alt_name()
    }

    /// The other attributes, in their order.
    #[must_use]
    pub fn attributes(&self) -> &[Attribute] {
        &self.attributes
    }

    /// How it is signed, as received.
    #[must_use]
    pub const fn signature_algorithm(&self) -> &AlgorithmIdentifier {
        &self.signature_algorithm
    }

    /// Checks the request's own signature, over the bytes as received: the proof that whoever asks
    /// holds the private key (RFC 2986 §3).
    ///
    /// # Errors
    /// [`Rejected::Signature`] if it is wrong,
    /// [`Unsupported`](crate::error::Unsupported) if that cannot be told.
    pub fn verify(&self, provider: &dyn Provider, tolerance: &Tolerance) -> Result<(), Error> {
        const WHAT: &str = "the certification request";
        let algorithm = SignatureAlgorithm::try_from(&self.signature_algorithm)?;
        tolerance.check_digest(algorithm.digest())?;
        let info = self
            .der
            .expose()
            .get(self.info.clone())
            .ok_or_else(|| Malformed::new(0, "CertificationRequestInfo", Found::End))?;
        provider.verify(&self.public_key, algorithm, info, &self.signature).map_err(|error| {
            match error {
                Error::Rejected(Rejected::Signature(_)) => Rejected::Signature(WHAT).into(),
                other => other,
            }
        })
    }
}

impl PartialEq for Csr {
    fn eq(&self, other: &Self) -> bool {
        self.der == other.der
    }
}

impl Eq for Csr {}

impl fmt::Debug for Csr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Csr")
            .field("subject", &self.subject)
            .field("public_key", &self.public_key.kind())
            .field("challenge_password", &self.challenge_password)
            .finish_non_exhaustive()
    }
}
