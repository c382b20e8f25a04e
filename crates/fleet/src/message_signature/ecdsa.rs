//! The two forms of an ECDSA signature: DER (RFC 5758 §3.2), as keys make it here, and the two
//! numbers one behind the other (RFC 9421 §3.3.4).

use devicecert_pki::algorithm::{DigestAlgorithm, SignatureAlgorithm};
use devicecert_pki::asn1::{Reader, Writer, tag};
use devicecert_pki::error::KeyError;
use devicecert_pki::{KeyKind, PublicKey};

/// The algorithm that goes with a key, and nothing else does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ecdsa {
    pub(super) algorithm: SignatureAlgorithm,
    /// Octets of one of the two numbers.
    size: usize,
}

impl Ecdsa {
    pub(super) const fn of(key: &PublicKey) -> Option<Self> {
        let (digest, size) = match key.kind() {
            KeyKind::P256 => (DigestAlgorithm::Sha256, 32),
            KeyKind::P384 => (DigestAlgorithm::Sha384, 48),
            _ => return None,
        };
        Some(Self { algorithm: SignatureAlgorithm::Ecdsa(digest), size })
    }

    /// The two numbers of a DER signature, each as long as the curve's order.
    pub(super) fn to_fixed(self, der: &[u8]) -> Result<Vec<u8>, KeyError> {
        let mut fixed = Vec::with_capacity(self.size.saturating_mul(2));
        let mut numbers = Reader::new(der).sequence("Ecdsa-Sig-Value").map_err(|_| FAILED)?;
        for _ in 0..2 {
            let number = numbers.expect(tag::INTEGER, "a number").map_err(|_| FAILED)?.value;
            let zeros = number.iter().take_while(|octet| **octet == 0).count();
            let digits = number.get(zeros..).unwrap_or_default();
            let padding = self.size.checked_sub(digits.len()).ok_or(FAILED)?;
            fixed.resize(fixed.len().saturating_add(padding), 0);
            fixed.extend_from_slice(digits);
        }
        numbers.finish("the end of Ecdsa-Sig-Value").map_err(|_| FAILED)?;
        Ok(fixed)
    }

    /// The DER signature of two numbers; `None` if they are not as long as they must be.
    pub(super) fn to_der(self, fixed: &[u8]) -> Option<Vec<u8>> {
        let (r, s) = fixed.split_at_checked(self.size).filter(|(_, s)| s.len() == self.size)?;
        Some(Writer::build(|w| {
            w.sequence(|w| {
                w.unsigned_octets(r);
                w.unsigned_octets(s);
            });
        }))
    }
}

/// A key that answers with something else than a signature of its kind.
const FAILED: KeyError = KeyError::Failed;
