//! The two parts of the answer (RFC 7030 §4.4.2).

use devicecert_pki::cms::EnvelopedData;
use devicecert_pki::{Certificate, Secret};
use http::HeaderMap;

use super::GeneratedKey;
use crate::body;
use crate::certs_only;
use crate::error::{Error, InvalidMessage};
use crate::limits::Limits;
use crate::media_type::{self, MULTIPART_MIXED, MediaType, PKCS7_MIME, PKCS8};
use crate::multipart;
use crate::tolerance::Tolerance;

/// Private key and certificates.
pub(crate) struct Answer {
    pub(crate) key: KeyPart,
    pub(crate) certificates: Vec<Certificate>,
}

/// The private key, readable or not.
pub(crate) enum KeyPart {
    Clear(Box<GeneratedKey>),
    Enveloped(Box<EnvelopedData>),
}

/// Reads the body. What a part is, its Content-Type says, never its place: one server sends the
/// certificate first.
pub(crate) fn read(
    headers: &HeaderMap,
    octets: &[u8],
    tolerance: &Tolerance,
    limits: &Limits,
) -> Result<Answer, Error> {
    let content_type = MediaType::of(headers, limits).filter(|found| found.is(MULTIPART_MIXED));
    let content_type =
        content_type.ok_or_else(|| media_type::unexpected(MULTIPART_MIXED, headers, limits))?;
    let parts = multipart::parse(&content_type, octets, tolerance, limits)?;
    let mut keys = Vec::new();
    let mut certificates = Vec::new();
    for part in &parts {
        let is = |essence| part.content_type.as_ref().is_some_and(|found| found.is(essence));
        let is_envelope = part
            .content_type
            .as_ref()
            .is_some_and(|found| found.is_smime_type("server-generated-key"));
        if is(PKCS8) {
            let der = Secret::new(body::decode(part.body, tolerance, limits)?);
            keys.push(KeyPart::Clear(Box::new(GeneratedKey::parse(der, tolerance)?)));
        } else if is(PKCS7_MIME) && is_envelope {
            let der = body::decode_cms(part.body, tolerance, limits)?;
            let envelope = EnvelopedData::parse(&der, &limits.pki)?;
            keys.push(KeyPart::Enveloped(Box::new(envelope)));
        } else if is(PKCS7_MIME) {
            certificates.push(certs_only::read_body(part.body, tolerance, limits)?);
        }
    }
    let found = InvalidMessage::Parts { keys: keys.len(), certificates: certificates.len() };
    match (keys.pop(), certificates.pop()) {
        (Some(key), Some(issued)) if keys.is_empty() && certificates.is_empty() => {
            Ok(Answer { key, certificates: issued })
        }
        _ => Err(found.into()),
    }
}
