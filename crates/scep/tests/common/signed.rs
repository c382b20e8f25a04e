//! A signed message around content of any type, as GetNextCACert replies are.

use const_oid::ObjectIdentifier;
use devicecert_crypto_rust::{PrivateKey, RustCrypto};
use devicecert_pki::algorithm::DigestAlgorithm;
use devicecert_pki::asn1::{Tlv, Writer, tag};
use devicecert_pki::{Certificate, Provider, Signer, ToBeSigned, oid};

use super::pki_message::octets;

/// What stands in eContent.
#[derive(Clone)]
pub(crate) enum Inside {
    Nothing,
    Octets(Vec<u8>),
    /// A value without an OCTET STRING around it, as in PKCS #7.
    Bare(Vec<u8>),
}

#[derive(Clone)]
pub(crate) struct Signed {
    pub(crate) content_type: ObjectIdentifier,
    pub(crate) inside: Inside,
    /// Beside the signature, which does not cover them.
    pub(crate) certificates: Vec<Certificate>,
    pub(crate) signer: Certificate,
    pub(crate) key: &'static PrivateKey,
}

impl Signed {
    pub(crate) fn to_der(&self) -> Vec<u8> {
        let digested = match &self.inside {
            Inside::Nothing => Vec::new(),
            Inside::Octets(content) => content.clone(),
            Inside::Bare(value) => Tlv::parse(value, "content").unwrap().value.to_vec(),
        };
        let sha256 = DigestAlgorithm::Sha256;
        let digest = RustCrypto.digest(sha256, &digested).unwrap();
        let attribute = |oid: &ObjectIdentifier, value: &[u8]| {
            Writer::build(|w| {
                w.sequence(|w| {
                    w.oid(oid);
                    w.value(tag::SET, value);
                });
            })
        };
        let content_type = Writer::build(|w| w.oid(&self.content_type));
        let attributes = vec![
            attribute(&oid::CONTENT_TYPE, &content_type),
            attribute(&oid::MESSAGE_DIGEST, &octets(&digest)),
        ];
        let to_be_signed = Writer::build(|w| w.set_of(tag::SET, attributes.clone()));
        let algorithm = self.key.public_key().signature_algorithm(sha256).unwrap();
        let ask = ToBeSigned::new(self.key.public_key().clone(), algorithm, to_be_signed);
        let signature = self.key.sign(&ask).unwrap();
        let version = if self.content_type == oid::DATA { 1 } else { 3 };
        content_info(&Writer::build(|w| {
            w.sequence(|w| {
                w.unsigned(version);
                w.nested(tag::SET, |w| sha256.identifier().write(w));
                w.sequence(|w| {
                    w.oid(&self.content_type);
                    match &self.inside {
                        Inside::Nothing => {}
                        Inside::Octets(content) => {
                            w.nested(tag::constructed(0), |w| w.raw(&octets(content)));
                        }
                        Inside::Bare(value) => w.value(tag::constructed(0), value),
                    }
                });
                if !self.certificates.is_empty() {
                    w.nested(tag::constructed(0), |w| {
                        self.certificates.iter().for_each(|one| w.raw(one.as_der()));
                    });
                }
                w.nested(tag::SET, |w| {
                    w.sequence(|w| {
                        w.unsigned(1);
                        w.sequence(|w| {
                            w.raw(self.signer.issuer().as_der());
                            w.value(tag::INTEGER, self.signer.serial());
                        });
                        sha256.identifier().write(w);
                        w.set_of(tag::constructed(0), attributes);
                        algorithm.signer_info_identifier().unwrap().write(w);
                        w.raw(&octets(&signature));
                    });
                });
            });
        }))
    }
}

/// A ContentInfo around SignedData.
pub(crate) fn content_info(signed_data: &[u8]) -> Vec<u8> {
    Writer::build(|w| {
        w.sequence(|w| {
            w.oid(&oid::SIGNED_DATA);
            w.value(tag::constructed(0), signed_data);
        });
    })
}
