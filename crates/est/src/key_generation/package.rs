//! The key package inside the envelope (RFC 7030 §4.4.2, RFC 5958 §2).

use devicecert_pki::asn1::{Reader, Writer, tag};
use devicecert_pki::cms::{SignedData, SignedDataParams};
use devicecert_pki::{Certificate, Provider, Secret, Unsigned, oid as pki_oid};

use super::GeneratedKey;
use crate::error::{Error, InvalidMessage};
use crate::limits::Limits;
use crate::oid;
use crate::tolerance::Tolerance;

/// Puts a PKCS #8 key into a SignedData; what is missing is the signature of whoever made the key.
pub(crate) fn wrap(
    pkcs8: &Secret,
    generator: &Certificate,
    provider: &dyn Provider,
) -> Result<Unsigned<Vec<u8>>, Error> {
    let package = Writer::build(|w| w.sequence(|w| w.raw(pkcs8.expose())));
    let mut params = SignedDataParams::new(generator.clone(), package);
    params.content_type = oid::ASYMMETRIC_KEY_PACKAGE;
    params.certificates = vec![generator.clone()];
    Ok(params.unsigned(provider)?)
}

/// Takes the key out of what was in the envelope.
///
/// RFC 7030 §4.4.2 has a SignedData with a key package in it. Servers exist that sign a bare
/// PKCS #8 key, or sign nothing; a signature that is there has to be right.
pub(crate) fn open(
    content: &Secret,
    provider: &dyn Provider,
    tolerance: &Tolerance,
    limits: &Limits,
) -> Result<GeneratedKey, Error> {
    let mut fields = Reader::new(content.expose()).sequence("the generated key")?;
    let is_cms =
        fields.peek() == Some(tag::OID) && fields.oid("the generated key")? == pki_oid::SIGNED_DATA;
    if !is_cms {
        return read_package(content, tolerance);
    }
    let signed = SignedData::parse(content.expose(), &limits.pki)?;
    let signer = signed.signer_certificate(&limits.pki, &tolerance.cms)?;
    let verified = signed.verify(&signer, provider, &tolerance.cms)?;
    let inner = Secret::new(verified.content().unwrap_or_default().to_vec());
    Ok(GeneratedKey { generator: Some(signer), ..read_package(&inner, tolerance)? })
}

/// An AsymmetricKeyPackage with one key in it, or the bare key.
fn read_package(octets: &Secret, tolerance: &Tolerance) -> Result<GeneratedKey, Error> {
    let mut fields = Reader::new(octets.expose()).sequence("AsymmetricKeyPackage")?;
    let first = fields.any("OneAsymmetricKey")?;
    // A package starts with a SEQUENCE that starts with the version of the key.
    let is_package = first.tag == tag::SEQUENCE && first.reader().peek() == Some(tag::INTEGER);
    match is_package {
        true if fields.is_empty() => {
            GeneratedKey::parse(Secret::new(first.raw.to_vec()), tolerance)
        }
        true => Err(InvalidMessage::PrivateKey.into()),
        false => GeneratedKey::parse(octets.clone(), tolerance),
    }
}
