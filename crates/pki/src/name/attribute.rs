//! AttributeTypeAndValue (RFC 5280 §4.1.2.4).

use std::borrow::Cow;

use const_oid::ObjectIdentifier;

use super::{dotted, known};
use crate::asn1::{Reader, Tlv, tag};
use crate::error::{Error, Found};

/// One attribute of a [`Name`](crate::Name).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NameAttribute<'a> {
    rdn: usize,
    oid: &'a [u8],
    value: Tlv<'a>,
}

impl<'a> NameAttribute<'a> {
    pub(super) fn read(rdn: usize, reader: &mut Reader<'a>) -> Result<Self, Error> {
        let mut pair = reader.sequence("an attribute")?;
        let kind = pair.expect(tag::OID, "an attribute type")?;
        if dotted::to_text(kind.value).is_none() {
            let found = Found::Value("a damaged object identifier");
            return Err(kind.unexpected("an attribute type", found));
        }
        let value = pair.any("an attribute value")?;
        pair.finish("the end of the attribute")?;
        Ok(Self { rdn, oid: kind.value, value })
    }

    /// Which RDN it belongs to, counted from the outermost. A multi-valued RDN has several
    /// attributes with the same number.
    #[must_use]
    pub const fn rdn(&self) -> usize {
        self.rdn
    }

    /// Its type. `None` for one that [`ObjectIdentifier`] cannot hold, such as those made of a
    /// UUID (X.667); [`NameAttribute::type_name`] has them all.
    #[must_use]
    pub fn oid(&self) -> Option<ObjectIdentifier> {
        ObjectIdentifier::from_bytes(self.oid).ok()
    }

    /// The short name of its type (`CN`), or the object identifier in dotted form.
    #[must_use]
    pub fn type_name(&self) -> Cow<'static, str> {
        match known::find(self.oid) {
            Some(kind) => Cow::Borrowed(kind.name),
            None => Cow::Owned(dotted::to_text(self.oid).unwrap_or_default()),
        }
    }

    /// Its value if that is a character string of any type.
    #[must_use]
    pub fn text(&self) -> Option<String> {
        // An OCTET STRING may hold anything; RFC 4514 §2.4 writes it as octets.
        if self.value.tag == tag::OCTET_STRING { None } else { self.value.text() }
    }

    /// Its value as encoded, with tag and length.
    #[must_use]
    pub const fn value_der(&self) -> &'a [u8] {
        self.value.raw
    }

    pub(super) const fn oid_octets(&self) -> &'a [u8] {
        self.oid
    }

    pub(super) fn is(&self, oid: ObjectIdentifier) -> bool {
        self.oid == oid.as_bytes()
    }
}
