//! What a value is, judged by the types of its first fields.

use devicecert::pki::Error;
use devicecert::pki::asn1::{Reader, Tlv, tag};
use devicecert::pki::error::{Found, Malformed};
use devicecert::pki::oid;

/// What a value is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    SignedData,
    EnvelopedData,
    /// A ContentInfo of another type.
    OtherContentInfo(String),
    Certificate,
    Csr,
    Crl,
    PrivateKey,
    EncryptedPrivateKey,
    PublicKey,
    Pkcs12,
    /// Name and Name: the content of a CertPoll.
    IssuerAndSubject,
    /// Name and INTEGER: the content of GetCert and GetCRL.
    IssuerAndSerial,
    /// CSR attributes: object identifiers and attributes.
    CsrAttrs,
}

const EXPECTED: &str = "a CMS message, certificate, certification request or private key";

pub(super) fn classify(der: &[u8]) -> Result<Kind, Error> {
    let outer = Tlv::parse(der, EXPECTED)?;
    if outer.tag != tag::SEQUENCE {
        return Err(outer.unexpected(EXPECTED, Found::Tag(outer.tag)));
    }
    if is_csr_attrs(outer.reader()) {
        return Ok(Kind::CsrAttrs);
    }
    let mut fields = outer.reader();
    let first = fields.any(EXPECTED)?;
    let tags = tags(outer.reader())?;
    match tags.as_slice() {
        [tag::OID, ..] => {
            let content_type = first.oid("contentType")?;
            Ok(match content_type {
                oid::SIGNED_DATA => Kind::SignedData,
                oid::ENVELOPED_DATA => Kind::EnvelopedData,
                other => Kind::OtherContentInfo(other.to_string()),
            })
        }
        [tag::INTEGER, tag::SEQUENCE, tag::OCTET_STRING, ..] => Ok(Kind::PrivateKey),
        [tag::INTEGER, tag::OCTET_STRING, ..] => Ok(Kind::PrivateKey),
        [tag::INTEGER, tag::INTEGER, tag::INTEGER, ..] => Ok(Kind::PrivateKey),
        [tag::INTEGER, tag::SEQUENCE, ..] => Ok(Kind::Pkcs12),
        [tag::SEQUENCE, tag::BIT_STRING] => Ok(Kind::PublicKey),
        [tag::SEQUENCE, tag::OCTET_STRING] => Ok(Kind::EncryptedPrivateKey),
        [tag::SEQUENCE, tag::INTEGER] => Ok(Kind::IssuerAndSerial),
        [tag::SEQUENCE, tag::SEQUENCE] => Ok(Kind::IssuerAndSubject),
        [tag::SEQUENCE, tag::SEQUENCE, ..] => signed_object(&first),
        _ => {
            let found = Found::Value("a SEQUENCE of something else");
            Err(Malformed { offset: outer.offset, expected: EXPECTED, found }.into())
        }
    }
}

/// Nothing but object identifiers, and SEQUENCEs of an identifier and a SET. No other value that is
/// read here looks so.
fn is_csr_attrs(mut elements: Reader<'_>) -> bool {
    while !elements.is_empty() {
        let Ok(element) = elements.any(EXPECTED) else { return false };
        let is_attribute = || {
            let found = tags(element.reader());
            found.is_ok_and(|found| found == [tag::OID, tag::SET])
        };
        let is_element = match element.tag {
            tag::OID => true,
            tag::SEQUENCE => is_attribute(),
            _ => false,
        };
        if !is_element {
            return false;
        }
    }
    true
}

/// Certificate, request and CRL are alike outside: something, an algorithm, a signature.
fn signed_object(inner: &Tlv<'_>) -> Result<Kind, Error> {
    let mut tags = tags(inner.reader())?;
    if tags.first() == Some(&tag::constructed(0)) {
        return Ok(Kind::Certificate);
    }
    tags.retain(|tag| *tag != tag::constructed(0));
    match tags.as_slice() {
        [tag::INTEGER, tag::SEQUENCE, tag::SEQUENCE, tag::SEQUENCE, ..] => Ok(Kind::Certificate),
        [tag::INTEGER, tag::SEQUENCE, tag::SEQUENCE, tag::UTC_TIME | tag::GENERALIZED_TIME, ..]
        | [tag::SEQUENCE, tag::SEQUENCE, tag::UTC_TIME | tag::GENERALIZED_TIME, ..] => {
            Ok(Kind::Crl)
        }
        [tag::INTEGER, tag::SEQUENCE, tag::SEQUENCE, ..] | [tag::INTEGER, ..] => Ok(Kind::Csr),
        _ => {
            let expected = "a certificate, certification request or CRL";
            let found = tags.first().map_or(Found::End, |tag| Found::Tag(*tag));
            Err(Malformed { offset: inner.reader().offset(), expected, found }.into())
        }
    }
}

/// The tags of the first fields, as many as it takes to tell.
fn tags(mut fields: Reader<'_>) -> Result<Vec<u8>, Error> {
    let mut tags = Vec::new();
    while !fields.is_empty() && tags.len() < 8 {
        tags.push(fields.any(EXPECTED)?.tag);
    }
    Ok(tags)
}
