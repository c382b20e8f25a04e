//! SubjectPublicKeyInfo (RFC 5280 §4.1.2.7), kept as it was encoded.

use core::fmt;
use core::hash::{Hash, Hasher};

use const_oid::ObjectIdentifier;

use crate::algorithm::{AlgorithmIdentifier, DigestAlgorithm, SignatureAlgorithm};
use crate::asn1::{Reader, Tlv, tag};
use crate::error::{Error, LimitExceeded, Unsupported};
use crate::limits::Limits;
use crate::oid;

/// A public key: its SubjectPublicKeyInfo as received, and what kind of key it is.
///
/// Two are equal if they are the same key: how the algorithm's parameters are spelt does not count.
#[derive(Clone)]
pub struct PublicKey {
    der: Vec<u8>,
    key: Vec<u8>,
    kind: KeyKind,
}

/// What kind of key a public key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyKind {
    /// RSA (RFC 3279 §2.3.1).
    Rsa {
        /// Bits of the modulus.
        bits: usize,
    },
    /// EC on P-256 (RFC 5480).
    P256,
    /// EC on P-384 (RFC 5480).
    P384,
    /// A key of another algorithm, or on another curve: it can be carried but not used.
    Other(ObjectIdentifier),
}

impl PublicKey {
    /// Reads a SubjectPublicKeyInfo.
    ///
    /// # Errors
    /// [`Malformed`](crate::error::Malformed) if it is none, or
    /// [`LimitExceeded`](crate::error::LimitExceeded) for an RSA modulus that is too large.
    pub fn parse(der: &[u8], limits: &Limits) -> Result<Self, Error> {
        let outer = Tlv::parse(der, "SubjectPublicKeyInfo")?;
        if outer.tag != tag::SEQUENCE {
            return Err(
                outer.unexpected("SubjectPublicKeyInfo", crate::error::Found::Tag(outer.tag))
            );
        }
        let mut fields = outer.reader();
        let algorithm = AlgorithmIdentifier::read(&mut fields, "the algorithm of a public key")?;
        let bits = fields.expect(tag::BIT_STRING, "subjectPublicKey")?;
        let key = bits.bit_string_octets("subjectPublicKey")?;
        let key_offset = bits.offset.saturating_add(bits.raw.len()).saturating_sub(key.len());
        fields.finish("the end of SubjectPublicKeyInfo")?;
        let kind = match algorithm.oid {
            oid::RSA_ENCRYPTION => {
                let modulus = modulus(key).map_err(|error| error.within(key_offset))?;
                let bits = bit_length(modulus);
                LimitExceeded::check("the RSA modulus (bits)", limits.rsa_modulus_bits, bits)?;
                KeyKind::Rsa { bits }
            }
            oid::EC_PUBLIC_KEY => {
                let curve = match algorithm.parameters.as_deref() {
                    Some(curve) if Reader::new(curve).peek() == Some(tag::OID) => {
                        Reader::new(curve).oid("a named curve")?
                    }
                    // Explicit parameters, or those of the issuer: RFC 5480 §2.1.1 forbids both.
                    _ => algorithm.oid,
                };
                match curve {
                    oid::SECP256R1 => KeyKind::P256,
                    oid::SECP384R1 => KeyKind::P384,
                    other => KeyKind::Other(other),
                }
            }
            other => KeyKind::Other(other),
        };
        Ok(Self { der: der.to_vec(), key: key.to_vec(), kind })
    }

    /// Reads the next value of `reader`, which `expected` names for the error.
    pub(crate) fn read(
        reader: &mut Reader<'_>,
        expected: &'static str,
        limits: &Limits,
    ) -> Result<Self, Error> {
        let key = reader.expect(tag::SEQUENCE, expected)?;
        Self::parse(key.raw, limits).map_err(|error| error.within(key.offset))
    }

    /// The SubjectPublicKeyInfo as received.
    #[must_use]
    pub fn as_der(&self) -> &[u8] {
        &self.der
    }

    /// The content of the subjectPublicKey BIT STRING: an RSAPublicKey or an EC point.
    #[must_use]
    pub fn key_bits(&self) -> &[u8] {
        &self.key
    }

    /// What kind of key it is.
    #[must_use]
    pub const fn kind(&self) -> KeyKind {
        self.kind
    }

    /// The scheme that a key of this kind signs with, given the digest.
    ///
    /// # Errors
    /// [`Unsupported`] for kinds that cannot sign here.
    pub fn signature_algorithm(
        &self,
        digest: DigestAlgorithm,
    ) -> Result<SignatureAlgorithm, Error> {
        match self.kind {
            KeyKind::Rsa { .. } => Ok(SignatureAlgorithm::RsaPkcs1(digest)),
            KeyKind::P256 | KeyKind::P384 => Ok(SignatureAlgorithm::Ecdsa(digest)),
            KeyKind::Other(oid) => {
                Err(Unsupported::Algorithm { what: "the public key algorithm", oid }.into())
            }
        }
    }

    /// Whether a content key can be enveloped to this key: with key transport to an RSA key
    /// (RFC 5652 §6.2.1), with key agreement to one on P-256 or P-384 (§6.2.2).
    #[must_use]
    pub const fn can_receive(&self) -> bool {
        matches!(self.kind, KeyKind::Rsa { .. } | KeyKind::P256 | KeyKind::P384)
    }
}

impl KeyKind {
    /// The name of the curve.
    pub(crate) const fn curve(self) -> Option<ObjectIdentifier> {
        match self {
            Self::P256 => Some(oid::SECP256R1),
            Self::P384 => Some(oid::SECP384R1),
            Self::Rsa { .. } | Self::Other(_) => None,
        }
    }
}

/// The modulus of an RSAPublicKey (RFC 8017 A.1.1).
fn modulus(key: &[u8]) -> Result<&[u8], Error> {
    let mut fields = Reader::new(key).sequence("RSAPublicKey")?;
    Ok(fields.expect(tag::INTEGER, "the modulus")?.value)
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind && self.key == other.key
    }
}

impl Eq for PublicKey {}

impl Hash for PublicKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.kind.hash(state);
        self.key.hash(state);
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({})", self.kind)
    }
}

fn bit_length(integer: &[u8]) -> usize {
    let zeros = integer.iter().take_while(|octet| **octet == 0).count();
    let digits = integer.get(zeros..).unwrap_or_default();
    let leading = digits.first().map_or(0, |first| first.leading_zeros() as usize);
    digits.len().saturating_mul(8).saturating_sub(leading)
}

impl fmt::Display for KeyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rsa { bits } => write!(f, "RSA {bits}"),
            Self::P256 => f.write_str("EC P-256"),
            Self::P384 => f.write_str("EC P-384"),
            Self::Other(oid) => write!(f, "a key of algorithm {oid}"),
        }
    }
}
