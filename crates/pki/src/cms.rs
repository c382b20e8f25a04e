//! Cryptographic Message Syntax (RFC 5652): signed, enveloped and certs-only messages.
//!
//! Everything read keeps the octets that were sent, in the order in which they were sent, and what
//! is written is one form: the one that every known peer reads.

mod bundle;
mod enveloped_data;
mod identifier;
mod padding;
mod recipient;
mod seal;
mod sign;
mod signed_data;
mod verify;

pub(crate) use enveloped_data::decrypt;
pub(crate) use identifier::without_padding;
pub(crate) use padding::pad;

pub use bundle::Bundle;
pub use enveloped_data::EnvelopedData;
pub use identifier::{RecipientIdentifier, SignerIdentifier};
pub use recipient::{
    KekRecipient, KeyAgreementRecipient, KeyTransportRecipient, PasswordRecipient,
    RecipientEncryptedKey, RecipientInfo,
};
pub use seal::Seal;
pub use sign::SignedDataParams;
pub use signed_data::{Content, SignedData, SignerInfo};
pub use verify::Verified;

use const_oid::ObjectIdentifier;

use crate::asn1::{Tlv, Writer, tag};
use crate::error::{Error, Found};

/// The content of a ContentInfo (RFC 5652 §3) of this type.
fn content_info<'a>(
    der: &'a [u8],
    wanted: ObjectIdentifier,
    expected: &'static str,
) -> Result<Tlv<'a>, Error> {
    let outer = Tlv::parse(der, "ContentInfo")?;
    if outer.tag != tag::SEQUENCE {
        return Err(outer.unexpected("ContentInfo", Found::Tag(outer.tag)));
    }
    let mut fields = outer.reader();
    let content_type = fields.expect(tag::OID, "contentType")?;
    let oid = content_type.oid("contentType")?;
    if oid != wanted {
        return Err(content_type.unexpected(expected, Found::Oid(oid)));
    }
    let mut content = fields.expect(tag::constructed(0), "the content of ContentInfo")?.reader();
    fields.finish("the end of ContentInfo")?;
    let value = content.expect(tag::SEQUENCE, expected)?;
    content.finish("the end of the content of ContentInfo")?;
    Ok(value)
}

fn write_content_info(content_type: &ObjectIdentifier, write: impl FnOnce(&mut Writer)) -> Vec<u8> {
    Writer::build(|w| {
        w.sequence(|w| {
            w.oid(content_type);
            w.nested(tag::constructed(0), |w| w.sequence(write));
        });
    })
}

/// What kind of CMS message `input` is: the contentType of its ContentInfo.
///
/// # Errors
/// [`Malformed`](crate::error::Malformed) if it is no ContentInfo.
pub fn content_type(input: &[u8], limits: &crate::Limits) -> Result<ObjectIdentifier, Error> {
    let der = crate::ber::normalise(input, limits)?;
    crate::asn1::Reader::new(&der).sequence("ContentInfo")?.oid("contentType")
}
