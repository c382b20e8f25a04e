//! Making a signed message (RFC 5652 §5).

use const_oid::ObjectIdentifier;

use super::{SignerIdentifier, write_content_info};
use crate::algorithm::DigestAlgorithm;
use crate::asn1::{Writer, tag};
use crate::attribute::Attribute;
use crate::certificate::Certificate;
use crate::error::Error;
use crate::oid;
use crate::pending::Unsigned;
use crate::provider::{Provider, ToBeSigned};

/// What a signed message with one signer is to hold.
///
/// It is written as every known peer reads it: `rsaEncryption` as the signature algorithm of RSA,
/// NULL parameters, attributes sorted as DER asks, certificates in the order given.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SignedDataParams {
    /// The type of the content. Default id-data.
    pub content_type: ObjectIdentifier,
    /// The content; empty content is written as an empty OCTET STRING.
    pub content: Vec<u8>,
    /// The certificate of the signer; it names the signer and its key has to sign.
    pub signer: Certificate,
    /// The digest. Default SHA-256.
    pub digest: DigestAlgorithm,
    /// Signed attributes beside contentType and messageDigest.
    pub attributes: Vec<Attribute>,
    /// Certificates to send along, in this order.
    pub certificates: Vec<Certificate>,
}

impl SignedDataParams {
    /// A message with this content and no further attributes or certificates.
    #[must_use]
    pub const fn new(signer: Certificate, content: Vec<u8>) -> Self {
        Self {
            content_type: oid::DATA,
            content,
            signer,
            digest: DigestAlgorithm::Sha256,
            attributes: Vec::new(),
            certificates: Vec::new(),
        }
    }

    /// Writes the message (a ContentInfo); what is missing is the signature.
    ///
    /// # Errors
    /// [`Unsupported`](crate::error::Unsupported) for a signer's key that cannot sign, or a digest
    /// that the backend lacks.
    pub fn unsigned(&self, provider: &dyn Provider) -> Result<Unsigned<Vec<u8>>, Error> {
        let algorithm = self.signer.public_key().signature_algorithm(self.digest)?;
        let signature_algorithm = algorithm.signer_info_identifier()?;
        let attributes = self.encoded_attributes(provider)?;
        let to_be_signed = Writer::build(|w| w.set_of(tag::SET, attributes.clone()));

        let Self { content_type, content, digest, certificates, signer, .. } = self.clone();
        let ask = ToBeSigned::new(signer.public_key().clone(), algorithm, to_be_signed);
        Ok(Unsigned::new(ask, move |signature| {
            Ok(write_content_info(&oid::SIGNED_DATA, |w| {
                // RFC 5652 §5.1: version 1 while content is id-data, 3 otherwise.
                w.unsigned(if content_type == oid::DATA { 1 } else { 3 });
                w.nested(tag::SET, |w| digest.identifier().write(w));
                w.sequence(|w| {
                    w.oid(&content_type);
                    w.nested(tag::constructed(0), |w| w.value(tag::OCTET_STRING, &content));
                });
                if !certificates.is_empty() {
                    w.nested(tag::constructed(0), |w| {
                        certificates.iter().for_each(|certificate| w.raw(certificate.as_der()));
                    });
                }
                w.nested(tag::SET, |w| {
                    w.sequence(|w| {
                        w.unsigned(1);
                        SignerIdentifier::of(&signer).write(w);
                        digest.identifier().write(w);
                        w.set_of(tag::constructed(0), attributes);
                        signature_algorithm.write(w);
                        w.value(tag::OCTET_STRING, signature);
                    });
                });
            }))
        }))
    }

    fn encoded_attributes(&self, provider: &dyn Provider) -> Result<Vec<Vec<u8>>, Error> {
        let digest = provider.digest(self.digest, &self.content)?;
        let content_type = Writer::build(|w| w.oid(&self.content_type));
        let message_digest = Writer::build(|w| w.value(tag::OCTET_STRING, &digest));
        let required = [
            Attribute::new(oid::CONTENT_TYPE, content_type),
            Attribute::new(oid::MESSAGE_DIGEST, message_digest),
        ];
        Ok(required.iter().chain(&self.attributes).map(Attribute::to_der).collect())
    }
}
