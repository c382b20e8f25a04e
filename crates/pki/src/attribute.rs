//! Attributes: a type and a set of values (RFC 5652 §5.3, RFC 2986 §4.1).

use core::fmt;

use const_oid::ObjectIdentifier;
use zeroize::Zeroize;

use crate::asn1::{Reader, Tlv, Writer, tag};
use crate::error::{Error, LimitExceeded, Rejected};
use crate::limits::Limits;

/// One attribute: its type, and the encodings of its values as received.
///
/// `Debug` shows no value: in a request it may be a secret. They are wiped when dropped.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attribute {
    /// Which attribute.
    pub oid: ObjectIdentifier,
    /// The encodings of its values, as received.
    pub values: Vec<Vec<u8>>,
}

impl Attribute {
    /// An attribute with one value, given as its encoding.
    #[must_use]
    pub fn new(oid: ObjectIdentifier, value: Vec<u8>) -> Self {
        Self { oid, values: vec![value] }
    }

    /// Reads the next value of `reader`. A set of values may be empty here, though RFC 5652 forbids
    /// it: RFC 9908 §3.2 sends such sets on purpose.
    ///
    /// # Errors
    /// [`Malformed`](crate::error::Malformed) if it is no Attribute.
    pub fn read(reader: &mut Reader<'_>) -> Result<Self, Error> {
        let mut fields = reader.sequence("Attribute")?;
        let oid = fields.oid("the type of an attribute")?;
        let mut elements = fields.expect(tag::SET, "the values of an attribute")?.reader();
        fields.finish("the end of Attribute")?;
        let mut values = Vec::new();
        while !elements.is_empty() {
            values.push(elements.any("an attribute value")?.raw.to_vec());
        }
        Ok(Self { oid, values })
    }

    /// Reads every attribute of a SET OF Attribute, in the order sent.
    pub(crate) fn read_all(mut set: Reader<'_>, limits: &Limits) -> Result<Vec<Self>, Error> {
        let mut all = Vec::new();
        while !set.is_empty() {
            LimitExceeded::check("attributes", limits.attributes, all.len().saturating_add(1))?;
            all.push(Self::read(&mut set)?);
        }
        Ok(all)
    }

    /// The encoding of the attribute, its values sorted as DER asks.
    #[must_use]
    pub fn to_der(&self) -> Vec<u8> {
        Writer::build(|w| {
            w.sequence(|w| {
                w.oid(&self.oid);
                w.set_of(tag::SET, self.values.clone());
            });
        })
    }
}

/// The only value of the only attribute of this type among `attributes`; `None` if there is none.
///
/// # Errors
/// [`Rejected::DuplicateAttribute`] if there are two such attributes, or not exactly one value:
/// two programs that each take "the" value would not take the same one.
pub(crate) fn single<'a>(
    attributes: &'a [Attribute],
    oid: ObjectIdentifier,
    name: &'static str,
) -> Result<Option<Tlv<'a>>, Error> {
    let mut found = attributes.iter().filter(|attribute| attribute.oid == oid);
    match (found.next(), found.next()) {
        (None, _) => Ok(None),
        (Some(attribute), None) => match attribute.values.as_slice() {
            [value] => Tlv::parse(value, name).map(Some),
            _ => Err(Rejected::DuplicateAttribute(name).into()),
        },
        (Some(_), Some(_)) => Err(Rejected::DuplicateAttribute(name).into()),
    }
}

impl Drop for Attribute {
    fn drop(&mut self) {
        self.values.zeroize();
    }
}

impl fmt::Debug for Attribute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attribute").field("oid", &self.oid).finish_non_exhaustive()
    }
}
