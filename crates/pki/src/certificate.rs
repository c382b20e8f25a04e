//! X.509 certificates (RFC 5280 §4.1), read without being judged.

use core::fmt;
use core::ops::Range;

use crate::algorithm::{AlgorithmIdentifier, DigestAlgorithm, SignatureAlgorithm};
use crate::asn1::{Reader, Tlv, tag};
use crate::error::{Error, Found, LimitExceeded, Rejected};
use crate::extension::{Extensions, KeyUsage};
use crate::limits::Limits;
use crate::name::Name;
use crate::provider::Provider;
use crate::public_key::PublicKey;
use crate::time::Validity;
use crate::tolerance::Tolerance;

/// A certificate: the bytes as received, and a view of them.
///
/// Reading takes what devices send: version 1, serial numbers of any length and sign, odd dates,
/// unknown algorithms. It says nothing about trust; [`is_signed_by`](Self::is_signed_by) checks one
/// signature, over the bytes as received.
#[derive(Clone)]
pub struct Certificate {
    der: Vec<u8>,
    tbs: Range<usize>,
    serial: Vec<u8>,
    /// The signature algorithm inside what is signed.
    signed_algorithm: AlgorithmIdentifier,
    signature_algorithm: AlgorithmIdentifier,
    issuer: Name,
    validity: Validity,
    subject: Name,
    public_key: PublicKey,
    extensions: Extensions,
    signature: Range<usize>,
}

impl Certificate {
    /// Reads one DER certificate.
    ///
    /// # Errors
    /// [`Malformed`](crate::error::Malformed) if it is none, or
    /// [`LimitExceeded`](crate::error::LimitExceeded).
    pub fn parse(der: &[u8], limits: &Limits) -> Result<Self, Error> {
        LimitExceeded::check("the certificate (bytes)", limits.message_bytes, der.len())?;
        let outer = Tlv::parse(der, "Certificate")?;
        if outer.tag != tag::SEQUENCE {
            return Err(outer.unexpected("Certificate", Found::Tag(outer.tag)));
        }
        let mut fields = outer.reader();
        let tbs = fields.expect(tag::SEQUENCE, "TBSCertificate")?;
        let signature_algorithm = AlgorithmIdentifier::read(&mut fields, "signatureAlgorithm")?;
        let signature = fields.expect(tag::BIT_STRING, "signatureValue")?;
        let signature_octets = signature.bit_string_octets("signatureValue")?;
        fields.finish("the end of Certificate")?;

        let mut fields = tbs.reader();
        fields.optional(tag::constructed(0), "version")?;
        let serial = fields.expect(tag::INTEGER, "serialNumber")?.value.to_vec();
        let signed_algorithm = AlgorithmIdentifier::read(&mut fields, "signature")?;
        let issuer = Name::read(&mut fields, "issuer")?;
        let validity = Validity::read(&mut fields)?;
        let subject = Name::read(&mut fields, "subject")?;
        let public_key = PublicKey::read(&mut fields, "subjectPublicKeyInfo", limits)?;
        fields.optional(tag::primitive(1), "issuerUniqueID")?;
        fields.optional(tag::primitive(2), "subjectUniqueID")?;
        let extensions = match fields.optional(tag::constructed(3), "extensions")? {
            Some(extensions) => Extensions::read(&mut extensions.reader(), limits)?,
            None => Extensions::default(),
        };
        fields.finish("the end of TBSCertificate")?;

        Ok(Self {
            tbs: range(&tbs, tbs.raw),
            signature: range(&signature, signature_octets),
            der: der.to_vec(),
            serial,
            signed_algorithm,
            signature_algorithm,
            issuer,
            validity,
            subject,
            public_key,
            extensions,
        })
    }

    /// The certificate as received.
    #[must_use]
    pub fn as_der(&self) -> &[u8] {
        &self.der
    }

    /// The content octets of serialNumber, as received.
    #[must_use]
    pub fn serial(&self) -> &[u8] {
        &self.serial
    }

    /// The issuer's name.
    #[must_use]
    pub const fn issuer(&self) -> &Name {
        &self.issuer
    }

    /// The subject's name.
    #[must_use]
    pub const fn subject(&self) -> &Name {
        &self.subject
    }

    /// From when until when it is valid.
    #[must_use]
    pub const fn validity(&self) -> Validity {
        self.validity
    }

