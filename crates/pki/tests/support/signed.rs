//! SignedData (RFC 5652 §5) piece by piece.

use const_oid::ObjectIdentifier;
use devicecert_crypto_rust::{PrivateKey, RustCrypto};
use devicecert_pki::algorithm::DigestAlgorithm;
use devicecert_pki::asn1::{Writer, tag};
use devicecert_pki::cms::SignedData;
use devicecert_pki::{Provider, oid};

use super::{NULL, algorithm, attribute, limits, oid_value, rsa, sequence, sign, testdata, tlv};

/// A message that is right as [`Message::new`] makes it. Every field is an encoding.
#[derive(Clone)]
pub(crate) struct Message {
    pub(crate) version: u64,
    pub(crate) digests: Vec<Vec<u8>>,
    pub(crate) content_type: ObjectIdentifier,
    pub(crate) content: Option<Vec<u8>>,
    pub(crate) certificates: Vec<Vec<u8>>,
    pub(crate) crls: Vec<Vec<u8>>,
    pub(crate) signers: Vec<Vec<u8>>,
}

/// The SignerInfo of [`rsa`], SHA-256, right as [`Signer::new`] makes it.
#[derive(Clone)]
pub(crate) struct Signer {
    pub(crate) version: u64,
    pub(crate) sid: Vec<u8>,
    pub(crate) digest: Vec<u8>,
    /// As sent, in this order.
    pub(crate) attributes: Option<Vec<Vec<u8>>>,
    /// The octets that are signed; `None` for the attributes as sent.
    pub(crate) signed: Option<Vec<u8>>,
    pub(crate) algorithm: Vec<u8>,
    pub(crate) unsigned_attributes: Vec<u8>,
}

pub(crate) const CONTENT: &[u8] = b"the content";

impl Message {
    pub(crate) fn new(signers: impl IntoIterator<Item = Signer>) -> Self {
        Self {
            version: 1,
            digests: vec![algorithm(oid::SHA256, NULL)],
            content_type: oid::DATA,
            content: Some(tlv(tag::OCTET_STRING, CONTENT)),
            certificates: vec![testdata("rfc5652/rsa.crt")],
            crls: Vec::new(),
            signers: signers.into_iter().map(|signer| signer.to_der(rsa())).collect(),
        }
    }

    pub(crate) fn to_der(&self) -> Vec<u8> {
        let explicit = self.content.as_ref().map(|content| tlv(0xa0, content));
        let optional = |tag, values: &[Vec<u8>]| match values {
            [] => Vec::new(),
            values => tlv(tag, &values.concat()),
        };
        let signed_data = sequence(&[
            &Writer::build(|w| w.unsigned(self.version)),
            &tlv(tag::SET, &self.digests.concat()),
            &sequence(&[&oid_value(self.content_type), &explicit.unwrap_or_default()]),
            &optional(0xa0, &self.certificates),
            &optional(0xa1, &self.crls),
            &tlv(tag::SET, &self.signers.concat()),
        ]);
        sequence(&[&oid_value(oid::SIGNED_DATA), &tlv(0xa0, &signed_data)])
    }

    pub(crate) fn parse(&self) -> SignedData {
        SignedData::parse(&self.to_der(), &limits()).unwrap()
    }
}

impl Signer {
    pub(crate) fn new() -> Self {
        Self::of(CONTENT)
    }

    /// Of this content.
    pub(crate) fn of(content: &[u8]) -> Self {
        let digest = RustCrypto.digest(DigestAlgorithm::Sha256, content).unwrap();
        Self {
            version: 1,
            sid: issuer_and_serial(&testdata("rfc5652/rsa.crt")),
            digest: algorithm(oid::SHA256, NULL),
            attributes: Some(vec![content_type(oid::DATA), message_digest(&digest)]),
            signed: None,
            algorithm: algorithm(oid::RSA_ENCRYPTION, NULL),
            unsigned_attributes: Vec::new(),
        }
    }

    pub(crate) fn with(change: impl FnOnce(&mut Self)) -> Self {
        let mut signer = Self::new();
        change(&mut signer);
        signer
    }

    pub(crate) fn attributes(&mut self) -> &mut Vec<Vec<u8>> {
        self.attributes.as_mut().unwrap()
    }

    pub(crate) fn to_der(&self, key: &PrivateKey) -> Vec<u8> {
        let attributes = self.attributes.as_ref().map(|attributes| attributes.concat());
        let as_sent = tlv(tag::SET, attributes.as_deref().unwrap_or_default());
        let signed = self.signed.as_deref().unwrap_or(&as_sent);
        sequence(&[
            &Writer::build(|w| w.unsigned(self.version)),
            &self.sid,
            &self.digest,
            &attributes.map(|attributes| tlv(0xa0, &attributes)).unwrap_or_default(),
            &self.algorithm,
            &tlv(tag::OCTET_STRING, &sign(key, DigestAlgorithm::Sha256, signed)),
            &self.unsigned_attributes,
        ])
    }
}

pub(crate) fn content_type(oid: ObjectIdentifier) -> Vec<u8> {
    attribute(oid::CONTENT_TYPE, &[&oid_value(oid)])
}

pub(crate) fn message_digest(digest: &[u8]) -> Vec<u8> {
    attribute(oid::MESSAGE_DIGEST, &[&tlv(tag::OCTET_STRING, digest)])
}

/// The IssuerAndSerialNumber of a certificate.
pub(crate) fn issuer_and_serial(certificate: &[u8]) -> Vec<u8> {
    use x509_cert::der::{Decode, Encode};

    let certificate = x509_cert::Certificate::from_der(certificate).unwrap();
    let tbs = certificate.tbs_certificate();
    sequence(&[&tbs.issuer().to_der().unwrap(), &tbs.serial_number().to_der().unwrap()])
}
