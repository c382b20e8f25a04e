//! Checking a signed message (RFC 5652 §5.4, §5.6).

use const_oid::ObjectIdentifier;

use super::{Content, SignedData, SignerIdentifier, SignerInfo};
use crate::algorithm::{AlgorithmIdentifier, DigestAlgorithm, SignatureAlgorithm};
use crate::asn1::{Reader, Tlv, Writer, tag};
use crate::attribute::{Attribute, single};
use crate::certificate::Certificate;
use crate::error::{Error, Rejected};
use crate::oid;
use crate::provider::Provider;
use crate::tolerance::Tolerance;

/// Content and attributes of a signed message whose signature was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    content: Option<Vec<u8>>,
    attributes: Vec<Attribute>,
    digest: DigestAlgorithm,
    resorted: bool,
}

impl SignedData {
    /// Checks that `signer` signed this message.
    ///
    /// Whether `signer` deserves belief is the caller's question. There must be exactly one
    /// SignerInfo, it must mean `signer`, versions and digestAlgorithms must fit it, and it must have
    /// signed attributes among which
    /// contentType and messageDigest fit the content. The signature is checked over the attributes
    /// as sent; sorted as DER asks only then, and only where [`Tolerance::resorted_attributes`]
    /// allows.
    ///
    /// # Errors
    /// [`Rejected`] if anything does not fit, [`Unsupported`](crate::error::Unsupported) for an
    /// algorithm that is unknown or not allowed.
    pub fn verify(
        &self,
        signer: &Certificate,
        provider: &dyn Provider,
        tolerance: &Tolerance,
    ) -> Result<Verified, Error> {
        let info = self.signer()?;
        if !info.sid.names(signer, tolerance) {
            return Err(Rejected::NoSignerCertificate.into());
        }
        self.check_frame(info)?;
        let digest = DigestAlgorithm::try_from(&info.digest_algorithm)?;
        tolerance.check_digest(digest)?;
        let algorithm = SignatureAlgorithm::from_signer_info(&info.signature_algorithm, digest)?;

        let content = match &self.content {
            Content::Absent => None,
            Content::Octets(octets) => Some(octets.clone()),
            // PKCS #7 v1.5 digests the content octets of whatever stands there.
            Content::Other(raw) => Some(Tlv::parse(raw, "the content")?.value.to_vec()),
        };
        self.check_content(info, content.as_deref().unwrap_or_default(), digest, provider)?;
        let resorted = info.check_signature(signer, algorithm, provider, tolerance)?;
        Ok(Verified { content, attributes: info.attributes.clone(), digest, resorted })
    }

    /// What no signature covers must at least be what it has to be: a message should not have
    /// spellings that differ in what they claim.
    fn check_frame(&self, info: &SignerInfo) -> Result<(), Rejected> {
        let by_key_identifier = matches!(info.sid, SignerIdentifier::SubjectKeyIdentifier(_));
        // PKCS #7 knows version 1 only, and those who speak it write that whatever is inside.
        match self.version {
            1 => {}
            3 if by_key_identifier || self.content_type != oid::DATA => {}
            3 if self.version_of_choices == 3 => {}
            4 | 5 if self.version_of_choices > 1 => {}
            _ => return Err(Rejected::Version("SignedData")),
        }
        match info.version {
            1 => {}
            3 if by_key_identifier => {}
            _ => return Err(Rejected::Version("SignerInfo")),
        }
        let is_listed = |listed: &AlgorithmIdentifier| {
            listed.oid == info.digest_algorithm.oid && listed.has_no_parameters()
        };
        if !self.digest_algorithms.iter().any(is_listed) {
            return Err(Rejected::DigestNotListed);
        }
        if info.signed_attributes.is_none() {
            return Err(Rejected::MissingAttribute("signedAttrs"));
        }
        Ok(())
    }

    fn check_content(
        &self,
        info: &SignerInfo,
        content: &[u8],
        digest: DigestAlgorithm,
        provider: &dyn Provider,
    ) -> Result<(), Error> {
        let content_type = single(&info.attributes, oid::CONTENT_TYPE, "contentType")?
            .ok_or(Rejected::MissingAttribute("contentType"))?;
        if Reader::new(content_type.raw).oid("contentType")? != self.content_type {
            return Err(Rejected::ContentType.into());
        }
        let message_digest = single(&info.attributes, oid::MESSAGE_DIGEST, "messageDigest")?
            .ok_or(Rejected::MissingAttribute("messageDigest"))?;
        let claimed = Reader::new(message_digest.raw).expect(tag::OCTET_STRING, "messageDigest")?;
        match claimed.value == provider.digest(digest, content)? {
            true => Ok(()),
            false => Err(Rejected::MessageDigest.into()),
        }
    }
}

impl SignerInfo {
    /// Returns whether the attributes had to be sorted first.
    fn check_signature(
        &self,
        signer: &Certificate,
        algorithm: SignatureAlgorithm,
        provider: &dyn Provider,
        tolerance: &Tolerance,
    ) -> Result<bool, Error> {
        const WHAT: &str = "the message";
        let attributes =
            self.signed_attributes.as_deref().ok_or(Rejected::MissingAttribute("signedAttrs"))?;
        // RFC 5652 §5.4: what is signed has the tag of a SET in place of the [0] that was sent.
        let as_sent = Writer::build(|w| w.value(tag::SET, attributes));
        let check = |message: &[u8]| {
            provider.verify(signer.public_key(), algorithm, message, &self.signature)
        };
        match check(&as_sent) {
            Ok(()) => Ok(false),
            Err(Error::Rejected(Rejected::Signature(_))) => {
                let sorted = sorted(attributes)?;
                match tolerance.resorted_attributes && sorted != as_sent && check(&sorted).is_ok() {
                    true => Ok(true),
                    false => Err(Rejected::Signature(WHAT).into()),
                }
            }
            Err(other) => Err(other),
        }
    }
}

/// The SET OF these elements, sorted as DER asks.
fn sorted(elements: &[u8]) -> Result<Vec<u8>, Error> {
    let mut reader = Reader::new(elements);
    let mut all = Vec::new();
    while !reader.is_empty() {
        all.push(reader.any("Attribute")?.raw.to_vec());
    }
    Ok(Writer::build(|w| w.set_of(tag::SET, all)))
}

impl Verified {
    /// The signed content; `None` where there was no eContent, which is not the same as empty.
    #[must_use]
    pub fn content(&self) -> Option<&[u8]> {
        self.content.as_deref()
    }

    /// The digest that the signer used.
    #[must_use]
    pub const fn digest_algorithm(&self) -> DigestAlgorithm {
        self.digest
    }

    /// Whether the signature fitted only after sorting the attributes.
    #[must_use]
    pub const fn needed_resorting(&self) -> bool {
        self.resorted
    }

    /// The value of a signed attribute; `None` if it is not there. `name` is for the error.
    ///
    /// # Errors
    /// [`Rejected::DuplicateAttribute`] if it is there twice, or does not have exactly one value.
    pub fn attribute(
        &self,
        oid: ObjectIdentifier,
        name: &'static str,
    ) -> Result<Option<Tlv<'_>>, Error> {
        single(&self.attributes, oid, name)
    }
}
