//! CertificationRequestInfoTemplate (RFC 9908 §3.4).

use const_oid::ObjectIdentifier;
use devicecert_pki::algorithm::AlgorithmIdentifier;
use devicecert_pki::asn1::{Reader, Tlv, Writer, tag};
use devicecert_pki::error::LimitExceeded;
use devicecert_pki::{Attribute, Extension, Extensions, KeyKind, PublicKey, oid as pki_oid};

use super::KeyDemand;
use crate::error::{Error, InvalidMessage};
use crate::limits::Limits;
use crate::oid;

/// A request with holes: what is there is to be taken over, what is not is the client's to fill.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Template {
    /// The subject, RDN by RDN; `None` leaves it to the client, and no RDN at all asks for the
    /// empty subject.
    pub subject: Option<Vec<Vec<SubjectAttribute>>>,
    /// The key; `None` leaves it to the client.
    pub key: Option<KeyDemand>,
    /// The extensions to ask for.
    pub extensions: Vec<ExtensionTemplate>,
    /// The other attributes, in their order.
    pub attributes: Vec<Attribute>,
}

/// SingleAttributeTemplate: one attribute of the subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubjectAttribute {
    /// Its type.
    pub oid: ObjectIdentifier,
    /// The encoding of its value; `None` for the client to fill.
    pub value: Option<Vec<u8>>,
}

/// ExtensionTemplate: one extension.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtensionTemplate {
    /// Its type.
    pub oid: ObjectIdentifier,
    /// Whether it is to be critical.
    pub critical: bool,
    /// The encoding inside extnValue; `None` for the client to fill.
    pub value: Option<Vec<u8>>,
}

const SUBJECT_PK_INFO: u8 = tag::constructed(0);
const ATTRIBUTES: u8 = tag::constructed(1);
/// The fixed exponent of a placeholder, 65537.
const EXPONENT: u64 = 65_537;

impl Template {
    pub(super) fn parse(der: &[u8], limits: &Limits) -> Result<Self, Error> {
        const WHAT: &str = "CertificationRequestInfoTemplate";
        let mut outer = Reader::new(der);
        let mut fields = outer.sequence(WHAT)?;
        outer.finish(WHAT)?;
        if fields.expect(tag::INTEGER, "version")?.unsigned("version")? != 0 {
            return Err(InvalidMessage::CsrAttrs("have a template of an unknown version").into());
        }
        let mut count = 0;
        let subject = match fields.optional(tag::SEQUENCE, "subject")? {
            Some(subject) => Some(read_subject(subject.reader(), &mut count, limits)?),
            None => None,
        };
        let key = match fields.optional(SUBJECT_PK_INFO, "subjectPKInfo")? {
            Some(info) => Some(read_key(info.reader(), limits)?),
            None => None,
        };
        let mut set = fields.expect(ATTRIBUTES, "attributes")?.reader();
        fields.finish(WHAT)?;
        let mut template = Self { subject, key, ..Self::default() };
        let mut extended = false;
        while !set.is_empty() {
            check_count(&mut count, limits)?;
            let attribute = Attribute::read(&mut set)?;
            let is_template = attribute.oid == oid::EXTENSION_REQ_TEMPLATE;
            if !is_template && attribute.oid != pki_oid::EXTENSION_REQUEST {
                template.attributes.push(attribute);
                continue;
            }
            let [value] = attribute.values.as_slice() else {
                return Err(InvalidMessage::CsrAttrs("have extensions without one value").into());
            };
            if core::mem::replace(&mut extended, true) {
                return Err(
                    InvalidMessage::CsrAttrs("have a template with extensions twice").into()
                );
            }
            template.extensions = match is_template {
                true => read_extension_templates(value, &mut count, limits)?,
                false => read_extensions(value, limits)?,
            };
        }
        Ok(template)
    }

