//! SignedData (RFC 5652 §5.1), read.

use const_oid::ObjectIdentifier;

use super::{SignerIdentifier, content_info};
use crate::algorithm::AlgorithmIdentifier;
use crate::asn1::{Reader, Tlv, tag};
use crate::attribute::Attribute;
use crate::ber;
use crate::certificate::Certificate;
use crate::error::{Error, LimitExceeded, Rejected};
use crate::limits::Limits;
use crate::oid;
use crate::tolerance::Tolerance;

/// A signed message, not yet believed: see [`verify`](Self::verify).
///
/// Certificates and CRLs are carried as they came and decoded one by one on demand, so that an odd
/// one does not spoil the message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedData {
    pub(super) version: u64,
    pub(super) digest_algorithms: Vec<AlgorithmIdentifier>,
    /// What the kinds of its certificates and CRLs make of the version (RFC 5652 §5.1): 1 where all
    /// are X.509's.
    pub(super) version_of_choices: u64,
    pub(super) content_type: ObjectIdentifier,
    pub(super) content: Content,
    certificates: Vec<Vec<u8>>,
    crls: Vec<Vec<u8>>,
    signers: Vec<SignerInfo>,
}

/// The encapsulated content of a signed message.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Content {
    /// There is no eContent.
    Absent,
    /// The octets of the eContent OCTET STRING.
    Octets(Vec<u8>),
    /// PKCS #7 v1.5 put the content there without an OCTET STRING: its encoding, as it came.
    Other(Vec<u8>),
}

/// SignerInfo (RFC 5652 §5.3), as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignerInfo {
    pub(super) version: u64,
    pub(super) sid: SignerIdentifier,
    pub(super) digest_algorithm: AlgorithmIdentifier,
    /// The content octets of `signedAttrs [0]`, in the order sent.
    pub(super) signed_attributes: Option<Vec<u8>>,
    pub(super) attributes: Vec<Attribute>,
    pub(super) signature_algorithm: AlgorithmIdentifier,
    pub(super) signature: Vec<u8>,
}

impl SignedData {
    /// Reads a ContentInfo that holds SignedData, in DER or BER.
    ///
    /// # Errors
    /// [`Malformed`](crate::error::Malformed) if it is none,
    /// [`LimitExceeded`](crate::error::LimitExceeded) for too many certificates, CRLs or attributes.
    pub fn parse(input: &[u8], limits: &Limits) -> Result<Self, Error> {
        let der = ber::normalise(input, limits)?;
        let mut fields = content_info(&der, oid::SIGNED_DATA, "SignedData")?.reader();
        const VERSION: &str = "the version of SignedData";
        let version = fields.expect(tag::INTEGER, VERSION)?.unsigned(VERSION)?;
        let mut digests = fields.expect(tag::SET, "digestAlgorithms")?.reader();
        let mut digest_algorithms = Vec::new();
        while !digests.is_empty() {
            let count = digest_algorithms.len().saturating_add(1);
            LimitExceeded::check("digest algorithms", limits.recipients, count)?;
            digest_algorithms.push(AlgorithmIdentifier::read(&mut digests, "digestAlgorithms")?);
        }
        let (content_type, content) = read_content(&mut fields)?;
        let mut version_of_choices = 1;
        let mut read_choices = |set: Option<Tlv<'_>>, what, limit, version_of: fn(u8) -> u64| {
            let Some(set) = set else { return Ok(Vec::new()) };
            read_set(set.reader(), what, limit, |tag| {
                version_of_choices = version_of(tag).max(version_of_choices);
            })
        };
        let set = fields.optional(tag::constructed(0), "certificates")?;
        let certificates =
            read_choices(set, "certificates", limits.certificates, version_of_certificate)?;
        let set = fields.optional(tag::constructed(1), "crls")?;
        let crls = read_choices(set, "CRLs", limits.crls, |_| 5)?;
        let mut infos = fields.expect(tag::SET, "signerInfos")?.reader();
        fields.finish("the end of SignedData")?;
        let mut signers = Vec::new();
        while !infos.is_empty() {
            LimitExceeded::check("signers", limits.recipients, signers.len().saturating_add(1))?;
            signers.push(SignerInfo::read(&mut infos, limits)?);
        }
        Ok(Self {
            version,
            digest_algorithms,
            version_of_choices,
            content_type,
            content,
            certificates,
            crls,
            signers,
        })
    }

    /// The type of the content: id-data in all of SCEP.
    #[must_use]
    pub const fn content_type(&self) -> ObjectIdentifier {
        self.content_type
    }

    /// The content, believed or not. What [`verify`](Self::verify) returns is believed.
    #[must_use]
    pub const fn unverified_content(&self) -> &Content {
        &self.content
    }

    /// The encodings of the certificates, in the order sent.
    pub fn certificates(&self) -> impl Iterator<Item = &[u8]> {
        self.certificates.iter().map(Vec::as_slice)
    }

    /// The encodings of the CRLs, in the order sent.
    pub fn crls(&self) -> impl Iterator<Item = &[u8]> {
        self.crls.iter().map(Vec::as_slice)
    }

    /// Every SignerInfo, in the order sent.
    #[must_use]
    pub fn signers(&self) -> &[SignerInfo] {
        &self.signers
    }

    /// The only SignerInfo.
    ///
    /// # Errors
    /// [`Rejected::SignerCount`] if there is none or a second one: where several signers may
    /// speak, attributes of one can be read under the signature of another.
    pub fn signer(&self) -> Result<&SignerInfo, Rejected> {
        match self.signers.as_slice() {
            [signer] => Ok(signer),
            other => Err(Rejected::SignerCount(other.len())),
        }
    }

    /// The certificate in this message that belongs to its signer. It proves nothing by itself.
    ///
    /// # Errors
    /// [`Rejected::NoSignerCertificate`] if none does, [`Malformed`](crate::error::Malformed) if
    /// the one that does is unreadable.
    pub fn signer_certificate(
        &self,
        limits: &Limits,
        tolerance: &Tolerance,
    ) -> Result<Certificate, Error> {
        let sid = &self.signer()?.sid;
        let mut unreadable = None;
        for der in &self.certificates {
            match Certificate::parse(der, limits) {
                Ok(certificate) if sid.names(&certificate, tolerance) => return Ok(certificate),
                Ok(_) => {}
                Err(error) if sid.may_name(der) => unreadable = Some(error),
                Err(_) => {}
            }
        }
        Err(unreadable.unwrap_or_else(|| Rejected::NoSignerCertificate.into()))
    }
}

