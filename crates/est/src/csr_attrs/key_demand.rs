//! What kind of key a server wants (RFC 9908 §3.2, §3.4).

use core::fmt;

use const_oid::ObjectIdentifier;
use devicecert_pki::asn1::{Tlv, Writer, tag};
use devicecert_pki::{Attribute, KeyKind, PublicKey, oid as pki_oid};

use crate::error::{Error, InvalidMessage};
use crate::limits::Limits;

/// The kind of key that a server wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyDemand {
    /// An RSA key.
    Rsa {
        /// Bits of the modulus; `None` for any.
        bits: Option<usize>,
    },
    /// An EC key.
    Ec {
        /// The named curve; `None` for any.
        curve: Option<ObjectIdentifier>,
    },
    /// A key of another algorithm.
    Other(ObjectIdentifier),
}

/// The smallest modulus that a client makes on a server's word: CSR attributes are not
/// authenticated beyond TLS.
const MIN_RSA_BITS: usize = 2048;

/// Curves that some servers list as bare identifiers.
const CURVES: [ObjectIdentifier; 3] =
    [pki_oid::SECP256R1, pki_oid::SECP384R1, ObjectIdentifier::new_unwrap("1.3.132.0.35")];

const TWICE: InvalidMessage =
    InvalidMessage::CsrAttrs("want several kinds of key, or one with several parameters");

impl KeyDemand {
    /// Whether a key is of this kind.
    #[must_use]
    pub fn is_met_by(&self, key: &PublicKey) -> bool {
        match (self, key.kind()) {
            (Self::Rsa { bits }, KeyKind::Rsa { bits: found }) => {
                bits.is_none_or(|bits| bits == found)
            }
            (Self::Ec { curve }, kind) => match (curve, kind) {
                (None | Some(pki_oid::SECP256R1), KeyKind::P256)
                | (None | Some(pki_oid::SECP384R1), KeyKind::P384) => true,
                (Some(curve), KeyKind::Other(found)) => *curve == found,
                _ => false,
            },
            (Self::Other(wanted), KeyKind::Other(found)) => *wanted == found,
            _ => false,
        }
    }

    /// Refuses a size that nobody should make a key of.
    pub(super) fn check(self, limits: &Limits) -> Result<Self, Error> {
        match self {
            Self::Rsa { bits: Some(bits) }
                if !(MIN_RSA_BITS..=limits.pki.rsa_modulus_bits).contains(&bits) =>
            {
                Err(InvalidMessage::CsrAttrs("want an RSA key of a size that is refused").into())
            }
            demand => Ok(demand),
        }
    }

    /// The only key type among attributes (RFC 9908 §3.2).
    pub(super) fn of_attributes<'a>(
        attributes: impl Iterator<Item = &'a Attribute>,
    ) -> Result<Option<Self>, Error> {
        let mut found = None;
        for attribute in attributes {
            let demand = match attribute.oid {
                pki_oid::RSA_ENCRYPTION => Self::Rsa { bits: bits(&attribute.values)? },
                pki_oid::EC_PUBLIC_KEY => Self::Ec { curve: curve(&attribute.values)? },
                _ => continue,
            };
            if found.replace(demand).is_some() {
                return Err(TWICE.into());
            }
        }
        Ok(found)
    }

    /// What a bare identifier says about the key, as some servers have it.
    pub(super) fn of_oid(oid: ObjectIdentifier) -> Option<Self> {
        match oid {
            pki_oid::RSA_ENCRYPTION => Some(Self::Rsa { bits: None }),
            pki_oid::EC_PUBLIC_KEY => Some(Self::Ec { curve: None }),
            curve if CURVES.contains(&curve) => Some(Self::Ec { curve: Some(curve) }),
            _ => None,
        }
    }

    /// The attribute that says this.
    pub(super) fn to_attribute(self) -> Attribute {
        let (oid, value) = match self {
            Self::Rsa { bits } => (
                pki_oid::RSA_ENCRYPTION,
                bits.map(|bits| Writer::build(|w| w.unsigned(bits as u64))),
            ),
            Self::Ec { curve } => {
                (pki_oid::EC_PUBLIC_KEY, curve.map(|curve| Writer::build(|w| w.oid(&curve))))
            }
            Self::Other(oid) => (oid, None),
        };
        let mut attribute = Attribute::new(oid, Vec::new());
        attribute.values = value.into_iter().collect();
        attribute
    }
}

fn bits(values: &[Vec<u8>]) -> Result<Option<usize>, Error> {
    match values {
        [] => Ok(None),
        [value] => {
            let value = Tlv::parse(value, "the size of an RSA key")?;
            let bits = match value.tag {
                tag::INTEGER => usize::try_from(value.unsigned("the size of an RSA key")?).ok(),
                _ => None,
            };
            bits.map(Some)
                .ok_or_else(|| InvalidMessage::CsrAttrs("want an RSA key of no size").into())
        }
        _ => Err(TWICE.into()),
    }
}

fn curve(values: &[Vec<u8>]) -> Result<Option<ObjectIdentifier>, Error> {
    match values {
        [] => Ok(None),
        [value] => {
            let value = Tlv::parse(value, "a named curve")?;
            match value.tag {
                tag::OID => Ok(Some(value.oid("a named curve")?)),
                _ => Err(InvalidMessage::CsrAttrs("want an EC key on no named curve").into()),
            }
        }
        _ => Err(TWICE.into()),
    }
}

impl fmt::Display for KeyDemand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rsa { bits: Some(bits) } => write!(f, "an RSA key of {bits} bits"),
            Self::Rsa { bits: None } => f.write_str("an RSA key"),
            Self::Ec { curve: Some(pki_oid::SECP256R1) } => f.write_str("an EC key on P-256"),
            Self::Ec { curve: Some(pki_oid::SECP384R1) } => f.write_str("an EC key on P-384"),
            Self::Ec { curve: Some(curve) } => write!(f, "an EC key on curve {curve}"),
            Self::Ec { curve: None } => f.write_str("an EC key"),
            Self::Other(oid) => write!(f, "a key of algorithm {oid}"),
        }
    }
}