    /// The encoding: extensions as id-ExtensionReq where all have values, as
    /// id-aa-extensionReqTemplate otherwise.
    #[must_use]
    pub fn to_der(&self) -> Vec<u8> {
        let mut attributes: Vec<_> = self.attributes.iter().map(Attribute::to_der).collect();
        attributes.extend(self.extensions_attribute().map(|attribute| attribute.to_der()));
        Writer::build(|w| {
            w.sequence(|w| {
                w.unsigned(0);
                if let Some(subject) = &self.subject {
                    w.sequence(|w| subject.iter().for_each(|rdn| write_rdn(rdn, w)));
                }
                if let Some(key) = self.key {
                    w.nested(SUBJECT_PK_INFO, |w| write_key(key, w));
                }
                w.set_of(ATTRIBUTES, attributes);
            });
        })
    }

    /// The attribute that carries the template in CSR attributes.
    #[must_use]
    pub fn to_attribute(&self) -> Attribute {
        Attribute::new(oid::CERTIFICATION_REQUEST_INFO_TEMPLATE, self.to_der())
    }

    fn extensions_attribute(&self) -> Option<Attribute> {
        let is_full = self.extensions.iter().all(|one| one.value.is_some());
        let value = Writer::build(|w| {
            w.sequence(|w| self.extensions.iter().for_each(|one| one.write(w)));
        });
        let oid = match is_full {
            true => pki_oid::EXTENSION_REQUEST,
            false => oid::EXTENSION_REQ_TEMPLATE,
        };
        (!self.extensions.is_empty()).then(|| Attribute::new(oid, value))
    }
}

impl ExtensionTemplate {
    fn write(&self, w: &mut Writer) {
        w.sequence(|w| {
            w.oid(&self.oid);
            if self.critical {
                w.value(tag::BOOLEAN, &[0xff]);
            }
            if let Some(value) = &self.value {
                w.value(tag::OCTET_STRING, value);
            }
        });
    }
}

fn check_count(count: &mut usize, limits: &Limits) -> Result<(), Error> {
    *count = count.saturating_add(1);
    Ok(LimitExceeded::check("elements of a template", limits.csr_attrs, *count)?)
}

fn read_subject(
    mut rdns: Reader<'_>,
    count: &mut usize,
    limits: &Limits,
) -> Result<Vec<Vec<SubjectAttribute>>, Error> {
    let mut subject = Vec::new();
    while !rdns.is_empty() {
        let mut set = rdns.expect(tag::SET, "RelativeDistinguishedNameTemplate")?.reader();
        let mut rdn = Vec::new();
        while !set.is_empty() {
            check_count(count, limits)?;
            let mut fields = set.sequence("SingleAttributeTemplate")?;
            let oid = fields.oid("the type of an attribute")?;
            let value = match fields.is_empty() {
                true => None,
                false => Some(fields.any("the value of an attribute")?.raw.to_vec()),
            };
            fields.finish("the end of SingleAttributeTemplate")?;
            rdn.push(SubjectAttribute { oid, value });
        }
        if rdn.is_empty() {
            return Err(InvalidMessage::CsrAttrs("have a template with an empty RDN").into());
        }
        subject.push(rdn);
    }
    Ok(subject)
}

fn write_rdn(rdn: &[SubjectAttribute], w: &mut Writer) {
    let attributes = rdn.iter().map(|attribute| {
        Writer::build(|w| {
            w.sequence(|w| {
                w.oid(&attribute.oid);
                w.raw(attribute.value.as_deref().unwrap_or_default());
            });
        })
    });
    w.set_of(tag::SET, attributes.collect());
}