    /// The certified key.
    #[must_use]
    pub const fn public_key(&self) -> &PublicKey {
        &self.public_key
    }

    /// The extensions; none in a version 1 certificate.
    #[must_use]
    pub const fn extensions(&self) -> &Extensions {
        &self.extensions
    }

    /// How it is signed, as received.
    #[must_use]
    pub const fn signature_algorithm(&self) -> &AlgorithmIdentifier {
        &self.signature_algorithm
    }

    /// Whether subject and issuer are the same: the mark of a self-issued certificate.
    #[must_use]
    pub fn is_self_issued(&self) -> bool {
        self.subject == self.issuer
    }

    /// Whether basicConstraints makes it a CA.
    #[must_use]
    pub fn is_ca(&self) -> bool {
        self.extensions.basic_constraints().is_some_and(|constraints| constraints.ca)
    }

    /// Whether keyUsage permits `usage`. A certificate without keyUsage permits everything
    /// (RFC 5280 §4.2.1.3).
    #[must_use]
    pub fn permits(&self, usage: KeyUsage) -> bool {
        self.extensions.key_usage().is_none_or(|granted| granted.contains(usage))
    }

    /// Checks that `issuer` made the signature of this certificate, over the bytes as received.
    ///
    /// That is one step of path validation (RFC 5280 §6.1.3 (a)(1)): names, validity, constraints
    /// and revocation are not looked at.
    ///
    /// # Errors
    /// [`Rejected::Signature`] if it did not, [`Unsupported`](crate::error::Unsupported) if that
    /// cannot be told.
    pub fn is_signed_by(
        &self,
        issuer: &PublicKey,
        provider: &dyn Provider,
        tolerance: &Tolerance,
    ) -> Result<(), Error> {
        const WHAT: &str = "the certificate";
        // RFC 5280 §4.1.1.2: the one that is signed and the one beside the signature are the same.
        if self.signed_algorithm != self.signature_algorithm {
            return Err(Rejected::Signature(WHAT).into());
        }
        let algorithm = SignatureAlgorithm::try_from(&self.signature_algorithm)?;
        tolerance.check_digest(algorithm.digest())?;
        let tbs = self.der.get(self.tbs.clone()).ok_or(Rejected::Signature(WHAT))?;
        let signature = self.der.get(self.signature.clone()).ok_or(Rejected::Signature(WHAT))?;
        provider.verify(issuer, algorithm, tbs, signature).map_err(|error| match error {
            Error::Rejected(Rejected::Signature(_)) => Rejected::Signature(WHAT).into(),
            other => other,
        })
    }

    /// The digest of the whole certificate, what people compare as its fingerprint.
    ///
    /// # Errors
    /// [`Unsupported`](crate::error::Unsupported) if the backend lacks the digest.
    pub fn fingerprint(
        &self,
        digest: DigestAlgorithm,
        provider: &dyn Provider,
    ) -> Result<Vec<u8>, Error> {
        provider.digest(digest, &self.der)
    }

    /// Reads the issuer and serial number without requiring the rest to be readable.
    ///
    /// # Errors
    /// [`Malformed`](crate::error::Malformed) if even these cannot be found.
    pub(crate) fn peek_issuer_and_serial(der: &[u8]) -> Result<(&[u8], &[u8]), Error> {
        let mut tbs = Reader::new(der).sequence("Certificate")?.sequence("TBSCertificate")?;
        tbs.optional(tag::constructed(0), "version")?;
        let serial = tbs.expect(tag::INTEGER, "serialNumber")?.value;
        tbs.expect(tag::SEQUENCE, "signature")?;
        Ok((tbs.expect(tag::SEQUENCE, "issuer")?.raw, serial))
    }
}

/// Where `part`, which lies at the end of `tlv`, lies in the whole input.
pub(crate) fn range(tlv: &Tlv<'_>, part: &[u8]) -> Range<usize> {
    let end = tlv.offset.saturating_add(tlv.raw.len());
    end.saturating_sub(part.len())..end
}

impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        self.der == other.der
    }
}

impl Eq for Certificate {}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificate")
            .field("subject", &self.subject)
            .field("issuer", &self.issuer)
            .field("validity", &self.validity)
            .finish_non_exhaustive()
    }
}
