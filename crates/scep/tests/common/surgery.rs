//! DER with one value of it changed, for what no writer here writes.

use devicecert_crypto_rust::PrivateKey;
use devicecert_pki::algorithm::{DigestAlgorithm, SignatureAlgorithm};
use devicecert_pki::asn1::{Tlv, Writer, tag};

use super::pki_message::{Scheme, sign};

/// Where a value is: which child of which child, from the outside in.
pub(crate) type Path = [usize];

/// `der` with what `change` makes of the encoding at `path` in its place. No octets take it away.
pub(crate) fn changed(der: &[u8], path: &Path, change: impl FnOnce(&[u8]) -> Vec<u8>) -> Vec<u8> {
    let Some((first, inner)) = path.split_first() else { return change(der) };
    let mut children = children(der);
    children[*first] = changed(&children[*first], inner, change);
    Writer::build(|w| w.value(der[0], &children.concat()))
}

/// The encodings inside a constructed value.
pub(crate) fn children(der: &[u8]) -> Vec<Vec<u8>> {
    let tlv = Tlv::parse(der, "a value").unwrap();
    assert_ne!(tlv.tag & 0x20, 0, "{:#04x} has no children", tlv.tag);
    let mut reader = tlv.reader();
    let mut children = Vec::new();
    while !reader.is_empty() {
        children.push(reader.any("a child").unwrap().raw.to_vec());
    }
    children
}

/// The encoding at `path`.
pub(crate) fn at(der: &[u8], path: &Path) -> Vec<u8> {
    path.iter().fold(der.to_vec(), |value, child| children(&value).swap_remove(*child))
}

/// An AlgorithmIdentifier without its parameters.
pub(crate) fn without_parameters(algorithm: &[u8]) -> Vec<u8> {
    Writer::build(|w| w.value(tag::SEQUENCE, &children(algorithm)[0]))
}

/// A Certificate or CertificationRequest with other fields in the part that is signed, and a
/// signature of `key` over them.
pub(crate) fn resigned(
    der: &[u8],
    key: &PrivateKey,
    digest: DigestAlgorithm,
    change: impl FnOnce(&mut Vec<Vec<u8>>),
) -> Vec<u8> {
    let (mut fields, was) = (children(&at(der, &[0])), at(der, &[1]));
    let algorithm = SignatureAlgorithm::RsaPkcs1(digest).identifier().unwrap();
    let algorithm = Writer::build(|w| algorithm.write(w));
    // A certificate says in the signed part, too, how it is signed.
    fields.iter_mut().filter(|field| **field == was).for_each(|field| field.clone_from(&algorithm));
    change(&mut fields);
    let signed = Writer::build(|w| w.value(tag::SEQUENCE, &fields.concat()));
    let (_, signature) = sign(key, Scheme::Pkcs1, digest, signed.clone());
    Writer::build(|w| {
        w.sequence(|w| {
            w.raw(&signed);
            w.raw(&algorithm);
            w.bit_string(&signature);
        });
    })
}

/// In a pkiMessage, from the ContentInfo on.
pub(crate) const SIGNED_DATA: &Path = &[1, 0];
/// In a pkiMessage that brings certificates.
pub(crate) const SIGNER_INFOS: &Path = &[1, 0, 4];
pub(crate) const SIGNER_INFO: &Path = &[1, 0, 4, 0];
/// In an envelope, from the ContentInfo on: that of the first recipient.
pub(crate) const KEY_ENCRYPTION_ALGORITHM: &Path = &[1, 0, 1, 0, 2];
/// In an envelope, from the ContentInfo on.
pub(crate) const ENCRYPTED_CONTENT_INFO: &Path = &[1, 0, 2];