impl SignerIdentifier {
    /// Whether this could mean a certificate that cannot be read as a whole.
    fn may_name(&self, der: &[u8]) -> bool {
        match (self, Certificate::peek_issuer_and_serial(der)) {
            (Self::IssuerAndSerialNumber { issuer, serial }, Ok(found)) => {
                (issuer.as_der(), serial.as_slice()) == found
            }
            _ => false,
        }
    }
}

impl SignerInfo {
    fn read(infos: &mut Reader<'_>, limits: &Limits) -> Result<Self, Error> {
        let mut fields = infos.sequence("SignerInfo")?;
        const VERSION: &str = "the version of SignerInfo";
        let version = fields.expect(tag::INTEGER, VERSION)?.unsigned(VERSION)?;
        let sid = SignerIdentifier::read(&mut fields)?;
        let digest_algorithm = AlgorithmIdentifier::read(&mut fields, "digestAlgorithm")?;
        let signed = fields.optional(tag::constructed(0), "signedAttrs")?;
        let attributes = match &signed {
            Some(set) => Attribute::read_all(set.reader(), limits)?,
            None => Vec::new(),
        };
        let signature_algorithm = AlgorithmIdentifier::read(&mut fields, "signatureAlgorithm")?;
        let signature = fields.expect(tag::OCTET_STRING, "signature")?.value.to_vec();
        fields.optional(tag::constructed(1), "unsignedAttrs")?;
        fields.finish("the end of SignerInfo")?;
        Ok(Self {
            version,
            sid,
            digest_algorithm,
            signed_attributes: signed.map(|set| set.value.to_vec()),
            attributes,
            signature_algorithm,
            signature,
        })
    }

    /// Whom the signer says to be.
    #[must_use]
    pub const fn identifier(&self) -> &SignerIdentifier {
        &self.sid
    }

    /// The digest algorithm, as sent.
    #[must_use]
    pub const fn digest_algorithm(&self) -> &AlgorithmIdentifier {
        &self.digest_algorithm
    }

    /// The signature algorithm, as sent.
    #[must_use]
    pub const fn signature_algorithm(&self) -> &AlgorithmIdentifier {
        &self.signature_algorithm
    }

    /// The signed attributes in the order sent, before anybody checked the signature.
    #[must_use]
    pub fn unverified_attributes(&self) -> &[Attribute] {
        &self.attributes
    }
}

/// EncapsulatedContentInfo (RFC 5652 §5.2).
fn read_content(fields: &mut Reader<'_>) -> Result<(ObjectIdentifier, Content), Error> {
    let mut fields = fields.sequence("encapContentInfo")?;
    let content_type = fields.oid("eContentType")?;
    let content = match fields.optional(tag::constructed(0), "eContent")? {
        None => Content::Absent,
        Some(explicit) => {
            let mut inner = explicit.reader();
            let value = inner.any("the content of a signed message")?;
            inner.finish("the end of eContent")?;
            match value.tag {
                tag::OCTET_STRING => Content::Octets(value.value.to_vec()),
                _ => Content::Other(value.raw.to_vec()),
            }
        }
    };
    fields.finish("the end of encapContentInfo")?;
    Ok((content_type, content))
}

/// The version of a message (RFC 5652 §5.1) with this CertificateChoices (§10.2.2), which is no
/// X.509 certificate.
const fn version_of_certificate(tag: u8) -> u64 {
    const V1_ATTRIBUTE_CERTIFICATE: u8 = tag::constructed(1);
    const V2_ATTRIBUTE_CERTIFICATE: u8 = tag::constructed(2);
    match tag {
        V1_ATTRIBUTE_CERTIFICATE => 3,
        V2_ATTRIBUTE_CERTIFICATE => 4,
        _ => 5,
    }
}

/// The X.509 elements of a SET of certificates or CRLs, as they came. `pass_over` gets the tag of
/// each that is another choice.
fn read_set(
    mut set: Reader<'_>,
    what: &'static str,
    limit: usize,
    mut pass_over: impl FnMut(u8),
) -> Result<Vec<Vec<u8>>, Error> {
    let mut all = Vec::new();
    while !set.is_empty() {
        let element = set.any(what)?;
        // Attribute certificates and other choices have context-specific tags; nobody needs them.
        if element.tag != tag::SEQUENCE {
            pass_over(element.tag);
            continue;
        }
        LimitExceeded::check(what, limit, all.len().saturating_add(1))?;
        all.push(element.raw.to_vec());
    }
    Ok(all)
}
