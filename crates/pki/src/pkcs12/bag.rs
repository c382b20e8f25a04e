//! SafeContents and the bags in them (RFC 7292 §4.2).

use super::password::push_bmp;
use crate::algorithm::AlgorithmIdentifier;
use crate::asn1::{Reader, Tlv, Writer, tag};
use crate::attribute::Attribute;
use crate::error::{Error, LimitExceeded};
use crate::limits::Limits;
use crate::oid;
use crate::secret::Secret;

/// The bags of a file that matter here, in the order in which they came.
#[derive(Default)]
pub(super) struct Bags {
    pub(super) keys: Vec<KeyBag>,
    pub(super) certificates: Vec<CertificateBag>,
}

pub(super) struct KeyBag {
    pub(super) key: Key,
    pub(super) labels: Labels,
}

pub(super) enum Key {
    /// A PrivateKeyInfo.
    Plain(Secret),
    /// An EncryptedPrivateKeyInfo.
    Shrouded { algorithm: AlgorithmIdentifier, encrypted: Vec<u8> },
}

pub(super) struct CertificateBag {
    pub(super) der: Vec<u8>,
    pub(super) labels: Labels,
}

/// The attributes of a bag that matter here.
#[derive(Default)]
pub(super) struct Labels {
    pub(super) local_key_id: Option<Vec<u8>>,
    pub(super) friendly_name: Option<String>,
}

impl Bags {
    /// Reads the bags of a SafeContents. Kinds that nobody here needs are passed over.
    pub(super) fn read(&mut self, contents: &[u8], limits: &Limits) -> Result<(), Error> {
        let contents = Tlv::parse(contents, "SafeContents")?;
        self.read_all(Reader::new(contents.raw).sequence("SafeContents")?, limits, 0)
    }

    fn read_all(
        &mut self,
        mut bags: Reader<'_>,
        limits: &Limits,
        depth: usize,
    ) -> Result<(), Error> {
        LimitExceeded::check("nesting", limits.depth, depth)?;
        while !bags.is_empty() {
            let mut fields = bags.sequence("SafeBag")?;
            let kind = fields.oid("bagId")?;
            let mut value = fields.expect(tag::constructed(0), "bagValue")?.reader();
            let labels = match fields.optional(tag::SET, "bagAttributes")? {
                Some(attributes) => Labels::read(attributes.reader(), limits)?,
                None => Labels::default(),
            };
            fields.finish("the end of SafeBag")?;
            match kind {
                oid::KEY_BAG => {
                    let key = value.expect(tag::SEQUENCE, "PrivateKeyInfo")?.raw.to_vec();
                    self.keys.push(KeyBag { key: Key::Plain(Secret::new(key)), labels });
                }
                oid::SHROUDED_KEY_BAG => {
                    let mut fields = value.sequence("EncryptedPrivateKeyInfo")?;
                    let algorithm = AlgorithmIdentifier::read(&mut fields, "encryptionAlgorithm")?;
                    let encrypted = fields.expect(tag::OCTET_STRING, "encryptedData")?;
                    let encrypted = encrypted.value.to_vec();
                    fields.finish("the end of EncryptedPrivateKeyInfo")?;
                    self.keys.push(KeyBag { key: Key::Shrouded { algorithm, encrypted }, labels });
                }
                oid::CERT_BAG => self.read_certificate(&mut value, labels, limits)?,
                oid::SAFE_CONTENTS_BAG => {
                    let inner = value.sequence("SafeContents")?;
                    self.read_all(inner, limits, depth.saturating_add(1))?;
                }
                _ => continue,
            }
            value.finish("the end of bagValue")?;
        }
        Ok(())
    }

    fn read_certificate(
        &mut self,
        value: &mut Reader<'_>,
        labels: Labels,
        limits: &Limits,
    ) -> Result<(), Error> {
        let mut fields = value.sequence("CertBag")?;
        let kind = fields.oid("certId")?;
        let mut content = fields.expect(tag::constructed(0), "certValue")?.reader();
        fields.finish("the end of CertBag")?;
        // The other kind, SDSI, was never more than a proposal.
        if kind == oid::X509_CERTIFICATE {
            let found = self.certificates.len().saturating_add(1);
            LimitExceeded::check("certificates", limits.certificates, found)?;
            let der = content.expect(tag::OCTET_STRING, "certValue")?.value.to_vec();
            content.finish("the end of certValue")?;
            self.certificates.push(CertificateBag { der, labels });
        }
        Ok(())
    }
}

impl Labels {
    /// Reads what is understood; a label in a shape of its own is as good as none.
    fn read(set: Reader<'_>, limits: &Limits) -> Result<Self, Error> {
        let mut labels = Self::default();
        for attribute in Attribute::read_all(set, limits)? {
            let Some(Ok(value)) = attribute.values.first().map(|raw| Tlv::parse(raw, "a label"))
            else {
                continue;
            };
            match attribute.oid {
                oid::LOCAL_KEY_ID => labels.local_key_id = Some(value.value.to_vec()),
                oid::FRIENDLY_NAME => labels.friendly_name = value.text(),
                _ => {}
            }
        }
        Ok(labels)
    }

    /// Writes the bagAttributes, or nothing where there is none: some readers refuse an empty set.
    fn write(&self, w: &mut Writer) {
        let friendly_name = self.friendly_name.as_ref().map(|text| {
            let mut bmp = Vec::new();
            push_bmp(text, &mut bmp);
            let value = Writer::build(|w| w.value(tag::BMP_STRING, &bmp));
            Attribute::new(oid::FRIENDLY_NAME, value)
        });
        let local_key_id = self.local_key_id.as_ref().map(|id| {
            let value = Writer::build(|w| w.value(tag::OCTET_STRING, id));
            Attribute::new(oid::LOCAL_KEY_ID, value)
        });
        let attributes: Vec<_> =
            friendly_name.iter().chain(&local_key_id).map(Attribute::to_der).collect();
        if !attributes.is_empty() {
            w.set_of(tag::SET, attributes);
        }
    }
}

/// The SafeContents with these certificates.
pub(super) fn write_certificates(bags: &[CertificateBag]) -> Vec<u8> {
    Writer::build(|w| {
        w.sequence(|w| {
            for bag in bags {
                w.sequence(|w| {
                    w.oid(&oid::CERT_BAG);
                    w.nested(tag::constructed(0), |w| {
                        w.sequence(|w| {
                            w.oid(&oid::X509_CERTIFICATE);
                            w.nested(tag::constructed(0), |w| {
                                w.value(tag::OCTET_STRING, &bag.der);
                            });
                        });
                    });
                    bag.labels.write(w);
                });
            }
        });
    })
}

/// The SafeContents with one private key, which `write_algorithm` says how was encrypted.
pub(super) fn write_key(
    write_algorithm: impl FnOnce(&mut Writer),
    encrypted: &[u8],
    labels: &Labels,
) -> Vec<u8> {
    Writer::build(|w| {
        w.sequence(|w| {
            w.sequence(|w| {
                w.oid(&oid::SHROUDED_KEY_BAG);
                w.nested(tag::constructed(0), |w| {
                    w.sequence(|w| {
                        write_algorithm(w);
                        w.value(tag::OCTET_STRING, encrypted);
                    });
                });
                labels.write(w);
            });
        });
    })
}
