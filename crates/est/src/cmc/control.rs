//! TaggedAttribute: the controls of CMC (RFC 5272 §3.2.1.1).

use const_oid::ObjectIdentifier;
use devicecert_pki::asn1::{Reader, Tlv, Writer, tag};

use crate::error::{Error, InvalidMessage};

/// One control: its number in the message, its type, the encodings of its values as received.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Control {
    /// Its number in the message.
    pub body_part: u32,
    /// Which control.
    pub oid: ObjectIdentifier,
    /// The encodings of its values, as received.
    pub values: Vec<Vec<u8>>,
}

impl Control {
    /// A control with one value, given as its encoding.
    #[must_use]
    pub fn new(body_part: u32, oid: ObjectIdentifier, value: Vec<u8>) -> Self {
        Self { body_part, oid, values: vec![value] }
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, Error> {
        let mut fields = reader.sequence("TaggedAttribute")?;
        let body_part = read_body_part(&mut fields)?;
        let oid = fields.oid("attrType")?;
        let mut elements = fields.expect(tag::SET, "attrValues")?.reader();
        fields.finish("the end of TaggedAttribute")?;
        let mut values = Vec::new();
        while !elements.is_empty() {
            values.push(elements.any("the value of a control")?.raw.to_vec());
        }
        Ok(Self { body_part, oid, values })
    }

    pub(super) fn write(&self, w: &mut Writer) {
        w.sequence(|w| {
            w.unsigned(u64::from(self.body_part));
            w.oid(&self.oid);
            w.set_of(tag::SET, self.values.clone());
        });
    }
}

/// The only value of the only control of this type; `None` if there is none.
pub(super) fn single<'a>(
    controls: &'a [Control],
    oid: ObjectIdentifier,
) -> Result<Option<Tlv<'a>>, Error> {
    const TWICE: InvalidMessage =
        InvalidMessage::Cmc("has a control twice, or one without a value");
    let mut found = controls.iter().filter(|control| control.oid == oid);
    match (found.next(), found.next()) {
        (None, _) => Ok(None),
        (Some(control), None) => match control.values.as_slice() {
            [value] => Ok(Some(Tlv::parse(value, "the value of a control")?)),
            _ => Err(TWICE.into()),
        },
        (Some(_), Some(_)) => Err(TWICE.into()),
    }
}

/// BodyPartID ::= INTEGER(0..4294967295).
pub(super) fn read_body_part(fields: &mut Reader<'_>) -> Result<u32, Error> {
    let number = fields.expect(tag::INTEGER, "bodyPartID")?.unsigned("bodyPartID")?;
    u32::try_from(number)
        .map_err(|_| InvalidMessage::Cmc("has a bodyPartID above 4294967295").into())
}

/// The content octets of a transactionId (RFC 5272 §6.6): an INTEGER of any size.
pub(super) fn transaction_id(controls: &[Control]) -> Result<Option<&[u8]>, Error> {
    let value = single(controls, crate::oid::CMC_TRANSACTION_ID)?;
    value.map(|value| of_tag(value, tag::INTEGER)).transpose()
}

/// The octets of a nonce (RFC 5272 §6.6).
pub(super) fn nonce(controls: &[Control], oid: ObjectIdentifier) -> Result<Option<&[u8]>, Error> {
    single(controls, oid)?.map(|value| of_tag(value, tag::OCTET_STRING)).transpose()
}

fn of_tag(value: Tlv<'_>, wanted: u8) -> Result<&[u8], Error> {
    match value.tag == wanted && !value.value.is_empty() {
        true => Ok(value.value),
        false => Err(InvalidMessage::Cmc("has a control with a value of the wrong type").into()),
    }
}
