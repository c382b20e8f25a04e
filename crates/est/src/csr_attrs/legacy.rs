//! The list of RFC 7030 §4.5.2, as RFC 9908 §3.2 explains it.

use const_oid::ObjectIdentifier;
use devicecert_pki::algorithm::{DigestAlgorithm, SignatureAlgorithm};
use devicecert_pki::asn1::{Reader, tag};
use devicecert_pki::{Extensions, oid as pki_oid};

use super::{CsrAttrs, ExtensionTemplate};
use crate::error::{Error, InvalidMessage};
use crate::limits::Limits;
use crate::tolerance::Tolerance;

/// The extensions of id-ExtensionReq. There is at most one such attribute, with one value.
///
/// Servers exist that put bare object identifiers there, as RFC 7030's own example has it; then
/// they are what such an identifier beside the attribute would be.
pub(super) fn extensions(
    attrs: &CsrAttrs,
    tolerance: &Tolerance,
    limits: &Limits,
) -> Result<Vec<ExtensionTemplate>, Error> {
    let mut found = attrs.attributes().filter(|one| one.oid == pki_oid::EXTENSION_REQUEST);
    let values = match (found.next(), found.next()) {
        (None, _) => return Ok(Vec::new()),
        (Some(attribute), None) => &attribute.values,
        (Some(_), Some(_)) => {
            return Err(InvalidMessage::CsrAttrs("have extensionRequest twice").into());
        }
    };
    let has_oids = values.iter().all(|value| value.first() == Some(&tag::OID));
    if has_oids {
        if !tolerance.extension_request_oids {
            let what = "have object identifiers where extensions are due (RFC 9908 section 3.2)";
            return Err(InvalidMessage::CsrAttrs(what).into());
        }
        let bare = values.iter().map(|value| Reader::new(value).oid("an extension"));
        return bare
            .map(|oid| Ok(ExtensionTemplate { oid: oid?, critical: false, value: None }))
            .collect();
    }
    let [value] = values.as_slice() else {
        return Err(InvalidMessage::CsrAttrs("have extensionRequest with several values").into());
    };
    let extensions = Extensions::read(&mut Reader::new(value), &limits.pki)?;
    if extensions.has_duplicates() {
        return Err(InvalidMessage::CsrAttrs("have an extension twice").into());
    }
    let all = extensions.iter().map(|one| ExtensionTemplate {
        oid: one.oid,
        critical: one.critical,
        value: Some(one.value.clone()),
    });
    Ok(all.collect())
}

/// Whether an object identifier is that of an extension: id-ce and id-pe.
pub(super) fn is_extension(oid: ObjectIdentifier) -> bool {
    let octets = oid.as_bytes();
    octets.starts_with(&[0x55, 0x1d]) || octets.starts_with(&[0x2b, 6, 1, 5, 5, 7, 1])
}

/// Whether an object identifier is that of a name's attribute: X.520, RFC 4519 and emailAddress.
pub(super) fn is_name_attribute(oid: ObjectIdentifier) -> bool {
    let octets = oid.as_bytes();
    octets.starts_with(&[0x55, 4])
        || octets.starts_with(&[0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1])
        || octets == [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 1]
}

/// The digest that a bare identifier of a signature or hash algorithm asks for.
pub(super) fn digest(oid: ObjectIdentifier) -> Option<DigestAlgorithm> {
    DigestAlgorithm::from_oid(&oid).or_else(|| {
        DigestAlgorithm::ALL.into_iter().find(|digest| {
            [SignatureAlgorithm::RsaPkcs1(*digest), SignatureAlgorithm::Ecdsa(*digest)]
                .into_iter()
                .any(|algorithm| algorithm.identifier().is_ok_and(|found| found.oid == oid))
        })
    })
}
