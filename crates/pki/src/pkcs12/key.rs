//! A private key (PKCS #8), read as far as its public half.

use crate::algorithm::AlgorithmIdentifier;
use crate::asn1::{Tlv, Writer, tag};
use crate::error::{Error, Found};
use crate::oid;
use crate::public_key::PublicKey;
use crate::secret::Secret;

/// The public half of a private key, as far as it can be read without computing anything.
pub(super) struct PublicHalf(Option<Vec<u8>>);

impl PublicHalf {
    /// Reads a PrivateKeyInfo (RFC 5208 §5) or OneAsymmetricKey (RFC 5958 §2).
    ///
    /// # Errors
    /// [`Malformed`](crate::error::Malformed) if it is none.
    pub(super) fn of(pkcs8: &Secret) -> Result<Self, Error> {
        let outer = Tlv::parse(pkcs8.expose(), "PrivateKeyInfo")?;
        if outer.tag != tag::SEQUENCE {
            return Err(outer.unexpected("PrivateKeyInfo", Found::Tag(outer.tag)));
        }
        let mut fields = outer.reader();
        fields.expect(tag::INTEGER, "the version of PrivateKeyInfo")?;
        let algorithm = AlgorithmIdentifier::read(&mut fields, "privateKeyAlgorithm")?;
        let key = fields.expect(tag::OCTET_STRING, "privateKey")?;
        fields.optional(tag::constructed(0), "the attributes of PrivateKeyInfo")?;
        if let Some(bits) = fields.optional(tag::primitive(1), "publicKey")? {
            return Ok(Self(Some(bits.bit_string_octets("publicKey")?.to_vec())));
        }
        Ok(Self(match algorithm.oid {
            oid::RSA_ENCRYPTION | oid::RSASSA_PSS => Some(rsa(key.value)?),
            oid::EC_PUBLIC_KEY => ec(key.value)?,
            _ => None,
        }))
    }

    /// Whether this is that public key; `None` if it cannot be told.
    pub(super) fn is(&self, key: &PublicKey) -> Option<bool> {
        let (ours, theirs) = (self.0.as_deref()?, key.key_bits());
        // An EC point has two spellings of different lengths, and only computing joins them.
        let is_point = |bits: &[u8]| matches!(bits, [2..=4, ..]);
        let respelt = is_point(ours) && is_point(theirs) && ours.len() != theirs.len();
        (!respelt).then(|| ours == theirs)
    }
}

/// The RSAPublicKey in an RSAPrivateKey (RFC 8017 A.1).
fn rsa(key: &[u8]) -> Result<Vec<u8>, Error> {
    let mut fields = Tlv::parse(key, "RSAPrivateKey")?.reader();
    fields.expect(tag::INTEGER, "the version of RSAPrivateKey")?;
    let modulus = fields.expect(tag::INTEGER, "the modulus")?.raw;
    let exponent = fields.expect(tag::INTEGER, "the public exponent")?.raw;
    Ok(Writer::build(|w| w.value(tag::SEQUENCE, &[modulus, exponent].concat())))
}

/// The point in an ECPrivateKey (RFC 5915 §3), where it is there.
fn ec(key: &[u8]) -> Result<Option<Vec<u8>>, Error> {
    let mut fields = Tlv::parse(key, "ECPrivateKey")?.reader();
    fields.expect(tag::INTEGER, "the version of ECPrivateKey")?;
    fields.expect(tag::OCTET_STRING, "privateKey")?;
    fields.optional(tag::constructed(0), "parameters")?;
    let Some(public) = fields.optional(tag::constructed(1), "publicKey")? else {
        return Ok(None);
    };
    let bits = public.reader().expect(tag::BIT_STRING, "publicKey")?;
    Ok(Some(bits.bit_string_octets("publicKey")?.to_vec()))
}
