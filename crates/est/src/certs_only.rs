//! Certs-only messages (RFC 5272 §4.1), the form in which EST hands certificates around.

use devicecert_pki::asn1::{Reader, tag};
use devicecert_pki::cms::{self, Bundle, SignedData};
use devicecert_pki::{Certificate, oid};
use http::HeaderMap;

use crate::body;
use crate::error::{Error, InvalidMessage, UnacceptableReply};
use crate::limits::Limits;
use crate::media_type::{self, MediaType, PKCS7_MIME};
use crate::tolerance::Tolerance;

/// The certificates in a body, in the order sent. One that cannot be decoded is left out: it may
/// be of a kind that only others need.
pub(crate) fn read(
    headers: &HeaderMap,
    body: &[u8],
    tolerance: &Tolerance,
    limits: &Limits,
) -> Result<Vec<Certificate>, Error> {
    let is_due =
        MediaType::of(headers, limits).is_some_and(|content_type| content_type.is(PKCS7_MIME));
    let unexpected = || media_type::unexpected(PKCS7_MIME, headers, limits);
    if !is_due && !tolerance.other_content_type {
        return Err(unexpected().into());
    }
    read_body(body, tolerance, limits).map_err(|error| match is_due {
        true => error,
        // What is no certs-only message and does not say to be one is most likely a login page.
        false => unexpected().into(),
    })
}

/// As [`read`], without a Content-Type.
pub(crate) fn read_body(
    body: &[u8],
    tolerance: &Tolerance,
    limits: &Limits,
) -> Result<Vec<Certificate>, Error> {
    let der = body::decode_cms(body, tolerance, limits)?;
    let mut fields = Reader::new(&der).sequence("a certs-only message")?;
    // A ContentInfo starts with an object identifier, a certificate with a SEQUENCE.
    if fields.peek() == Some(tag::SEQUENCE) {
        fields.any("a certs-only message")?;
        let certificate = Certificate::parse(&der, &limits.pki)?;
        return match tolerance.bare_certificate {
            true => Ok(vec![certificate]),
            false => Err(InvalidMessage::BareCertificate.into()),
        };
    }
    let signed = SignedData::parse(&der, &limits.pki)?;
    let is_empty = signed.signers().is_empty()
        && signed.content_type() == oid::DATA
        && *signed.unverified_content() == cms::Content::Absent;
    if !is_empty && !tolerance.certs_only_content {
        return Err(InvalidMessage::NotCertsOnly.into());
    }
    let certificates: Vec<_> =
        signed.certificates().filter_map(|der| Certificate::parse(der, &limits.pki).ok()).collect();
    match certificates.is_empty() {
        true => Err(UnacceptableReply::NoCertificate.into()),
        false => Ok(certificates),
    }
}

/// Writes a certs-only message.
pub(crate) fn write<'a>(certificates: impl IntoIterator<Item = &'a Certificate>) -> Vec<u8> {
    Bundle::new(certificates).to_der()
}
