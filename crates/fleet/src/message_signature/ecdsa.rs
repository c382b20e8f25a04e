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

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)]
mod tests {
    use devicecert_crypto_rust::PrivateKey;
    use devicecert_pki::{KeyKind, Signer};

    use super::Ecdsa;

    /// Numbers that are short by chance are padded, and those with the highest bit set have no zero
    /// before them.
    #[test]
    fn numbers_of_every_length() {
        for kind in [KeyKind::P256, KeyKind::P384] {
            let key = PrivateKey::generate(kind).unwrap();
            let ecdsa = Ecdsa::of(key.public_key()).unwrap();
            let mut fixed = vec![0; 2 * ecdsa.size];
            for octet in [0x00, 0x01, 0x7f, 0x80, 0xff] {
                for at in [0, 1, ecdsa.size - 1, ecdsa.size, ecdsa.size + 1, 2 * ecdsa.size - 1] {
                    fixed.fill(0);
                    fixed[at..].fill(octet);
                    let der = ecdsa.to_der(&fixed).unwrap();
                    assert_eq!(ecdsa.to_fixed(&der).unwrap(), fixed);
                }
            }
            assert_eq!(ecdsa.to_der(&fixed[1..]), None);
            assert_eq!(ecdsa.to_der(&[&fixed[..], &[0]].concat()), None);
        }
    }

    #[test]
    fn what_is_no_signature_of_this_curve() {
        let key = PrivateKey::generate(KeyKind::P256).unwrap();
        let ecdsa = Ecdsa::of(key.public_key()).unwrap();
        let longer = [&[0x30, 38, 0x02, 33, 1][..], &[0; 32], &[0x02, 1, 1]].concat();
        let trailing = [0x30, 9, 0x02, 1, 1, 0x02, 1, 1, 0x02, 1, 1].as_slice();
        for der in [b"".as_slice(), b"\x30\x00", b"\x04\x01\x01", &longer, trailing] {
            // A key service that answers with the two numbers, or with nothing.
            let _ = ecdsa.to_fixed(der).unwrap_err();
        }
        assert!(ecdsa.to_fixed(&[0x30, 6, 0x02, 1, 1, 0x02, 1, 1]).is_ok());
    }
}