/// SubjectPublicKeyInfoTemplate. Key bits are a placeholder for the size of an RSA key.
fn read_key(mut fields: Reader<'_>, limits: &Limits) -> Result<KeyDemand, Error> {
    let algorithm = AlgorithmIdentifier::read(&mut fields, "the algorithm of a key")?;
    let bits = fields.optional(tag::BIT_STRING, "subjectPublicKey")?;
    fields.finish("the end of SubjectPublicKeyInfoTemplate")?;
    match (algorithm.oid, bits) {
        (pki_oid::RSA_ENCRYPTION, None) => Ok(KeyDemand::Rsa { bits: None }),
        (pki_oid::RSA_ENCRYPTION, Some(bits)) => {
            let info = Writer::build(|w| {
                w.sequence(|w| {
                    algorithm.write(w);
                    w.raw(bits.raw);
                });
            });
            match PublicKey::parse(&info, &limits.pki)?.kind() {
                KeyKind::Rsa { bits } => Ok(KeyDemand::Rsa { bits: Some(bits) }),
                _ => Err(InvalidMessage::CsrAttrs("have a placeholder that is no key").into()),
            }
        }
        (_, Some(_)) => {
            Err(InvalidMessage::CsrAttrs("have key bits for a key that has no size").into())
        }
        (pki_oid::EC_PUBLIC_KEY, None) => {
            let curve = algorithm.parameters.as_deref();
            let curve = curve.map(|curve| Reader::new(curve).oid("a named curve")).transpose()?;
            Ok(KeyDemand::Ec { curve })
        }
        (oid, None) => Ok(KeyDemand::Other(oid)),
    }
}

fn write_key(key: KeyDemand, w: &mut Writer) {
    match key {
        KeyDemand::Rsa { bits } => {
            AlgorithmIdentifier::with_null(pki_oid::RSA_ENCRYPTION).write(w);
            if let Some(bits) = bits {
                let placeholder = Writer::build(|w| {
                    w.sequence(|w| {
                        w.unsigned_octets(&placeholder_modulus(bits));
                        w.unsigned(EXPONENT);
                    });
                });
                w.bit_string(&placeholder);
            }
        }
        KeyDemand::Ec { curve } => {
            let parameters = curve.map(|curve| Writer::build(|w| w.oid(&curve)));
            AlgorithmIdentifier { oid: pki_oid::EC_PUBLIC_KEY, parameters }.write(w);
        }
        KeyDemand::Other(oid) => AlgorithmIdentifier::without_parameters(oid).write(w),
    }
}

/// A number of so many bits; which one does not count (RFC 9908 §3.4).
fn placeholder_modulus(bits: usize) -> Vec<u8> {
    let mut modulus = vec![0; bits.div_ceil(8)];
    let top = u32::try_from(bits.wrapping_sub(1) % 8).unwrap_or(0);
    if let Some(first) = modulus.first_mut() {
        *first = 1_u8.wrapping_shl(top);
    }
    modulus
}

fn read_extension_templates(
    value: &[u8],
    count: &mut usize,
    limits: &Limits,
) -> Result<Vec<ExtensionTemplate>, Error> {
    let mut list = Reader::new(value).sequence("ExtensionReqTemplate")?;
    let mut all: Vec<ExtensionTemplate> = Vec::new();
    while !list.is_empty() {
        check_count(count, limits)?;
        let mut fields = list.sequence("ExtensionTemplate")?;
        let oid = fields.oid("extnID")?;
        let critical = match fields.optional(tag::BOOLEAN, "critical")? {
            Some(Tlv { value: [0xff], .. }) => true,
            None => false,
            Some(_) => {
                return Err(InvalidMessage::CsrAttrs("have a critical that is not DER").into());
            }
        };
        let value = fields.optional(tag::OCTET_STRING, "extnValue")?;
        fields.finish("the end of ExtensionTemplate")?;
        if all.iter().any(|one| one.oid == oid) {
            return Err(InvalidMessage::CsrAttrs("have an extension twice").into());
        }
        all.push(ExtensionTemplate { oid, critical, value: value.map(|one| one.value.to_vec()) });
    }
    Ok(all)
}

fn read_extensions(value: &[u8], limits: &Limits) -> Result<Vec<ExtensionTemplate>, Error> {
    let extensions = Extensions::read(&mut Reader::new(value), &limits.pki)?;
    if extensions.has_duplicates() {
        return Err(InvalidMessage::CsrAttrs("have an extension twice").into());
    }
    let full = |Extension { oid, critical, value }: &Extension| ExtensionTemplate {
        oid: *oid,
        critical: *critical,
        value: Some(value.clone()),
    };
    Ok(extensions.iter().map(full).collect())
}
